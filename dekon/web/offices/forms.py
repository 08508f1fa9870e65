"""The forms of assignments: given, ended, acted for, handed over."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dekon.gateways import files
from dekon.lib import uploads
from dekon.org import selectors as org
from dekon.org.choices import Institution, Role, Standing
from dekon.org.services import Decree
from dekon.web.formats import reader_language
from dekon.web.forms import DayField, Plain, reason_field

ACTING = ((Standing.ACTING.value, Standing.ACTING.label), (Standing.DAILY.value, Standing.DAILY.label))
SUGGESTED = {"list": "orang-kantor", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
"""A field for the name of an account; the page offers those of the office while it is typed."""


class DecreeForm(Plain):
    """What every assignment rests on: the number and day of the letter, and the letter itself."""

    decree_no = forms.CharField(
        label=_("Nomor SK atau surat tugas"), max_length=96, required=False,
        help_text=_("Wajib, dengan tanggalnya, untuk jabatan di satker, Plt., Plh., dan BPK."),
    )  # fmt: skip
    decree_on = DayField(label=_("Tanggal SK atau surat tugas"), required=False)
    letter = forms.FileField(
        label=_("Berkas surat"), required=False, help_text=_("PDF atau gambar; tersimpan menurut sidiknya.")
    )

    def clean_letter(self) -> tuple[str, str]:
        """The stored letter: its hash and name; both empty where none was brought.

        Raises:
            ValidationError: it is no file that may be kept.
        """
        file = self.cleaned_data.get("letter")
        if file is None:
            return "", ""
        seen = uploads.inspect(file, file.name, uploads.LETTER)
        wrong = [found for found in seen.findings if found.severity == "error"]
        if wrong:
            raise forms.ValidationError([one.message(reader_language()) for one in wrong])
        file.seek(0)
        return files.keep(file.chunks(), shelf="attachments").sha256, seen.name

    def decree(self) -> Decree:
        """The decree as the form says it."""
        said = self.cleaned_data
        digest, name = said.get("letter") or ("", "")
        return Decree(said.get("decree_no", ""), said.get("decree_on"), digest, name)


class AssignForm(DecreeForm):
    """A role or an office for a person."""

    field_order = ("role", "satker", "province", "unit", "institution", "valid_from", "valid_to")
    role = forms.ChoiceField(label=_("Peran atau jabatan"), choices=())
    satker = forms.CharField(label=_("Satker"), max_length=6, required=False, help_text=_("Enam angka; untuk jabatan."))
    province = forms.ChoiceField(label=_("Provinsi"), required=False)
    unit = forms.ChoiceField(label=_("Unit eselon I"), required=False)
    institution = forms.ChoiceField(
        label=_("Lembaga auditor"),
        choices=Institution.choices,
        required=False,
        help_text=_("Hanya untuk peran auditor."),
    )
    valid_from = DayField(label=_("Hari pertama"))
    valid_to = DayField(label=_("Hari terakhir"), required=False, help_text=_("Kosong: sampai ada keputusan lain."))

    def __init__(self, *args: Any, province: str = "", **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        known = org.matrix()
        roles = [role for role in Role if not province or role in known.given_locally]
        provinces = [one for one in org.listed_provinces() if not province or one.code == province]
        self._offer("role", [(role.value, str(role.label)) for role in roles])
        self._offer("province", [("", "–"), *((one.code, one.name) for one in provinces)])
        units = org.units_in_year(timezone.localdate().year)
        self._offer("unit", [("", "–"), *((one.code, str(one)) for one in units)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class EndForm(Plain):
    """The last day of an assignment."""

    last_day = DayField(label=_("Hari terakhir"), help_text=_("Sesudah hari ini aksesnya berakhir dengan sendirinya."))
    reason = reason_field()


class ActingForm(DecreeForm):
    """Who acts in the place, by which title, for how long."""

    field_order = ("standing", "username", "valid_from", "valid_to", "signs_kpa")
    anchored: ClassVar[dict[str, str]] = {"user-unknown": "username"}
    standing = forms.ChoiceField(label=_("Sebagai"), choices=ACTING)
    username = forms.CharField(
        label=_("Nama pengguna penggantinya"), max_length=150, widget=forms.TextInput(attrs=SUGGESTED)
    )
    valid_from = DayField(label=_("Hari pertama"))
    valid_to = DayField(label=_("Hari terakhir"))
    signs_kpa = forms.BooleanField(label=_("Surat keputusan membolehkan Plh. melakukan tindakan KPA"), required=False)


class HandoverForm(DecreeForm):
    """The leaver's last day, the successor and their first day."""

    field_order = ("username", "last_day", "first_day", "valid_to")
    anchored: ClassVar[dict[str, str]] = {"user-unknown": "username"}
    username = forms.CharField(
        label=_("Nama pengguna penerusnya"), max_length=150, widget=forms.TextInput(attrs=SUGGESTED)
    )
    last_day = DayField(label=_("Hari terakhir pejabat lama"))
    first_day = DayField(
        label=_("Hari pertama penerus"), help_text=_("Hari di antaranya tampil sebagai kekosongan jabatan.")
    )
    valid_to = DayField(label=_("Hari terakhir penerus"), required=False)
    reason = reason_field()


class VoidForm(Plain):
    """What was wrong with the record of an assignment."""

    reason = reason_field(_("Apa yang keliru; tampil di samping catatannya dan tersimpan dalam riwayat."))
