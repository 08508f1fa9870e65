"""Keys for the API: made, shown once, listed with their last use, revoked."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dekon.lib.periods import JAKARTA
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import accounts
from dekon.web.access import access, person
from dekon.web.account.forms import TokenForm
from dekon.web.account.proof import proved
from dekon.web.account.views import crumbs
from dekon.web.pages import answer

METHODS = ["GET", "HEAD", "POST"]


@access(Action.USE_API)
@proved
@never_cache
@require_http_methods(METHODS)
def keys(request: HttpRequest) -> HttpResponseBase:
    user, form, made = person(request), TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        ends = datetime.combine(said["berakhir"], time.max.replace(microsecond=0), JAKARTA)
        made = org.create_token(
            actor=user, username=user.username, scope=said["lingkup"], name=said["nama"], expires_at=ends
        )
        form = TokenForm()
    return answer(
        request,
        "account/keys.html.jinja",
        crumbs=crumbs((_("Kunci API"), "")),
        status=422 if request.method == "POST" and not made else 200,
        form=form,
        made=made,
        tokens=accounts.tokens_of(user),
        now=timezone.now(),
    )


@access(Action.OWN_ACCOUNT)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    org.revoke_token(actor=person(request), number=number, now=timezone.now())
    messages.success(request, _("Kunci API dicabut."))
    return redirect("tokens")
