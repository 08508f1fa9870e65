"""Reading decisions and issues, across meetings and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.coordination import selectors, services
from dekon.coordination.choices import DecisionState, IssueCategory, IssueState
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.web.access import Offer, access, offer, person
from dekon.web.address import Address
from dekon.web.attachments.views import LOCKED_AWAY
from dekon.web.filters import Choice, year_of
from dekon.web.meetings.views import crumbs, of_meeting
from dekon.web.pages import answer
from dekon.web.results import listing
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.coordination.models import Decision, RaisedIssue

LATE, UNFINISHED = "terlambat", "belum"


def _word(request: HttpRequest, name: str, length: int) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:length]


def _number(request: HttpRequest, name: str) -> int | None:
    text = _word(request, name, 9)
    return int(text) if text.isascii() and text.isdigit() else None


def decisions_wanted(request: HttpRequest) -> DecisionsWanted:
    """The decisions that the address asks for; a word that is no choice asks for all."""
    status = _word(request, "status", 16)
    return DecisionsWanted(
        year=year_of(request) if request.GET.get("tahun") else None, meeting=_number(request, "rapat"),
        state=status if status in DecisionState.values else "", province=_word(request, "provinsi", 2),
        unit=_word(request, "unit", 2), overdue_on=timezone.localdate() if status == LATE else None,
        unfinished=status == UNFINISHED,
    )  # fmt: skip


def issues_wanted(request: HttpRequest) -> IssuesWanted:
    """The issues that the address asks for; a word that is no choice asks for all."""
    status, category = _word(request, "status", 16), _word(request, "kategori", 12)
    return IssuesWanted(
        year=year_of(request) if request.GET.get("tahun") else None, meeting=_number(request, "rapat"),
        state=status if status in IssueState.values else "",
        category=category if category in IssueCategory.values else "", province=_word(request, "provinsi", 2),
        unit=_word(request, "unit", 2), unfinished=status == UNFINISHED,
    )  # fmt: skip


def _filters(request: HttpRequest, states: list[Choice]) -> dict[str, Any]:
    """The lists of the form of filters and what is chosen."""
    year = year_of(request)
    place = org.narrowed(person(request), Action.VIEW_PLACE, Place())
    number = _number(request, "rapat")
    return {
        "states": states, "chosen": Address.of(request).params,
        "years": [Choice(str(one), str(one)) for one in selectors.years()],
        "provinces": [] if place.province else [Choice(one.code, one.name) for one in org.provinces_in_year(year)],
        "units": [Choice(one.code, str(one)) for one in org.units_in_year(year)],
        "of": selectors.meeting(number) if number else None,
    }  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def decisions(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    found = list(selectors.decisions(decisions_wanted(request)))
    states = [Choice(UNFINISHED, _("Belum selesai")), Choice(LATE, _("Terlambat"))]
    states += [Choice(one.value, str(one.label)) for one in DecisionState]
    return answer(
        request, "results/decisions.html.jinja", crumbs=crumbs((_("Keputusan"), "")),
        tabled=[listing.decision_table(found, today)], count=len(found),
        late=sum(listing.is_overdue(one, today) for one in found), **_filters(request, states),
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def decision(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.decision(number)
    return answer(
        request, "results/decision.html.jinja",
        crumbs=of_meeting(found.meeting, (listing.decision_number(found), "")), one=found,
        number=listing.decision_number(found), badge_cell=listing.decision_badge(found, timezone.localdate()),
        owner=listing.owner_words(found), path_href=path_href(request, found), steps=decision_steps(request, found),
        trail=timeline(request, "decision", number),
    )  # fmt: skip


def decision_steps(request: HttpRequest, found: Decision) -> list[tuple[str, str, str, Offer | None]]:
    """What can be done next: words, address, id, and whether this person may."""
    steps = (
        (DecisionState.CLAIMED, Action.CLAIM_DECISION, _("Laporkan selesai"), "decision-claim", ("open", "returned")),
        (DecisionState.VERIFIED, Action.VERIFY_DECISION, _("Verifikasi"), "decision-verify", ("claimed",)),
        (DecisionState.WITHDRAWN, Action.WITHDRAW_DECISION, _("Cabut"), "decision-withdraw", ("open", "returned")),
    )
    name = DecisionState(found.state).name.lower()
    return [
        (words, reverse(page, args=[found.pk]), page, offer(request, action, services.matter_for(found, to),
         awaited=to != DecisionState.WITHDRAWN))
        for to, action, words, page, standing in steps if name in standing
    ]  # fmt: skip


def path_href(request: HttpRequest, found: Decision) -> str:
    """Where the figures of the programme or RO are, as far as the reader reaches them."""
    levels = ("program", "kegiatan", "kro", "ro")
    path = {level: getattr(found, level) for level in levels}
    year = str(found.meeting.fiscal_year)
    return Address.of(request).at(reverse("drill"), {"tahun": year, **path}) if found.program else ""


@access(Action.VIEW_PLACE)
@require_GET
def evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    found, path = selectors.evidence(number)
    audit.record_reading(
        actor=person(request), kind=Reading.EVIDENCE, subject_type="decision", subject_id=found.decision_id,
        subject_name=found.name, facts={"sha256": found.sha256},
    )  # fmt: skip
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type, headers=LOCKED_AWAY
    )


@access(Action.VIEW_PLACE)
@require_GET
def issues(request: HttpRequest) -> HttpResponseBase:
    calendar, today = org.working_calendar(), timezone.localdate()
    found = list(selectors.raised_issues(issues_wanted(request)))
    states = [Choice(UNFINISHED, _("Belum selesai")), *(Choice(one.value, str(one.label)) for one in IssueState)]
    return answer(
        request, "results/issues.html.jinja", crumbs=crumbs((_("Persoalan daerah"), "")),
        tabled=[listing.issue_table(found, calendar, today)], count=len(found),
        categories=[Choice(one.value, str(one.label)) for one in IssueCategory],
        waiting=sum(one.state in selectors.WAITING_FOR_ANSWER for one in found),
        usual=selectors.usual_days(found, calendar), **_filters(request, states),
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def issue(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.raised_issue(number)
    return answer(
        request, "results/issue.html.jinja", crumbs=of_meeting(found.meeting, (listing.issue_number(found), "")),
        one=found, number=listing.issue_number(found), tone=listing.ISSUE_TONES[found.state],
        answerer=listing.answerer_words(found), steps=issue_steps(request, found),
        days=selectors.days_to_answer(found, org.working_calendar(), timezone.localdate()),
        trail=timeline(request, "issue", number),
    )  # fmt: skip


def issue_words(to: str) -> str:
    """What a step of an issue is called."""
    return {
        IssueState.ANSWERED: _("Jawab"),
        IssueState.SETTLED: _("Nyatakan selesai"),
        IssueState.AGAIN: _("Tanyakan lagi"),
        IssueState.WITHDRAWN: _("Cabut"),
    }[IssueState(to)]


ISSUE_ACTIONS = {
    IssueState.ANSWERED: (Action.ANSWER_ISSUE, selectors.WAITING_FOR_ANSWER),
    IssueState.SETTLED: (Action.SETTLE_ISSUE, (IssueState.ANSWERED,)),
    IssueState.AGAIN: (Action.SETTLE_ISSUE, (IssueState.ANSWERED,)),
    IssueState.WITHDRAWN: (Action.WITHDRAW_ISSUE, selectors.WAITING_FOR_ANSWER),
}


def issue_steps(request: HttpRequest, found: RaisedIssue) -> list[tuple[str, str, str, Offer | None]]:
    """What can be done next: words, address, id, and whether this person may."""
    return [
        (issue_words(to), reverse("issue-move", args=[found.pk, to.value]), f"issue-{to.value}",
         offer(request, action, services.issue_matter(found, to), awaited=to == IssueState.ANSWERED))
        for to, (action, standing) in ISSUE_ACTIONS.items() if found.state in standing
    ]  # fmt: skip
