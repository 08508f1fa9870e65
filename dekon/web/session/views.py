"""The ways in: password, second factor, passkey, the ministry's sign-in; and the way out."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.openid_connect import views as sso_library
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dekon.org import services as org
from dekon.org.selectors.factors import factors_of
from dekon.web.access import public
from dekon.web.callers import caller_of
from dekon.web.session import entering, passkeys

MAX_NAME = 254
METHODS = ["GET", "HEAD", "POST"]


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(METHODS)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(entering.safe_next(request))
    if request.method != "POST":
        return _sign_in_page(request)
    name = request.POST.get("username", "")[:MAX_NAME]
    attempt = org.try_password(
        name=name, password=request.POST.get("password", "")[:4096], caller=caller_of(request), now=timezone.now()
    )
    if attempt.user is not None:
        return entering.enter(request, attempt.user, "password")
    return _sign_in_page(request, name=name, failed=not attempt.wait_seconds, wait_seconds=attempt.wait_seconds)


def _sign_in_page(request: HttpRequest, **content: Any) -> HttpResponseBase:  # noqa: ANN401  what the template shows
    wait = content.get("wait_seconds", 0)
    status = 429 if wait else 401 if content.get("failed") else 200
    facts = {"name": "", "failed": False, "wait_seconds": 0, "next": entering.safe_next(request), **content}
    facts["sso"] = settings.OIDC_NAME if settings.OIDC_URL else ""
    answer = entering.gate(request, "session/sign_in.html.jinja", status, title=_("Masuk"), **facts)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@public
@never_cache
@sensitive_post_parameters("kode")
@require_http_methods(METHODS)
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """The code of the app, a recovery code, or a passkey, after the first factor."""
    user = entering.pending(request)
    if user is None:
        return redirect("sign-in")
    used, wait = "", 0
    if request.method == "POST":
        used, wait = org.try_code(user=user, code=request.POST.get("kode", "")[:32], now=timezone.now())
    if used:
        return entering.let_in(request, user, used)
    failed = request.method == "POST" and not wait
    return entering.gate(
        request, "session/code.html.jinja", 429 if wait else 401 if failed else 200, title=_("Langkah kedua"),
        failed=failed, wait_seconds=wait, factors=factors_of(user),
    )  # fmt: skip


@public
@never_cache
@require_http_methods(METHODS)
def passkey(request: HttpRequest) -> HttpResponseBase:
    """What the browser has to sign (GET), and what it has signed (POST)."""
    known = entering.pending(request)
    if request.method != "POST":
        return JsonResponse(passkeys.question(known))
    user = passkeys.signer(request.POST.get("kunci", ""), known)
    if user is None:
        failed = {"failed": False, "wait_seconds": 0, "passkey_failed": True}
        return redirect("sign-in-code") if known else _sign_in_page(request, **failed)
    return entering.let_in(request, user, "passkey")


@public
@never_cache
@require_GET
def sso(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the ministry's sign-in."""
    return _with_sso(request, sso_library.login, provider_id)


@public
@never_cache
@require_GET
def sso_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the ministry's sign-in."""
    return _with_sso(request, sso_library.callback, provider_id)


def _with_sso(request: HttpRequest, view: Any, provider_id: str) -> HttpResponseBase:  # noqa: ANN401  of the library
    if not settings.OIDC_URL:
        raise Http404
    try:
        made: HttpResponseBase = view(request, provider_id)
    except OSError:  # of the network
        return entering.failed_sso(request)
    return made


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    org.leave(session_key=request.session.session_key or "", now=timezone.now())
    logout(request)
    return redirect("sign-in")
