"""The fixed lists of the early warning."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AlertState(TextChoices):
    """Where an alert stands."""

    OPEN = "open", _("Aktif")
    CLOSED = "closed", _("Selesai")


class AlertEventKind(TextChoices):
    """What happened to an alert."""

    OPENED = "opened", _("Timbul")
    CLOSED = "closed", _("Selesai dengan sendirinya")
    SNOOZED = "snoozed", _("Ditunda")
    ASSIGNED = "assigned", _("Ditugaskan")
    NOTED = "noted", _("Dicatat")


class Severity(TextChoices):
    """How pressing an alert is."""

    HIGH = "high", _("Tinggi")
    MEDIUM = "medium", _("Sedang")


ACTS = (AlertEventKind.SNOOZED, AlertEventKind.ASSIGNED, AlertEventKind.NOTED)
"""What people do about an alert; that it opens and closes follows from its reason."""
