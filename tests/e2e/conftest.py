"""A real browser, Debian's Chromium, on pages of the small year; axe looks at every page that a journey opens."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from dekon.env import ROOT
from dekon.ops.worker import Worker
from tests.builders import small_year

SCREENS = ROOT / "var" / "screens"
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN_AXE = """axe.run(document, {resultTypes: ['violations']}).then(
    (found) => found.violations.map((v) => v.id + ' ' + v.nodes.slice(0, 3).map((n) =>
    n.target.join(' ')).join(', ')))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}
NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "no Chromium found; install it with: apt-get install chromium"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser lies; without one these tests are skipped, or fail where `DEKON_E2E=required`."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        (pytest.fail if os.environ.get("DEKON_E2E") == "required" else pytest.skip)(INSTALL)
    return str(found)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all journeys. Its loop runs in this thread, so that Django would refuse the database there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
class Visit:
    """A browser window on the pages, and what it complained about."""

    page: Page
    address: str
    name: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(self.address + path)

    def sign_in(self, username: str) -> None:
        """Sign in as one of the small year's people."""
        self.open("/masuk/")
        self.page.fill("#u", username)
        self.page.fill("#p", small_year.PASSWORD)
        self.page.click("main form .primary")
        self.page.wait_for_url(lambda url: "/masuk/" not in url)

    def look(self, step: str) -> None:
        """The page as it stands: accessible in both themes, no sideways overflow, nothing in the console; a picture."""
        self.page.wait_for_load_state("networkidle")
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate(AXE)
            found: Any = self.page.evaluate(RUN_AXE)
            assert found == [], f"{step}, {scheme}: {found}"
        assert self.page.evaluate(OVERFLOW) <= 0, f"{step} is wider than the screen"
        assert self.complaints == [], step
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SCREENS / f"{self.name}-{re.sub(r'[^a-z0-9]+', '-', step)}.png"), full_page=True)


@pytest.fixture
def worker(visit: Visit) -> Iterator[None]:
    """A worker in a thread of its own, on the database of the test."""
    made = Worker(())

    def work() -> None:
        made.run()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    made.stop()
    thread.join()


@pytest.fixture(params=WIDTHS)
def visit(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Visit]:
    """A visitor on a desk (1440) and on a phone (390), with the small year in the database."""
    small_year.build(tmp_path)
    width, height = WIDTHS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, bypass_csp=True, accept_downloads=True, locale="id-ID"
    )
    made = Visit(context.new_page(), live_server.url, request.param)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.page.on(
        "console",
        lambda said: made.complaints.append(f"{said.text} {said.location}") if said.type == "error" else None,
    )
    yield made
    context.close()
