"""Forms of the account pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dekon.org import selectors as org
from dekon.org.choices import Role, TokenScope
from dekon.web.forms import DayField, Plain, reason_field
from dekon.web.session.forms import PasswordForm, Unsigned

TOKEN_DAYS = 365
"""Days that a key of the API may be good at most."""


class OldPasswordForm(Unsigned):
    """The present password."""

    anchored: ClassVar = {"password-wrong": "sandi"}

    sandi = forms.CharField(
        label=_("Kata sandi"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(Unsigned):
    """A code of the app, or a recovery code."""

    anchored: ClassVar = {"factor-code-wrong": "kode"}

    kode = forms.CharField(
        label=_("Kode 6 angka dari aplikasi autentikator, atau kode cadangan"), max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class AppForm(Unsigned):
    """The first code of a new app."""

    anchored: ClassVar = {"factor-code-wrong": "kode"}

    kode = forms.CharField(
        label=_("Kode 6 angka yang ditampilkan aplikasi"), max_length=16,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class ChangePasswordForm(PasswordForm):
    """The present password and the new one."""

    anchored: ClassVar = {"password-weak": "sandi", "password-wrong": "lama"}
    field_order = ["lama", "sandi", "ulang"]  # noqa: RUF012  as Django declares it

    lama = forms.CharField(
        label=_("Kata sandi sekarang"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class TokenForm(Plain):
    """A new key for the API."""

    nama = forms.CharField(label=_("Untuk apa"), max_length=64, help_text=_("Misalnya “Unduhan bulanan dasbor Biro”."))
    lingkup = forms.ChoiceField(label=_("Lingkup"), choices=TokenScope.choices)
    berakhir = DayField(
        label=_("Berlaku sampai"), help_text=_("Paling lama satu tahun; sesudah hari itu kunci ditolak.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        today = timezone.localdate()
        kwargs["initial"] = {"berakhir": today + timedelta(days=90), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_berakhir(self) -> Any:  # noqa: ANN401  a day
        day, today = self.cleaned_data["berakhir"], timezone.localdate()
        if not today <= day <= today + timedelta(days=TOKEN_DAYS):
            raise forms.ValidationError(str(_("Pilih hari ini sampai satu tahun ke depan.")))
        return day


class ReasonForm(Plain):
    """Why."""

    anchored: ClassVar = {"entry-reason-missing": "alasan"}

    alasan = reason_field()


class SureForm(Plain):
    """Nothing but the wish."""


class InviteForm(Plain):
    """Who is let in, with which role, where."""

    anchored: ClassVar = {
        "role-by-ministry": "peran", "not-allowed-place": "provinsi", "place-unknown": "provinsi",
        "person-name-unfit": "nama", "mail-address-unfit": "surel",
    }  # fmt: skip

    nama = forms.CharField(label=_("Nama lengkap"), max_length=150)
    surel = forms.EmailField(label=_("Alamat surel dinas"), max_length=254)
    peran = forms.ChoiceField(label=_("Peran"))
    provinsi = forms.ChoiceField(label=_("Provinsi"), required=False)
    unit = forms.ChoiceField(label=_("Unit eselon I"), required=False)

    def __init__(self, roles: tuple[Role, ...], place: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.fields["peran"].choices = [(one.value, one.label) for one in roles]  # type: ignore[attr-defined]  # a choice field
        today = timezone.localdate()
        provinces = [(one.code, one.name) for one in org.provinces_on(today) if place in {"", one.code}]
        units = [(one.code, str(one)) for one in org.units_in_year(today.year)]
        self.fields["provinsi"].choices = provinces if place else [("", _("Tidak terikat provinsi")), *provinces]  # type: ignore[attr-defined]  # a choice field
        if place:
            del self.fields["unit"]
        else:
            self.fields["unit"].choices = [("", _("Semua unit")), *units]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        role, province, unit = said.get("peran"), said.get("provinsi"), said.get("unit")
        if role in PROVINCIAL and not province:
            self.add_error("provinsi", str(_("Peran ini berlaku di satu provinsi. Pilih provinsinya.")))
        if role and role not in PROVINCIAL and province:
            self.add_error("provinsi", str(_("Peran Kementerian tidak terikat provinsi. Kosongkan provinsinya.")))
        if role == Role.UNIT and not unit:
            self.add_error("unit", str(_("Peran ini berlaku di satu unit. Pilih unitnya.")))
        return said


PROVINCIAL = frozenset({Role.KADIS, Role.OPERATOR, Role.BAPPEDA})
