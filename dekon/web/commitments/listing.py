"""How a commitment reads: the table of who signs, its figures, the facts behind each statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.coordination.choices import CommitmentState, StepKind, Topic
from dekon.coordination.selectors.commitments import Seat, Signing, is_revoked
from dekon.documents.choices import Method
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.web.access import may, person
from dekon.web.formats import day_short
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.coordination.models import Commitment, CommitmentStatement, CommitmentStep

TONES: dict[str, Tone] = {"signed": "ok", "paper": "ok", "refused": "bad", "late": "warn", "waiting": "mute"}
STATE_TONES: dict[str, Tone] = {
    CommitmentState.DRAFT: "mute", CommitmentState.PREPARED: "info", CommitmentState.SIGNING: "info",
    CommitmentState.COMPLETE: "ok", CommitmentState.WITHDRAWN: "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Badge:
    """A status: its tone and its word."""

    tone: Tone
    words: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A page that shows how a statement is kept."""

    words: str
    href: str


def badge_of(found: Commitment, signing: Signing | None) -> Badge:
    """How far a version is, by what its document says at this moment."""
    if is_revoked(found) and found.state != CommitmentState.WITHDRAWN:
        return Badge("bad", _("Dinyatakan tidak berlaku"))
    state = found.state
    if signing and state in {CommitmentState.PREPARED, CommitmentState.SIGNING} and signing.count.signed:
        state = CommitmentState.COMPLETE if signing.is_complete else CommitmentState.SIGNING
    return Badge(STATE_TONES[state], str(CommitmentState(state).label))


def state_words(seat: Seat) -> str:
    """How a place stands, in a word."""
    return {
        "signed": _("Sudah"), "paper": _("Sudah, basah"), "refused": _("Menolak"), "late": _("Terlambat"),
        "waiting": _("Belum"),
    }[seat.state]  # fmt: skip


def method_words(seat: Seat) -> str:
    """How somebody signed, named honestly."""
    if seat.signature:
        level = _("tersertifikasi") if seat.signature.certified else _("tidak tersertifikasi")
        return f"{Method(seat.signature.method).label}, {level}"
    return _("tanda tangan basah") if seat.paper else ""


def next_words(seat: Seat) -> str:
    """What is to be done about a place that is not signed."""
    if seat.is_done:
        return ""
    if seat.refusal:
        return _("Bicarakan alasannya; tanda tangan sesudah penolakan tetap sah.")
    if not seat.name:
        return _("Belum ada pejabat; catat penugasannya.")
    return _("Ingatkan: batas waktu sudah lewat.") if seat.late else _("Menunggu tanda tangan.")


def seats_table(request: HttpRequest, found: Commitment, signing: Signing) -> Table:
    """Everybody who has to sign."""
    columns = (
        Column("jabatan", _("Jabatan")),
        Column("siapa", _("Penanda tangan"), noted=True),
        Column("status", _("Status"), "badge"),
        Column("cara", _("Cara"), wide=True),
        Column("waktu", _("Waktu"), "moment", noted=True),
        Column("lanjut", _("Langkah berikutnya"), wide=True, noted=True),
    )
    waiting = found.state in {CommitmentState.PREPARED, CommitmentState.SIGNING}
    prepared = found.document is not None and found.document.issued_by_id == person(request).pk
    recording = waiting and prepared and may(request, Action.EDIT_COMMITMENT)
    lines = tuple(_line(seat, recording=recording) for seat in signing.seats)
    return Table("penanda", _("Penanda tangan"), columns, lines, empty=_("Belum ada tempat tanda tangan."))


def _line(seat: Seat, *, recording: bool) -> Line:
    done = seat.signature or seat.paper
    standing = f"{seat.signature.standing} " if seat.signature and seat.signature.standing else ""
    name = f"{standing}{done.name}" if done else seat.name
    note = _("menggantikan penanda tangan semula") if seat.replaced and not done else ""
    when = Cell(seat.signature.signed_at if seat.signature else seat.paper.recorded_at if seat.paper else None)
    if seat.paper and not seat.signature:
        when = Cell(seat.paper.recorded_at, sub=_("di atas kertas %(day)s") % {"day": day_short(seat.paper.signed_on)})
    todo = Cell(next_words(seat), sub=seat.refusal.reason if seat.refusal and not done else "")
    if seat.paper and not seat.signature:
        todo = Cell(_("Lihat pindaian"), reverse("signing-scan", args=[seat.place.pk]))
    elif recording and not done:
        todo = Cell(
            todo.value, reverse("signing-paper", args=[seat.place.pk]), sub=todo.sub or _("Catat tanda tangan basah")
        )
    return Line(
        cells(
            seat.place.office, Cell(name or "–", sub=note), Cell(state_words(seat), tone=TONES[seat.state]),
            method_words(seat), when, todo,
        ),
        "bad" if seat.state == "refused" else "",
    )  # fmt: skip


def facts_of(request: HttpRequest, statement: CommitmentStatement, year: int) -> list[Fact]:
    """Where it shows how a statement is being kept, of the pages that the reader may open."""
    national = may(request, Action.VIEW_NATIONAL, Place())
    recap = Fact(_("Rekap realisasi dan capaian"), f"{reverse('national' if national else 'provinces')}?tahun={year}")
    scores = Fact(_("Skor kinerja satker"), f"{reverse('scores')}?tahun={year}")
    waiting = budget.cases(year=year, province="", unit="", satker="", status="open").count()
    cases = Fact(_("Kasus rekonsiliasi: %(count)s terbuka") % {"count": waiting}, f"{reverse('cases')}?tahun={year}")
    parked = Fact(_("Pembayaran di atas pagu"), f"{reverse('parked')}?tahun={year}")
    board = Fact(_("Pemenuhan komitmen"), f"{reverse('promises')}?tahun={year}")
    return {
        Topic.ACCOUNTABILITY: [board, cases, parked], Topic.GUIDANCE: [board, scores, cases],
        Topic.REPORTING: [board, recap, scores], Topic.OTHER: [board, recap],
    }[Topic(statement.topic)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the history, in words."""

    step: CommitmentStep
    words: str


def told(steps: list[CommitmentStep]) -> list[Told]:
    """What happened, in words."""
    return [Told(one, _step_words(one)) for one in steps]


def _step_words(step: CommitmentStep) -> str:
    office = step.place.office if step.place else ""
    words = {
        StepKind.WRITTEN: _("Naskah %(seq)s ditulis") % {"seq": step.reason},
        StepKind.REPLACED: _("%(office)s: %(new)s menggantikan %(old)s")
        % {"office": office, "new": step.name or "–", "old": step.reason or "–"},
        StepKind.REFUSED: _("%(office)s menolak: %(reason)s") % {"office": office, "reason": step.reason},
        StepKind.LATE: _("%(office)s melewati batas waktu") % {"office": office},
        StepKind.APPROVED: _("Disetujui dan disiapkan (%(basis)s)") % {"basis": step.reason},
        StepKind.WITHDRAWN: _("Seluruh versi ditarik: %(reason)s") % {"reason": step.reason},
    }  # fmt: skip
    return words.get(StepKind(step.kind), str(step.get_kind_display()))
