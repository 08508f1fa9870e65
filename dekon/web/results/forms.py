"""The forms of decisions, issues and minutes."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.coordination.choices import IssueCategory
from dekon.coordination.services import DecisionFacts
from dekon.org import selectors as org
from dekon.org.choices import Role
from dekon.web.forms import DayField, Plain, reason_field

OWNERS = ("pimpinan", "perencana", "unit", "keuangan", "pembina", "kadis", "operator", "bappeda")


def _area(rows: int = 5) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Placed(Plain):
    """A form with lists of provinces and units of a year."""

    def offer_places(self, year: int, *, provinces: str = "province", units: str = "unit", one: str = "") -> None:
        """Fill the lists.

        Args:
            one: the only province that the person may choose.
        """
        known = [(p.code, p.name) for p in org.provinces_in_year(year) if one in {"", p.code}]
        chosen = cast("forms.ChoiceField", self.fields[provinces])
        chosen.choices = known if one else [("", "–"), *known]
        listed = [(u.code, str(u)) for u in org.units_in_year(year)]
        cast("forms.ChoiceField", self.fields[units]).choices = [("", "–"), *listed]


class DecisionForm(Placed):
    """What was decided."""

    text = forms.CharField(label=gettext_lazy("Keputusan"), max_length=2000, widget=_area())
    owner_role = forms.ChoiceField(
        label=gettext_lazy("Penanggung jawab"), choices=[(one.value, one.label) for one in Role if one.value in OWNERS]
    )
    province = forms.ChoiceField(label=gettext_lazy("Di provinsi"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Atau di unit"), required=False,
        help_text=gettext_lazy("Kosongkan keduanya bila penanggung jawabnya Kementerian."),
    )  # fmt: skip
    owner = forms.CharField(label=gettext_lazy("Nama pengguna, bila untuk satu orang"), max_length=150, required=False)
    due_on = DayField(label=gettext_lazy("Tenggat"))
    path = forms.CharField(
        label=gettext_lazy("Program atau RO"), max_length=20, required=False,
        help_text=gettext_lazy("Misalnya DL, DL.2175, atau DL.2175.SCH.001."),
    )  # fmt: skip

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.offer_places(year)

    def facts(self) -> DecisionFacts:
        """What the form says."""
        return DecisionFacts(**{name: self.cleaned_data[name] for name in DecisionFacts.__slots__})


class ClaimForm(Plain):
    """That a decision was carried out."""

    note = forms.CharField(
        label=gettext_lazy("Apa yang sudah dilakukan"), max_length=2000, widget=_area(),
        help_text=gettext_lazy("Sebut nomor surat atau tanggalnya, agar dapat diperiksa."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=gettext_lazy("Bukti"), required=False,
        help_text=gettext_lazy("PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, atau ZIP; paling besar 25 MB."),
    )  # fmt: skip


class VerifyForm(Plain):
    """Whether what was reported is done."""

    done = forms.ChoiceField(
        label=gettext_lazy("Hasil pemeriksaan"),
        choices=[("ya", gettext_lazy("Selesai, terverifikasi")), ("tidak", gettext_lazy("Dikembalikan"))],
    )
    note = forms.CharField(
        label=gettext_lazy("Catatan"), max_length=2000, required=False, widget=_area(3),
        help_text=gettext_lazy("Wajib bila dikembalikan: apa yang kurang."),
    )  # fmt: skip


class WithdrawForm(Plain):
    """Why it no longer holds."""

    reason = reason_field()


class IssueForm(Placed):
    """What a region raises."""

    province = forms.ChoiceField(label=gettext_lazy("Provinsi"))
    category = forms.ChoiceField(label=gettext_lazy("Kategori"), choices=IssueCategory.choices)
    text = forms.CharField(label=gettext_lazy("Persoalan"), max_length=2000, widget=_area())
    unit = forms.ChoiceField(
        label=gettext_lazy("Penjawab"), required=False,
        help_text=gettext_lazy("Kosongkan bila belum tahu; Biro Perencanaan yang menjawab."),
    )  # fmt: skip

    def __init__(self, *args: Any, year: int, own: str = "", **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.offer_places(year, one=own)


class AnswerForm(Plain):
    """An answer, a further question, or that it is settled."""

    text = forms.CharField(label=gettext_lazy("Keterangan"), max_length=2000, required=False, widget=_area())


class BlockForm(Plain):
    """A new paragraph of the minutes."""

    heading = forms.CharField(label=gettext_lazy("Judul paragraf"), max_length=255)
    session = forms.TypedChoiceField(label=gettext_lazy("Sesi"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, sessions: list[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["session"]).choices = [("", _("Tanpa sesi")), *sessions]


class SureForm(Plain):
    """Nothing to fill in: only asked."""
