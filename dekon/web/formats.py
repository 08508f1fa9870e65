"""Figures and dates in the reader's language, as filters of the templates. The work is done in `lib`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import get_language, gettext

from dekon.lib import periods, rupiah

type Unit = Literal["juta", "rupiah"]


def reader_language() -> rupiah.Language:
    """The language of this request."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def exact(amount_rp: int | None) -> str:
    """`Rp128.900.000.000`."""
    return rupiah.format_rupiah(amount_rp, reader_language())


def headline(amount_rp: int | None, *, prefix: bool = True) -> str:
    """`Rp128,90 miliar`."""
    return rupiah.format_headline(amount_rp, reader_language(), prefix=prefix)


def headline_number(amount_rp: int) -> str:
    """The number of a headline, without its unit: `128,90`."""
    return headline(amount_rp, prefix=False).split(rupiah.NO_BREAK)[0]


def headline_unit(amount_rp: int) -> str:
    """The unit of a headline: `miliar`; empty below one million."""
    return headline(amount_rp, prefix=False).partition(rupiah.NO_BREAK)[2]


def money(amount_rp: int | None, unit: Unit = "juta") -> str:
    """An amount for a table whose head names the unit."""
    if unit == "rupiah":
        return rupiah.format_number(amount_rp, 0, reader_language())
    return rupiah.format_million(amount_rp, reader_language())


def money_head(unit: str) -> str:
    """What stands small below the head of a column of amounts."""
    return gettext("rupiah") if unit == "rupiah" else gettext("juta rupiah")


def percent(share: Decimal | None, decimals: int = 1) -> str:
    """`63,1 %`."""
    return rupiah.format_percent(share, reader_language(), decimals)


def percent_number(share: Decimal | None, decimals: int = 1) -> str:
    """`63,1`, for a table whose head says "%"."""
    return rupiah.format_number(None if share is None else share * 100, decimals, reader_language())


def points(difference: Decimal | None) -> str:
    """`−2,3 poin`."""
    return rupiah.format_points(difference, reader_language())


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """`1.234`."""
    return rupiah.format_number(value, decimals, reader_language())


def volume(value: Decimal | None) -> str:
    """A volume with as many decimals as it has: `6`, `12,5`."""
    if value is None:
        return rupiah.MISSING
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    return rupiah.format_number(value, min(decimals, 4), reader_language())


def rate(value: Decimal | None) -> str:
    """A rate as statistics publishes it, always with two decimals: `6,30`."""
    return rupiah.format_number(value, 2, reader_language())


def width(share: Decimal | None) -> str:
    """A share as the width of a bar, 0 to 100, for an attribute of an SVG."""
    return f"{max(Decimal(0), min(Decimal(100), (share or Decimal(0)) * 100)):.2f}"


def day(value: date | None) -> str:
    """`7 Oktober 2022`."""
    return periods.format_date(value, reader_language())


def day_long(value: date | None) -> str:
    """`Jumat, 7 Oktober 2022`."""
    return periods.format_date_long(value, reader_language())


def day_short(value: date | None) -> str:
    """`7 Okt 2022`."""
    return periods.format_date_short(value, reader_language())


def moment(value: datetime | None) -> str:
    """`7 Okt 2022 16.40 WIB`."""
    return periods.format_moment(value, reader_language())


def month(value: int) -> str:
    """`Oktober`."""
    return periods.month_name(value, reader_language())


def month_short(value: int) -> str:
    """`Okt`."""
    return periods.month_short(value, reader_language())


FILTERS: Mapping[str, Callable[..., Any]] = {
    "exact": exact,
    "headline": headline,
    "headline_number": headline_number,
    "headline_unit": headline_unit,
    "money": money,
    "percent": percent,
    "percent_number": percent_number,
    "points": points,
    "number": number,
    "volume": volume,
    "rate": rate,
    "width": width,
    "day": day,
    "day_long": day_long,
    "day_short": day_short,
    "moment": moment,
    "month": month,
    "month_short": month_short,
}
