"""The control book: positions of the budget, what was allotted, blocked, reserved and spent on each, entry by entry.

Invariants, held by the database against everybody: entries are never changed or removed; for each position
`0 ≤ blocked ≤ pagu` and `0 ≤ reserved + realised ≤ pagu − blocked`; running totals move only with entries. What the
Treasury paid beyond the ceiling is parked whole until there is room. Knows no documents and no files.
"""
