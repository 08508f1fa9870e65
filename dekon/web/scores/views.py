"""The list of scores, and one score explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.errors import DEFAULT_LANGUAGE, NotFound, RuleBroken
from dekon.lib.periods import MONTHS, month_end
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.scoring import selectors
from dekon.scoring.selectors import Score, Subject
from dekon.web import formats
from dekon.web.access import access, require
from dekon.web.address import Address
from dekon.web.filters import Asked, Choice, asked
from dekon.web.pages import Crumb, answer
from dekon.web.scores import listing


@dataclass(frozen=True, slots=True)
class Period:
    """The month of a score and the choices beside it."""

    year: int
    month: int

    @property
    def words(self) -> str:
        """`September 2022`."""
        return f"{formats.month(self.month)} {self.year}"

    @property
    def last_day(self) -> date:
        """The day that counts."""
        return month_end(self.year, self.month)

    @property
    def months(self) -> tuple[Choice, ...]:
        """All months of the year."""
        return tuple(Choice(str(month), formats.month(month)) for month in MONTHS)


def crumbs_of(*more: Crumb) -> list[Crumb]:
    """The way to a page of scores."""
    return [(_("Beranda"), reverse("start")), *more]


def period_of(request: HttpRequest, chosen: Asked) -> Period:
    """The month that the address asks for, or the last one that has ended by its day.

    Raises:
        RuleBroken: `score-month-wrong`.
    """
    text = request.GET.get("bulan", "")
    if text:
        if not (text.isascii() and text.isdigit() and int(text[:3]) in MONTHS):
            raise RuleBroken("score-month-wrong", month=text[:20])
        return Period(chosen.recap.year, int(text))
    return Period(chosen.recap.year, selectors.last_month(chosen.recap.as_of))


def subject_of(request: HttpRequest) -> Subject:
    """Which score the address asks for; IKPA where it says nothing."""
    return "nka" if request.GET.get("skor") == "nka" else "ikpa"


@access(Action.VIEW_PLACE)
@require_GET
def scores(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    period, place = period_of(request, chosen), Place(chosen.recap.province, chosen.recap.unit, chosen.recap.satker)
    scored = selectors.of_satker(year=period.year, month=period.month, place=place)
    names = {one.code: one.short_name for one in org.provinces_in_year(period.year)}
    where = names.get(place.province, _("Nasional") if place == Place() else "")
    return answer(
        request, "scores/scores.html.jinja", year=period.year, crumbs=crumbs_of((_("Skor"), "")),
        tabled=[listing.table(scored, names, address)], cut=chosen.recap, asked=chosen.recap, period=period,
        units=[Choice(unit.code, str(unit)) for unit in org.units_in_year(period.year)], where=where,
        together=[
            selectors.of_place(scored, subject, code=place.province or place.unit, name=where)
            for subject in listing.SUBJECTS
        ],
        category_words=listing.category_words,
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def score(request: HttpRequest, code: str) -> HttpResponseBase:
    satker = org.satker_or_none(code)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, Action.VIEW_PLACE, org.satker_place(satker))
    chosen, address = asked(request, satker=code), Address.of(request)
    period, subject = period_of(request, chosen), subject_of(request)
    found = selectors.of_satker(year=period.year, month=period.month, place=Place(satker=code))
    if not found:
        raise NotFound("score-without-satker", year=period.year)
    shown = found[0].score(subject)
    return answer(
        request, "scores/score.html.jinja", year=period.year, satker=satker, asked=chosen.recap, period=period,
        crumbs=crumbs_of((_("Skor"), address.elsewhere(reverse("scores"))), (code, "")), subject=subject, score=shown,
        shares=listing.shares(shown), reason=reason_of(shown), category_words=listing.category_words, cut=chosen.recap,
        what_if_href=address.elsewhere(reverse("what-if", args=[code]), bulan=str(period.month)),
        drill_href=address.elsewhere(reverse("drill"), satker=code), subjects=listing.SUBJECTS,
        basis=listing.said(shown.total.basis(period.last_day)) if shown.total else "",
        gains=[listing.gain_words(gain) for gain in selectors.gains(found[0], subject)],
    )  # fmt: skip


def reason_of(shown: Score) -> str:
    """Why there is no value, in the language of the reader; empty where there is one."""
    return shown.missing.message(get_language() or DEFAULT_LANGUAGE) if shown.missing else ""
