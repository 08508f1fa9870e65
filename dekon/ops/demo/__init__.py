"""The demo year: a synthetic fiscal year that behaves like a real one and says so everywhere.

Owns the generator (pure: same seed, same bytes), the writers of the files that offices really have, and the loader that
takes these files through the same importers as a user's. Never writes a table of the domain by itself and never uses a
real person's name.
"""
