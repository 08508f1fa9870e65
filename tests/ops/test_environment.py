"""What is missing or wrong in the environment stops the start with a clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dekon import env
from dekon.errors import RuleBroken
from tests.meta.source import ROOT

STRONG = "Zk3v9QmX7pLr2Td8WsYb4HnJc6Gf1Va0EeUiOoPqRtBxNzKy5M"


def refused(call: object) -> str:
    """The code with which a call is refused."""
    assert callable(call)
    with pytest.raises(RuleBroken) as caught:
        call()
    assert str(caught.value)
    return caught.value.code


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DEKON_MODE", "production")
    return monkeypatch


def test_production_without_a_secret_does_not_start(production: pytest.MonkeyPatch) -> None:
    assert refused(env.secret_key) == "setup-secret-missing"


@pytest.mark.parametrize("weak", ["short", "a" * 60, STRONG[:49]])
def test_production_with_a_weak_secret_does_not_start(production: pytest.MonkeyPatch, weak: str) -> None:
    production.setenv("DEKON_SECRET_KEY", weak)
    assert refused(env.secret_key) == "setup-secret-weak"


def test_production_takes_a_strong_secret(production: pytest.MonkeyPatch) -> None:
    production.setenv("DEKON_SECRET_KEY", STRONG)
    assert env.secret_key() == STRONG


def test_production_must_know_its_host_names(production: pytest.MonkeyPatch) -> None:
    assert refused(env.allowed_hosts) == "setup-hosts-missing"


def test_an_external_database_needs_the_address_of_the_app_too(production: pytest.MonkeyPatch) -> None:
    production.setenv("DATABASE_URL", "postgresql://owner@db/dekon")
    production.delenv("DATABASE_APP_URL", raising=False)
    assert refused(env.database_urls) == "setup-app-url-missing"


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEKON_MODE", "staging")
    assert refused(env.mode) == "setup-mode-unknown"


@pytest.mark.parametrize("wrong", ["0", "65536", "http"])
def test_a_port_is_a_number_that_exists(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("PORT", wrong)
    assert refused(env.port) == "setup-port-wrong"


def test_a_database_address_of_another_kind_is_refused() -> None:
    assert refused(lambda: env.database_settings("mysql://db/dekon")) == "setup-url-wrong"


def test_a_database_address_keeps_sockets_passwords_and_options() -> None:
    found = env.database_settings("postgresql://app:p%40ss@/dekon?host=%2Frun%2Fdekon&port=5433&sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("dekon", "app", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("/run/dekon", "5433")
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert options["sslmode"] == "require"


def test_the_demo_keeps_the_secret_that_it_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEKON_MODE", "demo")
    monkeypatch.setenv("DEKON_HOME", str(tmp_path))
    first = env.secret_key()
    assert env.secret_key() == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_the_env_file_fills_only_what_is_open(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nPORT='8123'\n\nBROKEN\nDEKON_HOME=var\n", "utf-8")
    assert env.read_dotenv(file) == {"PORT": "8123", "DEKON_HOME": "var"}


@pytest.mark.slow
def test_a_refused_start_says_one_line_and_no_traceback() -> None:
    environment = {**os.environ, "DEKON_MODE": "production", "DEKON_SECRET_KEY": "weak"}
    done = subprocess.run(
        [sys.executable, "-m", "dekon.ops.cli", "deadline", "--after", "2022-03-31", "--working-days", "1"],
        cwd=ROOT, env={**environment, "DATABASE_URL": "postgresql://o@/d", "DATABASE_APP_URL": "postgresql://a@/d"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("dekon: DEKON_SECRET_KEY")
    assert len(done.stderr.strip().splitlines()) == 1
