"""Policies, programmes and budget for the screen of a hall, from the books as they stand."""
