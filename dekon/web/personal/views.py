"""The page of one's own personal data: what is kept, what for, how long."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dekon.errors import Unfit
from dekon.org import selectors, services
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.forms import Plain
from dekon.web.pages import answer


class NikForm(Plain):
    """The national identity number. It is never shown again, so it comes empty."""

    nik = forms.CharField(
        label=gettext_lazy("NIK"), max_length=32, required=False,
        help_text=gettext_lazy("16 angka pada KTP. Kosongkan untuk menghapus yang tersimpan."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input code"}),
    )  # fmt: skip


@access(Action.OWN_ACCOUNT)
@sensitive_post_parameters("nik")
@require_http_methods(["GET", "HEAD", "POST"])
def personal(request: HttpRequest) -> HttpResponseBase:
    """Show what is kept, masked; take or remove the number. It leaves no trace in the keys of once-only forms."""
    user, form = person(request), NikForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_nik(actor=user, username=user.username, nik=form.cleaned_data["nik"])
        except Unfit as problem:
            form.refuse(problem)
        else:
            messages.success(
                request, _("NIK tersimpan terenkripsi.") if form.cleaned_data["nik"] else _("NIK dihapus.")
            )
            return redirect("personal")
    status = 422 if form.errors else 200
    return answer(
        request, "personal/personal.html.jinja", crumbs=[(_("Beranda"), reverse("start")), (_("Data pribadi"), "")],
        status=status, form=form, owner=user, nik=selectors.masked_nik(user),
    )  # fmt: skip
