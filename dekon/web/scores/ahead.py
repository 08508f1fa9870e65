"""What-if and pre-flight: what to realise for a target, and what a change of plan or ceiling does before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.errors import NotFound, RuleBroken
from dekon.history import selectors as history
from dekon.lib.periods import year_end
from dekon.lib.rupiah import parse_rupiah
from dekon.lib.workdays import Calendar
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.rules.formulas.deadlines import rpd_lock_dates
from dekon.scoring import selectors
from dekon.scoring.selectors import Ahead, Answer, Change, Preflight
from dekon.web import formats
from dekon.web.access import access, require
from dekon.web.address import Address
from dekon.web.filters import asked, spending_type_name
from dekon.web.pages import answer
from dekon.web.scores import listing
from dekon.web.scores.views import Period, crumbs_of, period_of

TARGET: Final = Decimal(95)
MOST_RP: Final = 10**15


@dataclass(frozen=True, slots=True)
class CellForm:
    """A cell of the form: a spending type in a month, with the plan and what is expected to be spent."""

    kind: str
    month: int
    planned_rp: int
    new_rp: int
    spent_rp: int

    @property
    def words(self) -> str:
        """`Belanja barang, Oktober`."""
        return f"{spending_type_name(self.kind)}, {formats.month(self.month)}"


@access(Action.VIEW_PLACE)
@require_GET
def what_if(request: HttpRequest, code: str) -> HttpResponseBase:
    satker = org.satker_or_none(code)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, Action.VIEW_PLACE, org.satker_place(satker))
    chosen, address = asked(request, satker=code), Address.of(request)
    period = period_of(request, chosen)
    ahead = selectors.ahead_of(year=period.year, month=period.month, satker=code)
    if ahead is None:
        raise NotFound("score-without-satker", year=period.year)
    target = _target(request)
    cells = list(_cells(request, ahead))
    score_href = address.elsewhere(reverse("score", args=[code]), bulan=str(period.month))
    return answer(
        request, "scores/ahead.html.jinja", year=period.year, satker=satker, period=period, target=target, cells=cells,
        crumbs=crumbs_of((_("Skor"), address.elsewhere(reverse("scores"))), (code, score_href), (_("Andai"), "")),
        asked=chosen.recap, cut=chosen.recap, ahead=ahead, score_href=score_href, listing=listing,
        **_solved(ahead, target), **_flown(request, ahead, period, cells),
        actions=[(gain, listing.gain_words(gain)) for gain in selectors.best_actions(ahead)],
        pagu={kind: request.GET.get(f"pagu-{kind}", "")[:24] for kind in ahead.rooms},
        sent_on=_sent_on(request, period), revision=request.GET.get("revisi", "")[:6], kind_words=spending_type_name,
    )  # fmt: skip


def _target(request: HttpRequest) -> Decimal:
    """The target of the address; 95 where it says none.

    Raises:
        RuleBroken: `whatif-target`.
    """
    text = request.GET.get("sasaran", "").strip().replace(",", ".")[:12]
    try:
        target = Decimal(text) if text else TARGET
    except InvalidOperation as problem:
        raise RuleBroken("whatif-target", target=text) from problem
    if not (target.is_finite() and 0 <= target <= 100):
        raise RuleBroken("whatif-target", target=text)
    return target


def _amount(request: HttpRequest, name: str, otherwise: int, *, least: int = 0) -> int:
    """An amount of the address, whole rupiah.

    Raises:
        RuleBroken: `whatif-amount`.
    """
    text = request.GET.get(name, "").strip()[:24]
    if not text:
        return otherwise
    try:
        amount = parse_rupiah(text)
    except (RuleBroken, ValueError) as problem:
        raise RuleBroken("whatif-amount", amount=text) from problem
    if not least <= amount <= MOST_RP:
        raise RuleBroken("whatif-amount", amount=text)
    return amount


def _cells(request: HttpRequest, ahead: Ahead) -> Iterator[CellForm]:
    for month in ahead.months:
        for kind in ahead.rooms:
            planned, expected = ahead.planned.get((kind, month), 0), ahead.expected.get((kind, month), 0)
            yield CellForm(
                kind, month, planned, _amount(request, f"rpd-{kind}-{month}", planned),
                _amount(request, f"real-{kind}-{month}", expected),
            )  # fmt: skip


def _solved(ahead: Ahead, target: Decimal) -> dict[str, Any]:
    """The answer of the solver, or why there is none."""
    try:
        found = selectors.answer_to(ahead, target)
    except RuleBroken as problem:
        return {"solved": None, "refusal": problem.message(formats.reader_language()), "answer_rows": []}
    return {"solved": found, "refusal": "", "answer_rows": list(_answer_rows(found))}


def _answer_rows(found: Answer) -> Iterator[tuple[str, str, int, int]]:
    for (kind, month), spent_rp in sorted(found.spent.items(), key=lambda cell: (cell[0][1], cell[0][0])):
        yield formats.month(month), spending_type_name(kind), found.planned.get((kind, month), 0), spent_rp


def _flown(request: HttpRequest, ahead: Ahead, period: Period, cells: Sequence[CellForm]) -> dict[str, Any]:
    """What the change does; nothing where none is asked about or no month is left."""
    if request.GET.get("uji") != "1" or not ahead.months:
        return {"flown": None}
    calendar = org.working_calendar()
    change = Change(
        {(one.kind, one.month): one.new_rp for one in cells if one.new_rp != one.planned_rp},
        {kind: rp for kind in ahead.rooms if (rp := _amount(request, f"pagu-{kind}", 0, least=-MOST_RP))},
        request.GET.get("revisi", "").strip()[:6],
    )
    spent = {(one.kind, one.month): one.spent_rp for one in cells}
    on = _sent_on(request, period)
    flown = selectors.effects_of(ahead, change, spent, on=on, locks=_locks(period.year, calendar), calendar=calendar)
    return {"flown": flown, "flown_on": on, "months_locked": months_words(flown)}


def _sent_on(request: HttpRequest, period: Period) -> date:
    """The day on which the change would be sent: of the address, else today, within what is left of the year.

    Raises:
        RuleBroken: `page-day-wrong`.
    """
    text = request.GET.get("kirim", "")[:10]
    try:
        day = date.fromisoformat(text) if text else history.today()
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text) from problem
    if not text and day > year_end(period.year):
        return period.last_day
    return min(max(day, period.last_day), year_end(period.year))


def months_words(flown: Preflight) -> str:
    """The months whose change comes too late."""
    return ", ".join(formats.month(month) for month in flown.locked)


def _locks(year: int, calendar: Calendar) -> Mapping[int, date]:
    try:
        return rpd_lock_dates(year, calendar)
    except RuleBroken:
        return {}
