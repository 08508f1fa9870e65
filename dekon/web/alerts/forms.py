"""What somebody does about an alert."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dekon.org.choices import Role
from dekon.performance.choices import ACTS
from dekon.web.forms import DayField, Plain

ACT_WORDS = (
    (ACTS[0].value, _("Tunda sampai tanggal")),
    (ACTS[1].value, _("Tugaskan")),
    (ACTS[2].value, _("Catat saja")),
)
OWNERS = (Role.KPA, Role.PPK, Role.PPSPM, Role.BENDAHARA, Role.OPERATOR, Role.KADIS, Role.UNIT, Role.PERENCANA)


class AlertForm(Plain):
    """Put off, assign or note; which fields are needed follows from the act."""

    tindakan = forms.ChoiceField(label=_("Tindakan"), choices=ACT_WORDS)
    sampai = DayField(label=_("Tunda sampai"), required=False, help_text=_("Paling lama 90 hari."))
    peran = forms.ChoiceField(label=_("Penanggung jawab"), required=False)
    sendiri = forms.BooleanField(label=_("Saya sendiri yang menangani"), required=False)
    kata = forms.CharField(
        label=_("Alasan atau catatan"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Wajib untuk menunda dan mencatat."),
    )  # fmt: skip

    anchored = {"alert-snooze-day": "sampai", "alert-words-missing": "kata", "alert-role-unknown": "peran"}  # noqa: RUF012  as the base declares it

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        field = self.fields["peran"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, str(role.label)) for role in OWNERS]

    def clean(self) -> dict[str, Any]:
        """What the act asks for."""
        said = super().clean() or {}
        if said.get("tindakan") == ACTS[0] and not said.get("sampai"):
            self.add_error("sampai", str(_("Pilih tanggalnya.")))
        return said
