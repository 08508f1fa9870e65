"""The fixed lists of meetings and attendance, and how a meeting may go on."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingKind(TextChoices):
    """What a meeting is."""

    RAKOR = "rakor", _("Rapat koordinasi")
    DIALOG = "dialog", _("Dialog")
    BIMTEK = "bimtek", _("Bimbingan teknis")


class MeetingState(TextChoices):
    """How far a meeting is."""

    PLANNED = "rencana", _("Direncanakan")
    INVITING = "undangan", _("Undangan berjalan")
    RUNNING = "berlangsung", _("Berlangsung")
    FINISHED = "selesai", _("Selesai")
    CANCELLED = "batal", _("Dibatalkan")


MEETING_TRANSITIONS: Mapping[str, frozenset[str]] = {
    MeetingState.PLANNED: frozenset({MeetingState.INVITING, MeetingState.RUNNING, MeetingState.CANCELLED}),
    MeetingState.INVITING: frozenset({MeetingState.RUNNING, MeetingState.CANCELLED}),
    MeetingState.RUNNING: frozenset({MeetingState.FINISHED}),
    MeetingState.FINISHED: frozenset(),
    MeetingState.CANCELLED: frozenset(),
}
"""State → the states that may follow it."""


class Category(TextChoices):
    """As what somebody is invited; a quorum is counted for each."""

    ECHELON_1 = "eselon-1", _("Pejabat eselon I")
    ECHELON_2 = "eselon-2", _("Pejabat eselon II")
    EXPERT_STAFF = "staf-ahli", _("Staf ahli")
    SPECIAL_STAFF = "staf-khusus", _("Staf khusus")
    HEAD = "kadisnaker", _("Kepala Disnaker")
    SECRETARY = "sekretaris", _("Sekretaris Disnaker")
    BAPPEDA = "bappeda", _("Kepala Bappeda")
    OTHER = "lainnya", _("Lainnya")


class Reply(TextChoices):
    """What an invited person has answered."""

    NONE = "belum", _("Belum menjawab")
    COMING = "hadir", _("Akan hadir")
    REPRESENTED = "wakil", _("Mewakilkan")
    APOLOGISED = "izin", _("Berhalangan")


class Presence(TextChoices):
    """How somebody stands in one session. Absent is whoever has no row once the session is over."""

    PRESENT = "hadir", _("Hadir")
    REPRESENTED = "diwakili", _("Diwakili")
    EXCUSED = "izin", _("Izin")


class CheckIn(TextChoices):
    """How an attendance came into the book."""

    SCAN = "pindai", _("Pemindaian tanda pengenal")
    SELF = "mandiri", _("Kode di layar ruang")
    MANUAL = "manual", _("Dicatat petugas")


class Delivery(TextChoices):
    """What became of the mail with an invitation."""

    WAITING = "antre", _("Menunggu dikirim")
    SENT = "terkirim", _("Terkirim")
    FAILED = "gagal", _("Gagal dikirim")


class DecisionState(TextChoices):
    """How far a decision of a meeting is."""

    OPEN = "terbuka", _("Terbuka")
    CLAIMED = "dilaporkan", _("Dilaporkan selesai")
    RETURNED = "dikembalikan", _("Dikembalikan")
    VERIFIED = "selesai", _("Selesai, diverifikasi")
    WITHDRAWN = "dicabut", _("Dicabut")


DECISION_TRANSITIONS: Mapping[str, frozenset[str]] = {
    DecisionState.OPEN: frozenset({DecisionState.CLAIMED, DecisionState.WITHDRAWN}),
    DecisionState.RETURNED: frozenset({DecisionState.CLAIMED, DecisionState.WITHDRAWN}),
    DecisionState.CLAIMED: frozenset({DecisionState.VERIFIED, DecisionState.RETURNED}),
    DecisionState.VERIFIED: frozenset(),
    DecisionState.WITHDRAWN: frozenset(),
}
"""State → the states that may follow it."""
DECISION_OVER = frozenset({DecisionState.VERIFIED, DecisionState.WITHDRAWN})


class IssueCategory(TextChoices):
    """What an issue raised by a region is about."""

    BUDGET = "anggaran", _("Anggaran dan DIPA")
    PROGRAM = "program", _("Pelaksanaan program")
    STAFF = "sdm", _("Sumber daya manusia")
    RULES = "aturan", _("Aturan dan petunjuk teknis")
    SYSTEM = "sistem", _("Aplikasi dan data")
    OTHER = "lainnya", _("Lainnya")


class IssueState(TextChoices):
    """How far an issue raised by a region is."""

    OPEN = "terbuka", _("Menunggu jawaban")
    ANSWERED = "dijawab", _("Dijawab")
    AGAIN = "ditanya-lagi", _("Ditanyakan lagi")
    SETTLED = "selesai", _("Selesai")
    WITHDRAWN = "dicabut", _("Dicabut")


ISSUE_TRANSITIONS: Mapping[str, frozenset[str]] = {
    IssueState.OPEN: frozenset({IssueState.ANSWERED, IssueState.WITHDRAWN}),
    IssueState.AGAIN: frozenset({IssueState.ANSWERED, IssueState.WITHDRAWN}),
    IssueState.ANSWERED: frozenset({IssueState.SETTLED, IssueState.AGAIN}),
    IssueState.SETTLED: frozenset(),
    IssueState.WITHDRAWN: frozenset(),
}
"""State → the states that may follow it."""
ISSUE_OVER = frozenset({IssueState.SETTLED, IssueState.WITHDRAWN})


class TextKind(TextChoices):
    """How a text came into a paragraph of the minutes."""

    SAVED = "disimpan", _("disimpan")
    OFFERED = "naskah", _("naskah sebelum digabung")
    MERGED = "digabung", _("digabung otomatis")
    ASIDE = "bertabrakan", _("bertabrakan, menunggu dipilih")
