"""Copies that somebody holds: genuine ones, and every attack that is recognised."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, copy_into_new_writer

from dekon.documents import selectors, services
from dekon.documents.choices import Openness
from dekon.documents.models import CheckedFile, Document
from dekon.gateways import checking, signing
from dekon.lib.codes import new_code, read_code
from dekon.ops.commands import verify
from dekon.org.choices import Action
from tests.builders.signatures import NOW, draft, joint_paper, preparer, revoker, sign
from tests.builders.strangers import stranger_pen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]


@pytest.fixture
def document() -> Document:
    made = joint_paper()
    sign(made, "32")
    sign(made)
    return made


def newest(document: Document) -> bytes:
    return selectors.bytes_of(selectors.newest_revision(document))


def verdict(pdf: bytes) -> selectors.Verdict:
    return selectors.check(pdf, at=NOW)


def updated(pdf: bytes, *, page: bool = False, shadow: bool = False) -> bytes:
    """An incremental update after the signatures: a page more, or other content on the first page."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    drawn = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 400 800 re f"))
    if page:
        writer.insert_page(PageObject(contents=drawn, media_box=(0, 0, 595, 842)))  # type: ignore[no-untyped-call]  # ships no types here
    if shadow:
        first = writer.find_page_for_modification(0)[0].get_object()  # type: ignore[no-untyped-call]  # ships no types here
        first["/Contents"] = drawn
        writer.update_container(first)
    writer.write(out)  # type: ignore[no-untyped-call]  # ships no types here
    return out.getvalue()


def rewritten(pdf: bytes, *, stripped: bool = False) -> bytes:
    """The same pages in a file that was written anew."""
    writer, out = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf))), io.BytesIO()
    if stripped:
        del writer.root["/AcroForm"]
        for number in range(int(writer.root["/Pages"]["/Count"])):
            page = writer.find_page_for_modification(number)[0].get_object()  # type: ignore[no-untyped-call]  # ships no types here
            if "/Annots" in page:
                kept = [one for one in page["/Annots"] if one.get_object()["/Subtype"] != "/Widget"]
                page["/Annots"] = generic.ArrayObject(kept)
    writer.write(out)  # type: ignore[no-untyped-call]  # ships no types here
    return out.getvalue()


def test_the_newest_revision_is_genuine_and_an_earlier_one_says_who_is_missing(document: Document) -> None:
    told = verdict(newest(document))
    assert (told.standing, told.known, told.intact, told.document and told.document.code) == (
        "genuine", True, True, document.code,
    )  # fmt: skip
    assert [one.role for one in told.signers][1].startswith("Sekretaris Jenderal")
    earlier = verdict(selectors.bytes_of(document.revisions.get(seq=1)))
    assert (earlier.standing, earlier.missing, earlier.intact) == ("older", 1, True)


def test_an_appended_page_is_recognised(document: Document) -> None:
    told = verdict(updated(newest(document), page=True))
    assert (told.standing, told.intact, told.known) == ("changed", False, True)
    assert "page-appended" in told.reasons


def test_content_revealed_by_a_later_update_is_recognised(document: Document) -> None:
    told = verdict(updated(newest(document), shadow=True))
    assert (told.standing, told.intact) == ("changed", False)
    assert "content-changed" in told.reasons
    assert not any(one.valid for one in told.signers)


def test_a_stripped_signature_is_recognised(document: Document) -> None:
    told = verdict(rewritten(newest(document), stripped=True))
    assert (told.standing, told.known, told.intact) == ("forged", False, False)
    assert "stripped" in told.reasons
    assert told.document
    assert told.document.number == document.number


def test_a_copy_written_anew_is_a_forgery_though_it_looks_the_same(document: Document) -> None:
    told = verdict(rewritten(newest(document)))
    assert (told.standing, told.intact) == ("forged", False)
    assert "signature-broken" in told.reasons


def test_a_look_alike_signed_by_another_authority_is_recognised(document: Document) -> None:
    bare = rewritten(newest(document), stripped=True)
    fields = signing.prepare(bare, [signing.Place("TandaTangan1", "x", 1, 50, 50, 100, 50)])
    fake = signing.sign(fields, stranger_pen("Sekretaris Jenderal"), signing.Wish("TandaTangan1", "x", "x")).pdf
    told = verdict(fake)
    assert (told.standing, told.intact) == ("forged", False)
    assert "other-authority" in told.reasons


def test_one_changed_byte_is_recognised(document: Document) -> None:
    pdf = bytearray(newest(document))
    pdf[pdf.index(b"pdfaid:part>2<") + len(b"pdfaid:part>")] = ord("3")
    told = verdict(bytes(pdf))
    assert not told.intact
    assert "signature-broken" in told.reasons


def test_a_signature_that_the_register_does_not_know_is_told(document: Document) -> None:
    pdf = newest(document)
    fake = signing.sign(pdf, stranger_pen("Kepala Dinas"), signing.Wish("TandaTangan3", "x", "x")).pdf
    told = verdict(fake)
    assert told.standing in {"changed", "extended"}
    assert not told.intact
    assert "other-authority" in told.reasons
    assert [one.valid for one in told.signers] == [True, True, False]


def test_revoked_and_superseded_documents_say_so(document: Document) -> None:
    pdf = newest(document)
    place = services.PlaceWish("Sekretaris Jenderal", Action.SIGN_AS_MINISTRY)
    services.prepare(actor=preparer(), draft=draft(supersedes=document), places=[place], at=NOW)
    assert verdict(pdf).standing == "superseded"
    services.revoke(actor=revoker(), document_id=document.pk, reason="Diganti", at=NOW)
    told = verdict(pdf)
    assert (told.standing, told.intact) == ("revoked", True)


def test_a_foreign_file_is_unknown() -> None:
    assert verdict(b"%PDF-1.7 nothing").standing == "unknown"


def test_the_second_look_is_read_from_the_store(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = newest(document)
    first = verdict(pdf)
    assert CheckedFile.objects.filter(sha256=first.sha256).count() == 1
    monkeypatch.setattr(checking, "look", lambda *_a, **_k: pytest.fail("looked again"))
    assert verdict(pdf) == first


def test_codes_forgive_how_they_are_typed_and_notice_slips() -> None:
    code = new_code()
    assert read_code(code.lower().replace("-", " ")) == code
    slips = [code[:-1] + sign for sign in "0123456789" if sign != code[-1]]
    assert all(read_code(slip) is None for slip in slips)
    assert read_code("") is None


def test_the_code_and_the_file_lead_to_the_same_verdict_without_signing_in(document: Document, client: Client) -> None:
    page = client.get(f"/v/{document.code}")
    assert page.status_code == 200
    assert document.number in page.content.decode()
    assert client.post("/verifikasi/", {"kode": document.code.lower()})["Location"] == f"/v/{document.code}"
    file = SimpleUploadedFile("salinan.pdf", newest(document), "application/pdf")
    told = client.post("/verifikasi/", {"berkas": file}).content.decode()
    assert "Asli dan utuh" in told
    assert "tidak tersertifikasi" in told
    forged = SimpleUploadedFile("salinan.pdf", updated(newest(document), page=True), "application/pdf")
    assert "Halaman ditambahkan" in client.post("/verifikasi/", {"berkas": forged}).content.decode()
    assert client.get("/v/0000-0000-01").status_code == 404
    assert "Tidak dikenal" in client.post("/verifikasi/", {"kode": "salah"}).content.decode()
    assert client.get("/verifikasi/").status_code == 200


def test_only_an_open_document_is_handed_out_by_its_code(document: Document, client: Client) -> None:
    handed = client.get(f"/v/{document.code}/salinan/")
    assert handed.content == newest(document)
    closed = joint_paper(openness=Openness.SECRET)
    assert client.get(f"/v/{closed.code}/salinan/").status_code == 404
    assert closed.title not in client.get(f"/v/{closed.code}").content.decode()


def test_the_command_says_what_the_contract_promises(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "salinan.pdf"
    file.write_bytes(newest(document))
    assert verify.verify_document(Namespace(file=file, json=True)) == 0
    said = json.loads(capsys.readouterr().out)
    assert {"known", "intact", "number", "title", "revoked", "signatures"} <= said.keys()
    assert {"name", "role", "level", "certified", "signed_at", "valid"} <= said["signatures"][0].keys()
    assert (said["known"], said["intact"], said["revoked"]) == (True, True, False)
    file.write_bytes(updated(newest(document), page=True))
    assert verify.verify_document(Namespace(file=file, json=False)) == 1
    assert "page-appended" in capsys.readouterr().out


def test_a_report_is_plain_so_that_copying_it_does_not_copy_the_file() -> None:
    document = joint_paper()
    sign(document, "32")
    pdf = selectors.bytes_of(selectors.newest_revision(document))
    (one,) = checking.look(pdf, revoked={}, now=NOW).signatures
    assert {type(getattr(one, name)) for name in ("field", "name", "issuer", "serial", "level", "flaw")} == {str}
