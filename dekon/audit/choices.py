"""What reading is logged."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EVERYWHERE = "*"
"""The place of a row that is about every satker."""


class Reading(TextChoices):
    """Reading that the owner of the data is shown: who read what, when. The value is the action of its row."""

    EVIDENCE = "evidence-read", _("Bukti dibaca")
    PERSONAL_DATA = "personal-data-read", _("Data pribadi dibaca")
    EXPORT = "rows-exported", _("Data diunduh")
    FILE = "file-downloaded", _("Berkas diunduh")
    DOSSIER = "dossier-taken", _("Berkas lengkap diambil")


PASSING = frozenset({"signed-in", "session-ended", "sign-in-slowed", "recovery-code-used"})
"""Comings and goings: about an account, without changing it."""
