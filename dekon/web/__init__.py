"""Pages: one folder an area; parse, call a service or selector, render."""
