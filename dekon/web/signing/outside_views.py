"""Signing in another application: having the document alone for a while, bringing it back, giving it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dekon.documents import selectors, services
from dekon.errors import DekonError, NotAllowed
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.account.proof import proved_for
from dekon.web.forms import STATUS
from dekon.web.signing.forms import ReturnForm, SignForm
from dekon.web.signing.views import page, place_of, signed_by_oneself

if TYPE_CHECKING:
    from dekon.documents.models import SignaturePlace

PLACE = "signing-place"


@access(Action.OWN_ACCOUNT)
@never_cache
@require_POST
@proved_for(PLACE)
def lend(request: HttpRequest, number: int) -> HttpResponseBase:
    """Have the document alone for a while; others see until when."""
    found = place_of(request, number)
    try:
        services.lend(actor=person(request), place=number, at=timezone.now())
    except NotAllowed:
        raise
    except DekonError as problem:
        return _refused(request, found, problem, ReturnForm())
    return redirect(PLACE, number)


@access(Action.OWN_ACCOUNT)
@never_cache
@require_POST
@proved_for(PLACE)
def bring_back(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take what came back: the newest revision with exactly one good signature more."""
    found = place_of(request, number)
    form = ReturnForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, found, _unsent(request), form, status=422)
    try:
        content = form.cleaned_data["berkas"].read()
        services.accept_outside(actor=person(request), place=number, pdf=content, at=timezone.now())
    except NotAllowed:
        raise
    except DekonError as problem:
        if signed_by_oneself(request, problem, found):
            return redirect(PLACE, number)
        return _refused(request, found, problem, form)
    messages.success(request, _("%(number)s sudah Anda tanda tangani.") % {"number": found.document.number})
    return redirect(PLACE, number)


@access(Action.OWN_ACCOUNT)
@require_POST
def give_up(request: HttpRequest, number: int) -> HttpResponseBase:
    """Let others sign again before the time is over."""
    place_of(request, number)
    services.end_loan(actor=person(request), place=number)
    messages.success(request, _("Naskah dilepas. Pihak lain dapat menandatangani lagi."))
    return redirect(PLACE, number)


def _unsent(request: HttpRequest) -> SignForm:
    return SignForm(selectors.ways_of(person(request), at=timezone.now()))


def _refused(request: HttpRequest, found: SignaturePlace, problem: DekonError, form: ReturnForm) -> HttpResponseBase:
    """The page with why what came back was not taken."""
    form.full_clean()
    form.refuse(problem)
    return page(request, found, _unsent(request), form, status=STATUS.get(problem.kind, 422))
