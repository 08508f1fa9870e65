"""Is this document genuine? By its file, its code, or the QR code on it; kept is nothing of what is uploaded."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors
from dekon.documents.choices import Openness
from dekon.documents.selectors import Verdict
from dekon.errors import Unfit
from dekon.lib.codes import read_code
from dekon.lib.uploads import Policy, inspect, refuse
from dekon.web.access import public
from dekon.web.formats import reader_language
from dekon.web.pages import answer
from dekon.web.verifying.words import reasons_in_words, told

UPLOAD = Policy(frozenset({"pdf"}), max_bytes=20 * 1024 * 1024)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponseBase:
    """The page where a code is typed or a file is brought."""
    if request.method != "POST":
        return _page(request)
    brought = request.FILES.get("berkas")
    if not isinstance(brought, UploadedFile):
        typed = request.POST.get("kode", "")
        code = read_code(typed)
        return redirect("verify-code", code) if code else _page(request, Verdict("unknown"), typed=typed[:20])
    content = brought.read()
    try:
        refuse(inspect(io.BytesIO(content), brought.name or "", UPLOAD), "berkas")
    except Unfit as problem:
        words = [one.message(reader_language()) for one in problem.problems]
        return _page(request, problems=words, status=422)
    return _page(request, selectors.check(content, at=timezone.now()), from_file=True)


@public
@require_GET
def verify_code(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the QR code leads."""
    verdict = selectors.by_code(code, at=timezone.now())
    return _page(request, verdict, typed=code[:20], status=200 if verdict.document else 404)


@public
@require_GET
def official_copy(request: HttpRequest, code: str) -> HttpResponseBase:
    """The newest revision of a document that is open to whoever holds its code."""
    document, content = selectors.official_copy(code)
    name = f"{document.number.replace('/', '-')}.pdf"
    answered = HttpResponse(content, content_type="application/pdf")
    answered["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(answered)
    return answered


def _page(
    request: HttpRequest,
    verdict: Verdict | None = None,
    *,
    typed: str = "",
    from_file: bool = False,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    document = verdict.document if verdict else None
    answered = answer(
        request, "verifying/verification.html.jinja", status=status, verdict=verdict, document=document, typed=typed,
        from_file=from_file, problems=problems or [], told=told(verdict) if verdict else None,
        reasons=reasons_in_words(verdict) if verdict else [],
        open_to_all=bool(document and document.openness == Openness.OPEN),
        crumbs=[(_("Verifikasi dokumen"), "")],
    )  # fmt: skip
    add_never_cache_headers(answered)
    return answered
