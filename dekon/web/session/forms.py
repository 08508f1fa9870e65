"""Forms before the sign-in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dekon.org import selectors as org
from dekon.org.choices import OPEN_TO_REGISTRATION
from dekon.web.forms import Plain


class Unsigned(Plain):
    """A form of somebody who is not signed in; it counts by what it does, not by a key."""

    kunci: Any = None


class ForgotForm(Unsigned):
    """Whose password."""

    nama = forms.CharField(
        label=_("Nama pengguna atau alamat surel"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class PasswordForm(Unsigned):
    """A new password, typed twice."""

    anchored: ClassVar = {"password-weak": "sandi"}

    sandi = forms.CharField(
        label=_("Kata sandi baru"), max_length=4096, strip=False,
        help_text=_("Paling sedikit 12 karakter, bukan kata sandi yang umum, tidak mirip nama atau surel Anda."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    ulang = forms.CharField(
        label=_("Ulangi kata sandi baru"), max_length=4096, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("sandi") and said.get("ulang") and said["sandi"] != said["ulang"]:
            self.add_error("ulang", str(_("Dua isian ini berbeda. Ketik kata sandi yang sama dua kali.")))
        return said


class RegistrationForm(Unsigned):
    """Who asks for an account, for what, with which letter."""

    anchored: ClassVar = {"person-name-unfit": "nama", "mail-address-unfit": "surel"}

    nama = forms.CharField(
        label=_("Nama lengkap"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    jabatan = forms.CharField(
        label=_("Jabatan"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    surel = forms.EmailField(
        label=_("Alamat surel dinas"), max_length=254, help_text=_("Undangan dan pemberitahuan dikirim ke sini."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    provinsi = forms.ChoiceField(label=_("Provinsi"))
    peran = forms.ChoiceField(
        label=_("Peran yang diminta"),
        help_text=_("KPA, PPK, PPSPM, dan bendahara mendaftar sebagai operator; jabatannya dicatat dari SK."),
    )
    surat = forms.FileField(
        label=_("Surat tugas atau surat pengantar Dinas"), max_length=150,
        help_text=_("PDF, JPEG, atau PNG, paling besar 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        provinces = [(one.code, one.name) for one in org.provinces_on(timezone.localdate())]
        self.fields["provinsi"].choices = [("", _("Pilih provinsi")), *provinces]  # type: ignore[attr-defined]  # a choice field
        self.fields["peran"].choices = [(one.value, one.label) for one in OPEN_TO_REGISTRATION]  # type: ignore[attr-defined]  # a choice field
