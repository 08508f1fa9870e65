"""Pictures made on the server: SVG with classes from the style sheet, a title and a description, no script, no colours."""
