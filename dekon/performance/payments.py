"""Single payment lines of a cut: sought, sorted, counted and added up by the database, read in portions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from dekon.budget import selectors as budget
from dekon.budget.choices import LineEffect, LineStage
from dekon.performance import cuts
from dekon.performance.cuts import RecapFilter

type Params = dict[str, str | int | date | list[str] | None]

PORTION = 2_000
ORDERS: Mapping[str, str] = {
    "date": "l.sp2d_on",
    "sp2d": "l.sp2d_no",
    "spm": "l.spm_no",
    "description": "lower(l.description)",
    "kind": "lower(coalesce(nullif(l.spp_kind_name, ''), l.spp_kind))",
    "effect": "array_position(%(effects)s::text[], l.stage || '/' || l.effect)",
    "amount": "l.amount_rp",
    "counted": "CASE WHEN {counted} THEN l.amount_rp ELSE 0 END",
}
"""What lines can be sorted by."""
COUNTED = "(l.stage = 'paid' AND l.effect IN ('spending', 'return'))"
"""Lines that make up what is realised, or parked until there is room."""
TEXT = "concat_ws(' ', l.sp2d_on, l.sp2d_no, l.spm_no, l.description, l.spp_kind_name, l.spp_kind, l.amount_rp)"
"""What a line says, as words are sought in it."""


@dataclass(frozen=True, slots=True)
class PaymentLineView:
    """One payment line as lists show it; `counted_rp` is what of it counts as realised (or parked)."""

    pk: int
    satker: str
    sp2d_no: str
    sp2d_on: date | None
    spp_no: str
    spm_no: str
    spp_kind: str
    spp_kind_name: str
    description: str
    path: str
    akun: str
    amount_rp: int
    stage: str
    effect: str
    counted_rp: int
    effect_words: str


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Which lines of a cut, in which order: each word of `search` stands somewhere in the line."""

    search: str = ""
    by: str = "date"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """All lines of a cut together: how many, their amounts, and what of them counts as realised or parked."""

    count: int
    amount_rp: int
    counted_rp: int


def payment_lines(
    asked: RecapFilter, order: PaymentOrder | None = None, *, start: int = 0, limit: int | None = None
) -> Iterator[PaymentLineView]:
    """Payment lines of a cut, oldest first unless asked otherwise, read in portions so that memory stays flat.

    Args:
        asked: year, day and filters.
        order: words to seek and what to sort by (one of `ORDERS`).
        start: how many lines to pass over.
        limit: how many lines at most; None for all.
    """
    order = order or PaymentOrder()
    where, params = _found(asked, order.search)
    direction = "DESC" if order.descending else "ASC"
    query = f"""
        SELECT l.id, o.code, l.sp2d_no, l.sp2d_on, l.spp_no, l.spm_no, l.spp_kind, l.spp_kind_name, l.description,
               concat_ws('.', p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun), l.akun,
               l.amount_rp, l.stage, l.effect, CASE WHEN {COUNTED} THEN l.amount_rp ELSE 0 END
        {where} ORDER BY {ORDERS[order.by].format(counted=COUNTED)} {direction} NULLS LAST,
                 l.sp2d_on, l.sp2d_no, l.id LIMIT %(limit)s OFFSET %(start)s"""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, params | {"limit": limit, "start": start})
        while portion := cursor.fetchmany(PORTION):
            for row in portion:
                yield PaymentLineView(*(*row, budget.effect_words(row[12], row[13])))


def payment_sums(asked: RecapFilter, search: str = "") -> PaymentSums:
    """How many payment lines of a cut hold the words, and what they add up to.

    Args:
        asked: year, day and filters.
        search: words to seek, as in `payment_lines`.
    """
    where, params = _found(asked, search)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(l.amount_rp), 0), coalesce(sum(l.amount_rp) FILTER (WHERE {COUNTED}), 0)"
            f" {where}",
            params,
        )
        return PaymentSums(*(int(value) for value in cursor.fetchone()))


def _found(asked: RecapFilter, search: str) -> tuple[str, Params]:
    """FROM and WHERE of the lines that hold every word."""
    condition, known = cuts.condition(asked)
    effects = _effects()
    params: Params = {**known, "effects": list(effects)}
    in_order = "l.fiscal_year = %(year)s AND l.sp2d_on <= %(as_of)s AND l.withdrawn_at IS NULL"
    parts = [in_order, condition]
    for number, word in enumerate(search.lower().split()[:10]):
        params[f"word{number}"] = f"%{_literal(word)}%"
        params[f"effects{number}"] = [key for key, words in effects.items() if word in words.lower()]
        parts.append(
            f"({TEXT} ILIKE %(word{number})s OR l.stage || '/' || l.effect = ANY(%(effects{number})s::text[]))"
        )
    joins = cuts.places("o.code", condition)
    found = f"FROM budget_paymentline l JOIN ledger_pos p ON p.id = l.pos_id {joins} WHERE {' AND '.join(parts)}"
    return found, params


def _literal(word: str) -> str:
    """A word of which LIKE takes no sign for a pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _effects() -> dict[str, str]:
    """Every stage and effect with the reader's words for it, in the order of those."""
    pairs = ((stage, effect) for stage in LineStage.values for effect in LineEffect.values)
    words = {f"{stage}/{effect}": budget.effect_words(stage, effect) for stage, effect in pairs}
    return dict(sorted(words.items(), key=lambda item: item[1].lower()))
