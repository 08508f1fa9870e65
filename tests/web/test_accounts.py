"""Pages of signing in and of accounts: the whole way in HTML, as a browser without scripts goes it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from dekon.errors import RuleBroken
from dekon.org.models import ApiToken, Registration, SignedIn, User
from dekon.org.services import demo_code
from dekon.org.services.throttle import FREE
from tests.builders.accounts import PASSWORD, PDF, code_now, deliver_mails, link_in, person, secret_of, with_app
from tests.web.conftest import StrictClient

pytestmark = pytest.mark.django_db
FRESH = "pohon-trembesi-di-tepi-alun"


def sign_in(
    name: str, password: str = PASSWORD, client: Client | None = None, headers: dict[str, str] | None = None
) -> tuple[Client, Any]:
    client = client or StrictClient()
    said = {"username": name, "password": password, "next": "/akun/"}
    return client, client.post("/masuk/", said, headers=headers)


def with_factor(name: str, role: str, province: str = "") -> Client:
    """A client of a person who has signed in with an app."""
    secret = with_app(person(name, role, province))
    client, _page = sign_in(name)
    client.post("/masuk/langkah-dua/", {"kode": code_now(secret)})
    return client


def where(response: Any) -> str:  # noqa: ANN401  the test client's answer
    return str(response.headers["Location"])


def text(response: Any) -> str:  # noqa: ANN401  the test client's answer
    return str(response.content.decode())


# Signing in -----------------------------------------------------------------------------------------------------------


def test_the_sign_in_page_asks_few_questions_of_the_database_however_many_accounts() -> None:
    counts = []
    for number in range(2):
        for each in range(number * 20):
            person(f"orang-{each}", "operator", "32")
        with CaptureQueriesContext(connection) as queries:
            assert StrictClient().get("/masuk/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_who_signs_in_is_led_on_and_the_session_is_listed() -> None:
    person("operator-uji", "operator", "32")
    client, response = sign_in("operator-uji", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/131.0"})
    assert (response.status_code, where(response)) == (302, "/akun/")
    page = text(client.get("/akun/"))
    assert "Firefox, Windows" in page
    assert "127.0.0.1" in page


def test_a_wrong_password_an_unknown_name_and_a_closed_account_get_the_same_page() -> None:
    person("operator-uji", "operator", "32")
    User.objects.filter(pk=person("operator-lama", "operator", "32").pk).update(is_active=False)
    pages = []
    for name in ("operator-uji", "operator-lama", "tidak-ada"):
        _client, response = sign_in(name, "salah" if name == "operator-uji" else PASSWORD)
        assert response.status_code == 401
        pages.append(re.sub(r'value="[^"]*"', "", text(response)))
    assert pages[0] == pages[1] == pages[2]


def test_guessing_a_name_does_the_same_work_at_each_attempt_whether_the_account_exists_or_not(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The statements alike in kind and number, and one hash of the kind that protects passwords, until it waits."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashed, original = [0], PBKDF2PasswordHasher.encode

    def counted(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int | None = None) -> str:
        hashed[0] += 1
        return original(self, password, salt, 1000)

    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    person("operator-uji", "operator", "32")
    User.objects.filter(pk=person("operator-lama", "operator", "32").pk).update(is_active=False)
    work: dict[str, list[tuple[int, int, list[str]]]] = {}
    for place, name in enumerate(("operator-uji", "operator-lama", "tidak-ada-siapa")):
        work[name] = []
        for _ in range(FREE["account"] + 2):
            hashed[0] = 0
            with CaptureQueriesContext(connection) as queries:
                said = {"username": name, "password": PASSWORD if name == "operator-lama" else "salah"}
                response = StrictClient(REMOTE_ADDR=f"198.51.100.{place}").post("/masuk/", said)
            asked = [re.sub(r"\bs\d+_x\d+\b|'[^']*'|\b\d+\b|ARRAY\[[^]]*\]", "?", one["sql"]) for one in queries]
            work[name].append((response.status_code, hashed[0], asked))
    first, *others = work.values()
    assert [(status, hashes) for status, hashes, _asked in first] == [(401, 1)] * FREE["account"] + [(429, 0)] * 2
    for other in others:
        for number, (expected, found) in enumerate(zip(first, other, strict=True)):
            assert found == expected, number


def test_too_many_guesses_are_told_to_wait() -> None:
    for _ in range(FREE["account"]):
        sign_in("tidak-ada", "salah")
    _client, response = sign_in("tidak-ada", "salah")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "5"
    assert "tunggu 5 detik" in text(response)


def test_a_way_out_to_another_site_is_not_followed() -> None:
    person("operator-uji", "operator", "32")
    response = StrictClient().post(
        "/masuk/", {"username": "operator-uji", "password": PASSWORD, "next": "https://lain.example/"}
    )
    assert where(response) == "/"


def test_the_session_gets_a_new_key_at_every_step() -> None:
    user = person("operator-uji", "operator", "32")
    secret = with_app(user)
    client = StrictClient()
    client.get("/masuk/")
    keys = [client.session.session_key]
    sign_in("operator-uji", client=client)
    keys.append(client.session.session_key)
    assert "_auth_user_id" not in client.session
    client.post("/masuk/langkah-dua/", {"kode": code_now(secret)})
    keys.append(client.session.session_key)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert len(set(keys)) == 3


# Second factors -------------------------------------------------------------------------------------------------------


def test_who_needs_a_second_factor_sees_nothing_else_until_it_is_set_up() -> None:
    user = person("kadis-uji", "kadis", "32")
    client, _response = sign_in("kadis-uji")
    for path in ("/", "/provinsi/", "/akun/", "/akun/kunci-api/"):
        assert where(client.get(path)) == "/akun/faktor/"
    assert client.get("/api/v1/me").json()["code"] == "factor-missing"
    page = text(client.get("/akun/faktor/aplikasi/"))
    secret = re.sub(r"\s", "", re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0])
    assert client.post("/akun/faktor/aplikasi/", {"kode": "000000"}).status_code == 422
    shown = text(client.post("/akun/faktor/aplikasi/", {"kode": code_now(secret)}))
    assert len(re.findall(r"<code>\d{4} \d{4}</code>", shown)) == 10
    assert client.get("/akun/").status_code == 200
    assert secret_of(user) == secret
    assert "Faktor kedua akun Dekon Anda berubah" in {sent.subject for sent in deliver_mails()}


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1:8123", 'href="http://localhost:8123/akun/faktor/"'),
        ("[::1]:8123", 'href="http://localhost:8123/akun/faktor/"'),
        ("10.1.2.3", "lewat nama situsnya"),
        ("localhost:8123", 'data-passkey="create"'),
        ("dekon.example", 'data-passkey="create"'),
    ],
)
def test_a_page_at_a_number_says_that_it_makes_no_passkey_and_leads_to_the_name(
    settings: Settings, host: str, said: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client, _response = sign_in(person("operator-uji", "operator", "32").username)
    page = text(client.get("/akun/faktor/", headers={"host": host}))
    assert said in page
    assert ("tidak dapat menyimpan kunci sandi" in page) is ("data-passkey" not in said)
    assert ('data-passkey="create"' in page) is ("data-passkey" in said)


def test_people_of_the_demo_are_spared_and_told_so() -> None:
    User.objects.filter(pk=person("kadis-uji", "kadis", "32").pk).update(is_demo=True)
    client, _response = sign_in("kadis-uji")
    assert "Akun peragaan: faktor kedua tidak diwajibkan" in text(client.get("/akun/"))


def test_a_code_is_good_once() -> None:
    secret = with_app(person("operator-uji", "operator", "32"))
    code = code_now(secret)
    client, response = sign_in("operator-uji")
    assert where(response) == "/masuk/langkah-dua/"
    assert client.post("/masuk/langkah-dua/", {"kode": "123"}).status_code == 401
    assert where(client.post("/masuk/langkah-dua/", {"kode": code})) == "/akun/"
    again, _response = sign_in("operator-uji")
    assert again.post("/masuk/langkah-dua/", {"kode": code}).status_code == 401
    assert again.post("/masuk/langkah-dua/", {"kode": code_now(secret, 1)}).status_code == 302


def test_guessing_codes_is_slowed() -> None:
    with_app(person("operator-uji", "operator", "32"))
    client, _response = sign_in("operator-uji")
    for _ in range(FREE["code"]):
        assert client.post("/masuk/langkah-dua/", {"kode": "000000"}).status_code == 401
    assert client.post("/masuk/langkah-dua/", {"kode": "000000"}).status_code == 429


def test_the_second_step_is_over_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = with_app(person("operator-uji", "operator", "32"))
    client, _response = sign_in("operator-uji")
    session = client.session
    session["dekon_pending"] = {**session["dekon_pending"], "at": session["dekon_pending"]["at"] - 601}
    session.save()
    assert where(client.post("/masuk/langkah-dua/", {"kode": code_now(secret)})) == "/masuk/"


def test_a_recovery_code_stands_in_once_and_new_ones_end_the_old() -> None:
    client = with_factor("perencana-uji", "perencana")
    shown = text(client.post("/akun/faktor/kode-cadangan/"))
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", shown)
    other, _response = sign_in("perencana-uji")
    assert other.post("/masuk/langkah-dua/", {"kode": codes[0]}).status_code == 302
    third, _response = sign_in("perencana-uji")
    assert third.post("/masuk/langkah-dua/", {"kode": codes[0]}).status_code == 401
    client.post("/akun/faktor/kode-cadangan/")
    assert third.post("/masuk/langkah-dua/", {"kode": codes[1]}).status_code == 401


def test_the_last_factor_of_who_needs_one_stays() -> None:
    client = with_factor("perencana-uji", "perencana")
    number = re.findall(r"/akun/faktor/(\d+)/hapus/", text(client.get("/akun/faktor/")))[0]
    assert client.get(f"/akun/faktor/{number}/hapus/").status_code == 200
    assert client.post(f"/akun/faktor/{number}/hapus/").status_code == 422


def test_secrets_of_apps_lie_encrypted() -> None:
    user = person("operator-uji", "operator", "32")
    secret = with_app(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]
    assert secret_of(user) == secret


def test_what_changes_the_way_in_asks_for_proof_that_is_not_old() -> None:
    client = with_factor("perencana-uji", "perencana")
    session = client.session
    session["dekon_proved_at"] -= 901
    session.save()
    asked = where(client.get("/akun/faktor/aplikasi/"))
    assert asked == "/akun/pastikan/?next=%2Fakun%2Ffaktor%2Faplikasi%2F"
    assert client.post("/akun/pastikan/", {"sandi": PASSWORD}).status_code == 422
    secret = secret_of(User.objects.get(username="perencana-uji"))
    assert client.post(asked, {"kode": code_now(secret, 1), "next": "/akun/faktor/aplikasi/"}).status_code == 302
    assert client.get("/akun/faktor/aplikasi/").status_code == 200


def test_an_administrator_helps_who_has_lost_every_factor() -> None:
    with_factor("kadis-uji", "kadis", "32")
    admin = with_factor("admin-uji", "admin")
    number = User.objects.get(username="kadis-uji").pk
    assert "Hapus faktor" in text(admin.get("/akun/semua/"))
    key = hidden(text(admin.get(f"/akun/semua/{number}/faktor/")))
    admin.post(f"/akun/semua/{number}/faktor/", {"kunci": key, "alasan": "ponsel hilang, dipastikan lewat telepon"})
    client, response = sign_in("kadis-uji")
    assert where(response) == "/akun/"
    assert where(client.get("/akun/")) == "/akun/faktor/"


def hidden(page: str) -> str:
    return str(re.findall(r'name="kunci" value="([^"]+)"', page)[0])


def test_the_command_line_shows_codes_of_the_demo_only() -> None:
    user = person("kadis-uji", "kadis", "32")
    with pytest.raises(RuleBroken):
        demo_code(user=user)
    User.objects.filter(pk=user.pk).update(is_demo=True)
    user.refresh_from_db()
    assert demo_code(user=user) == code_now(secret_of(user))
    _client, response = sign_in("kadis-uji")
    assert where(response) == "/akun/"


# Sessions -------------------------------------------------------------------------------------------------------------


def test_an_ended_session_is_out() -> None:
    person("operator-uji", "operator", "32")
    here, _response = sign_in("operator-uji")
    there, _response = sign_in("operator-uji")
    number = there.session["dekon_listed"]
    assert here.post(f"/akun/sesi/{here.session['dekon_listed']}/akhiri/").status_code == 422
    assert here.post(f"/akun/sesi/{number}/akhiri/").status_code == 302
    assert where(there.get("/akun/")).startswith("/masuk/")
    sign_in("operator-uji", client=there)
    assert there.get("/akun/").status_code == 200
    here.post("/akun/sesi/akhiri-lain/")
    assert there.get("/akun/").status_code == 302
    assert here.get("/akun/").status_code == 200


def test_signing_out_leaves_nothing_open() -> None:
    person("operator-uji", "operator", "32")
    client, _response = sign_in("operator-uji")
    client.post("/keluar/")
    assert not SignedIn.objects.filter(ended_at=None).exists()
    assert not Session.objects.filter(pk=client.session.session_key).exists()


def test_a_changed_password_keeps_this_session_and_ends_the_others() -> None:
    person("operator-uji", "operator", "32")
    here, _response = sign_in("operator-uji")
    there, _response = sign_in("operator-uji")
    said = {"lama": PASSWORD, "sandi": FRESH, "ulang": FRESH}
    assert here.post("/akun/sandi/", {**said, "ulang": "lain"}).status_code == 422
    assert here.post("/akun/sandi/", said).status_code == 302
    assert here.get("/akun/").status_code == 200
    assert there.get("/akun/").status_code == 302
    assert SignedIn.objects.filter(ended_at=None).get().session_key == here.session.session_key


def test_the_last_use_is_noted_now_and_then() -> None:
    person("operator-uji", "operator", "32")
    client, _response = sign_in("operator-uji")
    SignedIn.objects.update(seen_at=timezone.now() - timedelta(days=1))
    client.get("/akun/")
    assert SignedIn.objects.get().seen_at < timezone.now() - timedelta(hours=1)
    session = client.session
    session["dekon_seen_at"] -= 301
    session.save()
    client.get("/akun/")
    assert SignedIn.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


# Mailed links ---------------------------------------------------------------------------------------------------------


def test_a_forgotten_password_gets_the_same_answer_for_everybody() -> None:
    person("operator-uji", "operator", "32")
    pages = [text(StrictClient().post("/masuk/lupa/", {"nama": name})) for name in ("operator-uji", "tidak-ada")]
    assert len({re.sub(r'value="[^"]*"', "", page) for page in pages}) == 1
    [sent] = deliver_mails()
    client = StrictClient()
    assert "Kata sandi baru" in text(client.get(link_in(sent)))
    assert client.post(link_in(sent), {"sandi": "pendek", "ulang": "pendek"}).status_code == 422
    assert client.post(link_in(sent), {"sandi": FRESH, "ulang": FRESH}).status_code == 302
    assert client.get("/akun/").status_code == 200
    assert StrictClient().get(link_in(sent)).status_code == 404


def test_a_new_password_does_not_stand_in_for_the_second_factor() -> None:
    with_app(person("operator-uji", "operator", "32"))
    StrictClient().post("/masuk/lupa/", {"nama": "operator-uji"})
    client = StrictClient()
    done = client.post(link_in(deliver_mails()[0]), {"sandi": FRESH, "ulang": FRESH})
    assert where(done) == "/masuk/langkah-dua/"
    assert client.get("/akun/").status_code == 302


def test_who_asks_too_often_from_one_address_waits() -> None:
    for _ in range(FREE["asking"]):
        assert StrictClient().post("/masuk/lupa/", {"nama": "siapa"}).status_code == 200
    assert StrictClient().post("/masuk/lupa/", {"nama": "siapa"}).status_code == 429


# Registering and inviting ---------------------------------------------------------------------------------------------


def registration(**changed: object) -> dict[str, Any]:
    said = {"nama": "Staf Pelatihan", "jabatan": "Analis", "surel": "staf@dinas.example", "provinsi": "32"}
    letter = SimpleUploadedFile("surat.pdf", PDF, "application/pdf")
    return {**said, "peran": "operator", "surat": letter, **changed}


def test_from_the_letter_to_the_first_sign_in() -> None:
    assert StrictClient().get("/daftar/").status_code == 200
    assert "Pendaftaran diterima" in text(StrictClient().post("/daftar/", registration()))
    head = with_factor("kadis-uji", "kadis", "32")
    asked = Registration.objects.get()
    assert "1 pendaftaran menunggu" in text(head.get("/akun/pendaftaran/"))
    letter = head.get(f"/akun/pendaftaran/{asked.pk}/surat/")
    assert b"".join(letter.streaming_content) == PDF  # type: ignore[attr-defined]  # a file
    assert letter.headers["Content-Disposition"].startswith("attachment")
    key = hidden(text(head.get(f"/akun/pendaftaran/{asked.pk}/")))
    deliver_mails()
    assert head.post(f"/akun/pendaftaran/{asked.pk}/", {"kunci": key}).status_code == 302
    sent = next(one for one in deliver_mails() if one.to == "staf@dinas.example")
    client = StrictClient()
    assert client.post(link_in(sent), {"sandi": FRESH, "ulang": FRESH}).status_code == 302
    assert "Operator" in text(client.get("/akun/"))


@pytest.mark.parametrize(
    ("name", "content"), [("surat.pdf", b"<script>alert(1)</script>"), ("surat.svg", b"<svg/>"), ("surat.pdf", b"")]
)
def test_a_letter_is_judged_by_its_content(name: str, content: bytes) -> None:
    response = StrictClient().post("/daftar/", registration(surat=SimpleUploadedFile(name, content, "application/pdf")))
    assert response.status_code == 422
    assert not Registration.objects.exists()


def test_registering_with_a_known_address_gets_the_same_page() -> None:
    known = person("operator-lain", "operator", "91")
    pages = [
        text(StrictClient().post("/daftar/", registration(surel=address)))
        for address in (known.email, "baru@dinas.example")
    ]
    assert len({re.sub(r'value="[^"]*"', "", page) for page in pages}) == 1


def test_an_office_sees_its_own_registrations_only() -> None:
    StrictClient().post("/daftar/", registration(provinsi="91"))
    asked = Registration.objects.get()
    head = with_factor("kadis-uji", "kadis", "32")
    assert "Tidak ada pendaftaran yang menunggu" in text(head.get("/akun/pendaftaran/"))
    for path in ("", "surat/", "tolak/"):
        assert head.get(f"/akun/pendaftaran/{asked.pk}/{path}").status_code == 404
    assert head.post(f"/akun/pendaftaran/{asked.pk}/", {"kunci": "x"}).status_code == 404


def test_a_refusal_reaches_the_person() -> None:
    StrictClient().post("/daftar/", registration())
    head, number = with_factor("kadis-uji", "kadis", "32"), Registration.objects.get().pk
    key = hidden(text(head.get(f"/akun/pendaftaran/{number}/tolak/")))
    head.post(f"/akun/pendaftaran/{number}/tolak/", {"kunci": key, "alasan": "Surat belum bernomor."})
    assert any("Surat belum bernomor." in sent.text for sent in deliver_mails())
    assert "Surat belum bernomor." in text(head.get("/akun/pendaftaran/"))


def test_an_invitation_by_page_and_its_withdrawal() -> None:
    admin = with_factor("admin-uji", "admin")
    key = hidden(text(admin.get("/akun/undang/")))
    said = {"kunci": key, "nama": "Orang Biro", "surel": "biro@kementerian.example", "peran": "keuangan"}
    assert admin.post("/akun/undang/", {**said, "provinsi": "32"}).status_code == 422
    assert admin.post("/akun/undang/", said).status_code == 302
    sent = next(one for one in deliver_mails() if one.to == "biro@kementerian.example")
    listed = text(admin.get("/akun/pendaftaran/"))
    path = re.findall(r'href="(/akun/undangan/\d+/cabut/)"', listed)[0]
    admin.post(path, {"kunci": hidden(text(admin.get(path)))})
    assert StrictClient().get(link_in(sent)).status_code == 404


def test_a_local_administrator_is_offered_operators_of_the_own_province_only() -> None:
    page = text(with_factor("kadis-uji", "kadis", "32").get("/akun/undang/"))
    assert re.findall(r'<option value="([^"]*)"', page) == ["operator", "32"]


def test_accounts_are_listed_in_few_queries() -> None:
    admin = with_factor("admin-uji", "admin")
    counts = []
    for number in range(2):
        for each in range(number * 15):
            person(f"orang-{each}", "operator", "32")
        admin.get("/akun/semua/")
        with CaptureQueriesContext(connection) as queries:
            admin.get("/akun/semua/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Keys of the API ------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_used_and_revoked() -> None:
    person("operator-uji", "operator", "32")
    client, _response = sign_in("operator-uji")
    key = hidden(text(client.get("/akun/kunci-api/")))
    ends = timezone.localdate() + timedelta(days=30)
    said = {"kunci": key, "nama": "Dasbor", "lingkup": "read", "berakhir": ends.isoformat()}
    made = re.findall(r"dekon_[\w-]+", text(client.post("/akun/kunci-api/", said)))[0]
    assert made not in text(client.get("/akun/kunci-api/"))
    api = Client(headers={"authorization": f"Bearer {made}"})
    assert api.get("/api/v1/me").status_code == 200
    token = ApiToken.objects.get()
    assert (token.last_used_at is not None, token.digest != made) == (True, True)
    client.post(f"/akun/kunci-api/{token.pk}/cabut/")
    assert api.get("/api/v1/me").status_code == 401
    assert "Dicabut" in text(client.get("/akun/kunci-api/"))


def test_a_key_without_end_or_of_another_is_refused() -> None:
    person("operator-uji", "operator", "32")
    client, _response = sign_in("operator-uji")
    key = hidden(text(client.get("/akun/kunci-api/")))
    ends = timezone.localdate() + timedelta(days=366)
    said = {"kunci": key, "nama": "Dasbor", "lingkup": "write", "berakhir": ends.isoformat()}
    assert client.post("/akun/kunci-api/", said).status_code == 422
    other = person("operator-dua", "operator", "32")
    token = ApiToken.objects.create(user=other, digest="x", scope="read")
    assert client.post(f"/akun/kunci-api/{token.pk}/cabut/").status_code == 404


def test_closing_by_page_ends_everything() -> None:
    admin = with_factor("admin-uji", "admin")
    user = person("operator-uji", "operator", "32")
    client, _response = sign_in("operator-uji")
    path = f"/akun/semua/{user.pk}/tutup/"
    admin.post(path, {"kunci": hidden(text(admin.get(path))), "alasan": "pindah tugas"})
    assert client.get("/akun/").status_code == 302
    assert "Ditutup" in text(admin.get("/akun/semua/"))
    path = f"/akun/semua/{user.pk}/buka/"
    admin.post(path, {"kunci": hidden(text(admin.get(path)))})
    assert sign_in("operator-uji")[1].status_code == 302
