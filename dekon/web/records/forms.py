"""The forms of execution records: each kind asks only what it needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.budget.choices import RECORD_FIELDS, RECORD_OPTIONAL, AdvanceMove, RecordKind
from dekon.lib.periods import MONTHS
from dekon.web.formats import month
from dekon.web.forms import DayField, Plain, RupiahField, reason_field
from dekon.web.plan.forms import NumberField


def field_words(kind: str, name: str) -> str:
    """What a field of a kind is called."""
    own = {
        ("kontrak", "number"): _("Nomor kontrak"), ("kontrak", "dated_on"): _("Tanggal kontrak"),
        ("kontrak", "arrived_on"): _("Didaftarkan ke KPPN"), ("kontrak", "paid_on"): _("Tanggal SP2D (bila sekaligus)"),
        ("kontrak", "amount_rp"): _("Nilai kontrak"), ("tagihan", "number"): _("Nomor SPM"),
        ("tagihan", "dated_on"): _("Tanggal BAST"), ("tagihan", "arrived_on"): _("SPM diterima KPPN"),
        ("up-tup", "number"): _("Nomor SP2D atau NTPN"), ("up-tup", "dated_on"): _("Tanggal SP2D atau setoran"),
        ("dispensasi-spm", "number"): _("Nomor SPM"), ("dispensasi-spm", "dated_on"): _("Tanggal SPM"),
        ("laporan-capaian", "dated_on"): _("Tanggal kirim"), ("laporan-capaian", "month"): _("Laporan bulan"),
    }  # fmt: skip
    shared = {
        "akun": _("Akun"), "amount_rp": _("Nilai"), "move": _("Jenis"), "ro": _("RO"), "month": _("Bulan"),
        "percent": _("Target progres (%)"),
    }  # fmt: skip
    return own.get((kind, name)) or shared.get(name, name)


class RecordForm(Plain):
    """A record of one kind."""

    def __init__(self, kind: RecordKind, outputs: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        months = [("", _("Pilih …")), *((number, month(number)) for number in MONTHS)]
        made: dict[str, forms.Field] = {
            "number": forms.CharField(max_length=60),
            "akun": forms.CharField(max_length=6, help_text=_("Enam angka, misalnya 521211.")),
            "amount_rp": RupiahField(min_value=1),
            "move": forms.ChoiceField(choices=AdvanceMove.choices),
            "ro": forms.ChoiceField(choices=[("", _("Pilih …")), *outputs]),
            "month": forms.TypedChoiceField(choices=months, coerce=int, empty_value=None),
            "percent": NumberField(min_value=0, max_value=100),
            **{name: DayField(required=name not in RECORD_OPTIONAL) for name in ("dated_on", "arrived_on", "paid_on")},
        }
        for name in RECORD_FIELDS[kind]:
            self.fields[name] = made[name]
            self.fields[name].label = field_words(kind, name)
        self.dress()


class WithdrawForm(Plain):
    """Taking a record back."""

    reason = reason_field(hint=gettext_lazy("Apa yang keliru; tercatat dalam riwayat."))
