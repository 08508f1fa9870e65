"""The tables of accounts, requests and invitations. No mail addresses: tables leave as files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.org.choices import RegistrationState, Role
from dekon.org.selectors.accounts import AccountRow
from dekon.web.formats import moment
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.org.models import Invitation, Registration, RoleAssignment

TONES: dict[str, Tone] = {
    RegistrationState.WAITING: "warn", RegistrationState.APPROVED: "ok", RegistrationState.REFUSED: "bad",
}  # fmt: skip


def registration_table(asked: Iterable[Registration]) -> Table:
    """Requests for an account."""
    columns = (
        Column("nama", _("Pendaftar")),
        Column("peran", _("Peran yang diminta")),
        Column("provinsi", _("Provinsi")),
        Column("diminta", _("Diterima"), "moment"),
        Column("status", _("Status"), "badge"),
        Column("oleh", _("Diputus oleh")),
    )
    lines = tuple(
        Line(
            cells(
                Cell(one.display_name, reverse("registration", args=[one.pk]), sub=one.job_title),
                str(Role(one.role).label),
                one.province.name,
                one.requested_at,
                Cell(str(RegistrationState(one.state).label), tone=TONES[one.state]),
                Cell(str(one.decided_by), sub=decision_words(one)) if one.decided_at else Cell(None),
            )
        )
        for one in asked
    )
    return Table("daftar", _("Pendaftaran"), columns, lines, empty=_("Belum ada pendaftaran."))


def decision_words(one: Registration) -> str:
    """When a request was decided, and why it was refused."""
    return f"{moment(one.decided_at)} {one.reason}".strip()


def invitation_table(invited: Iterable[Invitation], now: datetime) -> Table:
    """Invitations and what became of them."""
    columns = (
        Column("nama", _("Orang")),
        Column("peran", _("Peran")),
        Column("dikirim", _("Dibuat"), "moment"),
        Column("sampai", _("Berlaku sampai"), "moment"),
        Column("status", _("Status"), "badge"),
        Column("tindakan", _("Tindakan")),
    )
    lines = tuple(_invitation(one, now) for one in invited)
    return Table("undangan", _("Undangan"), columns, lines, empty=_("Belum ada undangan."))


def _invitation(one: Invitation, now: datetime) -> Line:
    words, tone = _state(one, now)
    place = one.province.name if one.province else str(one.unit or "")
    withdraw = reverse("invitation-withdraw", args=[one.pk])
    return Line(
        cells(
            Cell(one.display_name, sub=_("diundang oleh %(person)s") % {"person": one.link.made_by}),
            Cell(str(Role(one.role).label), sub=place),
            one.link.made_at,
            one.link.expires_at,
            Cell(words, tone=tone),
            Cell(_("Cabut"), withdraw) if tone == "warn" else Cell(None),
        )
    )


def _state(one: Invitation, now: datetime) -> tuple[str, Tone]:
    if one.link.used_at:
        return _("Diterima"), "ok"
    if one.link.revoked_at:
        return _("Dicabut"), "mute"
    return (_("Menunggu"), "warn") if one.link.expires_at > now else (_("Lewat waktu"), "mute")


def account_table(rows: Iterable[AccountRow], now: datetime, *, manages: bool, own: int) -> Table:
    """Accounts with their second factor and last sign-in; what can be done where the reader manages them."""
    columns = [
        Column("nama", _("Orang")),
        Column("peran", _("Peran"), wide=True),
        Column("faktor", _("Faktor kedua"), "badge"),
        Column("masuk", _("Masuk terakhir"), "moment"),
        Column("status", _("Status"), "badge"),
    ]
    if manages:
        columns += [Column("akun", _("Akun")), Column("faktor-hapus", _("Bila kehilangan faktor"))]
    return Table(
        "akun", _("Akun"), tuple(columns), tuple(_account(row, now, manages=manages, own=own) for row in rows),
        empty=_("Belum ada akun."),
    )  # fmt: skip


def _account(row: AccountRow, now: datetime, *, manages: bool, own: int) -> Line:
    user = row.user
    found = [
        Cell(str(user), sub=user.username),
        Cell("; ".join(role_words(one) for one in row.held) or _("Tanpa peran")),
        _factor(row),
        Cell(row.signed_in_at),
        _status(row, now),
    ]
    if manages:
        act = "account-close" if user.is_active else "account-reopen"
        words = _("Tutup") if user.is_active else _("Buka lagi")
        lost = reverse("account-factors", args=[user.pk])
        if user.pk == own:
            found += [Cell(words, sub=_("akun sendiri: oleh admin lain"), tone="mute"), Cell(None)]
        else:
            found += [
                Cell(words, reverse(act, args=[user.pk])),
                Cell(_("Hapus faktor"), lost) if row.has_factor and user.is_active else Cell(None),
            ]
    return Line(tuple(found))


def role_words(held: RoleAssignment) -> str:
    """A role with its place."""
    place = held.satker or held.province or held.unit
    return f"{Role(held.role).label}, {place}" if place else str(Role(held.role).label)


def _factor(row: AccountRow) -> Cell:
    if row.has_factor:
        return Cell(_("Aktif"), tone="ok")
    return Cell(_("Wajib, belum"), tone="bad") if row.needs_factor else Cell(_("Tidak wajib"), tone="mute")


def _status(row: AccountRow, now: datetime) -> Cell:
    if not row.user.is_active:
        return Cell(_("Ditutup"), tone="mute", sub=row.user.closing_reason)
    idle = (now - (row.signed_in_at or row.user.date_joined)).days
    if row.user.warned_at:
        return Cell(_("%(days)s hari tidak masuk") % {"days": idle}, tone="warn")
    return Cell(_("Terbuka"), tone="ok")
