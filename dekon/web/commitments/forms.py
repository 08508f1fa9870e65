"""The forms of the commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.coordination.choices import Topic
from dekon.coordination.services.commitments import LONGEST_TEXT, MOST_STATEMENTS, Said, Words
from dekon.web.forms import DayField, Plain, reason_field

FEWEST = 3


class WordsForm(Plain):
    """What a commitment says; a statement without heading and text is left out."""

    anchored: ClassVar = {"commitment-there": "title", "commitment-frozen": "title"}

    title = forms.CharField(label=gettext_lazy("Judul"), max_length=200)
    preamble = forms.CharField(
        label=gettext_lazy("Pembukaan"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    closing = forms.CharField(
        label=gettext_lazy("Penutup"), max_length=LONGEST_TEXT, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    sign_by = DayField(
        label=gettext_lazy("Batas waktu penandatanganan"), required=False,
        help_text=gettext_lazy("Sesudah hari ini, yang belum menandatangani tampil sebagai terlambat."),
    )  # fmt: skip

    def __init__(self, *args: Any, satker: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        posted = sum(1 for name in self.data if name.startswith("text_")) if self.is_bound else 0
        known = sum(1 for name in self.initial if name.startswith("text_"))
        for number in range(1, min(max(posted, known + 1, FEWEST), MOST_STATEMENTS) + 1):
            self.fields[f"topic_{number}"] = forms.ChoiceField(
                label=_("Pernyataan %(number)s: pokok") % {"number": number}, choices=Topic.choices, required=False
            )
            self.fields[f"heading_{number}"] = forms.CharField(
                label=_("Pernyataan %(number)s: judul") % {"number": number}, max_length=80, required=False
            )
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Pernyataan %(number)s: isi") % {"number": number}, max_length=LONGEST_TEXT, required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        if satker:
            self.fields["satker"] = forms.ChoiceField(
                label=_("Satker"), required=False, choices=[("", _("Komitmen bersama (bukan satu satker)")), *satker],
                help_text=_("Pilih satker untuk perjanjian kinerja KPA; kosongkan untuk komitmen bersama."),
            )  # fmt: skip
        self.dress()

    def words(self, said: Mapping[str, Any]) -> Words:
        """What was entered, for the service."""
        numbers = [name.removeprefix("text_") for name in self.fields if name.startswith("text_")]
        filled = [one for one in numbers if said[f"text_{one}"] or said[f"heading_{one}"]]
        return Words(
            said["title"], said["preamble"], said["closing"],
            [Said(Topic(said[f"topic_{one}"] or Topic.OTHER), said[f"heading_{one}"], said[f"text_{one}"])
             for one in filled],
            said["sign_by"],
        )  # fmt: skip

    def _put(self, field: str, words: str) -> None:
        super()._put(field.replace("statement-", "text_"), words)


class BasisForm(Plain):
    """By what the wording was approved."""

    basis = forms.CharField(
        label=gettext_lazy("Dasar persetujuan"), max_length=255,
        help_text=gettext_lazy("Nomor dan tanggal nota dinas atau keputusan yang menyetujui naskah."),
    )  # fmt: skip


class ReasonForm(Plain):
    """Why."""

    reason = reason_field()
