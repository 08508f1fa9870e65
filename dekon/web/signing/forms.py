"""Forms of signing. What carries a passphrase is never kept: no key that makes it count once, no digest of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dekon.documents.choices import Method
from dekon.documents.selectors import Way
from dekon.org.choices import Standing
from dekon.web.forms import DayField, Plain, reason_field
from dekon.web.session.forms import Unsigned

MEGABYTE = 1024 * 1024


def passphrase_field(label: Any, hint: Any = "") -> forms.CharField:  # noqa: ANN401  lazy words
    """A passphrase: never shown again, and no browser is asked to keep it."""
    return forms.CharField(
        label=label, help_text=hint, max_length=1024, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class KeyForm(Unsigned):
    """The passphrase of a new key, typed twice."""

    passphrase = passphrase_field(
        _("Frasa sandi"),
        _("Paling sedikit 12 karakter, misalnya empat kata yang tidak berhubungan; bukan kata sandi akun."),
    )
    again = passphrase_field(_("Ulangi frasa sandi"))
    aware = forms.BooleanField(label=_("Saya mengerti: frasa sandi ini tidak disimpan dan tidak dapat dipulihkan."))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("passphrase") and said.get("again") and said["passphrase"] != said["again"]:
            self.add_error("again", str(_("Dua isian ini berbeda. Ketik frasa sandi yang sama dua kali.")))
        return said


class TokenKeyForm(Unsigned):
    """Which key in a token is one's own; the PIN proves it."""

    anchored: ClassVar = {"passphrase-wrong": "pin", "token-locked": "pin", "token-unreachable": "token"}

    token = forms.CharField(
        label=_("Label token"), max_length=64, help_text=_("Seperti ditampilkan aplikasi dari pembuat token.")
    )
    key = forms.CharField(
        label=_("Label kunci"), max_length=64, help_text=_("Label kunci dan sertifikatnya di dalam token.")
    )
    pin = passphrase_field(_("PIN token"), _("Hanya dipakai sekali sekarang; tidak disimpan."))


class RevokeKeyForm(Plain):
    """Why a key signs no more."""

    reason = reason_field(_("Misalnya: perangkat hilang, frasa sandi terlupa, diganti."))


class SignForm(Unsigned):
    """With which key, the passphrase, and that the text was read."""

    anchored: ClassVar = {
        "passphrase-wrong": "passphrase", "passphrase-locked": "passphrase", "token-locked": "passphrase",
        "timestamp-unreachable": "clock", "token-unreachable": "method", "signing-key-missing": "method",
        "certificate-expired": "method", "esign-unregistered": "method", "esign-unreachable": "method",
    }  # fmt: skip

    method = forms.ChoiceField(label=_("Dengan"))
    passphrase = passphrase_field(
        _("Frasa sandi atau PIN"), _("Dipakai sekali untuk tanda tangan ini; tidak disimpan.")
    )
    clock = forms.ChoiceField(
        label=_("Bila penanda waktu tidak menjawab"),
        choices=[
            ("now", _("Tanda tangani sekarang; cap waktu menyusul")),
            ("wait", _("Jangan tanda tangani; saya coba lagi nanti")),
        ],
    )
    read = forms.BooleanField(label=_("Saya sudah membaca naskah ini dan menandatangani seluruh isinya."))

    def __init__(self, ways: list[Way], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(one.method.value, WAYS[one.method]) for one in ways if not one.trouble]  # type: ignore[attr-defined]  # a choice field


WAYS = {
    Method.LOCAL: _("Kunci saya di Dekon (belum tersertifikasi)"),
    Method.TOKEN: _("Kunci di token saya"),
    Method.BSRE: _("BSrE (sertifikat elektronik)"),
}


class ReturnForm(Unsigned):
    """The file that was signed in another application."""

    berkas = forms.FileField(
        label=_("Berkas yang sudah ditandatangani"), max_length=200, help_text=_("PDF, paling besar 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )  # fmt: skip


class PaperForm(Plain):
    """The scan of a signature by hand, and whose it is."""

    anchored: ClassVar = {"upload-too-large": "berkas"}

    name = forms.CharField(label=_("Nama penandatangan"), max_length=150, help_text=_("Seperti tertulis di lembar."))
    standing = forms.ChoiceField(
        label=_("Sebagai"), required=False,
        choices=[("", _("Definitif")), *((str(one.label), one.label) for one in (Standing.ACTING, Standing.DAILY))],
    )  # fmt: skip
    signed_on = DayField(label=_("Tanggal tanda tangan"))
    berkas = forms.FileField(
        label=_("Pindaian lembar yang ditandatangani"), max_length=200,
        help_text=_("PDF, JPEG, atau PNG, paling besar 25 MB. Dihitung terpisah, bukan tanda tangan elektronik."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip


class WithdrawPaperForm(Plain):
    """Why a scan does not count."""

    reason = reason_field(_("Misalnya: lembar keliru, tempat keliru."))
