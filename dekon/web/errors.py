"""Pages for what went wrong: refused, not found, broken rule, and our own fault."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from dekon.errors import DekonError
from dekon.web.address import Address
from dekon.web.formats import reader_language
from dekon.web.moments import CARRIED

STATUS = {"not-allowed": 403, "not-found": 404, "conflict": 409, "rule-broken": 422, "gateway-failed": 502}
PAGE = "errors/problem.html.jinja"


def problem_page(request: HttpRequest, problem: DekonError) -> HttpResponse:
    """An expected error with its own words."""
    titles = {
        "not-allowed": _("Halaman ini tidak terbuka untuk peran Anda"),
        "not-found": _("Tidak ditemukan"),
        "conflict": _("Sudah diubah lebih dahulu"),
    }
    title = titles.get(problem.kind, _("Tidak dapat dilakukan"))
    return _problem(request, STATUS.get(problem.kind, 400), title, problem.message(reader_language()), problem.legal)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _problem(request, 400, _("Permintaan tidak dapat dibaca"), _("Periksa alamat atau isian, lalu coba lagi."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("Muat ulang halaman asalnya dan coba lagi. Bila tetap ditolak, minta hak kepada Admin.")
    return _problem(request, 403, _("Permintaan ditolak"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("Formulir ini sudah kedaluwarsa. Kembali ke halaman asalnya, muat ulang, lalu kirim lagi.")
    return _problem(request, 403, _("Permintaan ditolak"), text)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = _("Alamat ini tidak ada, atau isinya sudah dipindahkan. Mulai dari beranda atau pakai pencarian.")
    return _problem(request, 404, _("Halaman tidak ditemukan"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    text = _("Kesalahan ini ada pada Dekon dan sudah dicatat. Tidak ada data yang berubah. Coba lagi sebentar lagi.")
    return _problem(request, 500, _("Terjadi kesalahan pada Dekon"), text)


def _now_href(request: HttpRequest) -> str:
    """The same page as it is now, where a past moment was asked for."""
    if not any(request.GET.get(name) for name in CARRIED):
        return ""
    return Address.of(request).changed(**dict.fromkeys(CARRIED, ""))


def _problem(request: HttpRequest, status: int, title: str, text: str, legal: str = "") -> HttpResponse:
    content = {"status": status, "title": title, "text": text, "legal": legal, "now_href": _now_href(request)}
    return HttpResponse(render_to_string(PAGE, content, request, using="jinja2"), status=status)
