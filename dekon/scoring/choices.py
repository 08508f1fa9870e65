"""The fixed lists of scores."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SnapshotScope(TextChoices):
    """Of whom a value is."""

    SATKER = "satker", _("Satker")
    PROVINCE = "province", _("Provinsi")
    UNIT = "unit", _("Unit eselon I")
    NATION = "nation", _("Nasional")


class SnapshotCause(TextChoices):
    """Why a value was written down."""

    FIRST = "first", _("pertama kali dihitung")
    IMPORT = "import", _("impor")
    OTHER = "other", _("catatan, aturan, atau perubahan lain")
