"""Pages of signing: one's own keys, what waits, exactly what is signed, refusals in plain words, signing outside."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dekon.documents import selectors, services
from dekon.documents.choices import Openness
from dekon.documents.models import Document, Lease, PlacedSignature, SigningKey
from dekon.gateways import signing
from dekon.gateways.handing import Secret
from dekon.org.models import Province, RoleAssignment, User
from tests.builders.accounts import PASSWORD, person
from tests.builders.signatures import NOW, PASSPHRASE, joint_paper, place_of, revoker, sign, signer
from tests.web.conftest import StrictClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]

KEYS = "/akun/tanda-tangan/"


def client_of(user: User, *, proved: bool = True) -> Client:
    """Somebody's browser, a moment after the proof that it is them."""
    User.objects.filter(pk=user.pk).update(is_demo=True)  # without a second factor
    client = StrictClient()
    client.force_login(User.objects.get(pk=user.pk))
    if proved:
        session = client.session
        session["dekon_proved_at"] = time.time()
        session.save()
    return client


def post(client: Client, document: Document, code: str = "32", **said: str) -> tuple[int, str]:
    form = {"method": "lokal", "passphrase": PASSPHRASE, "clock": "now", "read": "on", **said}
    answered = client.post(f"/tanda-tangan/{place_of(document, code).pk}/", {k: v for k, v in form.items() if v})
    return answered.status_code, answered.content.decode()


def outside(pdf: bytes, field: str, code: str) -> bytes:
    key = SigningKey.objects.get(user=signer(code))
    pen = signing.local_pen(key.certificate, int(key.serial, 16), key.sealed, Secret(PASSPHRASE))
    return signing.sign(pdf, pen, signing.Wish(field, "luar", "luar")).pdf


def test_a_key_is_made_after_a_proof_listed_as_uncertified_and_revoked_with_a_reason() -> None:
    who = signer("32", with_key=False)
    unproved = client_of(who, proved=False)
    assert unproved.get(f"{KEYS}buat/").headers["Location"].startswith("/akun/pastikan/?next=")
    client = client_of(who)
    said = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "aware": "on"}
    assert client.post(f"{KEYS}buat/", said).status_code == 302
    key = SigningKey.objects.get(user=who)
    page = client.get(KEYS).content.decode()
    assert "belum tersertifikasi" in page
    assert key.serial[:16] in page
    sure = {"kunci": "k1", "reason": "Frasa terlupa", "pasti": "ya"}
    assert client.post(f"{KEYS}{key.pk}/cabut/", sure).status_code == 302
    assert "Frasa terlupa" in client.get(KEYS).content.decode()
    assert client_of(signer("33")).post(f"{KEYS}{key.pk}/cabut/", sure).status_code == 404


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"passphrase": "kuda besi", "again": "kuda besi"}, "paling sedikit 12"),
        ({"passphrase": "kuda besi makan angin", "again": "kuda besi makan api"}, "Dua isian ini berbeda"),
        ({"passphrase": "pancasila-1945", "again": "pancasila-1945"}, "mudah ditebak"),
        ({"passphrase": PASSWORD, "again": PASSWORD}, "sama dengan kata sandi akun"),
        ({"passphrase": PASSPHRASE, "again": PASSPHRASE, "aware": ""}, "Belum diisi"),
    ],
)
def test_a_weak_passphrase_makes_no_key_and_is_not_repeated(said: dict[str, str], words: str) -> None:
    client = client_of(signer("32", with_key=False))
    answered = client.post(f"{KEYS}buat/", {k: v for k, v in {"aware": "on", **said}.items() if v})
    page = answered.content.decode()
    assert answered.status_code == 422
    assert words in page
    assert said["passphrase"] not in page
    assert not SigningKey.objects.exists()


def test_the_page_shows_exactly_what_is_signed_and_signs_it_once() -> None:
    document = joint_paper()
    sign(document, "33")
    client, place = client_of(signer("32")), place_of(document, "32")
    waiting = client.get("/tanda-tangan/").content.decode()
    assert f"/tanda-tangan/{place.pk}/" in waiting
    assert "1 dari 4" in waiting
    page = client.get(f"/tanda-tangan/{place.pk}/").content.decode()
    newest = selectors.newest_revision(document)
    for words in (document.number, newest.sha256, str(signer("33")), "1 dari 4"):
        assert words in page
    shown = client.get(f"/tanda-tangan/{place.pk}/naskah/")
    assert (shown.headers["Content-Type"], shown.content) == ("application/pdf", selectors.bytes_of(newest))
    assert post(client, document)[0] == 302
    assert post(client, document)[0] == 302  # a double click: the second finds the first one's signature
    assert PlacedSignature.objects.filter(document=document, signer=signer("32")).count() == 1
    assert "sudah Anda tanda tangani" in client.get(f"/tanda-tangan/{place.pk}/").content.decode()
    assert f"/tanda-tangan/{place.pk}/" not in client.get("/tanda-tangan/").content.decode()


def test_a_double_click_gives_one_signature() -> None:
    document = joint_paper()
    who = signer("32")
    clients = [client_of(who), client_of(who)]

    def go(client: Client) -> int:
        try:
            return post(client, document)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(go, clients)) == [302, 302]
    assert PlacedSignature.objects.count() == 1
    assert not Lease.objects.exists()


def test_signing_asks_who_is_there_first() -> None:
    document = joint_paper()
    client = client_of(signer("32"), proved=False)
    place = place_of(document, "32")
    assert "Pastikan diri Anda" in client.get(f"/tanda-tangan/{place.pk}/").content.decode()
    for address in ("", "luar/", "luar/kembali/"):
        answered = client.post(f"/tanda-tangan/{place.pk}/{address}")
        assert answered.headers["Location"] == f"/akun/pastikan/?next=%2Ftanda-tangan%2F{place.pk}%2F"
    assert not PlacedSignature.objects.exists()


def test_refusals_stand_beside_their_field_and_no_passphrase_is_repeated() -> None:
    document = joint_paper()
    client = client_of(signer("32"))
    for said, words in (
        ({"passphrase": "salah sama sekali"}, "Frasa sandi tidak cocok"),
        ({"read": ""}, "Belum diisi"),
        ({"passphrase": ""}, "Belum diisi"),
        ({"method": "bsre"}, "Pilihan ini tidak ada"),
    ):
        status, page = post(client, document, **said)
        assert (status, words in page) == (422, True), said
        assert "salah sama sekali" not in page
        assert PASSPHRASE not in page
    assert not PlacedSignature.objects.exists()


def test_ten_wrong_passphrases_lock_the_page_too() -> None:
    document = joint_paper()
    client = client_of(signer("32"))
    for _ in range(10):
        post(client, document, passphrase="salah sama sekali")
    status, page = post(client, document)
    assert (status, "keliru 10 kali berturut-turut" in page) == (422, True)
    assert not PlacedSignature.objects.exists()


def test_without_a_clock_the_signer_chooses(settings: Settings) -> None:
    document = joint_paper()
    settings.TSA_URL = "down:"
    client = client_of(signer("32"))
    status, page = post(client, document, clock="wait")
    assert (status, "Penanda waktu tidak menjawab" in page) == (422, True)
    assert post(client, document, clock="now")[0] == 302
    page = client.get(f"/tanda-tangan/{place_of(document, '32').pk}/").content.decode()
    assert "tanpa waktu tepercaya" in page
    assert not PlacedSignature.objects.get().trusted_time


def test_an_expired_certificate_and_a_missing_key_lead_to_the_keys() -> None:
    document = joint_paper()
    who = signer("32", with_key=False)
    page = client_of(who).get(f"/tanda-tangan/{place_of(document, '32').pk}/").content.decode()
    assert "belum mempunyai kunci" in page
    assert f'href="{KEYS}"' in page
    services.make_signing_key(actor=who, passphrase=Secret(PASSPHRASE), at=NOW - timedelta(days=3650))
    page = client_of(who).get(f"/tanda-tangan/{place_of(document, '32').pk}/").content.decode()
    assert "sertifikat lewat waktu" in page
    assert post(client_of(who), document)[0] == 422


def test_others_see_who_has_the_document_until_when_and_are_refused() -> None:
    document = joint_paper()
    place = place_of(document, "32")
    taker, other = client_of(signer("32")), client_of(signer("33"))
    assert taker.post(f"/tanda-tangan/{place.pk}/luar/").status_code == 302
    assert "Naskah ada pada Anda sampai" in taker.get(f"/tanda-tangan/{place.pk}/").content.decode()
    page = other.get(f"/tanda-tangan/{place_of(document, '33').pk}/").content.decode()
    assert f"sedang dipakai {signer('32')} sampai" in page
    status, page = post(other, document, "33")
    assert (status, "Coba lagi sesudah itu" in page) == (409, True)
    assert other.post(f"/tanda-tangan/{place.pk}/luar/lepas/").status_code == 403
    assert taker.post(f"/tanda-tangan/{place.pk}/luar/lepas/").status_code == 302
    assert post(other, document, "33")[0] == 302


def test_what_comes_back_from_outside_is_taken_or_told_why_not() -> None:
    document = joint_paper()
    place = place_of(document, "32")
    client = client_of(signer("32"))
    client.post(f"/tanda-tangan/{place.pk}/luar/")
    pdf = client.get(f"/tanda-tangan/{place.pk}/naskah/?unduh=1").content
    address = f"/tanda-tangan/{place.pk}/luar/kembali/"
    for brought, words in (
        (pdf, "belum ada tanda tangan baru"),
        (pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1), "ditulis ulang"),
        (b"bukan pdf", "PDF"),
    ):
        answered = client.post(address, {"berkas": SimpleUploadedFile("a.pdf", brought)})
        assert (answered.status_code, words in answered.content.decode()) == (422, True), words
    assert client.post(address).status_code == 422
    good = outside(pdf, place.field, "32")
    assert client.post(address, {"berkas": SimpleUploadedFile("a.pdf", good)}).status_code == 302
    assert PlacedSignature.objects.get().method == "luar"


def test_whose_office_ended_yesterday_is_told_so_and_signs_nothing() -> None:
    document = joint_paper()
    who, yesterday = person("mantan", ""), timezone.localdate() - timedelta(days=1)
    services.make_signing_key(actor=who, passphrase=Secret(PASSPHRASE), at=NOW)
    RoleAssignment.objects.create(
        user=who, role="kadis", province=Province.objects.get(code="32"), valid_from=yesterday, valid_to=yesterday
    )
    client = client_of(who)
    assert "berakhir" in client.get("/tanda-tangan/").content.decode()
    status, page = post(client, document)
    assert status == 403
    assert "menunggu penggantinya" in page
    assert not PlacedSignature.objects.exists()


def test_another_office_does_not_find_the_place_and_a_withdrawn_document_takes_nothing() -> None:
    document = joint_paper(codes=("32", "33"))
    client = client_of(signer("35"))
    place = place_of(document, "32")
    for address in ("", "naskah/"):
        assert client.get(f"/tanda-tangan/{place.pk}/{address}").status_code == 404
    services.withdraw(actor=revoker(), document_id=document.pk, reason="Teks diperbaiki", at=NOW)
    head = client_of(signer("32"))
    page = head.get(f"/tanda-tangan/{place.pk}/").content.decode()
    assert "Teks diperbaiki" in page
    assert post(head, document)[0] == 409
    assert f"/tanda-tangan/{place.pk}/" not in head.get("/tanda-tangan/").content.decode()


def test_a_secret_text_is_open_to_its_signers_only() -> None:
    document = joint_paper(openness=Openness.SECRET)
    place = place_of(document, "32")
    assert client_of(signer("32")).get(f"/tanda-tangan/{place.pk}/naskah/").status_code == 200
    assert client_of(person("staf-32", "operator", "32")).get(f"/tanda-tangan/{place.pk}/naskah/").status_code == 403
