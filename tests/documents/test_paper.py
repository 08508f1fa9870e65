"""Signatures by hand: the scan is kept, counted apart, never beside one with a key, and withdrawn with a reason."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dekon.documents import jobs, selectors, services
from dekon.documents.models import Document, PaperSignature, PlacedSignature, Revision
from dekon.documents.services import Scan
from dekon.errors import Conflict, NotAllowed, Unfit
from dekon.org.models import User
from tests.builders.accounts import PDF
from tests.builders.signatures import NOW, joint_paper, place_of, preparer, sign, signer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]


def by_hand(document: Document, code: str, actor: User | None = None, **more: object) -> PaperSignature:
    said = {"name": "Kepala Dinas", "signed_on": timezone.localdate(NOW), **more}
    scan = Scan(io.BytesIO(PDF), "lembar.pdf", **said)  # type: ignore[arg-type]  # as the test says
    return services.accept_paper(actor=actor or signer(code), place=place_of(document, code).pk, scan=scan, at=NOW)


def test_a_scan_is_counted_apart_and_told_to_whoever_checks() -> None:
    document = joint_paper()
    sign(document, "33")
    made = by_hand(document, "32", standing="Plt.")
    found = selectors.progress(document, at=NOW)
    assert (found.signed, found.on_paper, found.missing, found.is_complete) == (1, 1, 2, False)
    verdict = selectors.by_code(document.code, at=NOW)
    assert verdict.document is not None
    (told,) = verdict.document.papers
    assert (told.name, told.standing, told.office) == ("Kepala Dinas", "Plt.", place_of(document, "32").office)
    assert (len(verdict.signers), verdict.waiting) == (1, 2)
    paper, path = services.scan_of(actor=signer("33"), place=made.place_id)
    assert (paper, path.read_bytes()) == (made, PDF)


def test_a_place_is_signed_by_hand_or_with_a_key_never_both() -> None:
    document = joint_paper()
    by_hand(document, "32")
    with pytest.raises(Conflict) as with_key:
        sign(document, "32")
    assert with_key.value.code == "place-signed-already"
    sign(document, "33")
    with pytest.raises(Conflict):
        by_hand(document, "33")
    with pytest.raises(Conflict):
        by_hand(document, "32")
    place = place_of(document, "33")
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSignature.objects.create(
            place=place, document=document, name="x", signed_on=timezone.localdate(NOW), sha256="a" * 64, size_bytes=1,
            media_type="application/pdf", recorded_by=preparer(), recorded_at=NOW,
        )  # fmt: skip


def test_the_preparer_gathers_sheets_and_nobody_else_records_them() -> None:
    document = joint_paper()
    by_hand(document, "32", preparer())
    with pytest.raises(NotAllowed):
        by_hand(document, "33", signer("32"))


def test_a_withdrawn_scan_stays_and_makes_room() -> None:
    document = joint_paper()
    made = by_hand(document, "32")
    services.withdraw_paper(actor=signer("32"), place=made.place_id, reason="Lembar keliru", at=NOW)
    sign(document, "32")
    assert [one.withdrawal_reason for one in selectors.papers_of(document)] == ["Lembar keliru"]
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSignature.objects.filter(pk=made.pk).update(name="Orang lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperSignature.objects.filter(pk=made.pk).delete()


def test_a_name_a_day_and_a_real_file_are_asked_for() -> None:
    document = joint_paper()
    today = timezone.localdate(NOW)
    for said in ({"name": "  "}, {"signed_on": today + timedelta(days=1)}, {"signed_on": today - timedelta(days=1)}):
        with pytest.raises(Unfit):
            by_hand(document, "32", **said)
    with pytest.raises(Unfit):
        services.accept_paper(
            actor=signer("32"), place=place_of(document, "32").pk, at=NOW,
            scan=Scan(io.BytesIO(b"bukan pdf"), "lembar.pdf", "Kepala Dinas", today),
        )  # fmt: skip
    assert not PaperSignature.objects.exists()


def test_a_document_is_complete_with_both_kinds_and_by_hand_alone_gets_no_time_stamp() -> None:
    document = joint_paper(codes=("32", "33"))
    sign(document)
    sign(document, "33")
    by_hand(document, "32")
    jobs.finish_signed(NOW)
    assert list(Revision.objects.filter(document=document).values_list("kind", flat=True))[-1] == "arsip"
    only_hands = joint_paper(codes=("32",))
    by_hand(only_hands, "32")
    place = place_of(only_hands)
    scan = Scan(io.BytesIO(PDF), "lembar.pdf", "Sekretaris", timezone.localdate(NOW))
    services.accept_paper(actor=signer(), place=place.pk, scan=scan, at=NOW)
    jobs.finish_signed(NOW)
    assert Revision.objects.filter(document=only_hands).count() == 1
    assert not PlacedSignature.objects.filter(document=only_hands).exists()
    assert selectors.progress(only_hands, at=NOW).is_complete
