"""Deciding, reporting, verifying, raising and answering: each page is one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dekon.coordination import selectors, services
from dekon.coordination.choices import DecisionState, IssueState
from dekon.coordination.services import Evidence
from dekon.errors import NotFound
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.web.access import access, person, require
from dekon.web.forms import Desk, Plain, fill_in
from dekon.web.meanwhile import About
from dekon.web.meetings.views import of_meeting
from dekon.web.results import forms
from dekon.web.results.listing import decision_number, issue_number
from dekon.web.results.views import ISSUE_ACTIONS, issue_words

if TYPE_CHECKING:
    from dekon.coordination.models import Decision

METHODS = ["GET", "HEAD", "POST"]


@access(Action.RECORD_DECISION)
@require_http_methods(METHODS)
def add_decision(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting = selectors.meeting(number)
    require(request, Action.RECORD_DECISION, selectors.matter_of_meeting(meeting))
    form = forms.DecisionForm(request.POST or None, year=meeting.fiscal_year)

    def act(_said: dict[str, Any]) -> str:
        made = services.record_decision(
            actor=person(request), meeting_id=number, facts=form.facts(), at=timezone.now()
        )  # fmt: skip
        return reverse("decision", args=[made.pk])

    title = _("Catat keputusan")
    desk = Desk(
        title=title, crumbs=of_meeting(meeting, (title, "")), back=reverse("meeting", args=[number]), act=act,
        done=_("Keputusan tercatat."), button=_("Simpan keputusan"), lede=meeting.title,
        question=_("Catat keputusan ini? Sesudahnya isinya tidak dapat diubah, hanya dicabut dengan alasan."),
    )  # fmt: skip
    return fill_in(request, form, desk)


def _decision_desk(found: Decision, title: str, act: Any, done: str, *, danger: bool = False) -> Desk:  # noqa: ANN401  what carries it out
    back = reverse("decision", args=[found.pk])
    return Desk(
        title=title, crumbs=of_meeting(found.meeting, (decision_number(found), back), (title, "")), back=back, act=act,
        done=done, button=title, lede=found.text, about=About("decision", found.pk), danger=danger,
    )  # fmt: skip


@access(Action.CLAIM_DECISION)
@require_http_methods(METHODS)
def claim(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.decision(number)
    require(request, Action.CLAIM_DECISION, services.matter_for(found, DecisionState.CLAIMED))

    def act(said: dict[str, Any]) -> str:
        file = said["evidence"]
        services.claim_decision(
            actor=person(request), decision_id=number, note=said["note"], at=timezone.now(),
            evidence=Evidence(file.file, file.name) if file else None,
        )  # fmt: skip
        return reverse("decision", args=[number])

    form = forms.ClaimForm(request.POST or None, request.FILES or None)
    return fill_in(request, form, _decision_desk(found, _("Laporkan selesai"), act, _("Laporan tersimpan.")))


@access(Action.VERIFY_DECISION)
@require_http_methods(METHODS)
def verify(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.decision(number)
    require(request, Action.VERIFY_DECISION, services.matter_for(found, DecisionState.VERIFIED))

    def act(said: dict[str, Any]) -> str:
        services.verify_decision(
            actor=person(request), decision_id=number, done=said["done"] == "ya", note=said["note"], at=timezone.now()
        )
        return reverse("decision", args=[number])

    form = forms.VerifyForm(request.POST or None)
    return fill_in(request, form, _decision_desk(found, _("Verifikasi"), act, _("Hasil pemeriksaan tersimpan.")))


@access(Action.WITHDRAW_DECISION)
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.decision(number)
    require(request, Action.WITHDRAW_DECISION, services.matter_for(found, DecisionState.WITHDRAWN))

    def act(said: dict[str, Any]) -> str:
        services.withdraw_decision(
            actor=person(request), decision_id=number, reason=said["reason"], at=timezone.now()
        )  # fmt: skip
        return reverse("decision", args=[number])

    form = forms.WithdrawForm(request.POST or None)
    return fill_in(request, form, _decision_desk(found, _("Cabut"), act, _("Keputusan dicabut."), danger=True))


@access(Action.RAISE_ISSUE)
@require_http_methods(METHODS)
def add_issue(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting = selectors.meeting(number)
    own = org.narrowed(person(request), Action.RAISE_ISSUE, Place()).province
    form = forms.IssueForm(request.POST or None, year=meeting.fiscal_year, own=own)

    def act(said: dict[str, Any]) -> str:
        made = services.raise_issue(
            actor=person(request), meeting_id=number, province=said["province"], category=said["category"],
            text=said["text"], unit=said["unit"], at=timezone.now(),
        )  # fmt: skip
        return reverse("issue", args=[made.pk])

    title = _("Sampaikan persoalan")
    desk = Desk(
        title=title, crumbs=of_meeting(meeting, (title, "")), back=reverse("meeting", args=[number]), act=act,
        done=_("Persoalan tercatat."), button=title, lede=meeting.title,
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.VIEW_PLACE)
@require_http_methods(METHODS)
def move_issue(request: HttpRequest, number: int, to: str) -> HttpResponseBase:
    found = selectors.raised_issue(number)
    if to not in ISSUE_ACTIONS:
        raise NotFound("page-not-found", thing=_("Langkah persoalan"), code=to[:40])
    require(request, ISSUE_ACTIONS[IssueState(to)][0], services.issue_matter(found, to))
    withdrawing = to == IssueState.WITHDRAWN
    form: Plain = (forms.WithdrawForm if withdrawing else forms.AnswerForm)(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        text = said["reason" if withdrawing else "text"]
        services.move_issue(actor=person(request), issue_id=number, to=to, text=text, at=timezone.now())
        return reverse("issue", args=[number])

    title, back = issue_words(to), reverse("issue", args=[number])
    desk = Desk(
        title=title, crumbs=of_meeting(found.meeting, (issue_number(found), back), (title, "")), back=back, act=act,
        done=_("Langkah tersimpan."), button=title, lede=found.text, about=About("issue", number), danger=withdrawing,
    )  # fmt: skip
    return fill_in(request, form, desk)
