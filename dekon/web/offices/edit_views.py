"""Giving and ending roles and offices: each page is one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dekon.errors import Problem
from dekon.org import services as org
from dekon.org.choices import Action, Role
from dekon.org.selectors import matter_of_assignment
from dekon.org.selectors import offices as book
from dekon.web.access import access, person, require
from dekon.web.formats import reader_language
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.offices.forms import ActingForm, AssignForm, EndForm, HandoverForm, VoidForm
from dekon.web.offices.views import crumbs, managed_person, province_managed
from dekon.web.pages import place_words

if TYPE_CHECKING:
    from dekon.org.models import RoleAssignment, User

MOST_OFFERED = 500
METHODS = ["GET", "HEAD", "POST"]


def _page(of: User) -> str:
    return reverse("person", args=[of.pk])


def _desk(of: User, title: str, **rest: Any) -> Desk:  # noqa: ANN401  the other parts of a desk
    way = crumbs((_("Orang"), reverse("people")), (str(of), _page(of)), (title, ""))
    return Desk(title=title, crumbs=way, back=_page(of), **rest)


def _about(of: User) -> About:
    """Whose roles are changed: what is done to any of them is told, also those that somebody else has just given."""
    return About("user", of.pk, lambda: [("assignment", str(number)) for number in book.concerning(of)])


def _warn(request: HttpRequest, warnings: tuple[Problem, ...]) -> None:
    for one in warnings:
        messages.warning(request, one.message(reader_language()))


def _managed(request: HttpRequest, number: int) -> RoleAssignment:
    """An assignment of a person of the place that is managed."""
    row = book.assignment(number)
    managed_person(request, row.user_id)
    return row


def _words(row: RoleAssignment) -> str:
    return f"{row.user}: {Role(row.role).label}{place_words(row)}"


def _colleagues(request: HttpRequest, row: RoleAssignment) -> list[User]:
    """Who is offered to act for somebody or to follow: open accounts of the same office."""
    province = row.satker.province if row.satker else row.province
    found = book.people_of(province_managed(request) or (province.code if province else ""))
    return list(found.filter(is_active=True).exclude(pk=row.user_id)[:MOST_OFFERED])


@access(Action.MANAGE_OFFICE_USERS)
@require_http_methods(METHODS)
def add(request: HttpRequest, number: int) -> HttpResponseBase:
    of = managed_person(request, number)
    form = AssignForm(request.POST or None, request.FILES or None, province=province_managed(request))

    def act(said: dict[str, Any]) -> str:
        places = {name: said[name] for name in ("province", "unit", "satker", "institution")}
        stated = org.StatedAssignment(
            of.username, said["role"], said["valid_from"], said["valid_to"], form.decree(), **places
        )  # fmt: skip
        _warn(request, org.assign(actor=person(request), stated=stated).warnings)
        return _page(of)

    desk = _desk(
        of, _("Beri peran atau jabatan"), act=act, done=_("Penugasan tercatat."), button=_("Catat penugasan"),
        lede=str(of), about=_about(of),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.CHANGE_ASSIGNMENT)
@require_http_methods(METHODS)
def end(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _managed(request, number)

    def act(said: dict[str, Any]) -> str:
        org.end_assignment(
            actor=person(request), number=number, last_day=said["last_day"], reason=said["reason"], now=timezone.now()
        )  # fmt: skip
        return _page(row.user)

    desk = _desk(
        row.user, _("Akhiri penugasan"), act=act, done=_("Hari terakhir tercatat."), button=_("Akhiri penugasan"),
        question=_("Akhiri penugasan ini?"), lede=_words(row), danger=True,
        about=_about(row.user),
    )  # fmt: skip
    return fill_in(request, EndForm(request.POST or None, initial={"last_day": timezone.localdate()}), desk)


@access(Action.VOID_ASSIGNMENT)
@require_http_methods(METHODS)
def void(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _managed(request, number)
    require(request, Action.VOID_ASSIGNMENT, matter_of_assignment(row, timezone.localdate()))

    def act(said: dict[str, Any]) -> str:
        org.void_assignment(actor=person(request), number=number, reason=said["reason"], at=timezone.now())
        managed = book.people_of(province_managed(request)).filter(pk=row.user_id)
        return _page(row.user) if managed.exists() else reverse("people")

    desk = _desk(
        row.user, _("Batalkan penugasan"), act=act, done=_("Penugasan dibatalkan; catatannya tetap tersimpan."),
        button=_("Batalkan penugasan"), lede=_words(row), danger=True, about=_about(row.user),
        question=_("Batalkan penugasan yang keliru dicatat ini? Aksesnya hilang seketika; catatannya tetap ada."),
    )  # fmt: skip
    return fill_in(request, VoidForm(request.POST or None), desk)


@access(Action.MANAGE_OFFICE_USERS)
@require_http_methods(METHODS)
def delegate(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _managed(request, number)
    form = ActingForm(request.POST or None, request.FILES or None)

    def act(said: dict[str, Any]) -> str:
        done = org.delegate(
            actor=person(request), number=number, username=said["username"], standing=said["standing"],
            valid_from=said["valid_from"], valid_to=said["valid_to"], decree=form.decree(), signs_kpa=said["signs_kpa"],
        )  # fmt: skip
        _warn(request, done.warnings)
        return _page(row.user)

    desk = _desk(
        row.user, _("Tunjuk Plt. atau Plh."), act=act, done=_("Pengganti tercatat; haknya kembali sendiri sesudahnya."),
        button=_("Catat pengganti"), lede=_words(row), about=_about(row.user), template="offices/choose.html.jinja",
    )  # fmt: skip
    return fill_in(request, form, desk, people=_colleagues(request, row))


@access(Action.CHANGE_ASSIGNMENT)
@require_http_methods(METHODS)
def hand_over(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _managed(request, number)
    form = HandoverForm(request.POST or None, request.FILES or None, initial={"last_day": timezone.localdate()})

    def act(said: dict[str, Any]) -> str:
        done = org.hand_over(
            actor=person(request), number=number, successor=said["username"], last_day=said["last_day"],
            first_day=said["first_day"], valid_to=said["valid_to"], decree=form.decree(), reason=said["reason"],
            now=timezone.now(),
        )  # fmt: skip
        _warn(request, done.assigned.warnings)
        return _page(done.assigned.assignment.user)

    desk = _desk(
        row.user, _("Serah terima"), act=act, done=_("Serah terima tercatat; yang masih terbuka ada pada penerus."),
        button=_("Catat serah terima"), lede=_words(row), template="offices/handover.html.jinja",
        about=_about(row.user),
    )  # fmt: skip
    return fill_in(request, form, desk, waiting=org.open_items(row), people=_colleagues(request, row))
