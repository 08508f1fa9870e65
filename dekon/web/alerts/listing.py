"""What the pages of alerts and forecasts show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.org.choices import Role
from dekon.performance.choices import AlertState, Severity
from dekon.performance.selectors import alerts as selectors
from dekon.performance.selectors.forecasts import Forecast, MonthError, SatkerStand
from dekon.web import formats
from dekon.web.address import Address
from dekon.web.tables import Cell, Column, Line, Table, Tone

if TYPE_CHECKING:
    from dekon.performance.models import Alert

TONES: Final[Mapping[str, Tone]] = {Severity.HIGH: "bad", Severity.MEDIUM: "warn"}
LOW: Final = Decimal("0.9")


def state_words(one: Alert, now: datetime) -> tuple[str, Tone]:
    """How an alert stands, and how it looks."""
    if one.state == AlertState.CLOSED:
        return _("Selesai"), "ok"
    if selectors.is_quiet(one, now):
        return _("Ditunda sampai %(day)s") % {"day": formats.day(one.snoozed_until)}, "mute"
    return str(Severity(one.severity).label), TONES[one.severity]


def owner_words(one: Alert) -> str:
    """Who acts."""
    role = str(Role(one.owner_role).label) if one.owner_role in Role.values else one.owner_role
    return f"{one.owner}, {role}" if one.owner else role


def alert_table(found: Iterable[Alert], now: datetime, address: Address) -> Table:
    """Alerts with reason, owner and since when."""
    columns = (
        Column("peringatan", _("Peringatan"), noted=True),
        Column("satker", _("Satker"), noted=True),
        Column("status", _("Status"), "badge"),
        Column("sejak", _("Sejak"), "date"),
        Column("pemilik", _("Penanggung jawab")),
    )
    lines = tuple(
        Line((
            Cell(
                selectors.rule_words(one.rule), address.elsewhere(reverse("alert", args=[one.pk])),
                selectors.reason_words(one),
            ),
            Cell(one.satker.code, address.elsewhere(reverse("drill"), satker=one.satker.code), one.satker.name),
            Cell(state_words(one, now)[0], tone=state_words(one, now)[1]), Cell(one.opened_on), Cell(owner_words(one)),
        ))
        for one in found
    )  # fmt: skip
    return Table("peringatan", _("Peringatan dini"), columns, lines, empty=_("Tidak ada peringatan di sini."))


def forecast_table(
    stands: Sequence[SatkerStand], forecasts: Mapping[str, Forecast], names: Mapping[str, str], address: Address
) -> Table:
    """The forecast of every satker, the lowest first."""
    columns = (
        Column("satker", _("Satker"), noted=True),
        Column("provinsi", _("Provinsi"), place="w"),
        Column("efektif", _("Pagu efektif"), "money", formats.money_head("juta")),
        Column("realisasi", _("Realisasi"), "money", formats.money_head("juta")),
        Column("sisa", _("Sisa RPD"), "money", formats.money_head("juta"), place="w"),
        Column("tingkat", _("Realisasi ÷ RPD sejauh ini"), "percent", place="w"),
        Column("proyeksi", _("Proyeksi akhir tahun"), "money", formats.money_head("juta")),
        Column("bagian", _("Proyeksi ÷ pagu efektif"), "percent"),
    )
    known = [(one, forecasts[one.satker]) for one in stands if one.satker in forecasts]
    known.sort(key=lambda pair: (pair[1].share is None, pair[1].share or Decimal(0), pair[0].satker))
    lines = tuple(
        Line(
            (
                Cell(one.satker, address.elsewhere(reverse("drill"), satker=one.satker), one.name),
                Cell(names.get(one.province, one.province)), Cell(found.effective_rp), Cell(found.realised_rp),
                Cell(found.remaining_plan_rp), Cell(found.kept), Cell(found.expected_rp), Cell(found.share),
            ),
        )
        for one, found in known
    )  # fmt: skip
    return Table(
        "proyeksi", _("Proyeksi akhir tahun per satker"), columns, lines,
        empty=_("Belum ada bulan yang berakhir, jadi belum ada proyeksi."),
    )  # fmt: skip


def error_table(errors: Sequence[MonthError]) -> Table:
    """How far the method was wrong, month by month."""
    columns = (
        Column("bulan", _("Diproyeksikan pada akhir bulan")),
        Column("satker", _("Satker"), "number"),
        Column("rata", _("Rata-rata selisih mutlak"), "rate", _("poin pagu efektif")),
        Column("arah", _("Rata-rata selisih"), "rate", _("positif: terlalu tinggi")),
        Column("terbesar", _("Selisih terbesar"), "rate", _("poin pagu efektif")),
    )
    lines = tuple(
        Line((
            Cell(formats.month(one.month)), Cell(one.satker), Cell(one.mean), Cell(one.bias), Cell(one.worst),
        ))
        for one in errors
    )  # fmt: skip
    return Table("ketepatan", _("Ketepatan proyeksi"), columns, lines, empty=_("Tahun ini belum berakhir."))
