"""Sign-in, tokens, search and failures are driven with everything that must not stay; then the log is read."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dekon.lib.hygiene import CleanFormatter
from dekon.org import services
from dekon.org.models import User
from tests.builders.small_year import PASSWORD

LOGGING: Any = settings.LOGGING
NIK, MAIL, SEARCHED = "3204112233440001", "budi.contoh@dinas.example.go.id", "nama-orang-dicari"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, as the handler of the settings writes it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(CleanFormatter(LOGGING["formatters"]["line"]["fmt"]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(handler)
    root.setLevel(level)


def test_the_settings_log_by_the_formatter_that_cleans() -> None:
    assert LOGGING["formatters"]["line"]["()"] == "dekon.lib.hygiene.CleanFormatter"
    assert {handler["formatter"] for handler in LOGGING["handlers"].values()} == {"line"}
    for name in ("django", "django.server", "django.request"):
        assert logging.getLogger(name).propagate
        assert logging.getLogger(name).handlers == []


def test_no_log_holds_people_or_keys(year: None, log: io.StringIO) -> None:
    user = User.objects.get(username="perencana")
    token = services.create_token(actor=user, username="perencana", scope="write")
    client = Client(raise_request_exception=False)
    client.post("/masuk/", {"username": MAIL, "password": "kata-sandi-yang-salah"})
    client.post("/masuk/", {"username": "perencana", "password": PASSWORD})
    session = client.cookies["dekon_session"].value
    client.get(f"/cari/?q={SEARCHED}")
    client.get(f"/tidak-ada/{NIK}/?surel={MAIL}")
    client.post("/impor/unggah/", {"berkas": SimpleUploadedFile(f"{NIK}.csv", f"{NIK};{MAIL}\n".encode())})
    bearer = {"Authorization": f"Bearer {token}"}
    Client().get("/api/v1/me", headers=bearer)
    Client().get(f"/api/v1/tidak-ada?token={token}", headers=bearer)
    Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}x"})
    strict = Client(enforce_csrf_checks=True)
    strict.post("/keluar/", {"csrfmiddlewaretoken": "x"}, headers={"Referer": f"https://{MAIL}/"})

    logging.getLogger("dekon").error("call of %s failed", MAIL, exc_info=RuntimeError(f"{NIK} {token}"))
    text = log.getvalue()
    assert "failed" in text
    assert len(text.splitlines()) >= 5, text
    secrets = {"token": token, "session": session, "password": PASSWORD, "wrong": "kata-sandi-yang-salah", "NIK": NIK,
               "mail": MAIL, "search": SEARCHED}  # fmt: skip
    assert {name for name, secret in secrets.items() if secret in text} == set(), text


def test_a_failing_page_logs_its_place_and_not_its_people(
    year: None, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"no place for {MAIL} with {NIK}")

    monkeypatch.setattr("dekon.web.errors.render", fails, raising=False)
    monkeypatch.setattr("dekon.web.health.database_answers", fails)
    client = Client(raise_request_exception=False)
    assert client.get(f"/readyz?surel={MAIL}").status_code == 500
    text = log.getvalue()
    assert "RuntimeError" in text
    assert "health.py" in text
    assert MAIL not in text
    assert NIK not in text
    assert timezone.now().strftime("%Y-") in text
