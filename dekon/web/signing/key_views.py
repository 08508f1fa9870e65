"""One's own signing keys: made, named, listed with their state, revoked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors, services
from dekon.documents.choices import Method
from dekon.documents.services import Secret
from dekon.errors import DekonError, NotFound
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.account.proof import proved
from dekon.web.account.views import crumbs
from dekon.web.forms import Desk, Plain, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.signing.forms import KeyForm, RevokeKeyForm, TokenKeyForm

METHODS = ["GET", "HEAD", "POST"]


def _crumbs(*more: Crumb) -> list[Crumb]:
    return crumbs((_("Tanda tangan saya"), reverse("signing-keys")), *more)


@access(Action.OWN_ACCOUNT)
@never_cache
@require_GET
def keys(request: HttpRequest) -> HttpResponseBase:
    user, now = person(request), timezone.now()
    ways = {one.method: one for one in selectors.ways_of(user, at=now)}
    return answer(
        request, "signing/keys.html.jinja", crumbs=_crumbs(), now=now, keys=selectors.keys_of(user),
        local=ways[Method.LOCAL], token=ways.get(Method.TOKEN), bsre=ways.get(Method.BSRE),
    )  # fmt: skip


@access(Action.OWN_ACCOUNT)
@never_cache
@proved
@sensitive_post_parameters("passphrase", "again")
@require_http_methods(METHODS)
def make(request: HttpRequest) -> HttpResponseBase:
    """A key of one's own, sealed by a passphrase that is kept nowhere."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            secret = Secret(form.cleaned_data["passphrase"])
            services.make_signing_key(actor=person(request), passphrase=secret, at=timezone.now())
        except DekonError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Kunci dibuat. Anda dapat menandatangani dengan frasa sandi itu."))
            return redirect("signing-keys")
    return _form(request, form, _("Buat kunci tanda tangan"), _("Buat kunci"), uncertified=True)


@access(Action.OWN_ACCOUNT)
@never_cache
@proved
@sensitive_post_parameters("pin")
@require_http_methods(METHODS)
def token(request: HttpRequest) -> HttpResponseBase:
    """Say which key in a token is one's own."""
    form = TokenKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.name_token_key(
                actor=person(request), token=said["token"], key=said["key"], pin=Secret(said["pin"]), at=timezone.now()
            )
        except DekonError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Kunci di token dicatat. Anda dapat menandatangani dengan PIN-nya."))
            return redirect("signing-keys")
    return _form(request, form, _("Catat kunci di token"), _("Catat kunci"))


def _form(request: HttpRequest, form: Plain, title: str, button: str, *, uncertified: bool = False) -> HttpResponseBase:
    return answer(
        request, "signing/key.html.jinja", crumbs=_crumbs((title, "")), form=form, title=title, button=button,
        status=422 if request.method == "POST" else 200, uncertified=uncertified,
    )  # fmt: skip


@access(Action.OWN_ACCOUNT)
@proved
@require_http_methods(METHODS)
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    """Make a key of one's own void from now on."""
    user = person(request)
    if not any(one.pk == number for one in selectors.keys_of(user)):
        raise NotFound("signing-key-unknown", number=number)

    def act(said: dict[str, Any]) -> str:
        services.revoke_signing_key(actor=user, number=number, reason=said["reason"], at=timezone.now())
        return reverse("signing-keys")

    title = _("Cabut kunci tanda tangan")
    desk = Desk(
        title=title, crumbs=_crumbs((title, "")), back=reverse("signing-keys"), act=act, danger=True, button=title,
        done=_("Kunci dicabut. Tanda tangan yang sudah dibuat tetap sah."), about=About("signing-key", number),
        question=_("Cabut kunci ini? Tidak dapat dipulihkan."),
        lede=_("Sesudah dicabut, kunci tidak menandatangani apa pun lagi. Tanda tangan yang sudah ada tetap sah."),
    )  # fmt: skip
    return fill_in(request, RevokeKeyForm(request.POST or None), desk)
