"""Scores from the books: NKA and IKPA of satker, provinces, units and the nation, month by month.

Owns the way from what the books hold to the inputs of the formulas (`dekon.rules`), and what is said where the books
hold too little: an indicator without data is named, with what is missing, and never guessed. Everything is an estimate;
official values come from the Treasury and the Ministry of Finance. Reads money, plans, revisions and outputs; writes
down the values that it computed, and never changes one.
"""
