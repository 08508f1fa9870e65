"""Who and where: provinces, units, satker, places of payment, holidays; people, their roles, and `may()`.

Invariants: places and codes are effective-dated and never deleted; only `services.may` answers who may do what.
Knows no money.
"""
