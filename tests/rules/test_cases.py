"""The cases in `cases/*.yaml`, which a jurist can read, against the formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dekon.lib.workdays import Calendar, calendar_as_known_on, calendar_from_rows
from dekon.rules.formulas.deadlines import output_report_deadline, quarter_report_deadline, rpd_lock_dates
from tests.rules.seed import closed_days

type Given = Mapping[str, Any]


def calendar_of(given: Given) -> Calendar:
    leave = given.get("cuti_bersama", True)
    if "dikenal_pada" in given:
        return calendar_as_known_on(closed_days(), given["dikenal_pada"], collective_leave=leave)
    return calendar_from_rows(closed_days(), collective_leave=leave)


def working_days_by_month(given: Given, calendar: Calendar) -> list[int]:
    return [len(list(calendar.working_days(given["tahun"], month))) for month in range(1, 13)]


RULES: dict[str, Callable[[Given, Calendar], object]] = {
    "laporan_triwulan": lambda g, c: quarter_report_deadline(g["tahun"], g["triwulan"], c, g["tingkat"]),
    "kunci_rpd": lambda g, c: list(rpd_lock_dates(g["tahun"], c).values()),
    "kunci_rpd_triwulan": lambda g, c: rpd_lock_dates(g["tahun"], c)[g["triwulan"]],
    "capaian_output": lambda g, c: [output_report_deadline(g["tahun"], month, c) for month in g["bulan"]],
    "hari_kerja_ke": lambda g, c: c.nth_working_day(g["tahun"], g["bulan"], g["ke"]),
    "jumlah_hari_kerja": lambda g, c: len(list(c.working_days(g["tahun"]))),
    "hari_kerja_per_bulan": working_days_by_month,
    "setelah": lambda g, c: c.add_working_days(g["hari"], g["hari_kerja"]),
}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=case["kasus"])
        for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("case", cases())
def test_the_rule_gives_what_the_case_expects(case: Mapping[str, Any]) -> None:
    given = case["diketahui"]
    assert RULES[case["aturan"]](given, calendar_of(given)) == case["diharapkan"]
    assert case["dasar"]


def test_every_rule_has_a_case() -> None:
    assert {case.values[0]["aturan"] for case in cases()} == set(RULES)


def test_a_day_in_a_case_is_a_date() -> None:
    assert isinstance(cases()[0].values[0]["diharapkan"], date)
