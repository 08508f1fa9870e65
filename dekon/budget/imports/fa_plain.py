"""The usual line of an FA Detail print, taken in at once.

Most lines are accounts that are shaped like one before. Whoever recognises those by a few
comparisons reads a large print in half the time; everything else is looked at closely by `FaReader`.
"""

from __future__ import annotations

from typing import NamedTuple

from dekon.budget.imports.fa_tree import Figures
from dekon.lib.sheets import Cell, Row

LARGEST = 9e15
"""Up to here a floating number of a workbook is exact to the rupiah."""


class AccountShape(NamedTuple):
    """Where the parts of an account line stand, learned from one that was looked at closely."""

    code: int
    name: int
    line_columns: tuple[int, ...]
    amount_columns: tuple[int, ...]
    blanks: int
    width: int


class PlainAccount(NamedTuple):
    """An account line in which nothing is odd: its figures are whole rupiah and add up."""

    code: str
    name: str
    figures: Figures


def plain_account(row: Row, shape: AccountShape, code_above: str) -> PlainAccount | None:
    """Reads an account line of a known shape; None for a line that has to be looked at closely.

    Args:
        row: all cells of the line.
        shape: where an account before had its parts.
        code_above: the code of the line before; the same again may be a double of a page end.
    """
    if row.count("") != shape.blanks or len(row) != shape.width:
        return None
    code, name, amounts = row[shape.code], row[shape.name], [row[column] for column in shape.amount_columns]
    if type(code) is not str or len(code) != 6 or not (code.isascii() and code.isdigit()) or code == code_above:
        return None
    if type(name) is not str or not name.isprintable() or name.startswith(" ") or not all_whole(amounts):
        return None
    pagu, lock, previous, current, cumulative, remaining = map(int, amounts)  # type: ignore[arg-type]  # whole numbers
    if cumulative != previous + current or remaining != pagu - lock - cumulative:
        return None
    return PlainAccount(code, name, (pagu, lock, previous, current, cumulative, remaining))


def all_whole(amounts: list[Cell]) -> bool:
    """Whether all are numbers of a workbook that stand for whole rupiah."""
    for amount in amounts:
        if type(amount) is not float or not amount.is_integer() or not -LARGEST < amount < LARGEST:
            return False
    return True
