"""The forms of the reference pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.budget.services import dated_list
from dekon.org.choices import DayKind
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList, Fact, Facts, FactValue
from dekon.org.services import NewDay, Stated
from dekon.web.forms import DayField, Plain, in_words, reason_field

LINE_PARTS = 3


class CodeForm(Plain):
    """The facts of a code from a day on."""

    def __init__(self, listing: DatedList, *args: Any, new: bool = False, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        self.listing = listing
        self.before: Facts = (kwargs.get("initial") or {}) if not new else {}
        super().__init__(*args, **kwargs)
        if new:
            self.fields["code"] = forms.CharField(label=_("Kode"), max_length=6, help_text=str(listing.form))
        self.fields["valid_from"] = DayField(
            label=_("Berlaku mulai"), help_text=_("Sebelum tanggal ini, isi yang lama tetap terbaca.")
        )
        for fact in listing.facts:
            self.fields[fact.name] = field_of(fact)
        self.fields["reason"] = reason_field()
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.dress()

    def said(self) -> Iterator[tuple[str, str]]:
        """Label and value; of a fact that changes, before and after."""
        for bound in self.visible_fields():
            after = in_words(bound.field, self.cleaned_data.get(bound.name))
            before = self.before.get(bound.name)
            was = in_words(bound.field, before) if bound.name in self.before and before is not None else after
            yield str(bound.label), after if was == after else f"{was} → {after}"


def field_of(fact: Fact) -> forms.Field:
    """A field for a fact."""
    label = str(fact.label)
    hint = _("Rekap semua tahun memakai penempatan yang berlaku hari ini.") if fact.places else ""
    if fact.kind == "flag":
        return forms.BooleanField(label=label, required=False)
    if fact.kind == "code":
        rows = dated.listed(dated_list(fact.listing))
        choices = [
            ("", _("Pilih …") if fact.required else _("tidak ada")),
            *((row.code, f"{row.code} {row.name}") for row in rows),
        ]
        widget = forms.Select(attrs={"class": "input"})
        return forms.ChoiceField(label=label, choices=choices, required=fact.required, widget=widget, help_text=hint)
    return forms.CharField(label=label, max_length=fact.length, required=fact.required)


def stated(form: CodeForm, said: dict[str, Any]) -> Stated:
    """What the form says about a code."""
    facts: dict[str, FactValue] = {fact.name: said[fact.name] for fact in form.listing.facts}
    return Stated(said["valid_from"], facts, said["reason"], said.get("seen"))


class EndForm(Plain):
    """The last day of a code."""

    valid_from = DayField(label=gettext_lazy("Hari terakhir berlaku"))
    reason = reason_field()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class VoidForm(Plain):
    """Why a record should not count."""

    reason = reason_field()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WithdrawForm(Plain):
    """The decree that takes a closed day back."""

    withdrawn_on = DayField(label=gettext_lazy("Tanggal keputusan pencabutan"))
    reason = reason_field(hint=gettext_lazy("Nomor SKB yang mencabut, atau apa yang keliru dicatat."))


class DaysForm(Plain):
    """Closed days as one decree sets them, one a line."""

    decree = forms.CharField(label=gettext_lazy("SKB atau dasar"), max_length=160)
    published_on = DayField(label=gettext_lazy("Tanggal SKB"), required=False)
    days = forms.CharField(
        label=gettext_lazy("Hari libur dan cuti bersama"),
        widget=forms.Textarea(attrs={"class": "input code", "rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Satu hari per baris: tanggal; jenis; nama. Jenis: libur atau cuti. Contoh: 2027-03-10; cuti; Cuti bersama"
            " Idulfitri. Boleh ditempel dari lembar kerja."
        ),
    )  # fmt: skip

    def clean_days(self) -> list[NewDay]:
        """The lines as days.

        Raises:
            ValidationError: lines that cannot be read, each with its number.
        """
        lines = [line for line in enumerate(self.cleaned_data["days"].splitlines(), 1) if line[1].strip()]
        read = [(number, day_of_line(line)) for number, line in lines]
        wrong = [str(number) for number, day in read if day is None]
        if wrong:
            raise forms.ValidationError(
                _("Baris %(numbers)s tidak terbaca. Tulis tahun-bulan-hari; libur atau cuti; nama.")
                % {"numbers": ", ".join(wrong)}
            )
        return [day for _number, day in read if day]

    def _put(self, field: str, words: str) -> None:
        super()._put("days" if field.startswith("days") else field, words)

    def said(self) -> Iterator[tuple[str, str]]:
        """The decree, then every day."""
        labels = dict(DayKind.choices)
        yield _("SKB atau dasar"), self.cleaned_data["decree"]
        yield _("Tanggal SKB"), in_words(self.fields["published_on"], self.cleaned_data["published_on"])
        for new in self.cleaned_data["days"]:
            yield in_words(self.fields["published_on"], new.day), f"{new.name} ({labels[new.kind]})"


KINDS = {"libur": DayKind.HOLIDAY, "cuti": DayKind.COLLECTIVE_LEAVE, **{kind.value: kind for kind in DayKind}}


def day_of_line(line: str) -> NewDay | None:
    """A line such as `2027-03-10; cuti; Cuti bersama Idulfitri`, also with tabs; None where it cannot be read."""
    parts = [part.strip() for part in line.replace("\t", ";").split(";", LINE_PARTS - 1)]
    if len(parts) < LINE_PARTS or parts[1].lower() not in KINDS:
        return None
    try:
        return NewDay(date.fromisoformat(parts[0]), KINDS[parts[1].lower()].value, parts[2])
    except ValueError:
        return None
