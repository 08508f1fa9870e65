"""Many signatures on one document: order, two at once, wrong passphrases, death in between, signing outside."""

from __future__ import annotations

import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pytest_django import Settings

from dekon.documents import jobs, selectors, services
from dekon.documents.models import Document, Lease, PlacedSignature, Revision, SigningKey
from dekon.documents.services import leases
from dekon.errors import Conflict, GatewayFailed, NotAllowed, NotFound, RuleBroken, Unfit
from dekon.gateways import signing
from dekon.gateways.handing import Secret
from tests.builders.signatures import NOW, PASSPHRASE, joint_paper, place_of, revoker, sign, signer, wish
from tests.builders.strangers import stranger_pen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]


def newest(document: Document) -> bytes:
    return selectors.bytes_of(selectors.newest_revision(document))


def signed_outside(pdf: bytes, field: str, code: str) -> bytes:
    """What an application of the signer's makes of a file, with the signer's own certificate."""
    key = SigningKey.objects.get(user=signer(code))
    pen = signing.local_pen(key.certificate, int(key.serial, 16), key.sealed, Secret(PASSPHRASE))
    return signing.sign(pdf, pen, signing.Wish(field, "luar", "luar")).pdf


def test_signatures_come_in_any_order_and_keep_the_earlier_ones(tmp_path: Path) -> None:
    document = joint_paper()
    for code in ("35", "", "32"):
        before = newest(document)
        sign(document, code)
        assert newest(document).startswith(before)
    verdict = selectors.check(newest(document), at=NOW)
    assert verdict.standing == "genuine"
    assert verdict.intact
    assert [one.valid for one in verdict.signers] == [True] * 3
    assert {one.level for one in verdict.signers} == {"B-T"}
    assert verdict.waiting == 1
    if shutil.which("pdfsig"):
        (tmp_path / "three.pdf").write_bytes(newest(document))
        said = subprocess.run(["pdfsig", tmp_path / "three.pdf"], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid") == 3


def test_two_at_the_same_second_end_up_both_valid() -> None:
    document = joint_paper()
    people = [(signer(code), wish(place_of(document, code))) for code in ("32", "33")]

    def go(who: tuple[object, services.SigningWish]) -> None:
        try:
            services.sign(actor=who[0], wish=who[1], at=NOW)  # type: ignore[arg-type]  # a user in a pair
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, people))
    verdict = selectors.check(newest(document), at=NOW)
    assert [one.valid for one in verdict.signers] == [True, True]
    assert not Lease.objects.exists()


def test_whoever_dies_between_signing_and_storing_leaves_the_document_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = joint_paper()
    before = newest(document)
    place = place_of(document, "32")
    with monkeypatch.context() as patch:
        patch.setattr(leases, "give_back", lambda _held: None)  # a process that is killed gives nothing back
        patch.setattr(leases, "settle", lambda _held: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            services.sign(actor=signer("32"), wish=wish(place), at=NOW)
    assert newest(document) == before
    assert not PlacedSignature.objects.exists()
    lease = Lease.objects.get()
    sign(document, "33", at=lease.ends_at)  # its end sets others free
    assert PlacedSignature.objects.count() == 1


def test_a_place_is_signed_once_and_only_by_its_office() -> None:
    document = joint_paper()
    sign(document, "32")
    with pytest.raises(Conflict) as twice:
        sign(document, "32")
    assert twice.value.code == "place-signed-already"
    with pytest.raises(NotAllowed):
        services.sign(actor=signer("32"), wish=wish(place_of(document, "33")), at=NOW)
    with pytest.raises(NotAllowed):
        services.sign(actor=signer("32"), wish=wish(place_of(document)), at=NOW)


def test_ten_wrong_passphrases_lock_for_a_while_and_a_right_one_takes_the_count_away() -> None:
    document = joint_paper()
    who, place = signer("32"), place_of(document, "32")
    for _ in range(10):
        with pytest.raises(RuleBroken) as wrong:
            services.sign(actor=who, wish=wish(place, "salah salah salah"), at=NOW)
        assert wrong.value.code == "passphrase-wrong"
    for phrase in (PASSPHRASE, "salah"):
        with pytest.raises(RuleBroken) as locked:
            services.sign(actor=who, wish=wish(place, phrase), at=NOW)
        assert locked.value.code == "passphrase-locked"
    services.sign(actor=who, wish=wish(place), at=NOW + timedelta(minutes=16))
    assert not Lease.objects.exists()


def test_no_passphrase_is_written_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    document = joint_paper()
    sign(document, "32")
    with pytest.raises(RuleBroken):
        services.sign(actor=signer("33"), wish=wish(place_of(document, "33"), "frasa rahasia sekali"), at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{PASSPHRASE}%", "%frasa rahasia sekali%"],
            )
            assert cursor.fetchone() == (0,), table
    assert PASSPHRASE not in caplog.text
    assert PASSPHRASE not in repr(wish(place_of(document, "32")))


def test_an_expired_or_revoked_certificate_signs_nothing() -> None:
    document = joint_paper()
    who, place = signer("32"), place_of(document, "32")
    key = SigningKey.objects.get(user=who)
    with pytest.raises(RuleBroken) as expired:
        services.sign(actor=who, wish=wish(place), at=key.expires_at)
    assert expired.value.code == "certificate-expired"
    services.revoke_signing_key(actor=who, number=key.pk, reason="Ponsel hilang", at=NOW)
    with pytest.raises(NotFound) as revoked:
        services.sign(actor=who, wish=wish(place), at=NOW)
    assert revoked.value.code == "signing-key-missing"
    with pytest.raises(DatabaseError), transaction.atomic():
        SigningKey.objects.filter(pk=key.pk).update(sealed="x")


def test_a_short_passphrase_and_a_second_key_are_refused() -> None:
    with pytest.raises(Unfit):
        services.make_signing_key(actor=signer("32", with_key=False), passphrase=Secret("pendek"), at=NOW)
    with pytest.raises(Conflict):
        services.make_signing_key(actor=signer("33"), passphrase=Secret(PASSPHRASE), at=NOW)


def test_without_a_clock_one_signs_at_once_and_the_time_follows(settings: Settings) -> None:
    document = joint_paper()
    settings.TSA_URL = "down:"
    with pytest.raises(GatewayFailed) as waiting:
        services.sign(actor=signer("32"), wish=wish(place_of(document, "32"), wait=True), at=NOW)
    assert waiting.value.code == "timestamp-unreachable"
    sign(document, "32")
    signature = PlacedSignature.objects.get()
    assert (signature.level, signature.trusted_time) == ("B-B", False)
    jobs.finish_signed(NOW)  # still down: nothing happens
    assert Revision.objects.filter(document=document).count() == 2
    settings.TSA_URL = ""
    jobs.finish_signed(NOW)
    (told,) = selectors.check(newest(document), at=NOW).signers
    assert (told.trusted_time, told.valid) == (True, True)


def test_once_everybody_has_signed_the_job_adds_what_archives_need_once() -> None:
    document = joint_paper()
    for code in ("", "32", "33", "35"):
        sign(document, code)
    jobs.finish_signed(NOW)
    jobs.finish_signed(NOW)
    assert [one.kind for one in document.revisions.all()][-2:] == ["tanda-tangan", "arsip"]
    verdict = selectors.check(newest(document), at=NOW)
    assert (verdict.standing, {one.level for one in verdict.signers}) == ("genuine", {"B-LTA"})
    with pytest.raises(Conflict):
        services.withdraw(actor=revoker(), document_id=document.pk, reason="Terlambat", at=NOW)


def test_withdrawn_before_completion_it_takes_no_more_signatures() -> None:
    document = joint_paper()
    sign(document, "32")
    services.withdraw(actor=revoker(), document_id=document.pk, reason="Teks diperbaiki", at=NOW)
    with pytest.raises(Conflict):
        sign(document, "33")
    assert selectors.check(newest(document), at=NOW).standing == "revoked"


def test_who_signs_outside_has_the_document_alone_until_an_end_that_others_see() -> None:
    document = joint_paper()
    place = place_of(document, "32")
    held, pdf = services.lend(actor=signer("32"), place=place.pk, at=NOW)
    with pytest.raises(Conflict) as busy:
        sign(document, "33")
    assert busy.value.code == "document-leased"
    assert selectors.progress(document, at=NOW).lease is not None
    services.accept_outside(actor=signer("32"), place=place.pk, pdf=signed_outside(pdf, place.field, "32"), at=NOW)
    sign(document, "33")
    assert selectors.check(newest(document), at=NOW).intact
    assert held.ends_at == NOW + timedelta(minutes=leases.OUTSIDE_MINUTES)


def test_what_comes_back_late_is_told_who_signed_meanwhile() -> None:
    document = joint_paper()
    place = place_of(document, "32")
    held, pdf = services.lend(actor=signer("32"), place=place.pk, at=NOW)
    sign(document, "33", at=held.ends_at)
    late = signed_outside(pdf, place.field, "32")
    with pytest.raises(Conflict) as behind:
        services.accept_outside(actor=signer("32"), place=place.pk, pdf=late, at=held.ends_at)
    assert behind.value.code == "outside-behind"
    assert str(signer("33")) in str(behind.value.params["people"])


def test_what_comes_back_with_anything_else_is_refused() -> None:
    document = joint_paper()
    place, other = place_of(document, "32"), place_of(document, "33")
    _held, pdf = services.lend(actor=signer("32"), place=place.pk, at=NOW)
    signed = signed_outside(pdf, place.field, "32")
    rewritten = pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    cases = {
        "outside-nothing-added": pdf,
        "outside-not-an-update": rewritten,
        "outside-several-added": signed_outside(signed, other.field, "33"),
        "outside-content-changed": signed_outside(with_text_added(pdf), place.field, "32"),
        "outside-other-place": signed_outside(pdf, other.field, "33"),
        "outside-certificate-unknown": signed_by_stranger(pdf, place.field),
    }
    for code, brought in cases.items():
        with pytest.raises(RuleBroken) as refused:
            services.accept_outside(actor=signer("32"), place=place.pk, pdf=brought, at=NOW)
        assert refused.value.code == code
    assert not PlacedSignature.objects.exists()


def with_text_added(pdf: bytes) -> bytes:
    """An incremental update that draws over the first page."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    page = writer.find_page_for_modification(0)[0].get_object()  # type: ignore[no-untyped-call]  # ships no types here
    page["/Contents"] = writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f"))
    writer.update_container(page)
    writer.write(out)  # type: ignore[no-untyped-call]  # ships no types here
    return out.getvalue()


def signed_by_stranger(pdf: bytes, field: str) -> bytes:
    """Signed with a certificate that its owner made, under a name of ours."""
    return signing.sign(pdf, stranger_pen("Kepala Dinas"), signing.Wish(field, "x", "x")).pdf


def test_what_was_signed_is_never_changed() -> None:
    document = joint_paper()
    sign(document, "32")
    for table in ("revision", "signatureplace", "placedsignature"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM documents_{table}")
