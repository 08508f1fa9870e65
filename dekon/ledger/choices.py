"""What can be entered in the book."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """The kinds of entry; each moves exactly one running total of its position."""

    ALLOCATE = "allocate", _("pagu awal")
    INCREASE = "increase", _("pagu bertambah")
    DECREASE = "decrease", _("pagu berkurang")
    BLOCK = "block", _("blokir")
    UNBLOCK = "unblock", _("buka blokir")
    RESERVE = "reserve", _("cadangan")
    RELEASE = "release", _("cadangan dilepas")
    REALISE = "realise", _("realisasi")
    RETURN = "return", _("pengembalian")
    REVERSE = "reverse", _("pembalikan")


class ParkedState(TextChoices):
    """What became of a payment that had no room."""

    OPEN = "open", _("menunggu ruang pagu")
    POSTED = "posted", _("sudah dibukukan")
    WITHDRAWN = "withdrawn", _("ditarik")


PATH_FIELDS = ("program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun")
"""The levels of a position below satker, coarse to fine."""
