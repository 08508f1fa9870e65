"""The trail: who did what to what, when, why.

Owns one table of append-only rows and one function, `services.record`. A row is written in the same transaction as the
change it tells of; the database refuses to change or remove it. Never holds rules of its own.
"""
