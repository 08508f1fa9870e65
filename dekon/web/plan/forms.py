"""The forms of the plan pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.budget.choices import BlockKind
from dekon.budget.services import AUTHORITIES
from dekon.web.formats import exact
from dekon.web.forms import DayField, Plain, RupiahField, reason_field

if TYPE_CHECKING:
    from dekon.ledger.models import Pos

NATION = "nasional"


class NumberField(forms.DecimalField):
    """A number with a comma or a point before its decimals."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input num"}))
        super().__init__(max_digits=14, decimal_places=4, **kwargs)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401  as Django declares it
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  as Django declares it
        return plain_number(value) if isinstance(value, Decimal) else value


def plain_number(value: Decimal) -> str:
    """A number as people here write it, without zeros at its end."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


class YearForm(Plain):
    """The legal basis of a fiscal year."""

    legal_basis = forms.CharField(label=gettext_lazy("Dasar hukum pelimpahan"), max_length=255)
    note = forms.CharField(label=gettext_lazy("Keterangan"), max_length=255, required=False)


class PolicyForm(Plain):
    """A strategic policy."""

    anchored: ClassVar = {"policy-incomplete": "name"}

    code = forms.CharField(label=gettext_lazy("Kode"), max_length=16, help_text=gettext_lazy("Pendek, misalnya K1."))
    name = forms.CharField(label=gettext_lazy("Nama kebijakan"), max_length=255)
    description = forms.CharField(
        label=gettext_lazy("Uraian"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    source = forms.CharField(label=gettext_lazy("Sumber"), max_length=255, required=False)


class TargetForm(Plain):
    """A national target of a policy."""

    anchored: ClassVar = {"target-impossible": "high"}

    indicator = forms.CharField(
        label=gettext_lazy("Indikator"), max_length=32, help_text=gettext_lazy("Kode serinya, misalnya tpt.")
    )
    name = forms.CharField(label=gettext_lazy("Nama target"), max_length=160)
    unit = forms.CharField(label=gettext_lazy("Satuan"), max_length=32)
    low = NumberField(label=gettext_lazy("Batas bawah"))
    high = NumberField(
        label=gettext_lazy("Batas atas"), help_text=gettext_lazy("Sama dengan batas bawah untuk satu angka.")
    )
    lower_is_better = forms.BooleanField(label=gettext_lazy("Makin rendah makin baik"), required=False)


class LinkForm(Plain):
    """A programme or kegiatan that serves a policy."""

    code = forms.ChoiceField(label=gettext_lazy("Program atau kegiatan"))

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("Pilih …")), *choices]  # type: ignore[attr-defined]  # a choice field


class ThemeForm(Plain):
    """A theme."""

    anchored: ClassVar = {"theme-without-name": "name"}

    name = forms.CharField(label=gettext_lazy("Nama tema"), max_length=32)
    description = forms.CharField(label=gettext_lazy("Uraian"), max_length=255, required=False)


class ThemeTextForm(Plain):
    """The description of a theme; its name stays, since addresses carry it."""

    description = forms.CharField(label=gettext_lazy("Uraian"), max_length=255, required=False)


class TagForm(Plain):
    """A kegiatan or an RO that carries a theme."""

    anchored: ClassVar = {"tag-half-ro": "ro", "code-unknown": "kegiatan"}

    kegiatan = forms.ChoiceField(label=gettext_lazy("Kegiatan"))
    kro = forms.CharField(
        label=gettext_lazy("KRO"), max_length=3, required=False, help_text=gettext_lazy("Hanya untuk menandai satu RO.")
    )
    ro = forms.CharField(label=gettext_lazy("RO"), max_length=3, required=False)

    def __init__(self, choices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.fields["kegiatan"].choices = [("", _("Pilih …")), *choices]  # type: ignore[attr-defined]  # a choice field


class SureForm(Plain):
    """Nothing to fill in: only whether to go on."""


class DipaForm(Plain):
    """What the document of a DIPA says."""

    number = forms.CharField(label=gettext_lazy("Nomor DIPA"), max_length=48)
    dated_on = DayField(label=gettext_lazy("Tanggal DIPA"))
    legal_basis = forms.CharField(label=gettext_lazy("Dasar hukum"), max_length=255)


class RevisionForm(Plain):
    """What the letter of a revision says."""

    anchored: ClassVar = {"revision-incomplete": "document"}

    document = forms.CharField(label=gettext_lazy("Nomor surat pengesahan"), max_length=120)
    authority = forms.ChoiceField(
        label=gettext_lazy("Disahkan oleh"), required=False,
        choices=[("", gettext_lazy("belum diketahui")), *((one, one) for one in AUTHORITIES)],
    )  # fmt: skip
    revision_code = forms.CharField(label=gettext_lazy("Kode jenis revisi"), max_length=3, required=False)
    reason = forms.CharField(label=gettext_lazy("Dasar atau tujuan revisi"), max_length=255, required=False)


def path_words(pos: Pos) -> str:
    """The path of a position."""
    return f"{pos.program}.{pos.kegiatan}.{pos.kro}.{pos.ro}.{pos.komponen}.{pos.subkomponen}.{pos.akun}"


def pos_words(pos: Pos) -> str:
    """A position in a list to choose from: its path and what it has free."""
    free_rp = pos.pagu_rp - pos.blocked_rp - pos.reserved_rp - pos.realised_rp
    return _("%(path)s, sisa %(free)s") % {"path": path_words(pos), "free": exact(free_rp)}


class PosForm(Plain):
    """Something done to one position of a satker."""

    pos = forms.ChoiceField(label=gettext_lazy("Baris anggaran"))

    def __init__(self, positions: Sequence[Pos], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        choices = [("", _("Pilih …")), *((str(pos.pk), pos_words(pos)) for pos in positions)]
        self.fields["pos"].choices = choices  # type: ignore[attr-defined]  # a choice field


class BlockForm(PosForm):
    """A block by letter."""

    anchored: ClassVar = {
        "ledger-no-room-since": "amount_rp", "day-outside-year": "on", "block-incomplete": "letter_no",
        "block-kind-unknown": "kind",
    }  # fmt: skip

    kind = forms.ChoiceField(label=gettext_lazy("Jenis blokir"), choices=BlockKind.choices)
    amount_rp = RupiahField(label=gettext_lazy("Nilai yang diblokir"), min_value=1)
    letter_no = forms.CharField(label=gettext_lazy("Nomor surat"), max_length=120)
    letter_on = DayField(label=gettext_lazy("Tanggal surat"))
    on = DayField(label=gettext_lazy("Berlaku mulai"))


class ReleaseForm(Plain):
    """The release of a block, whole or in part."""

    anchored: ClassVar = {"block-not-that-much": "amount_rp", "release-incomplete": "on"}

    amount_rp = RupiahField(label=gettext_lazy("Nilai yang dibuka"), min_value=1)
    letter_no = forms.CharField(label=gettext_lazy("Nomor surat pembukaan"), max_length=120)
    letter_on = DayField(label=gettext_lazy("Tanggal surat"), required=False)
    on = DayField(label=gettext_lazy("Dibuka mulai"))


class ReservationForm(PosForm):
    """Money set aside for a contract or order."""

    anchored: ClassVar = {
        "ledger-no-room-since": "amount_rp", "day-outside-year": "on", "reservation-exists": "document",
        "reservation-incomplete": "document",
    }  # fmt: skip

    document = forms.CharField(label=gettext_lazy("Nomor kontrak atau SPK"), max_length=120)
    description = forms.CharField(label=gettext_lazy("Uraian"), max_length=255, required=False)
    amount_rp = RupiahField(label=gettext_lazy("Nilai yang dicadangkan"), min_value=1)
    on = DayField(label=gettext_lazy("Berlaku mulai"))


class FreeForm(Plain):
    """Giving a reservation free, whole or in part."""

    anchored: ClassVar = {"reservation-not-that-much": "amount_rp", "release-incomplete": "on"}

    amount_rp = RupiahField(label=gettext_lazy("Nilai yang dilepas"), min_value=1)
    on = DayField(label=gettext_lazy("Dilepas mulai"))
    reason = reason_field(hint=gettext_lazy("Nomor SP2D pembayarannya, atau sebab pembatalannya."))


class OutcomesForm(Plain):
    """A series of an indicator: one number a province, typed or pasted."""

    source = forms.CharField(label=gettext_lazy("Sumber"), max_length=160)
    pasted = forms.CharField(
        label=gettext_lazy("Tempel dari lembar kerja"), required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "input code"}),
        help_text=gettext_lazy(
            "Satu provinsi per baris: kode atau nama, lalu nilainya. Yang ditempel menggantikan isian di bawah."
        ),
    )  # fmt: skip

    def __init__(
        self,
        places: Mapping[str, str],
        known: Mapping[str, Decimal],
        *args: Any,  # noqa: ANN401  as Django declares it
        **kwargs: Any,  # noqa: ANN401  as Django declares it
    ) -> None:
        self.places, self.known = places, known
        self.to_keep: dict[str, Decimal] = {}
        kwargs["initial"] = {**{f"v-{code}": value for code, value in known.items()}, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for code, name in places.items():
            self.fields[f"v-{code}"] = NumberField(label=name, required=False)
        self.dress()

    def values(self) -> Iterator[forms.BoundField]:
        """The fields of the provinces."""
        return (self[f"v-{code}"] for code in self.places)

    def clean(self) -> dict[str, Any]:
        """The numbers that differ from what is known, those pasted first."""
        said = super().clean() or {}
        pasted = self._pasted(said.get("pasted") or "")
        for code in self.places:
            value = pasted.get(code, said.get(f"v-{code}"))
            if value is not None and value != self.known.get(code):
                self.to_keep[code] = value
        if not self.errors and not self.to_keep:
            self.add_error(
                None, _("Belum ada nilai yang berubah. Isi paling sedikit satu, atau kembali tanpa menyimpan.")
            )
        return said

    def _pasted(self, text: str) -> dict[str, Decimal]:
        """Lines such as `32<tab>8,31` or `Jawa Barat;8,31`."""
        codes = {name.casefold(): code for code, name in self.places.items()} | {code: code for code in self.places}
        found: dict[str, Decimal] = {}
        for number, line in enumerate(text.splitlines(), 1):
            place, _sep, value = line.replace("\t", ";").strip().rpartition(";")
            if not line.strip():
                continue
            try:
                found[codes[place.strip().strip(";").casefold()]] = Decimal(value.strip().replace(",", "."))
            except (KeyError, InvalidOperation):
                self.add_error(
                    "pasted", _("Baris %(number)s tidak terbaca: “%(line)s”.") % {"number": number, "line": line[:60]}
                )
        return found

    def said(self) -> Iterator[tuple[str, str]]:
        """The numbers that will be kept, before and after."""
        yield _("Sumber"), self.cleaned_data["source"]
        for code, value in self.to_keep.items():
            before = self.known.get(code)
            words = plain_number(value)
            yield self.places[code], words if before is None else f"{plain_number(before)} → {words}"
