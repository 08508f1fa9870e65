"""Fiscal years, quarters and months, and dates as official Indonesian writes them.

The fiscal year is the calendar year, 1 January to 31 December.
Legal: UU 17/2003 Pasal 4.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dekon.lib.rupiah import MISSING, NO_BREAK, Language

QUARTERS: Final = (1, 2, 3, 4)
MONTHS: Final = tuple(range(1, 13))
JAKARTA: Final = ZoneInfo("Asia/Jakarta")

_NAMES: Final[dict[Language, tuple[str, ...]]] = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_SHORT: Final[dict[Language, tuple[str, ...]]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WEEKDAYS: Final[dict[Language, tuple[str, ...]]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_ZONES: Final = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}
_OTHER_SPELLINGS: Final = {
    "pebruari": 2, "peb": 2, "nopember": 11, "nop": 11, "agu": 8, "ags": 8, "sept": 9, "juny": 6,
}  # fmt: skip
_MONTH_WORDS: Final[dict[str, int]] = {
    **{name.lower(): number for names in (*_NAMES.values(), *_SHORT.values()) for number, name in enumerate(names, 1)},
    **_OTHER_SPELLINGS,
}
_WORD: Final = re.compile(r"[A-Za-z]+")
_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class TitlePeriod:
    """What the title of a report says about its time; None where it says nothing."""

    year: int | None
    month: int | None


def fiscal_year(day: date) -> int:
    """The fiscal year a day belongs to."""
    return day.year


def quarter_of(day: date) -> int:
    """The quarter of a day, 1 to 4."""
    return quarter_of_month(day.month)


def quarter_of_month(month: int) -> int:
    """The quarter of a month, 1 to 4.

    Raises:
        ValueError: there is no such month.
    """
    if month not in MONTHS:
        raise ValueError(f"month {month} is not between 1 and 12")
    return (month + 2) // 3


def months_of_quarter(quarter: int) -> tuple[int, int, int]:
    """The three months of a quarter.

    Raises:
        ValueError: there is no such quarter.
    """
    if quarter not in QUARTERS:
        raise ValueError(f"quarter {quarter} is not between 1 and 4")
    return (3 * quarter - 2, 3 * quarter - 1, 3 * quarter)


def month_start(year: int, month: int) -> date:
    """The first day of a month."""
    return date(year, month, 1)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def same_day_last_year(day: date) -> date:
    """The same day a year before; the last day of a month stays the last, whatever February says."""
    end = month_end(day.year - 1, day.month)
    return end if day == month_end(day.year, day.month) else day.replace(year=end.year)


def previous_month_end(year: int, month: int) -> date:
    """The last day of the month before; for January that is 31 December of the year before."""
    return month_start(year, month) - timedelta(days=1)


def quarter_start(year: int, quarter: int) -> date:
    """The first day of a quarter."""
    return month_start(year, months_of_quarter(quarter)[0])


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter."""
    return month_end(year, months_of_quarter(quarter)[2])


def year_start(year: int) -> date:
    """The first day of a fiscal year."""
    return date(year, 1, 1)


def year_end(year: int) -> date:
    """The last day of a fiscal year."""
    return date(year, 12, 31)


def month_name(month: int, language: Language = "id") -> str:
    """The name of a month: `Oktober`, `October`."""
    return _NAMES[language][month - 1]


def month_short(month: int, language: Language = "id") -> str:
    """The short name of a month: `Okt`, `Oct`."""
    return _SHORT[language][month - 1]


def weekday_name(day: date, language: Language = "id") -> str:
    """The name of a day of the week: `Jumat`, `Friday`."""
    return _WEEKDAYS[language][day.weekday()]


def format_date(day: date | None, language: Language = "id") -> str:
    """A date in full without its weekday: `7 Oktober 2022`."""
    return MISSING if day is None else f"{day.day} {month_name(day.month, language)} {day.year}"


def format_date_long(day: date | None, language: Language = "id") -> str:
    """A date with its weekday: `Jumat, 7 Oktober 2022`."""
    return MISSING if day is None else f"{weekday_name(day, language)}, {format_date(day, language)}"


def format_date_short(day: date | None, language: Language = "id") -> str:
    """A date for tables: `7 Okt 2022`."""
    return MISSING if day is None else f"{day.day} {month_short(day.month, language)} {day.year}"


def format_month(year: int, month: int, language: Language = "id") -> str:
    """A month of a year: `Oktober 2022`."""
    return f"{month_name(month, language)} {year}"


def format_time(moment: datetime, language: Language = "id", zone: tzinfo = JAKARTA) -> str:
    """A time of day with its zone: `16.40 WIB`, English `16:40 WIB`.

    Args:
        moment: an aware moment.
        language: decides the mark between hours and minutes.
        zone: where the reader is; western, central or eastern Indonesian time are named, others by their offset.

    Raises:
        ValueError: the moment is naive, so that nobody knows when it was.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without zone cannot be shown")
    local = moment.astimezone(zone)
    mark = "." if language == "id" else ":"
    offset = local.utcoffset() or timedelta()
    return f"{local:%H}{mark}{local:%M}{NO_BREAK}{_ZONES.get(offset) or timezone(offset).tzname(local)}"


def format_moment(moment: datetime | None, language: Language = "id", zone: tzinfo = JAKARTA) -> str:
    """A moment for tables: `7 Okt 2022 16.40 WIB`. Raises ValueError on a naive one."""
    if moment is None:
        return MISSING
    time = format_time(moment, language, zone)
    return f"{format_date_short(moment.astimezone(zone).date(), language)} {time}"


def parse_month(text: str) -> int | None:
    """The month that a word names in Indonesian or English, old spellings and short forms included; else None."""
    return _MONTH_WORDS.get(text.strip().rstrip(".").lower())


def months_in_text(text: str) -> tuple[int, ...]:
    """The months named in a text, in order."""
    found = (_MONTH_WORDS.get(word.lower()) for word in _WORD.findall(text))
    return tuple(month for month in found if month is not None)


def period_in_title(title: str) -> TitlePeriod:
    """What the title of a report says about its time: "Periode Januari s.d. Maret 2026" is March 2026.

    Of several months or years the last counts, since reports name the end of their period last.
    """
    months, years = months_in_text(title), _YEAR.findall(title)
    return TitlePeriod(year=int(years[-1]) if years else None, month=months[-1] if months else None)
