"""Files in: upload, preview, apply, undo."""
