"""People, places and lists of codes."""
