"""The index of a dossier, opened from the disk in a real browser that has no network."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.db import connection, transaction
from playwright.sync_api import Browser

from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.web.dossier import book
from tests.builders import small_year
from tests.e2e.conftest import AXE, OVERFLOW, RUN_AXE, SCREENS, WIDTHS

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_index_reads_offline_and_is_accessible(browser: Browser, tmp_path: Path, width: str) -> None:
    small_year.build(tmp_path)
    with transaction.atomic():
        asked = book.order(year=2022, place=org.Place(), taken_by="Auditor", taken_at=history.present())
        zipfile.ZipFile(io.BytesIO(b"".join(book.pieces(asked)))).extractall(tmp_path / "dosir")
    connection.close()
    across, down = WIDTHS[width]
    context = browser.new_context(viewport={"width": across, "height": down}, offline=True)
    page = context.new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto((tmp_path / "dosir" / "index.html").as_uri())
    assert [url for url in asked_for if not url.startswith("file:")] == []
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert page.evaluate(OVERFLOW) <= 0
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == []
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"dosir-{width}.png", full_page=True)
    for link in page.query_selector_all("main a"):
        target = link.get_attribute("href") or ""
        assert (tmp_path / "dosir" / target).is_file(), target
    context.close()
