"""Pictures made on the server: SVG with classes of the style sheet, a title, a description, no script, no colours."""
