"""The tables of the reconciliation pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget.choices import CaseStatus
from dekon.budget.selectors import AdvanceBalance
from dekon.org.choices import Role
from dekon.web.address import Address
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.budget.models import ReconciliationCase
    from dekon.ledger.models import Parked, Pos

TONES: dict[str, Tone] = {CaseStatus.OPEN: "warn", CaseStatus.ANSWERED: "info", CaseStatus.RESOLVED: "ok"}
LEVELS = ("program", "kegiatan", "kro", "ro", "komponen", "akun")


def case_number(case: ReconciliationCase) -> str:
    """The number people name a case by."""
    return f"R-{case.fiscal_year}-{case.pk:04d}"


def pos_words(pos: Pos | None) -> str:
    """A budget line as people write it."""
    return f"{pos.kegiatan}.{pos.kro}.{pos.ro}.{pos.komponen}.{pos.subkomponen}.{pos.akun}" if pos else ""


def room_of(pos: Pos) -> int:
    """What a budget line still has room for, rupiah."""
    return pos.pagu_rp - pos.blocked_rp - pos.reserved_rp - pos.realised_rp


def pos_href(case: ReconciliationCase, address: Address) -> str:
    """The page of the budget line, or of the satker."""
    path = {level: getattr(case.pos, level) for level in LEVELS} if case.pos else {}
    return address.at(reverse("drill"), {"tahun": str(case.fiscal_year), "satker": case.satker.code, **path})


def owner_words(case: ReconciliationCase) -> str:
    """Who has to act."""
    role = str(Role(case.owner_role).label) if case.owner_role in Role.values else case.owner_role
    return str(case.owner) if case.owner else role


def case_table(cases: Iterable[ReconciliationCase], address: Address) -> Table:
    """All cases with both figures."""
    columns = (
        Column("kasus", _("Kasus")),
        Column("satker", _("Satker dan baris anggaran")),
        Column("jenis", _("Jenis"), wide=True),
        Column("pernyataan", _("Menurut berkas"), "money", _("rupiah")),
        Column("buku", _("Dalam buku"), "money", _("rupiah")),
        Column("selisih", _("Selisih"), "money", _("rupiah")),
        Column("dibuka", _("Dibuka"), "moment", "", "u", wide=True),
        Column("pemilik", _("Penanggung jawab")),
        Column("status", _("Status"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(case_number(case), address.elsewhere(reverse("case", args=[case.pk]))),
                Cell(f"{case.satker.code} {case.satker.name}", sub=pos_words(case.pos) or case.subject),
                case.get_kind_display(),
                case.stated_rp,
                case.booked_rp,
                case.stated_rp - case.booked_rp,
                case.opened_at,
                owner_words(case),
                Cell(case.get_status_display(), tone=TONES[case.status]),
            )
        )
        for case in cases
    )
    return Table("kasus", _("Selisih antarsumber"), columns, lines, empty=_("Tidak ada kasus dalam kelompok ini."))


def parked_table(waiting: Iterable[Parked], address: Address) -> Table:
    """Payments that wait for room."""
    columns = (
        Column("satker", _("Satker dan baris anggaran")),
        Column("tanggal", _("Tanggal SP2D"), "date"),
        Column("sp2d", _("Nomor SP2D"), "code"),
        Column("jumlah", _("Jumlah"), "money", _("rupiah")),
        Column("ruang", _("Ruang pagu"), "money", _("rupiah")),
        Column("kurang", _("Pagu kurang"), "money", _("rupiah")),
    )
    lines = tuple(
        Line(
            cells(
                Cell(
                    f"{one.pos.satker.code} {one.pos.satker.name}",
                    address.elsewhere(reverse("dipa", args=[one.pos.satker.code])),
                    pos_words(one.pos),
                ),
                one.effective_on,
                one.order_no,
                one.amount_rp,
                room_of(one.pos),
                max(one.amount_rp - room_of(one.pos), 0),
            )
        )
        for one in waiting
    )
    return Table(
        "diparkir",
        _("Pembayaran yang diparkir"),
        columns,
        lines,
        empty=_("Tidak ada pembayaran yang menunggu ruang pagu."),
    )


def advance_table(balances: Iterable[AdvanceBalance]) -> Table:
    """UP and TUP by satker."""
    columns = (
        Column("satker", _("Satker")),
        Column("saldo", _("Saldo"), "money", _("rupiah")),
    )
    lines = tuple(Line(cells(f"{one.satker} {one.name}", one.balance_rp)) for one in balances)
    return Table(
        "up",
        _("Saldo uang persediaan"),
        columns,
        lines,
        empty=_("Tidak ada UP atau TUP yang belum dipertanggungjawabkan."),
    )
