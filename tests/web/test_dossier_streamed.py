"""The dossier through the web server that `make run` starts: what is ready is sent while the rest still waits."""

from __future__ import annotations

import http.client
import io
import os
import re
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from dekon.ops import run
from dekon.org import selectors as org
from dekon.org import services as people
from dekon.org.models import User
from tests import HOME
from tests.builders import small_year

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WAITED_FOR = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'budget_importrun'::regclass"
MOST_SECONDS, ON_THE_WAY_SECONDS = 60, 1


class Reader(threading.Thread):
    """Reads an answer as it comes."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        super().__init__(daemon=True)
        self.response, self.got = response, b""

    def run(self) -> None:
        """Until the end."""
        while piece := self.response.read1(65_536):
            self.got += piece


@contextmanager
def served(database_url: str) -> Iterator[int]:
    """The web server on a free port, on the database of this test."""
    port = next(number for number in range(18_200, 18_400) if run.is_free(number))
    environment = {**os.environ, "DATABASE_URL": database_url, "DEKON_HOME": HOME}
    server = subprocess.Popen(run.web_command(port), env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + MOST_SECONDS
        while not run.answers(port):
            assert server.poll() is None, "the web server ended"
            assert time.monotonic() < deadline, "the web server does not answer"
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def asked(port: int) -> http.client.HTTPConnection:
    """A request for the nation's dossier as an auditor's browser sends it from the page."""
    client = Client()
    client.force_login(User.objects.get(username="auditor"))
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/dosir/?tahun=2022", headers={"Cookie": session})
    page = connection.getresponse()
    words = page.read().decode()
    assert page.status == 200, words[-2000:]
    guard = next(cookie.split(";")[0] for cookie in page.headers.get_all("Set-Cookie") or [] if "csrf" in cookie)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)
    assert token
    connection.request(
        "POST", "/dosir/ambil/?tahun=2022", body=f"csrfmiddlewaretoken={token[1]}",
        headers={
            "Cookie": f"{session}; {guard}", "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        },
    )  # fmt: skip
    return connection


def wait_until_somebody_waits(database_url: str) -> None:
    """Until the making of the dossier stands at the table that is held."""
    deadline = time.monotonic() + MOST_SECONDS
    with psycopg.connect(database_url, autocommit=True) as watcher:
        while not watcher.execute(WAITED_FOR).fetchone():
            assert time.monotonic() < deadline, "nobody waits for the held table"
            time.sleep(0.05)


def test_chunks_arrive_while_the_database_keeps_the_rest_waiting(database_url: str, tmp_path: Path) -> None:
    """Somebody holds a table that the rows of the dossier need: what needs none of it is there, the end is not."""
    small_year.build(tmp_path)
    people.add_user(actor=org.system_user(), username="auditor", password="", role="auditor")
    with served(database_url) as port, psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE budget_importrun IN ACCESS EXCLUSIVE MODE")
        connection = asked(port)
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Type"]) == (200, "application/zip")
        assert response.headers.get("Content-Length") is None
        reader = Reader(response)
        reader.start()
        wait_until_somebody_waits(database_url)
        reader.join(ON_THE_WAY_SECONDS)
        early = len(reader.got)
        assert reader.is_alive()
        holder.rollback()
        reader.join(MOST_SECONDS)
        connection.close()
    dossier = zipfile.ZipFile(io.BytesIO(reader.got))
    assert reader.got.startswith(b"PK\x03\x04")
    assert dossier.testzip() is None
    sent = {info.filename for info in dossier.infolist() if info.header_offset < early}
    assert {"aset/dekon.css", "verifikasi.py"} <= sent
    assert not {"anggaran/impor.csv", "index.html", "MANIFEST.sha256"} & sent
