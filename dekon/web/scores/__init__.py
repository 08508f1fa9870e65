"""Scores: the list of satker with their IKPA and NKA, and the page that explains one of them."""
