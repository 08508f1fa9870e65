"""Production for real: `dekon run` with web server, worker and database, asked as a proxy and as a stranger asks."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from dekon.ops.bench.start import free_port
from tests.meta.source import ROOT
from tests.ops.test_production import production

pytestmark = pytest.mark.slow
HOST = "dekon.example.go.id"
SECRET = "RAHASIA"


@dataclass(frozen=True, slots=True)
class Server:
    """A running installation and what it writes to its log."""

    address: str
    log: Path

    def ask(
        self, path: str, *, method: str = "GET", host: str = HOST, tls: bool = True, **more: str
    ) -> requests.Response:
        said = {"Host": host, **({"X-Forwarded-Proto": "https"} if tls else {}), **more}
        return requests.request(method, self.address + path, headers=said, timeout=30, allow_redirects=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Started with everything that is logged, on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="dekon-prod-") as folder:
        port, log = free_port(), Path(folder) / "log"
        given = {key: value for key, value in production(Path(folder)).items() if not key.startswith("DATABASE_")}
        given |= {"PORT": str(port), "DEKON_LOG_LEVEL": "DEBUG"}
        with log.open("wb") as out, subprocess.Popen(
            [sys.executable, "-m", "dekon.ops.cli", "run"], cwd=ROOT, env=given, stdout=out, stderr=out,
            start_new_session=True,
        ) as process:  # fmt: skip
            made = Server(f"http://127.0.0.1:{port}", log)
            try:
                deadline = time.monotonic() + 180
                while "Dekon: http" not in log.read_text("utf-8") and time.monotonic() < deadline:
                    assert process.poll() is None, log.read_text("utf-8")
                    time.sleep(0.2)
                yield made
            finally:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(60)


def test_it_starts_and_says_no_word_about_the_demo(server: Server) -> None:
    said = server.log.read_text("utf-8")
    assert "Dekon: http" in said
    assert "Demo" not in said
    assert server.ask("/healthz", tls=False).status_code == 200


def test_plain_requests_are_led_to_tls_and_pages_bear_every_header(server: Server) -> None:
    plain = server.ask("/masuk/", tls=False)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/masuk/")
    page = server.ask("/masuk/")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    cookies = page.headers["Set-Cookie"]
    assert cookies.startswith("__Host-csrftoken=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookies.split("; "))


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("/tidak-ada/", HOST, 404), ("/masuk/", "evil.example", 400), ("/api/v1/me", HOST, 401), ("/api/v1/x", HOST, 404)],
)
def test_what_goes_wrong_shows_nothing_of_the_inside(server: Server, path: str, host: str, status: int) -> None:
    answer = server.ask(path, host=host)
    assert answer.status_code == status
    for word in ("Traceback", "ALLOWED_HOSTS", "urlpatterns", "site-packages", str(ROOT), "dekon.urls", "DEBUG"):
        assert word not in answer.text


@pytest.mark.parametrize("megabytes", [0, 3, 12])
def test_a_letter_of_any_size_up_to_its_limit_arrives_through_the_real_server(server: Server, megabytes: int) -> None:
    """Forms with files pass whole, in memory or from disk; what is over the limit is told beside its field."""
    with requests.Session() as browser:
        browser.headers.update({"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/daftar/"})
        page = browser.get(f"{server.address}/daftar/", timeout=30)
        mark = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        letter = b"%PDF-1.7\n% " + b"x" * (megabytes * 1024 * 1024) + b"\nstartxref\n9\n%%EOF\n"
        answer = browser.post(
            f"{server.address}/daftar/", timeout=60, headers={"Cookie": cookie}, files={"surat": ("surat.pdf", letter)},
            data={"csrfmiddlewaretoken": mark, "nama": "Staf Contoh", "jabatan": "Analis", "provinsi": "32",
                  "peran": "operator", "surel": f"staf{megabytes}@dinas.example"},
        )  # fmt: skip
    assert ("Pendaftaran diterima" in answer.text) is (megabytes < 10)
    assert answer.status_code == (200 if megabytes < 10 else 422)


def test_keys_and_what_people_typed_stand_in_no_log(server: Server) -> None:
    key, path = f"dekon_{SECRET}{'x' * 40}", f"{SECRET}{'a' * 20}"
    server.ask(
        f"/api/v1/me?token={SECRET}&q={SECRET}", Authorization=f"Bearer {key}", Cookie=f"__Host-dekon_session={path}"
    )
    for address in (f"/masuk/lupa/{path}/?next={SECRET}", f"/undangan/{path}/", f"/cari/?q={SECRET}"):
        server.ask(address)
    requests.post(
        f"{server.address}/masuk/", data={"username": f"{SECRET}@dinas.example", "password": SECRET}, timeout=30,
        headers={"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/masuk/?next={SECRET}"},
    )  # fmt: skip
    time.sleep(0.5)
    said = server.log.read_text("utf-8")
    assert "Not Found: /undangan/" in said, "it is logged that somebody asked"
    assert SECRET not in said


def test_a_missing_key_or_any_host_name_stops_the_start(tmp_path: Path) -> None:
    for name, value in (("DEKON_SECRET_KEY_FILE", ""), ("DEKON_FIELD_KEYS_FILE", ""), ("DEKON_ALLOWED_HOSTS", "*")):
        done = subprocess.run(
            [sys.executable, "-m", "dekon.ops.cli", "run"], cwd=ROOT, capture_output=True, text=True, timeout=60,
            check=False, env={**production(tmp_path), name: value, "PORT": str(free_port())},
        )  # fmt: skip
        assert done.returncode == 1, name
        assert name.removesuffix("_FILE") in done.stderr
        assert "Traceback" not in done.stderr
