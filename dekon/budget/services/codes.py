"""Every list of codes, those of places and those of the budget, and the calendar with what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dekon.budget.models import Akun, Dipa, Kegiatan, Kro, Program
from dekon.budget.services import plan
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.selectors.dated import ORG_LISTS, DatedList, Fact
from dekon.org.services import NewDay
from dekon.rules.formulas.deadlines import rpd_lock_dates

if TYPE_CHECKING:
    from dekon.org.models import Holiday, User

NAME = Fact("name", _("Nama"), length=255)

BUDGET_LISTS = (
    DatedList("program", _("Program"), Program, r"[A-Z]{2}", _("dua huruf besar"), (NAME,)),
    DatedList(
        "kegiatan", _("Kegiatan"), Kegiatan, r"\d{4}", _("empat angka"),
        (
            NAME,
            Fact("unit", _("Unit eselon I"), "code", listing="unit"),
            Fact("program", _("Program"), "code", listing="program"),
        ),
    ),
    DatedList(
        "kro", _("KRO"), Kro, r"[A-Z]{3}", _("tiga huruf besar"),
        (
            NAME,
            Fact("usual_unit", _("Satuan yang lazim"), length=64, required=False),
            Fact("national_priority", _("Prioritas nasional"), "flag"),
        ),
    ),
    DatedList("akun", _("Akun (BAS)"), Akun, r"\d{6}", _("enam angka"), (NAME,)),
)  # fmt: skip

DATED_LISTS: dict[str, DatedList] = {listing.name: listing for listing in (*ORG_LISTS, *BUDGET_LISTS)}
"""Every list of codes by its name."""


def dated_list(name: str) -> DatedList:
    """The list with this name.

    Raises:
        NotFound: there is none.
    """
    if name not in DATED_LISTS:
        raise NotFound("reference-list-unknown", listing=name, known=", ".join(DATED_LISTS))
    return DATED_LISTS[name]


def refresh_all_codes() -> int:
    """Bring every code that ever changed to what it says today. Returns how many were looked at."""
    return org.refresh_codes(listings=list(DATED_LISTS.values()))


@transaction.atomic
def add_holidays(*, actor: User, days: Sequence[NewDay], decree: str, published_on: date | None) -> list[Holiday]:
    """Closed days as a decree sets them; plans whose lock dates move by it are worked out anew.

    Raises:
        Unfit: a day cannot be kept; every problem with its field.
        NotAllowed: the actor does not edit reference data.
    """
    before = _locks(new.day.year for new in days)
    made = org.add_days(actor=actor, days=days, decree=decree, published_on=published_on)
    _replan(before)
    return made


@transaction.atomic
def withdraw_holiday(*, actor: User, number: int, withdrawn_on: date, reason: str) -> Holiday:
    """A closed day is a working day again; plans whose lock dates move by it are worked out anew.

    Raises:
        NotFound: no such day.
        Conflict: it is withdrawn already.
        Unfit: the day or the reason cannot be kept.
        NotAllowed: the actor does not edit reference data.
    """
    years = {holiday.day.year for holiday in org_selectors.holidays() if holiday.pk == number}
    before = _locks(years)
    withdrawn = org.withdraw_day(actor=actor, number=number, withdrawn_on=withdrawn_on, reason=reason)
    _replan(before)
    return withdrawn


type Locks = dict[int, dict[int, date] | None]


def _locks(years: Iterable[int]) -> Locks:
    """The lock dates of fiscal years as the calendar stands; None where no rule or calendar is on record."""
    calendar = org_selectors.working_calendar()
    found: Locks = {}
    for year in set(years):
        try:
            found[year] = rpd_lock_dates(year, calendar)
        except RuleBroken:
            found[year] = None
    return found


def _replan(before: Locks) -> None:
    moved = [year for year, locks in _locks(before).items() if locks != before[year] and locks]
    for dipa_id in Dipa.objects.filter(fiscal_year__in=moved).order_by("pk").values_list("pk", flat=True):
        plan.rebuild(dipa_id=dipa_id)
