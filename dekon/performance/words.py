"""Amounts, shares and days in the language of whoever reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import get_language

from dekon.lib import periods, rupiah


def _language() -> Literal["id", "en"]:
    return "en" if get_language() == "en" else "id"


def amount(amount_rp: int) -> str:
    """`Rp128.900.000.000`."""
    return rupiah.format_rupiah(amount_rp, _language())


def share(value: Decimal | None) -> str:
    """`63,1 %`; the figure is a share, 0 to 1."""
    return rupiah.format_percent(value, _language())


def number(value: Decimal | int, decimals: int = 0) -> str:
    """`1.234,5`."""
    return rupiah.format_number(value, decimals, _language())


def day(value: date) -> str:
    """`5 Oktober 2022`."""
    return periods.format_date(value, _language())


def month(value: int) -> str:
    """`Oktober`."""
    return periods.month_name(value, _language())
