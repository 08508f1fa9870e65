"""Signing in and out. The first factor; the second comes with the roles of the next stage."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dekon.budget import selectors as budget
from dekon.web.access import public

MAX_NAME = 150


def safe_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    name = request.POST.get("username", "")[:MAX_NAME]
    if request.method == "POST":
        user = authenticate(request, username=name, password=request.POST.get("password", ""))
        if user is not None:
            login(request, user)
            return redirect(safe_next(request))
    content = {
        "failed": request.method == "POST",
        "username": name,
        "next": safe_next(request),
        "here": request.get_full_path(),
        "synthetic": any(year.synthetic for year in budget.fiscal_years()),
        "title": _("Masuk"),
    }
    status = 401 if content["failed"] else 200
    return render(request, "session/sign_in.html.jinja", content, status=status, using="jinja2")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return redirect("sign-in")
