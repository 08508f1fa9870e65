"""Archive time stamps are renewed before the certificate behind the newest one runs out, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.documents import jobs, selectors
from dekon.documents.models import Document, Lease, Revision
from dekon.gateways import authority, signing
from dekon.rules.formulas.archives import ARCHIVE_STAMP_MARGIN, renewed_before
from tests.builders.signatures import NOW, joint_paper, sign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _short_lived(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store and an authority of one's own, whose clock is certified for five days only."""
    settings.MEDIA_ROOT, settings.PKI_FOLDER = tmp_path / "files", tmp_path / "pki"
    monkeypatch.setitem(authority.LIFE, authority.CLOCK, 5 / 365)
    authority.ensure_authority()


def archived() -> Document:
    document = joint_paper(codes=("32",))
    sign(document)
    sign(document, "32")
    jobs.finish_signed(NOW)
    return document


def until(document: Document) -> datetime | None:
    return selectors.newest_revision(document).stamp_until


def test_a_stamp_that_runs_out_soon_gets_a_successor_once(monkeypatch: pytest.MonkeyPatch) -> None:
    document = archived()
    first = until(document)
    assert first is not None
    assert timedelta(days=4) < first - NOW < timedelta(days=6)
    assert selectors.to_renew(renewed_before(NOW)) == [document]
    monkeypatch.setitem(authority.LIFE, authority.CLOCK, 10)
    jobs.renew_archives(NOW)
    jobs.renew_archives(NOW)
    kinds = list(Revision.objects.filter(document=document).values_list("kind", flat=True))
    assert kinds[-2:] == ["arsip", "cap-arsip"]
    second = until(document)
    assert second is not None
    assert second - NOW > timedelta(days=3000)
    assert selectors.to_renew(renewed_before(NOW)) == []
    verdict = selectors.check(selectors.bytes_of(selectors.newest_revision(document)), at=NOW)
    assert (verdict.standing, verdict.intact) == ("genuine", True)
    assert [one.valid for one in verdict.signers] == [True, True]
    assert not Lease.objects.exists()


def test_the_margin_decides_and_comes_from_the_data() -> None:
    document = archived()
    ends, margin = until(document), timedelta(days=ARCHIVE_STAMP_MARGIN.at(NOW.date()))
    assert ends is not None
    early = ends - margin
    assert selectors.to_renew(renewed_before(early)) == []
    assert selectors.to_renew(renewed_before(early + timedelta(seconds=1))) == [document]


def test_without_a_better_stamp_nothing_is_added(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    document = archived()
    jobs.renew_archives(NOW)  # the new certificate of the clock lasts five days as well: a little longer than the old
    kept = Revision.objects.filter(document=document).count()
    settings.TSA_URL = "down:"
    jobs.renew_archives(NOW)
    assert Revision.objects.filter(document=document).count() == kept
    assert "timestamp-unreachable" in caplog.text
    assert not Lease.objects.exists()


def test_documents_without_an_archive_stamp_or_void_are_left_alone() -> None:
    document = joint_paper(codes=("32",))
    sign(document)
    assert signing.stamp_ends(selectors.bytes_of(selectors.newest_revision(document))) is None
    jobs.renew_archives(NOW)
    assert Revision.objects.filter(document=document).count() == 2
