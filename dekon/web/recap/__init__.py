"""The recaps: nation, province, and down to single payments."""
