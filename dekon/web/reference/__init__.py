"""Lists of codes, for administrators."""
