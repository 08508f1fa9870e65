"""One's own account: who one is here, the password, the sessions, and the proof that it is still oneself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dekon.errors import DekonError, RuleBroken
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import accounts
from dekon.org.selectors.factors import factors_of, is_asked, must_have, spared
from dekon.web.access import access, may, person
from dekon.web.account.forms import ChangePasswordForm, CodeForm, OldPasswordForm
from dekon.web.callers import caller_of
from dekon.web.forms import Plain
from dekon.web.pages import Crumb, answer
from dekon.web.session import passkeys
from dekon.web.session.entering import LISTED, safe_next
from dekon.web.session.entering import prove as note_proof

METHODS = ["GET", "HEAD", "POST"]


def crumbs(*more: Crumb) -> list[Crumb]:
    """Where a page of the account stands."""
    return [(_("Beranda"), reverse("start")), (_("Akun saya"), reverse("account")), *more]


@access(Action.OWN_ACCOUNT)
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    return answer(
        request,
        "account/account.html.jinja",
        crumbs=crumbs()[:2],
        user=user,
        held=selectors.assignments_of(user),
        sessions=accounts.open_sessions(user),
        present=request.session.get(LISTED),
        factors=factors_of(user),
        needed=must_have(user),
        spared=spared(user),
        may_invite=may(request, Action.MANAGE_OFFICE_USERS),
        may_manage=may(request, Action.MANAGE_USERS),
    )


@access(Action.OWN_ACCOUNT)
@never_cache
@sensitive_post_parameters("sandi", "kode")
@require_http_methods(METHODS)
def prove(request: HttpRequest) -> HttpResponseBase:
    """Password, or the second factor of who has one."""
    user = person(request)
    strong = is_asked(user)
    form: Plain = CodeForm(request.POST or None) if strong else OldPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            factor = _by_code(request, form.cleaned_data) if strong else _by_password(request, form.cleaned_data)
        except DekonError as problem:
            form.refuse(problem)
        else:
            note_proof(request, factor)
            return redirect(safe_next(request))
    return answer(
        request,
        "account/prove.html.jinja",
        crumbs=crumbs((_("Pastikan diri Anda"), "")),
        status=422 if request.method == "POST" else 200,
        form=form,
        factors=factors_of(user),
        strong=strong,
        next=safe_next(request),
    )


def _by_code(request: HttpRequest, said: dict[str, Any]) -> str:
    used, wait = org.try_code(user=person(request), code=said["kode"], now=timezone.now())
    if not used:
        raise RuleBroken("factor-wait", seconds=wait) if wait else RuleBroken("factor-code-wrong")
    return used


def _by_password(request: HttpRequest, said: dict[str, Any]) -> str:
    user = person(request)
    attempt = org.try_password(
        name=user.username, password=said["sandi"], caller=caller_of(request), now=timezone.now()
    )
    if attempt.user is None:
        wait = attempt.wait_seconds
        raise RuleBroken("factor-wait", seconds=wait) if wait else RuleBroken("password-wrong")
    return "password"


@access(Action.OWN_ACCOUNT)
@never_cache
@require_http_methods(METHODS)
def prove_by_passkey(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    if request.method != "POST":
        return JsonResponse(passkeys.question(user))
    if passkeys.signer(request.POST.get("kunci", ""), user) is None:
        raise RuleBroken("factor-passkey-wrong")
    note_proof(request, "passkey")
    return redirect(safe_next(request))


@access(Action.OWN_ACCOUNT)
@never_cache
@sensitive_post_parameters("lama", "sandi", "ulang")
@require_http_methods(METHODS)
def password(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    form = ChangePasswordForm(request.POST or None)
    if not user.has_usable_password():
        del form.fields["lama"]
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, form.cleaned_data)
        except DekonError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Kata sandi berubah. Sesi Anda di perangkat lain sudah diakhiri."))
            return redirect("account")
    return answer(
        request,
        "account/form.html.jinja",
        crumbs=crumbs((_("Ganti kata sandi"), "")),
        status=422 if request.method == "POST" else 200,
        form=form,
        title=_("Ganti kata sandi"),
        button=_("Simpan kata sandi"),
        back=reverse("account"),
    )


def _change(request: HttpRequest, said: dict[str, Any]) -> None:
    user = person(request)
    key = request.session.session_key or ""
    org.change_password(
        actor=user, old=said.get("lama", ""), password=said["sandi"], session_key=key, now=timezone.now()
    )
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    org.keep_session(old_key=key, new_key=request.session.session_key or "")


@access(Action.OWN_ACCOUNT)
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponseBase:
    if number == request.session.get(LISTED):
        raise RuleBroken("session-present")
    org.end_sign_in(actor=person(request), number=number, now=timezone.now())
    messages.success(request, _("Sesi itu sudah diakhiri."))
    return redirect("account")


@access(Action.OWN_ACCOUNT)
@require_POST
def end_others(request: HttpRequest) -> HttpResponseBase:
    ended = org.end_other_sign_ins(
        actor=person(request), session_key=request.session.session_key or "", now=timezone.now()
    )
    messages.success(request, _("Sesi lain yang diakhiri: %(count)s.") % {"count": ended})
    return redirect("account")
