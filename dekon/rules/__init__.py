"""The regulations: dated parameters (`params/*.yaml`) and the formulas that use them.

Owns every number that a regulation sets, with its date, its source and how far it was checked, and every formula that
the law prescribes. Gets dates and numbers, returns dates and numbers. Never reads a database, a clock or a setting.
"""
