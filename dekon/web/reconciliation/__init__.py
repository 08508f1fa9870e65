"""Where two sources differ, and payments that wait for room."""
