"""All addresses: the health pages here, pages in `web`, the API in `api`."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from dekon.web.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
urlpatterns += [path("", include(module)) for module in ("dekon.api.urls", "dekon.web.urls") if find_spec(module)]

handler400 = "dekon.web.errors.bad_request"
handler403 = "dekon.web.errors.permission_denied"
handler404 = "dekon.web.errors.page_not_found"
handler500 = "dekon.web.errors.server_error"
