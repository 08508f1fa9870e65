"""The fixed lists of meetings, attendance and commitments, and how a meeting or a commitment may go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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


class CommitmentState(TextChoices):
    """How far a version of a commitment is."""

    DRAFT = "draf", _("Draf")
    PREPARED = "siap", _("Siap ditandatangani")
    SIGNING = "berjalan", _("Sedang ditandatangani")
    COMPLETE = "lengkap", _("Lengkap")
    WITHDRAWN = "ditarik", _("Ditarik")


COMMITMENT_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    CommitmentState.DRAFT: frozenset({CommitmentState.PREPARED, CommitmentState.WITHDRAWN}),
    CommitmentState.PREPARED: frozenset({CommitmentState.SIGNING, CommitmentState.COMPLETE, CommitmentState.WITHDRAWN}),
    CommitmentState.SIGNING: frozenset({CommitmentState.COMPLETE, CommitmentState.WITHDRAWN}),
    CommitmentState.COMPLETE: frozenset(),
    CommitmentState.WITHDRAWN: frozenset(),
}
"""State → the states that may follow it."""

UNDER_WAY: Final = (CommitmentState.DRAFT, CommitmentState.PREPARED, CommitmentState.SIGNING)
"""States of a version that is neither complete nor withdrawn; there is one such version at a time."""


class Topic(TextChoices):
    """What a statement is about: where the facts stand that show how it is kept."""

    ACCOUNTABILITY = "akuntabilitas", _("Akuntabilitas")
    GUIDANCE = "pembinaan", _("Pembinaan dan supervisi")
    REPORTING = "pelaporan", _("Pelaksanaan dan pelaporan")
    OTHER = "lain", _("Lainnya")


class StepKind(TextChoices):
    """What happened to a commitment."""

    WRITTEN = "ditulis", _("Naskah ditulis")
    APPROVED = "disetujui", _("Naskah disetujui dan disiapkan")
    NAMED = "ditunjuk", _("Penanda tangan pada hari penyiapan")
    REPLACED = "diganti", _("Penanda tangan berganti")
    REFUSED = "ditolak", _("Penandatanganan ditolak")
    LATE = "lewat", _("Batas waktu terlewati")
    BEGUN = "dimulai", _("Tanda tangan pertama")
    COMPLETED = "lengkap", _("Semua telah menandatangani")
    WITHDRAWN = "ditarik", _("Seluruh versi ditarik")
