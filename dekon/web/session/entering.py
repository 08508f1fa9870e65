"""The last steps of every way in: a second factor where there is one, then the session, listed with its device."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.org import services as org
from dekon.org.selectors.factors import is_asked
from dekon.org.selectors.sign_in import own_account
from dekon.web.callers import DEVICE_COOKIE, caller_of

if TYPE_CHECKING:
    from dekon.org.models import User

BACKEND = "dekon.web.session.backend.OwnAccountBackend"
PENDING = "dekon_pending"
"""Where a session keeps who has given the first factor, until the second is given."""
PENDING_SECONDS = 600
PROVED_AT, FACTOR, LISTED, SEEN_AT = "dekon_proved_at", "dekon_factor", "dekon_listed", "dekon_seen_at"
"""Where a session keeps when and by what the person proved it, its number in the list and when it was last noted."""
STRONG = frozenset({"totp", "recovery", "passkey"})
DEVICE_SECONDS = 180 * 24 * 60 * 60


def safe_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def enter(request: HttpRequest, user: User, factor: str) -> HttpResponseBase:
    """Go on with a person who has proved something: to the second factor where the account has one, else in."""
    if factor in STRONG or not is_asked(user):
        return let_in(request, user, factor)
    where = safe_next(request)
    request.session.cycle_key()
    request.session[PENDING] = {"user": user.pk, "factor": factor, "at": time.time(), "next": where}
    return redirect("sign-in-code")


def pending(request: HttpRequest) -> User | None:
    """Who has given the first factor a moment ago."""
    found = request.session.get(PENDING)
    if not found or time.time() - found["at"] > PENDING_SECONDS:
        return None
    return own_account(found["user"])


def let_in(request: HttpRequest, user: User, factor: str) -> HttpResponseBase:
    """Begin the session, list it, and know this browser from now on."""
    waiting = request.session.pop(PENDING, None)
    where = waiting["next"] if waiting else safe_next(request)
    login(request, user, backend=BACKEND)
    now = timezone.now()
    made, token = org.note_sign_in(
        user=user, session_key=request.session.session_key or "", factor=factor, caller=caller_of(request), now=now
    )
    prove(request, factor)
    request.session[LISTED], request.session[SEEN_AT] = made.pk, time.time()
    answer = redirect(where)
    answer.set_cookie(
        DEVICE_COOKIE, token, max_age=DEVICE_SECONDS, path="/masuk/", secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


def prove(request: HttpRequest, factor: str) -> None:
    """Remember when and by what the person has proved who it is."""
    request.session[PROVED_AT] = time.time()
    if factor in STRONG or not request.session.get(FACTOR):
        request.session[FACTOR] = factor


def gate(request: HttpRequest, template: str, status: int = 200, **content: object) -> HttpResponseBase:
    """A page before the sign-in: the house's panel beside a form."""
    facts = {
        "here": request.get_full_path(),
        "synthetic": any(year.synthetic for year in budget.fiscal_years()),
        **content,
    }
    return render(request, template, facts, status=status, using="jinja2")


def unknown_sso(request: HttpRequest) -> HttpResponseBase:
    """The ministry's sign-in vouches for somebody who has no account here."""
    return gate(
        request, "session/said.html.jinja", 403, title=_("Akun belum terdaftar di Dekon"), tone="bad",
        words=_("SSO mengenal Anda, tetapi alamat surel yang terverifikasi di sana bukan milik akun Dekon yang aktif."),
        more=_("Daftarlah dengan surat tugas, atau mintalah undangan dari Biro Perencanaan."),
    )  # fmt: skip


def failed_sso(request: HttpRequest) -> HttpResponseBase:
    """The ministry's sign-in did not come to an end."""
    return gate(
        request, "session/said.html.jinja", 401, title=_("Masuk lewat SSO tidak berhasil"), tone="bad",
        words=_("SSO membatalkan atau tidak menjawab. Tidak ada yang berubah pada akun Anda."),
        more=_("Coba lagi, atau masuk dengan kata sandi atau kunci sandi (passkey)."),
    )  # fmt: skip
