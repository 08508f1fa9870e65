"""Forms of the register."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dekon.web.forms import Plain, reason_field


class DescribeForm(Plain):
    """What the register says of a document."""

    partner_number = forms.CharField(
        label=_("Nomor naskah mitra"), max_length=120, required=False,
        help_text=_("Nomor dari pihak lain atau dari SRIKANDI."),
    )  # fmt: skip
    classification = forms.CharField(
        label=_("Kode klasifikasi"), max_length=40, required=False, help_text=_("Misalnya KU.02.01.")
    )
    subject = forms.CharField(label=_("Hal"), max_length=200, required=False)
    attachments = forms.CharField(
        label=_("Lampiran"), max_length=120, required=False, help_text=_("Misalnya “2 berkas” atau “satu bendel”.")
    )
    copies_to = forms.CharField(
        label=_("Tembusan"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Satu penerima per baris."),
    )  # fmt: skip
    reason = reason_field()


class RevokeForm(Plain):
    """Why a document is void."""

    anchored: ClassVar = {"entry-reason-missing": "reason"}

    reason = reason_field(_("Dibaca siapa pun yang memeriksa salinan naskah ini."))
