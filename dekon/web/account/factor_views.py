"""Second factors of one's own: an app, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dekon.errors import DekonError, RuleBroken
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors.factors import factors_of, is_asked, must_have, spared
from dekon.web.access import access, person
from dekon.web.account.forms import AppForm
from dekon.web.account.proof import proved
from dekon.web.account.views import crumbs
from dekon.web.pages import Crumb, answer
from dekon.web.session import passkeys
from dekon.web.session.entering import FACTOR, STRONG
from dekon.web.session.entering import prove as note_proof

METHODS = ["GET", "HEAD", "POST"]
SECRET = "dekon_new_app"  # noqa: S105  where a session keeps it until the app's first code has come


def _crumbs(*more: Crumb) -> list[Crumb]:
    return crumbs((_("Faktor kedua"), reverse("factors")), *more)


@access(Action.OWN_ACCOUNT)
@never_cache
@require_GET
def factors(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    weak = request.session.get(FACTOR) not in STRONG
    return answer(
        request,
        "account/factors.html.jinja",
        crumbs=_crumbs(),
        factors=factors_of(user),
        needed=must_have(user),
        spared=spared(user),
        unproved=weak and is_asked(user),
        by_name=passkeys.by_name(request),
    )


@access(Action.OWN_ACCOUNT)
@proved
@never_cache
@require_http_methods(METHODS)
def app(request: HttpRequest) -> HttpResponseBase:
    """The secret for the app, as a picture and as text; its first code proves that it has it."""
    user = person(request)
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = org.add_app(actor=user, secret=secret, code=form.cleaned_data["kode"])
        except DekonError as problem:
            form.refuse(problem)
        else:
            del request.session[SECRET]
            return _added(request, codes, "totp")
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return answer(
        request,
        "account/app.html.jinja",
        crumbs=_crumbs((_("Aplikasi autentikator"), "")),
        status=422 if request.method == "POST" else 200,
        form=form,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        picture=mark_safe(picture[picture.index("<svg") :]),  # noqa: S308  drawn here from our own text
    )


def _added(request: HttpRequest, codes: list[str], factor: str) -> HttpResponseBase:
    note_proof(request, factor)
    messages.success(request, _("Faktor kedua tersimpan."))
    return _codes_page(request, codes) if codes else redirect("factors")


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponseBase:
    return answer(request, "account/codes.html.jinja", crumbs=_crumbs((_("Kode cadangan"), "")), codes=codes)


@access(Action.OWN_ACCOUNT)
@proved
@never_cache
@require_http_methods(METHODS)
def passkey(request: HttpRequest) -> HttpResponseBase:
    """What the browser needs to make a passkey (GET), and the passkey that it has made (POST)."""
    user = person(request)
    if request.method != "POST":
        return JsonResponse(passkeys.offer(user))
    credential = passkeys.made(request.POST.get("kunci", ""))
    if credential is None:
        raise RuleBroken("factor-passkey-wrong")
    name = request.POST.get("nama", "").strip() or _("Kunci sandi")
    codes = org.add_passkey(actor=user, name=name, credential=credential)
    return _added(request, codes, "passkey")


@access(Action.OWN_ACCOUNT)
@proved
@never_cache
@require_http_methods(METHODS)
def recovery(request: HttpRequest) -> HttpResponseBase:
    """New recovery codes, shown once."""
    if request.method == "POST":
        return _codes_page(request, org.renew_codes(actor=person(request)))
    return answer(request, "account/renew.html.jinja", crumbs=_crumbs((_("Kode cadangan"), "")))


@access(Action.OWN_ACCOUNT)
@proved
@require_http_methods(METHODS)
def remove(request: HttpRequest, number: int) -> HttpResponseBase:
    """Ask, then give it up."""
    user = person(request)
    found: Any = next((one for one in factors_of(user).held if one.number == number), None)
    if request.method != "POST" and found:
        return answer(request, "account/remove.html.jinja", crumbs=_crumbs((_("Hapus"), "")), factor=found)
    org.remove_factor(actor=user, number=number)
    messages.success(request, _("Faktor kedua dihapus."))
    return redirect("factors")
