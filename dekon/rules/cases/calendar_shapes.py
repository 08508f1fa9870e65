"""The shapes of inputs of deadlines: working days by the shipped calendar, or by the closed days that a case names.

`libur` takes the place of the known closed days of the years that it touches (an empty list: of all years asked for),
`cuti_bersama` adds days of collective leave to it or, as yes or no, says whether the known ones count; `libur_2023` is
`libur` for one year. `dikenal_pada` counts with what had been published by a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.periods import MONTHS, quarter_end, quarter_of
from dekon.lib.workdays import (
    COLLECTIVE_LEAVE,
    Calendar,
    HolidayRow,
    calendar_as_known_on,
    calendar_from_rows,
    calendar_version,
)
from dekon.rules.cases.inputs import Answer, Inputs, month_in
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.formulas import deadlines, ikpa_bills
from dekon.rules.numbers import within
from dekon.rules.regulations import regulation_at

type DayShape = Callable[[Inputs, Days], Answer]

_OF_YEAR: Final = re.compile(r"(libur|cuti_bersama)_(\d{4})")
_MOST_WORKING_DAYS: Final = 1000


@dataclass(frozen=True, slots=True)
class Days:
    """The known closed days, and what is counted with them."""

    rows: Sequence[HolidayRow]

    def calendar(self, inputs: Inputs, *years: int, collective_leave: bool = True) -> Calendar:
        """The calendar of a case.

        Args:
            inputs: of the case.
            years: those that are asked for.
            collective_leave: whether days of collective leave are closed.

        Raises:
            RuleBroken: a list of days holds something else.
        """
        known = self._known(inputs, collective_leave=collective_leave)
        named = _named_days(inputs, years, collective_leave=collective_leave)
        if not named:
            return known
        closed = {day for day in known.holidays if day.year not in named}
        closed |= {day for days in named.values() for day in days}
        return Calendar(frozenset(closed), calendar_version(closed), known.years | frozenset(named))

    def _known(self, inputs: Inputs, *, collective_leave: bool) -> Calendar:
        leave = collective_leave
        if isinstance(inputs.values.get("cuti_bersama"), bool):
            leave = leave and inputs.flag("cuti_bersama", default=True)
        if inputs.has("dikenal_pada"):
            return calendar_as_known_on(self.rows, inputs.day("dikenal_pada"), collective_leave=leave)
        if isinstance(inputs.values.get("cuti_bersama"), list) and "libur" not in inputs.values:
            other = {day.year for day in inputs.days("cuti_bersama")}
            kept = [row for row in self.rows if row.kind != COLLECTIVE_LEAVE or row.day.year not in other]
            known = calendar_from_rows(kept, collective_leave=leave)
            added = frozenset(inputs.days("cuti_bersama")) if leave else frozenset()
            return Calendar(known.holidays | added, calendar_version(known.holidays | added), known.years)
        return calendar_from_rows(self.rows, collective_leave=leave)


def _named_days(inputs: Inputs, years: Sequence[int], *, collective_leave: bool) -> dict[int, set[date]]:
    """Closed days that the case names, by the years whose known ones they replace."""
    named: dict[int, set[date]] = {}
    if "libur" in inputs.values:
        days = inputs.days("libur")
        for year in {day.year for day in days} or set(years):
            named[year] = set()
        days += inputs.days("cuti_bersama") if collective_leave and _is_list(inputs, "cuti_bersama") else []
        for day in days:
            named.setdefault(day.year, set()).add(day)
    for name in inputs.values:
        found = _OF_YEAR.fullmatch(name)
        if found and (collective_leave or found[1] == "libur"):
            named.setdefault(int(found[2]), set()).update(_within_year(inputs, name, int(found[2])))
    return named


def _within_year(inputs: Inputs, name: str, year: int) -> list[date]:
    days = inputs.days(name)
    for day in days:
        if day.year != year:
            raise RuleBroken("date-outside-year", name=name, value=day.isoformat(), year=year)
    return days


def _is_list(inputs: Inputs, name: str) -> bool:
    return isinstance(inputs.values.get(name), list)


def _year(inputs: Inputs) -> int:
    year = inputs.count("tahun")
    within("tahun", Decimal(year), 2000, 2100)
    return year


def _answer(figures: Mapping[str, Part], calendar: Calendar, on: date, subject: str) -> Answer:
    step = Step("kalender hari kerja", calendar.version)
    return Answer(figures, [Explained[object](calendar.version, (step,), regulation=regulation_at(subject, on))])


def quarter_reports(inputs: Inputs, days: Days) -> Answer:
    """`akhir_triwulan`, the last day of a quarter (or `tahun` and `triwulan`): the deadlines of PP 39/2006.

    Raises:
        RuleBroken: the day ends no quarter, or the calendar does not cover the days counted.

    Legal:
        PP 39/2006.
    """
    if inputs.has("akhir_triwulan"):
        end = inputs.day("akhir_triwulan")
        if end != quarter_end(end.year, quarter_of(end)):
            raise RuleBroken("not-a-quarter-end", value=end.isoformat())
        year, quarter = end.year, quarter_of(end)
    else:
        year, quarter = _year(inputs), int(within("triwulan", Decimal(inputs.count("triwulan")), 1, 4))
        end = quarter_end(year, quarter)
    calendar = days.calendar(inputs, year, year + 1)
    figures: dict[str, Part] = {}
    for level, parameter in deadlines.QUARTER_DEADLINES.items():
        due = deadlines.quarter_report_deadline(year, quarter, calendar, level)
        figures[f"hk{parameter.at(end)}"] = due
        figures[level] = due
    return _answer(figures, calendar, end, "laporan")


def rpd_locks(inputs: Inputs, days: Days) -> Answer:
    """`tahun`, perhaps `bulan` (one or a list) and `hari_kerja_ke`; those of the regulation where not given."""
    year = _year(inputs)
    calendar = days.calendar(inputs, year)
    if not inputs.has("hari_kerja_ke") and not inputs.has("bulan"):
        found = list(deadlines.rpd_lock_dates(year, calendar).values())
        return _answer({"tanggal": found}, calendar, date(year, 12, 31), "ikpa")
    number = _number(inputs, deadlines.RPD_LOCK_DAY.for_year(year) if not inputs.has("hari_kerja_ke") else 0)
    months = _months(inputs, list(deadlines.RPD_LOCK_MONTHS.for_year(year)) if not inputs.has("bulan") else [])
    return _in_months(inputs, calendar, year, months, number)


def output_reports(inputs: Inputs, days: Days) -> Answer:
    """`tahun`, perhaps `hari_kerja_ke` and `bulan`: that working day of every month, on which the one before is due."""
    year = _year(inputs)
    calendar = days.calendar(inputs, year)
    number = _number(inputs, deadlines.OUTPUT_DEADLINE_DAY.for_year(year) if not inputs.has("hari_kerja_ke") else 0)
    return _in_months(inputs, calendar, year, _months(inputs, list(MONTHS)), number)


def _number(inputs: Inputs, otherwise: int) -> int:
    number = inputs.count("hari_kerja_ke") if inputs.has("hari_kerja_ke") else otherwise
    return int(within("hari_kerja_ke", Decimal(number), 1, 23))


def _months(inputs: Inputs, otherwise: list[int]) -> list[int]:
    if not inputs.has("bulan"):
        return otherwise
    name, value = inputs.raw("bulan")
    return [month_in(name, one) for one in (value if isinstance(value, list) else [value])]


def _in_months(inputs: Inputs, calendar: Calendar, year: int, months: list[int], number: int) -> Answer:
    if not months:
        raise RuleBroken("input-empty", name="bulan")
    found = [calendar.nth_working_day(year, month, number) for month in months]
    alone = inputs.has("bulan") and not _is_list(inputs, "bulan")
    return _answer({"tanggal": found[0] if alone else found}, calendar, date(year, 12, 31), "ikpa")


def working_days(inputs: Inputs, days: Days) -> Answer:
    """`tahun`, perhaps `libur` and `cuti_bersama`: working days of the year and of each month."""
    year = _year(inputs)
    calendar = days.calendar(inputs, year)
    without = days.calendar(inputs, year, collective_leave=False)
    by_month = [len(list(calendar.working_days(year, month))) for month in MONTHS]
    figures: dict[str, Part] = {
        "setahun": sum(by_month),
        "setahun_tanpa_cuti_bersama": len(list(without.working_days(year))),
        "per_bulan": by_month,
    }
    return Answer(figures, [Explained[object](sum(by_month), (Step("kalender hari kerja", calendar.version),))])


def due_day(inputs: Inputs, days: Days) -> Answer:
    """`bast` (or `mulai`, `tanggal`) and perhaps `hari_kerja`; those of a bill where not given."""
    start = inputs.day("bast", "bapp", "mulai", "tanggal")
    calendar = days.calendar(inputs, start.year, start.year + 1)
    count = inputs.count("hari_kerja") if inputs.has("hari_kerja") else None
    if count is not None:
        within("hari_kerja", Decimal(count), 0, _MOST_WORKING_DAYS)
    due = ikpa_bills.bill_deadline(start, calendar, count)
    if count is None:
        return _answer({"batas": due}, calendar, start, "ikpa")
    return Answer({"batas": due}, [Explained[object](due, (Step("kalender hari kerja", calendar.version),))])


SHAPES: Final[Mapping[str, DayShape]] = {
    "batas_waktu_laporan": quarter_reports,
    "batas_pemutakhiran_rpd": rpd_locks,
    "batas_lapor_capaian_output": output_reports,
    "jumlah_hari_kerja": working_days,
    "batas_waktu": due_day,
}
"""Indicator → shape."""
