"""The rows of tables: every kind is written as a reader expects, and nothing of a cell becomes markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import html5lib
import pytest
from django.utils import translation

from dekon.web import cells
from dekon.web.tables import Cell, Column, Kind, Line, Table, Value

KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
EVIL = "<b>&\"'"


def rows(cell: Cell, kind: Kind, *, foot: bool = False, unit: str = "") -> str:
    table = Table("t", "T", (Column("nama", "Nama"), Column("nilai", "Nilai", kind, unit, "w")), ())
    return str(cells.rows(table, [Line((Cell("baris"), cell))], "juta", foot=foot))


def text_of(html: str) -> str:
    parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!doctype html><title>t</title><table><tbody>{html}</tbody></table>"
    )
    return " ".join("".join(parsed.itertext()).split())


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", "Provinsi", "Provinsi"),
        ("code", "0123", "0123"),
        ("money", 128_900_000_000, "128.900,0"),
        ("number", 1234, "1.234"),
        ("percent", Decimal("0.631"), "63,1"),
        ("points", Decimal("-0.023"), "−2,3"),
        ("volume", Decimal("12.50"), "12,5"),
        ("date", date(2022, 10, 7), "7 Okt 2022"),
        ("moment", datetime(2022, 10, 7, 9, 40, tzinfo=UTC), "7 Okt 2022 16.40 WIB"),
        ("bar", Decimal("0.5"), "50,0"),
        ("badge", "sesuai rencana", "sesuai rencana"),
    ],
)
def test_each_kind_is_written_as_its_reader_expects(kind: Kind, value: Value, words: str) -> None:
    assert text_of(rows(Cell(value), kind)) == f"t baris {words}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_value_is_a_dash_or_nothing(kind: Kind) -> None:
    assert text_of(rows(Cell(None), kind)) in {"t baris –", "t baris"}
    assert '<td class="w"></td>' in rows(Cell(None), kind, foot=True)


@pytest.mark.parametrize("kind", ["text", "code", "badge"])
def test_nothing_of_a_cell_becomes_markup(kind: Kind) -> None:
    html = rows(Cell(EVIL, href=f"/?{EVIL}", sub=EVIL), kind)
    assert "<b>" not in html
    assert text_of(html) == f"t baris {EVIL}{EVIL}"


def test_an_amount_stands_in_the_unit_of_its_head_and_exact_on_hover() -> None:
    with translation.override("id"):
        assert ">1.234.567<" in rows(Cell(1_234_567), "money", unit="rupiah")
        assert 'title="Rp1.234.567"' in rows(Cell(1_234_567), "money")
    with translation.override("en"):
        assert ">1.2<" in rows(Cell(1_234_567), "money")


def test_a_bar_shows_what_is_missing_to_the_plan() -> None:
    behind, ahead = cells.bar(Decimal("0.4"), Decimal("0.55")), cells.bar(Decimal("0.55"), Decimal("0.4"))
    assert '<rect class="g" x="40.00" width="15.00"' in behind
    assert 'class="g"' not in ahead
    assert 'd="M40.00 ' in ahead
