"""Days by which something has to be done, counted in working days.

Each function takes the calendar it counts with; store `calendar.version` with the day.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from dekon.lib.periods import QUARTERS, month_end, quarter_end
from dekon.lib.workdays import Calendar
from dekon.rules.parameter import Parameter

RPD_LOCK_DAY = Parameter[int]("budget/rpd_lock_working_day")
RPD_LOCK_MONTHS = Parameter[tuple[int, ...]]("budget/rpd_lock_months")
QUARTER_DEADLINE_SATKER = Parameter[int]("reports/quarter_deadline_satker")
QUARTER_DEADLINE_PROGRAM = Parameter[int]("reports/quarter_deadline_program")
QUARTER_DEADLINE_BAPPEDA = Parameter[int]("reports/quarter_deadline_bappeda")
OUTPUT_DEADLINE_DAY = Parameter[int]("reports/output_deadline_working_day")

type ReportLevel = Literal["satker", "program", "bappeda"]

QUARTER_DEADLINES: Final[dict[ReportLevel, Parameter[int]]] = {
    "satker": QUARTER_DEADLINE_SATKER,
    "program": QUARTER_DEADLINE_PROGRAM,
    "bappeda": QUARTER_DEADLINE_BAPPEDA,
}


def rpd_lock_dates(year: int, calendar: Calendar) -> dict[int, date]:
    """The last day on which the withdrawal plan of each quarter may be updated.

    Args:
        year: fiscal year.
        calendar: must cover the year.

    Returns:
        quarter (1 to 4) → day; the plan as it stands at the end of that day counts for the quarter.

    Raises:
        RuleBroken: no rule is recorded for the year, or the calendar does not cover it.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7 (deviasi Halaman III DIPA).
    """
    months, number = RPD_LOCK_MONTHS.for_year(year), RPD_LOCK_DAY.for_year(year)
    return {
        quarter: calendar.nth_working_day(year, month, number) for quarter, month in zip(QUARTERS, months, strict=True)
    }


def quarter_report_deadline(year: int, quarter: int, calendar: Calendar, level: ReportLevel = "satker") -> date:
    """The last day for the quarterly report of a level.

    Args:
        year: fiscal year of the quarter.
        quarter: 1 to 4; the fourth is due in January of the next year, which the calendar must cover.
        calendar: working days.
        level: `satker` (head of the provincial office), `program`, or `bappeda` (merged report of the province).

    Raises:
        RuleBroken: the calendar does not cover the days counted.

    Legal:
        PP 39/2006 (periods of reporting: 5, 10 and 14 working days); PP 7/2008 Pasal 31.
    """
    end = quarter_end(year, quarter)
    return calendar.add_working_days(end, QUARTER_DEADLINES[level].at(end))


def output_report_deadline(year: int, month: int, calendar: Calendar) -> date:
    """The last day for reporting the output achieved up to the end of a month.

    Args:
        year: fiscal year of the month reported on.
        month: month reported on, 1 to 12; December is due in January of the next year, which the calendar must cover.
        calendar: working days.

    Raises:
        RuleBroken: no rule is recorded for the year, or the calendar does not cover the days counted.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 (ketepatan waktu pelaporan capaian output).
    """
    return calendar.add_working_days(month_end(year, month), OUTPUT_DEADLINE_DAY.for_year(year))
