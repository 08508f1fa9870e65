"""In production mode everything that Django can check about a deployment is in order, and secrets may lie in files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dekon import env
from dekon.errors import RuleBroken
from dekon.lib.sealed import new_key
from tests.meta.source import ROOT

STRONG = "Zk3v9QmX7pLr2Td8WsYb4HnJc6Gf1Va0EeUiOoPqRtBxNzKy5M"
SAYS = """
import django; django.setup()
from django.conf import settings
for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
             "CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS"):
    assert getattr(settings, name) is True, name
assert settings.SECURE_HSTS_SECONDS >= 31_536_000
assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
assert settings.CSRF_COOKIE_NAME.startswith("__Host-")
assert settings.DEBUG is False
from django.test import Client
answer = Client().get("/healthz", secure=True, headers={"host": "dekon.example.go.id"})
assert "max-age=31536000; includeSubDomains; preload" == answer.headers["Strict-Transport-Security"], answer.headers
assert Client().get("/masuk/", headers={"host": "dekon.example.go.id"}).status_code == 301
"""


def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a production installation; secrets lie in files."""
    secret = tmp_path / "secret"
    secret.write_text(STRONG + "\n")
    url = tmp_path / "url"
    url.write_text("postgresql://dekon_app:rahasia@127.0.0.1:1/dekon")
    keys = tmp_path / "field-keys"
    keys.write_text(new_key("2026a") + "\n")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DEKON_", "DATABASE_", "DJANGO_"))
    }
    return kept | {
        "DEKON_MODE": "production", "DEKON_HOME": str(tmp_path / "home"), "DEKON_SECRET_KEY_FILE": str(secret),
        "DEKON_FIELD_KEYS_FILE": str(keys),
        "DATABASE_URL_FILE": str(url), "DATABASE_APP_URL_FILE": str(url), "DEKON_ALLOWED_HOSTS": "dekon.example.go.id",
        "DJANGO_SETTINGS_MODULE": "dekon.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@pytest.mark.slow
def test_the_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"], cwd=ROOT, env=production(tmp_path),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.slow
def test_cookies_and_transport_are_closed_in_production(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=ROOT, env=production(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["production", "demo"])
def test_production_logs_copies_of_heads_at_any_level_and_the_console_of_the_demo_stays_quiet(
    tmp_path: Path, mode: str
) -> None:
    says = "import django, logging; django.setup(); logging.getLogger('dekon.heads').info('vouched')"
    settings = production(tmp_path) | {"DEKON_MODE": mode, "DEKON_LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", says], env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, "vouched" in done.stderr) == (0, mode == "production"), done.stderr


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"  {STRONG}\n")
    monkeypatch.delenv("DEKON_SECRET_KEY", raising=False)
    monkeypatch.setenv("DEKON_SECRET_KEY_FILE", str(path))
    assert env.secret("DEKON_SECRET_KEY") == STRONG


def test_a_secret_given_twice_or_in_a_lost_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEKON_SECRET_KEY_FILE", str(tmp_path / "lost"))
    monkeypatch.delenv("DEKON_SECRET_KEY", raising=False)
    with pytest.raises(RuleBroken) as lost:
        env.secret("DEKON_SECRET_KEY")
    monkeypatch.setenv("DEKON_SECRET_KEY", STRONG)
    with pytest.raises(RuleBroken) as twice:
        env.secret("DEKON_SECRET_KEY")
    assert (lost.value.code, twice.value.code) == ("setup-secret-file", "setup-secret-twice")


def test_production_does_not_answer_to_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEKON_MODE", "production")
    monkeypatch.setenv("DEKON_ALLOWED_HOSTS", "*")
    with pytest.raises(RuleBroken) as refused:
        env.allowed_hosts()
    assert refused.value.code == "setup-hosts-missing"


def test_production_needs_the_keys_of_encrypted_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEKON_MODE", "production")
    monkeypatch.delenv("DEKON_FIELD_KEYS", raising=False)
    with pytest.raises(RuleBroken) as missing:
        env.field_keys()
    monkeypatch.setenv("DEKON_FIELD_KEYS", "2026a:short")
    with pytest.raises(RuleBroken) as wrong:
        env.field_keys()
    assert (missing.value.code, wrong.value.code) == ("setup-field-keys-missing", "setup-field-keys-wrong")
