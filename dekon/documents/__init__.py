"""Official documents: numbered, rendered, sealed, stored by their hash, found and checked again.

Owns the register of numbers and one row for each document that was issued. A document is never changed or removed: a
later one may supersede it, and it may be revoked, with the reason on record. Never decides what stands in a document.
"""
