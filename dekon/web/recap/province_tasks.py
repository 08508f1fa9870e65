"""What is next for a province: what holds realisation up, and the days by which something is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dekon.budget import selectors as budget
from dekon.budget.choices import CaseStatus
from dekon.lib.workdays import Calendar
from dekon.org import selectors as org
from dekon.performance.selectors import Recap, RecapFilter
from dekon.rules.formulas.deadlines import output_report_deadline, quarter_report_deadline, rpd_lock_dates
from dekon.web import formats
from dekon.web.address import Address
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

DEADLINES_SHOWN = 5
SOON = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with the page where it is done."""

    tone: Tone
    icon: str
    when: str
    due: str
    what: str
    detail: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something is due."""

    due: date
    what: str
    legal: str
    left: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Everything that is next."""

    today: date
    todo: tuple[Task, ...]
    deadlines: tuple[Deadline, ...]
    outputs: Table
    outputs_heading: str


def tasks(asked: RecapFilter, recap: Recap, today: date, address: Address) -> Tasks:
    """What is next for the province of the filter, counted from a day."""
    outputs = budget.outputs(year=asked.year, as_of=asked.as_of, province=asked.province)
    behind = [one for one in outputs if is_behind(one)]
    heading = _("Progres RO: %(behind)s dari %(count)s tertinggal") % {
        "behind": len(behind),
        "count": len(outputs),
    }
    return Tasks(
        today,
        tuple(_todo(asked, recap, len(behind), address)),
        tuple(_deadlines(asked.year, today)),
        output_table(outputs, address),
        heading if outputs else _("Belum ada laporan capaian output"),
    )


def viewpoint(asked: RecapFilter, today: date) -> date:
    """The day from which deadlines are counted: today while the year runs, else the day of the data."""
    return today if today.year == asked.year else asked.as_of


def is_behind(output: budget.OutputView) -> bool:
    """Whether progress is below the part of the year that its report covers."""
    return output.progress is not None and output.progress < part_of_year(output)


def part_of_year(output: budget.OutputView) -> Decimal:
    """How much of the year had passed at the end of the month reported, in percent."""
    return Decimal(output.month or 0) * 100 / 12


def _todo(asked: RecapFilter, recap: Recap, behind: int, address: Address) -> Iterator[Task]:
    place = {"provinsi": asked.province}
    total = recap.total
    if total.parked_rp:
        yield Task(
            "bad",
            "stop",
            _("Segera"),
            _("pagu minus"),
            _("Ajukan revisi DIPA untuk pagu minus"),
            _("%(amount)s pembayaran diparkir") % {"amount": formats.headline(total.parked_rp)},
            address.elsewhere(reverse("parked"), **place),
            _("Lihat"),
        )
    cases = budget.cases(year=asked.year, province=asked.province).exclude(status=CaseStatus.RESOLVED).count()
    if cases:
        words = ngettext("Jawab %(num)s selisih rekonsiliasi", "Jawab %(num)s selisih rekonsiliasi", cases)
        yield Task(
            "warn",
            "warn",
            _("Terbuka"),
            _("rekonsiliasi"),
            words % {"num": cases},
            _("Angka berkas dan buku belum sama"),
            address.elsewhere(reverse("cases"), **place),
            _("Jelaskan"),
        )
    yield from _slow(recap, address)
    if total.blocked_rp:
        yield Task(
            "info",
            "lock",
            _("Blokir"),
            formats.headline(total.blocked_rp),
            _("Urus pembukaan blokir"),
            _("Bagian pagu yang belum dapat dipakai"),
            address.elsewhere(reverse("blocks"), **place),
            _("Lihat"),
        )
    if behind:
        words = ngettext("Kejar %(num)s RO yang tertinggal", "Kejar %(num)s RO yang tertinggal", behind) % {
            "num": behind
        }
        yield Task(
            "warn",
            "target",
            _("Capaian"),
            "",
            words,
            _("Progres di bawah bagian tahun yang sudah berjalan"),
            "#h-ro",
            _("Lihat RO"),
        )


def _slow(recap: Recap, address: Address) -> Iterator[Task]:
    """Satker with money planned by now and not spent, the largest first."""
    late = sorted((row for row in recap.rows if row.figures.gap_rp > 0), key=lambda row: -row.figures.gap_rp)[:2]
    for row in late:
        yield Task(
            "warn",
            "trend",
            _("Tertinggal"),
            formats.headline(row.figures.gap_rp),
            _("Percepat penarikan satker %(code)s") % {"code": row.key},
            _("Realisasi %(share)s dari rencana") % {"share": formats.percent(row.figures.plan_ratio)},
            address.elsewhere(reverse("drill"), satker=row.key),
            _("Telusuri"),
        )


def _deadlines(year: int, today: date) -> Iterator[Deadline]:
    calendar = org.working_calendar()
    due = sorted(_all_deadlines(year, calendar), key=lambda deadline: deadline.due)
    for deadline in [one for one in due if one.due >= today][:DEADLINES_SHOWN]:
        left = calendar.working_days_between(today, deadline.due)
        words = _("hari ini") if deadline.due == today else _("%(days)s hari kerja lagi") % {"days": left}
        yield Deadline(deadline.due, deadline.what, deadline.legal, words, "warn" if left <= SOON else "")


def _all_deadlines(year: int, calendar: Calendar) -> Iterator[Deadline]:
    for quarter, day in rpd_lock_dates(year, calendar).items():
        words = _("RPD triwulan %(number)s dikunci") % {"number": roman(quarter)}
        yield Deadline(day, words, _("hari kerja ke-10; PER-5/PB/2022, PER-5/PB/2024"))
    for quarter in range(1, 5):
        words = _("Laporan triwulan %(number)s (Formulir C)") % {"number": roman(quarter)}
        yield Deadline(quarter_report_deadline(year, quarter, calendar), words, "PP 39/2006")
    for month in range(1, 13):
        words = _("Capaian output %(month)s") % {"month": formats.month(month)}
        yield Deadline(output_report_deadline(year, month, calendar), words, _("hari kerja ke-5 bulan berikutnya"))


def roman(quarter: int) -> str:
    """A quarter as official texts write it."""
    return ("I", "II", "III", "IV")[quarter - 1]


def output_table(outputs: Sequence[budget.OutputView], address: Address) -> Table:
    """RO with volume, progress and target, the furthest behind first."""
    columns = (
        Column("ro", _("Rincian output")),
        Column("satker", _("Satker"), "code"),
        Column("volume", _("Volume tercapai"), "volume"),
        Column("target", _("Volume target"), "volume"),
        Column("satuan", _("Satuan")),
        Column("progres", _("Progres"), "bar", "%"),
        Column("status", _("Status"), "badge"),
    )
    ordered = sorted(outputs, key=lambda one: (one.progress or Decimal(0)) - part_of_year(one))
    return Table("ro", _("Progres rincian output"), columns, tuple(_output_line(one, address) for one in ordered))


def _output_line(output: budget.OutputView, address: Address) -> Line:
    code = f"{output.kegiatan}.{output.kro}.{output.ro}"
    path = {
        "satker": output.satker,
        "program": output.program,
        "kegiatan": output.kegiatan,
        "kro": output.kro,
        "ro": output.ro,
    }
    progress = None if output.progress is None else output.progress / 100
    plan = part_of_year(output) / 100
    status = Cell(_("Tertinggal"), tone="warn") if is_behind(output) else Cell(_("Sesuai"), tone="ok")
    return Line(
        cells(
            Cell(output.name or code, address.elsewhere(reverse("drill"), **path), code),
            output.satker,
            output.volume,
            output.target,
            output.unit,
            Cell(progress, plan=plan),
            status if progress is not None else Cell(_("Belum dilaporkan"), tone="mute"),
        )
    )
