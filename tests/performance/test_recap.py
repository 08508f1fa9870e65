"""The recaps against the entries of the book: whatever way the figures are summed, they are those of the entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from dekon.performance import selectors
from dekon.performance.selectors import Figures, RecapFilter
from tests.demo_database import in_demo

DAYS = (date(2022, 1, 2), date(2022, 3, 31), date(2022, 7, 14), date(2022, 12, 30), date(2022, 12, 31))
THEMED = (
    "(p.kegiatan, p.kro, p.ro) IN (SELECT q.kegiatan, q.kro, q.ro FROM ledger_pos q JOIN budget_themetag t"
    " ON t.kegiatan = q.kegiatan AND t.kro IN ('', q.kro) AND t.ro IN ('', q.ro)"
    " JOIN budget_theme h ON h.id = t.theme_id WHERE h.name = 'PEN')"
)
CUTS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "true"),
    ({"unit": "13"}, "u.code = '13'"),
    ({"province": "32"}, "v.code = '32'"),
    ({"spending_type": "52"}, "p.akun LIKE '52%%'"),
    ({"theme": "PEN"}, THEMED),
)
KEYS = {"province": "v.code", "satker": "o.code", "kegiatan": "p.kegiatan", "month": "to_char(m.on_day, 'MM')"}


@pytest.fixture(scope="module", autouse=True)
def demo_loaded(database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), in_demo(database_server):
        yield


def from_entries(key: str, where: str, day: date) -> dict[str, Figures]:
    """The figures of a cut, added up from the entries, the parked payments and the plan."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {key}, sum(m.pagu), sum(m.blocked), sum(m.reserved), sum(m.realised), sum(m.parked),
                       sum(m.planned)
                FROM (
                    SELECT e.pos_id, e.effective_on AS on_day, f.*, 0 AS parked, 0 AS planned
                    FROM ledger_entry e, ledger_effects(e.kind, e.reversed_kind, e.amount_rp) f
                    WHERE e.effective_on <= %(day)s
                    UNION ALL
                    SELECT pos_id, effective_on, 0, 0, 0, 0, amount_rp, 0 FROM ledger_parked
                    WHERE state = 'open' AND effective_on <= %(day)s
                    UNION ALL
                    SELECT pos_id, make_date(fiscal_year, month, 1), 0, 0, 0, 0, 0, planned_rp FROM budget_plannedmonth
                    WHERE make_date(fiscal_year, month, 1) + interval '1 month' - interval '1 day' <= %(day)s
                ) m JOIN ledger_pos p ON p.id = m.pos_id JOIN org_satker o ON o.id = p.satker_id
                    JOIN org_unit u ON u.id = o.unit_id JOIN org_province v ON v.id = o.province_id
                WHERE p.fiscal_year = 2022 AND {where} GROUP BY 1""",
            {"day": day},
        )
        found = {row[0]: Figures(*map(int, row[1:])) for row in cursor.fetchall()}
    return {key: figures for key, figures in found.items() if figures != Figures()}


@pytest.mark.parametrize(("day", "cut"), [*product(DAYS, range(len(CUTS)))])
def test_every_recap_is_what_the_entries_add_up_to(day: date, cut: int) -> None:
    names, where = CUTS[cut]
    asked = RecapFilter(year=2022, as_of=day, **names)
    for by, key in KEYS.items():
        assert {row.key: row.figures for row in selectors.recap(asked, by).rows} == from_entries(key, where, day), by


@pytest.mark.parametrize(("day", "cut"), [*product(DAYS, range(len(CUTS)))])
def test_the_nation_read_at_once_says_what_the_single_recaps_say(day: date, cut: int) -> None:
    asked = RecapFilter(year=2022, as_of=day, **CUTS[cut][0])
    seen = selectors.overview(asked)
    assert seen.by_province == selectors.recap(asked, "province")
    assert seen.by_province.total == selectors.totals(asked)
    assert seen.by_province_and_unit == selectors.province_unit_matrix(asked)
    assert seen.months == selectors.monthly_curve(asked)
    assert seen.gaps == selectors.largest_gaps(asked)


def test_the_curve_adds_up_the_months_of_the_recap() -> None:
    asked = RecapFilter(year=2022, as_of=date(2022, 7, 14))
    moved = {row.key: row.figures for row in selectors.recap(asked, "month").rows}
    planned = {row.key: row.figures.planned_rp for row in selectors.recap(asked.on(DAYS[-1]), "month").rows}
    points = selectors.monthly_curve(asked)
    for month, point in enumerate(points, start=1):
        until = [f"{one:02}" for one in range(1, month + 1)]
        assert point.planned_rp == sum(planned[one] for one in until)
        realised_rp = sum(moved[one].realised_rp for one in until if one in moved)
        assert point.realised_rp == (realised_rp if month <= 7 else None)


def test_the_nation_is_read_in_few_queries() -> None:
    with CaptureQueriesContext(connection) as seen:
        selectors.overview(RecapFilter(year=2022, as_of=DAYS[-1]))
    assert len(seen) <= 5  # the fifth: names that were changed
