"""The style page: what the pages are made of, drawn by the macros and the style sheet themselves."""
