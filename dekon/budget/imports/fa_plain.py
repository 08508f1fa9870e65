"""The usual line of an FA Detail print, taken in at once.

Most lines are accounts that are shaped like one before. Whoever recognises those by a few
comparisons reads a large print in half the time; everything else is looked at closely by `FaReader`.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from dekon.budget.imports.fa_tree import Figures
from dekon.lib.sheets import Cell, Row

LARGEST = 4e15
"""Up to here floating numbers of a workbook, and sums of two of them, are exact to the rupiah."""
NUMBERS = [float] * 6


class AccountShape:
    """Where the parts of an account line stand, learned from one that was looked at closely."""

    __slots__ = ("amount_columns", "blanks", "code", "line_columns", "parts", "width")

    def __init__(
        self, *, code: int, name: int, line_columns: tuple[int, ...], amount_columns: tuple[int, ...], blanks: int,
        width: int,
    ) -> None:  # fmt: skip
        self.code = code
        self.line_columns = line_columns
        self.amount_columns = amount_columns
        self.blanks = blanks
        self.width = width
        self.parts = itemgetter(code, name, *amount_columns)


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
    code, name, *amounts = shape.parts(row)
    if type(code) is not str or len(code) != 6 or not (code.isascii() and code.isdigit()) or code == code_above:
        return None
    if type(name) is not str or not name.isprintable() or name.startswith(" "):
        return None
    figures = even_figures(amounts)
    return figures and PlainAccount(code, name, figures)


def even_figures(amounts: list[Cell]) -> Figures | None:
    """Six amounts as whole rupiah; None where one is no number of a workbook or broken, or where they do not add up."""
    if list(map(type, amounts)) != NUMBERS:
        return None
    pagu, lock, previous, current, cumulative, remaining = amounts
    if cumulative != previous + current or remaining != pagu - lock - cumulative:  # type: ignore[operator]  # numbers
        return None
    if not (min(amounts) > -LARGEST and max(amounts) < LARGEST):  # type: ignore[type-var,operator]  # the same
        return None
    figures = tuple(map(int, amounts))  # type: ignore[arg-type]  # the same
    return figures if figures == tuple(amounts) else None  # type: ignore[return-value]  # six of them
