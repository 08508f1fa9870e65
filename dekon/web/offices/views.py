"""Officials of satker, roles of people, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.budget.choices import CaseStatus, HoldStatus, ImportStatus, RecordStatus
from dekon.coordination.choices import CommitmentState, MeetingState
from dekon.documents.choices import AttachmentState, DocumentState
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import (
    AccountState,
    Action,
    AssignmentState,
    InvitationState,
    RegistrationState,
    Role,
    Standing,
)
from dekon.org.selectors import Matter, Place, matrix, satker_place
from dekon.org.selectors import offices as book
from dekon.web import moments
from dekon.web.access import Offer, access, may, offer, person, require, why_not
from dekon.web.filters import day_of, place_asked, year_of
from dekon.web.offices import listing
from dekon.web.pages import Crumb, answer
from dekon.web.trail.listing import timeline, timeline_of_offices

if TYPE_CHECKING:
    from dekon.org.models import RoleAssignment, User


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of officials."""
    return [(_("Beranda"), reverse("start")), (_("Pejabat"), reverse("offices")), *more]


def span_asked(request: HttpRequest) -> tuple[int, date]:
    """The year of the address, and the day on which officials are shown: today, or the last day of a past year."""
    year = year_of(request)
    first, last = date(year, 1, 1), date(year, 12, 31)
    return year, day_of(request, year) or min(max(history.today(), first), last)


@access(Action.VIEW_OFFICIALS)
@require_GET
def offices(request: HttpRequest) -> HttpResponseBase:
    place, (year, on) = place_asked(request, Action.VIEW_OFFICIALS), span_asked(request)
    chosen = org.listed_satker(on, province=place.province, unit=place.unit)
    satker = [one for one in chosen if not place.satker or one.code == place.satker]
    first, last = date(year, 1, 1), day_of(request, year) or date(year, 12, 31)
    books = book.office_books(satker, first, last)
    vacant = sum(listing.holder(one, office, on) is None for one in books for office in matrix().offices.order)
    return answer(
        request, "offices/offices.html.jinja", crumbs=crumbs()[:2], year=year, on=on, vacant=vacant,
        whole=len(books) * len(matrix().offices.order), tabled=[listing.officials_table(books, on)],
        gaps=[(one.satker, gap) for one in books for gap in one.gaps() if (gap.first, gap.last) != (first, last)][:20],
        managing=offer(request, Action.MANAGE_OFFICE_USERS),
    )  # fmt: skip


STATUSES = {
    "import": dict(ImportStatus.choices), "block": dict(HoldStatus.choices), "reservation": dict(HoldStatus.choices),
    "record": dict(RecordStatus.choices),
    "case": dict(CaseStatus.choices), "attachment": dict(AttachmentState.choices),
    "document": dict(DocumentState.choices),
    "meeting": dict(MeetingState.choices), "commitment": dict(CommitmentState.choices),
    "assignment": dict(AssignmentState.choices),
    "registration": dict(RegistrationState.choices), "invitation": dict(InvitationState.choices),
    "account": dict(AccountState.choices),
}  # fmt: skip
"""The statuses of what actions of the matrix are done to, in words."""


@access(Action.VIEW_OFFICIALS)
@require_GET
def satker_offices(request: HttpRequest, code: str) -> HttpResponseBase:
    satker = org.satker_by_code([code]).get(code)
    if satker is None:
        raise NotFound("place-unknown", code=code, listing="satker")
    require(request, Action.VIEW_OFFICIALS, satker_place(satker))
    year, on = span_asked(request)
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = book.office_books([satker], first, last)[0]
    return answer(
        request, "offices/satker.html.jinja", crumbs=crumbs((satker.code, "")), year=year, on=on, satker=satker,
        rows=listing.tenure_rows(found, first, last, on), gaps=found.gaps(), mark=listing.at_day(on, first),
        managing=offer(request, Action.MANAGE_OFFICE_USERS, satker_place(satker), awaited=bool(found.gaps())),
        voided=book.voided_of(satker, first, last), trail=timeline_of_offices(request, satker.code),
    )  # fmt: skip


@access(Action.VIEW_OFFICIALS)
@require_GET
def letter(request: HttpRequest, number: int) -> HttpResponseBase:
    row = book.assignment(number)
    place = satker_place(row.satker) if row.satker else Place(row.province.code if row.province else "")
    require(request, Action.VIEW_OFFICIALS, place)
    if not row.letter_digest:
        raise NotFound("file-not-stored", sha256="–")
    path = files.stored(row.letter_digest, shelf="attachments")
    audit.record_reading(
        actor=person(request), kind=Reading.FILE, subject_type="assignment", subject_id=row.pk,
        subject_name=row.letter_name, satker_code=row.satker.code if row.satker else "",
        facts={"sha256": row.letter_digest},
    )  # fmt: skip
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.letter_name)


def province_managed(request: HttpRequest) -> str:
    """The province whose people the person manages; empty where it is everywhere."""
    return org.narrowed(person(request), Action.MANAGE_OFFICE_USERS, Place()).province


@access(Action.MANAGE_OFFICE_USERS)
@require_GET
def people(request: HttpRequest) -> HttpResponseBase:
    found, on = list(book.people_of(province_managed(request))), moments.today(request)
    table = listing.people_table(found, book.roles_on(found, on), on)
    return answer(
        request, "offices/people.html.jinja", crumbs=crumbs((_("Orang"), "")), count=len(found), tabled=[table],
        may_see_matrix=may(request, Action.MANAGE_USERS),
    )  # fmt: skip


@access(Action.MANAGE_OFFICE_USERS)
@require_GET
def person_page(request: HttpRequest, number: int) -> HttpResponseBase:
    found = managed_person(request, number)
    today, day = moments.today(request), moments.day_of_effect(request)
    rows = [row for row in book.assignments_ever(found) if day is None or row.valid_from <= day]
    return answer(
        request, "offices/person.html.jinja", crumbs=crumbs((_("Orang"), reverse("people")), (str(found), "")),
        found=found, rows=[(row, _changing(request, row), _voiding(request, row)) for row in rows], today=today,
        giving=offer(request, Action.MANAGE_OFFICE_USERS, Matter(prepared_by=frozenset({found.pk}))),
        standings=dict(Standing.choices), roles=dict(Role.choices), trail=timeline(request, "user", found.pk),
    )  # fmt: skip


def _changing(request: HttpRequest, row: RoleAssignment) -> Offer | None:
    """Whether the person may end or pass on an assignment; nothing is offered of one that is over."""
    matter = org.matter_of_assignment(row, history.today())
    gone = matter.status in {AssignmentState.OVER, AssignmentState.VOIDED}
    return None if gone else offer(request, Action.CHANGE_ASSIGNMENT, matter)


def _voiding(request: HttpRequest, row: RoleAssignment) -> Offer | None:
    """Whether the person may declare an assignment void; also one that is over."""
    matter = org.matter_of_assignment(row, history.today())
    return None if row.voided_at else offer(request, Action.VOID_ASSIGNMENT, matter)


def managed_person(request: HttpRequest, number: int) -> User:
    """A person of the place that is managed.

    Raises:
        NotFound: there is none there.
    """
    found = book.people_of(province_managed(request)).filter(pk=number).first()
    if found is None:
        raise NotFound("user-unknown", username=str(number))
    return found


@dataclass(frozen=True, slots=True)
class Own:
    """An action with what the person may of it, and why not."""

    words: str
    allowed: bool
    reason: str


@access(Action.OWN_ACCOUNT)
@require_GET
def own_rights(request: HttpRequest) -> HttpResponseBase:
    rights = [Own(str(one.label), may(request, one), why_not(request, one)) for one in Action]
    held = org.assignments_of(person(request))
    return answer(
        request, "offices/own.html.jinja", crumbs=[(_("Beranda"), reverse("start")), (_("Hak saya"), "")],
        rights=rights, held=held, roles=dict(Role.choices), standings=dict(Standing.choices),
    )  # fmt: skip


@access(Action.MANAGE_USERS)
@require_GET
def rights(request: HttpRequest) -> HttpResponseBase:
    return answer(
        request, "offices/matrix.html.jinja", crumbs=crumbs((_("Matriks hak"), "")), matrix=matrix(),
        actions=list(Action), roles=list(Role), names=dict(Role.choices), statuses=STATUSES,
    )  # fmt: skip
