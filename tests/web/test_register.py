"""The register of documents: list, filters and files, one document, what is said of it, declaring it void; the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from dekon.documents import selectors, services
from dekon.documents.choices import Openness
from dekon.documents.models import Document, PaperSignature, RegisterEntry
from dekon.documents.services import Described
from dekon.errors import Conflict, NotAllowed, Unfit
from tests.builders.accounts import PDF, person
from tests.builders.signatures import NOW, joint_paper, place_of, preparer, revoker, sign, signer
from tests.web.test_signing import client_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]

SAID = Described("B-12/KEP/2022", "KU.02.01", "Komitmen bersama", "1 berkas", "Gubernur\n\n Kepala Bappeda ")


def describe(document: Document, said: Described = SAID) -> RegisterEntry:
    return services.describe(actor=preparer(), document_id=document.pk, said=said, reason="Surat masuk", at=NOW)


def test_the_list_filters_by_its_address_and_leaves_as_a_file() -> None:
    first, second = joint_paper(), joint_paper(openness=Openness.SECRET)
    describe(first)
    services.revoke(actor=revoker(), document_id=second.pk, reason="Salah naskah", at=NOW)
    client = client_of(preparer())
    both = client.get("/naskah/").content.decode()
    assert first.number in both
    assert second.number in both
    for query, found, hidden in (
        ("status=menunggu", first, second),
        ("status=dicabut", second, first),
        ("sifat=rahasia", second, first),
        ("cari-naskah=B-12", first, second),
    ):
        page = client.get(f"/naskah/?{query}").content.decode()
        assert (found.number in page, hidden.number in page) == (True, False), query
    assert first.number not in client.get("/naskah/?terbit=2001").content.decode()
    assert client.get("/naskah/?status=entah").status_code == 422
    assert client.get("/naskah/?terbit=kemarin").status_code == 422
    answered = client.get("/naskah/?unduh=naskah.csv&status=menunggu")
    written = answered.getvalue()
    assert "B-12/KEP/2022" in written.decode("utf-8-sig")
    assert second.number not in written.decode("utf-8-sig")


def test_sorting_needs_no_more_questions_than_one_page() -> None:
    documents = [joint_paper(codes=("32",)) for _ in range(3)]
    page = client_of(preparer()).get("/naskah/?urut=naskah:-nomor").content.decode()
    places = [page.index(one.number) for one in documents]
    assert places == sorted(places, reverse=True)


def test_one_document_shows_its_numbers_revisions_and_both_kinds_of_signatures() -> None:
    document = joint_paper()
    describe(document)
    sign(document, "33")
    client = client_of(signer("32"))
    place = place_of(document, "32")
    brought = {"kunci": "k", "name": "Kepala", "signed_on": NOW.date().isoformat(), "standing": ""}
    sent = client.post(f"/tanda-tangan/{place.pk}/basah/", {**brought, "berkas": SimpleUploadedFile("l.pdf", PDF)})
    assert sent.status_code == 302, sent.content.decode()
    page = client.get(f"/naskah/{document.pk}/").content.decode()
    for words in ("B-12/KEP/2022", "KU.02.01", "Kepala Bappeda", "1 tanda tangan elektronik", "1 tanda tangan basah"):
        assert words in page
    assert selectors.newest_revision(document).sha256 in page
    assert client.get(f"/tanda-tangan/{place.pk}/basah/pindaian/").getvalue() == PDF
    page = client.get(f"/tanda-tangan/{place.pk}/").content.decode()
    assert "dihitung terpisah" in page
    assert "1 dari 4" in page
    seen = client.get(f"/v/{document.code}").content.decode()
    assert "1 tanda tangan basah" in seen
    gone = {"kunci": "k2", "reason": "Lembar keliru", "pasti": "ya"}
    assert client.post(f"/tanda-tangan/{place.pk}/basah/tarik/", gone).status_code == 302
    assert PaperSignature.objects.get().withdrawal_reason == "Lembar keliru"


def test_who_keeps_the_register_describes_and_the_earlier_words_stay() -> None:
    document = joint_paper()
    client = client_of(preparer())
    said = {"kunci": "k", "reason": "Surat masuk", "partner_number": "B-1", "classification": "ku.02", "dilihat": ""}
    assert client.post(f"/naskah/{document.pk}/keterangan/", said).status_code == 302
    assert client.post(f"/naskah/{document.pk}/keterangan/", {**said, "kunci": "k2"}).status_code == 409
    refused = client.post(f"/naskah/{document.pk}/keterangan/", {**said, "kunci": "k3", "classification": "2.1"})
    assert refused.status_code == 422
    describe(document)
    assert [one.partner_number for one in selectors.descriptions(document)] == ["B-12/KEP/2022", "B-1"]
    assert selectors.descriptions(document)[0].copies_to == "Gubernur\nKepala Bappeda"
    assert "Keterangan sebelumnya" in client.get(f"/naskah/{document.pk}/").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.update(subject="lain")
    with pytest.raises(NotAllowed):
        services.describe(actor=signer("32"), document_id=document.pk, said=SAID, reason="Surat masuk", at=NOW)
    with pytest.raises(Conflict):
        describe(document)
    with pytest.raises(Unfit):
        describe(document, Described(subject="x" * 201))


def test_who_may_declares_a_document_void_and_others_read_why() -> None:
    document = joint_paper()
    sure = {"kunci": "k", "reason": "Salah naskah", "pasti": "ya"}
    assert client_of(signer("32")).post(f"/naskah/{document.pk}/cabut/", sure).status_code == 403
    admin = client_of(revoker())
    assert "Cabut naskah" in admin.get(f"/naskah/{document.pk}/").content.decode()
    assert admin.post(f"/naskah/{document.pk}/cabut/", sure).status_code == 302
    page = client_of(signer("32")).get(f"/naskah/{document.pk}/").content.decode()
    assert "Salah naskah" in page
    assert "Dicabut" in page


def test_another_place_finds_nothing_on_pages_and_in_the_api() -> None:
    document = joint_paper(codes=("32",))
    client = client_of(signer("35"))
    assert document.number not in client.get("/naskah/").content.decode()
    assert client.get(f"/naskah/{document.pk}/").status_code == 404
    assert client.get(f"/naskah/{document.pk}/pdf/").status_code == 404
    assert client.get("/api/v1/documents").json()["count"] == 0
    assert client.get(f"/api/v1/documents/{document.pk}").status_code == 404


def test_the_api_says_what_the_pages_say() -> None:
    document = joint_paper()
    describe(document)
    sign(document, "33")
    client = client_of(signer("32"))
    (row,) = client.get("/api/v1/documents?state=menunggu&search=B-12").json()["items"]
    assert (row["number"], row["partner_number"]) == (document.number, "B-12/KEP/2022")
    assert row["copies_to"] == ["Gubernur", "Kepala Bappeda"]
    one = client.get(f"/api/v1/documents/{document.pk}").json()
    assert (one["places"], len(one["signatures"]), one["on_paper"]) == (4, 1, [])
    assert one["sha256"] == selectors.newest_revision(document).sha256
    assert [each["kind"] for each in one["revisions"]] == ["siap", "tanda-tangan"]


def test_a_secret_text_is_not_opened_from_the_register() -> None:
    document = joint_paper(openness=Openness.SECRET)
    assert client_of(signer("32")).get(f"/naskah/{document.pk}/pdf/").status_code == 200
    assert client_of(person("staf-32", "operator", "32")).get(f"/naskah/{document.pk}/pdf/").status_code == 403
