"""Before the first sign-in and after a forgotten password: registering, accepting an invitation, a new password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dekon.errors import DekonError
from dekon.org import services as org
from dekon.org.choices import LinkKind
from dekon.org.selectors.sign_in import good_link
from dekon.org.services import Applicant
from dekon.web.access import public
from dekon.web.callers import address_of
from dekon.web.session import entering, letters
from dekon.web.session.forms import ForgotForm, PasswordForm, RegistrationForm, Unsigned

METHODS = ["GET", "HEAD", "POST"]
type Doing = Callable[[dict[str, Any]], HttpResponseBase]


def _fill_in(request: HttpRequest, form: Unsigned, act: Doing, **content: Any) -> HttpResponseBase:  # noqa: ANN401  what the template shows
    """Show the form; carry out what it says; show on it what a service refuses."""
    facts = {"lede": "", **content}
    if request.method != "POST":
        return entering.gate(request, "session/form.html.jinja", form=form, **facts)
    if form.is_valid():
        try:
            return act(form.cleaned_data)
        except DekonError as problem:
            form.refuse(problem)
    return entering.gate(request, "session/form.html.jinja", 422, form=form, **facts)


def _slowed(request: HttpRequest) -> HttpResponseBase | None:
    """Who asks too often from one address waits; otherwise this counts as one more."""
    now, keys = timezone.now(), [("asking", address_of(request))]
    wait = org.seconds_to_wait(keys, now=now)
    if not wait:
        org.count_failure(keys, now=now)
        return None
    answer = entering.gate(
        request, "session/said.html.jinja", 429, title=_("Terlalu banyak permintaan"), tone="warn",
        words=_("Dari alamat jaringan ini sudah banyak permintaan."),
        more=_("Tunggu %(seconds)s detik, lalu coba lagi.") % {"seconds": wait},
    )  # fmt: skip
    answer.headers["Retry-After"] = str(wait)
    return answer


@public
@never_cache
@require_http_methods(METHODS)
def forgot(request: HttpRequest) -> HttpResponseBase:
    """Ask for a link by mail. The answer is always the same."""
    if request.method == "POST" and (slowed := _slowed(request)):
        return slowed

    def act(said: dict[str, Any]) -> HttpResponseBase:
        org.ask_for_reset(name=said["nama"], language=get_language() or "id")
        return entering.gate(
            request, "session/said.html.jinja", title=_("Periksa surel Anda"), tone="info",
            words=_("Bila ada akun aktif dengan nama atau surel itu, tautan untuk kata sandi baru sedang dikirim."),
            more=_("Tautan berlaku satu jam dan sekali pakai. Tidak ada surel? Periksa kotak spam atau hubungi admin."),
        )  # fmt: skip

    return _fill_in(
        request, ForgotForm(request.POST or None), act, title=_("Lupa kata sandi"), button=_("Kirim tautan"),
        lede=_("Tautan untuk memilih kata sandi baru dikirim ke surel akun Anda."),
    )  # fmt: skip


@public
@never_cache
@sensitive_post_parameters("sandi", "ulang")
@require_http_methods(METHODS)
def new_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """By a mailed link."""
    return _by_link(request, token, LinkKind.RESET)


@public
@never_cache
@sensitive_post_parameters("sandi", "ulang")
@require_http_methods(METHODS)
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """By a mailed link."""
    return _by_link(request, token, LinkKind.INVITATION)


def _by_link(request: HttpRequest, token: str, kind: LinkKind) -> HttpResponseBase:
    link = good_link(token, kind, now=timezone.now())
    if link is None:
        return entering.gate(
            request, "session/said.html.jinja", 404, title=_("Tautan tidak berlaku"), tone="bad",
            words=_("Tautan ini sudah dipakai, dicabut, atau lewat waktu."),
            more=_("Minta tautan baru di halaman “Lupa kata sandi”, atau minta diundang lagi."),
        )  # fmt: skip
    opening = kind is LinkKind.INVITATION

    def act(said: dict[str, Any]) -> HttpResponseBase:
        use = org.accept_invitation if opening else org.reset_password
        user = use(token=token, password=said["sandi"], now=timezone.now())
        return entering.enter(request, user, "password")

    name = link.offer.display_name if link.offer else ""
    return _fill_in(
        request, PasswordForm(request.POST or None), act, button=_("Simpan kata sandi"),
        title=_("Buka akun Anda") if opening else _("Kata sandi baru"),
        lede=_("Undangan untuk %(name)s. Pilih kata sandi akun Anda.") % {"name": name} if opening else "",
    )  # fmt: skip


@public
@never_cache
@require_http_methods(METHODS)
def register(request: HttpRequest) -> HttpResponseBase:
    """Ask for an account with a letter. The answer is the same whether the mail address is known or not."""
    if request.method == "POST" and (slowed := _slowed(request)):
        return slowed

    def act(said: dict[str, Any]) -> HttpResponseBase:
        applicant = Applicant(
            said["nama"], said["surel"], said["jabatan"], said["peran"], said["provinsi"], get_language() or "id"
        )
        org.register(applicant=applicant, letter=letters.taken(said["surat"]), now=timezone.now())
        return entering.gate(
            request, "session/said.html.jinja", title=_("Pendaftaran diterima"), tone="ok",
            words=_("Pendaftaran menunggu keputusan administrator Dinas atau Kementerian."),
            more=_("Keputusannya dikirim lewat surel. Bila disetujui, surel itu memuat tautan untuk membuka akun."),
        )  # fmt: skip

    form = RegistrationForm(request.POST or None, request.FILES or None)
    return _fill_in(
        request, form, act, title=_("Daftar dengan surat tugas"), button=_("Kirim pendaftaran"),
        lede=_("Untuk staf Dinas tenaga kerja dan Bappeda provinsi. Staf Kementerian diundang lewat surel."),
    )  # fmt: skip
