"""The pages of verification in a real browser: nothing asked, a genuine document, a changed copy, an unknown code."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.documents import selectors
from tests.builders.signatures import joint_paper, sign
from tests.documents.test_verifying import updated
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_anybody_learns_whether_a_document_is_genuine(visit: Visit, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.PKI_FOLDER = tmp_path / "files", tmp_path / "pki"
    document = joint_paper(("32", "91"))
    for code in ("91", ""):
        sign(document, code)
    pdf = selectors.bytes_of(selectors.newest_revision(document))
    visit.open("/verifikasi/")
    visit.look("verify-nothing-asked")
    visit.page.fill("#kode", document.code.lower())
    visit.page.click("form:has(#kode) button")
    assert visit.page.url.endswith(f"/v/{document.code}")
    visit.look("verify-genuine")
    for name, content, words in (
        ("salinan.pdf", pdf, "Asli dan utuh"),
        ("diubah.pdf", updated(pdf, page=True), "Berubah setelah diterbitkan"),
    ):
        (tmp_path / name).write_bytes(content)
        visit.page.set_input_files("#berkas", tmp_path / name)
        visit.page.click("form:has(#berkas) button")
        assert words in visit.page.inner_text("main")
        visit.look(f"verify-{name}")
    visit.page.fill("#kode", "0000-0000-01")
    visit.page.click("form:has(#kode) button")
    assert "Tidak dikenal" in visit.page.inner_text("main")
    visit.look("verify-unknown")
