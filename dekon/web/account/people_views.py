"""Letting people in and out: requests with letters, invitations, accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import LOCAL_ROLES, Action, RegistrationState, Role
from dekon.org.selectors import accounts as listed
from dekon.web.access import access, may, offer, person
from dekon.web.account import lists
from dekon.web.account.forms import InviteForm, ReasonForm, SureForm
from dekon.web.account.views import crumbs
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.session import letters

if TYPE_CHECKING:
    from dekon.org.models import User

METHODS = ["GET", "HEAD", "POST"]
INVITED = (
    Role.OPERATOR, Role.BAPPEDA, Role.KADIS, Role.PERENCANA, Role.UNIT, Role.KEUANGAN, Role.PIMPINAN, Role.PEMBINA,
    Role.AUDITOR, Role.ADMIN,
)  # fmt: skip
"""Roles that an invitation may give; offices of a satker follow from their decree."""


def _crumbs(*more: Crumb) -> list[Crumb]:
    return crumbs((_("Pendaftaran dan undangan"), reverse("registrations")), *more)


@access(Action.MANAGE_OFFICE_USERS)
@never_cache
@require_GET
def registrations(request: HttpRequest) -> HttpResponseBase:
    actor = person(request)
    asked = listed.registrations_for(actor)
    tables = [
        lists.registration_table(asked),
        lists.invitation_table(listed.invitations_for(actor), timezone.now()),
    ]
    waiting = sum(one.state == RegistrationState.WAITING for one in asked)
    return answer(request, "account/registrations.html.jinja", crumbs=_crumbs(), tabled=tables, waiting=waiting)


@access(Action.MANAGE_OFFICE_USERS)
@never_cache
@require_http_methods(METHODS)
def registration(request: HttpRequest, number: int) -> HttpResponseBase:
    """One request, with its letter and the decision."""
    asked = listed.registration_for(person(request), number)

    def act(said: dict[str, Any]) -> str:
        org.approve_registration(actor=person(request), number=number, now=timezone.now())
        return reverse("registrations")

    desk = Desk(
        title=_("Pendaftaran: %(name)s") % {"name": asked.display_name},
        crumbs=_crumbs((asked.display_name, "")),
        back=reverse("registrations"),
        act=act,
        done=_("Disetujui. Undangan untuk membuka akun sedang dikirim lewat surel."),
        button=_("Setujui"),
        template="account/registration.html.jinja",
        about=About("registration", number),
    )
    deciding = offer(request, Action.DECIDE_REGISTRATION, selectors.matter_of_registration(asked))
    return fill_in(request, SureForm(request.POST or None), desk, asked=asked, deciding=deciding)


@access(Action.DECIDE_REGISTRATION)
@never_cache
@require_http_methods(METHODS)
def refuse(request: HttpRequest, number: int) -> HttpResponseBase:
    asked = listed.registration_for(person(request), number)
    where = reverse("registration", args=[number])

    def act(said: dict[str, Any]) -> str:
        org.refuse_registration(actor=person(request), number=number, reason=said["alasan"], now=timezone.now())
        return reverse("registrations")

    desk = Desk(
        title=_("Tolak pendaftaran: %(name)s") % {"name": asked.display_name},
        crumbs=_crumbs((asked.display_name, where), (_("Tolak"), "")),
        back=where,
        act=act,
        done=_("Ditolak. Alasannya dikirim lewat surel."),
        button=_("Tolak pendaftaran"),
        lede=_("Alasan ini dibaca pendaftar: apa yang kurang dan apa yang harus dilakukan."),
        danger=True,
        about=About("registration", number),
    )
    return fill_in(request, ReasonForm(request.POST or None), desk)


@access(Action.MANAGE_OFFICE_USERS)
@require_GET
def letter(request: HttpRequest, number: int) -> HttpResponseBase:
    asked = listed.registration_for(person(request), number)
    org.note_letter_read(actor=person(request), number=number)
    return letters.sent(asked.letter_digest, asked.letter_type, asked.letter_name)


@access(Action.MANAGE_OFFICE_USERS)
@never_cache
@require_http_methods(METHODS)
def invite(request: HttpRequest) -> HttpResponseBase:
    managed = listed.provinces_managed(person(request))
    roles = INVITED if managed is None else tuple(role for role in INVITED if role in LOCAL_ROLES)
    form = InviteForm(roles, "" if managed is None else min(managed), request.POST or None)

    def act(said: dict[str, Any]) -> str:
        org.invite(
            actor=person(request), display_name=said["nama"], email=said["surel"], role=said["peran"],
            province=said["provinsi"], unit=said.get("unit", ""), now=timezone.now(),
        )  # fmt: skip
        return reverse("registrations")

    desk = Desk(
        title=_("Undang orang"),
        crumbs=_crumbs((_("Undang orang"), "")),
        back=reverse("registrations"),
        act=act,
        done=_("Undangan sedang dikirim. Tautannya berlaku tujuh hari dan sekali pakai."),
        button=_("Kirim undangan"),
        lede=_("Orang itu memilih kata sandinya sendiri lewat tautan dalam surel."),
    )
    return fill_in(request, form, desk)


@access(Action.WITHDRAW_INVITATION)
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    def act(said: dict[str, Any]) -> str:
        org.withdraw_invitation(actor=person(request), number=number, now=timezone.now())
        return reverse("registrations")

    desk = Desk(
        title=_("Cabut undangan"),
        crumbs=_crumbs((_("Cabut undangan"), "")),
        back=reverse("registrations"),
        act=act,
        done=_("Undangan dicabut; tautannya tidak berlaku lagi."),
        button=_("Cabut undangan"),
        danger=True,
        about=About("invitation", number),
    )
    return fill_in(request, SureForm(request.POST or None), desk)


@access(Action.MANAGE_OFFICE_USERS)
@never_cache
@require_GET
def accounts(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    rows = listed.accounts_for(person(request), now=now)
    missing = sum(row.needs_factor and not row.has_factor and row.user.is_active for row in rows)
    manages = may(request, Action.MANAGE_USERS)
    return answer(
        request,
        "account/accounts.html.jinja",
        crumbs=crumbs((_("Semua akun"), "")),
        tabled=[lists.account_table(rows, now, manages=manages, own=person(request).pk)],
        missing=missing,
    )


def _account_desk(
    title: str, act: Callable[[Any], object], *, of: User, button: str, done: str, lede: str = ""
) -> Desk:  # fmt: skip
    """The page around a step with one account; it leads back to all accounts. Steps that take something away say so."""

    def carry_out(said: dict[str, Any]) -> str:
        act(said)
        return reverse("accounts")

    return Desk(
        title=title, crumbs=crumbs((_("Semua akun"), reverse("accounts")), (button, "")), back=reverse("accounts"),
        act=carry_out, done=done, button=button, lede=lede, danger=bool(lede), about=About("user", of.pk),
    )  # fmt: skip


@access(Action.CLOSE_ACCOUNT)
@require_http_methods(METHODS)
def close(request: HttpRequest, number: int) -> HttpResponseBase:
    user = selectors.user_by_id(number)
    desk = _account_desk(
        _("Tutup akun %(name)s") % {"name": user},
        lambda said: org.close_account(
            actor=person(request), username=user.username, reason=said["alasan"], now=timezone.now()
        ),
        of=user,
        button=_("Tutup akun"),
        done=_("Akun ditutup; sesi dan kunci API-nya berakhir."),
        lede=_("Yang pernah dikerjakannya tetap tercatat atas namanya."),
    )
    return fill_in(request, ReasonForm(request.POST or None), desk)


@access(Action.REOPEN_ACCOUNT)
@require_http_methods(METHODS)
def reopen(request: HttpRequest, number: int) -> HttpResponseBase:
    user = selectors.user_by_id(number)
    desk = _account_desk(
        _("Buka lagi akun %(name)s") % {"name": user},
        lambda _said: org.reopen_account(actor=person(request), username=user.username, now=timezone.now()),
        of=user,
        button=_("Buka lagi akun"),
        done=_("Akun dibuka lagi."),
    )
    return fill_in(request, SureForm(request.POST or None), desk)


@access(Action.RESET_FACTORS)
@require_http_methods(METHODS)
def reset_factors(request: HttpRequest, number: int) -> HttpResponseBase:
    user = selectors.user_by_id(number)
    desk = _account_desk(
        _("Hapus faktor kedua akun %(name)s") % {"name": user},
        lambda said: org.reset_factors(
            actor=person(request), username=user.username, reason=said["alasan"], now=timezone.now()
        ),
        of=user,
        button=_("Hapus faktor kedua"),
        done=_("Faktor kedua dihapus; orang itu menyiapkannya lagi saat masuk."),
        lede=_("Untuk orang yang kehilangan ponsel dan kode cadangannya. Pastikan dahulu siapa yang meminta."),
    )
    return fill_in(request, ReasonForm(request.POST or None), desk)
