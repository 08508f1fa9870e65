"""Accounts in a real browser: from the letter to the second factor, a passkey, sessions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dekon.org.models import Registration, User
from tests.builders.accounts import PASSWORD, PDF, code_now, deliver_mails, link_in, person, secret_of
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FRESH = "pohon-trembesi-di-tepi-alun"


def sign_in(visit: Visit, name: str, password: str = PASSWORD) -> None:
    visit.open("/masuk/")
    visit.page.fill("#u", name)
    visit.page.fill("#p", password)
    visit.page.click("main form .primary")


def set_up_app(visit: Visit, name: str) -> None:
    """The page of the second factor with its picture, and the first code."""
    visit.page.wait_for_url("**/akun/faktor/")
    visit.page.click("text=Siapkan aplikasi")
    secret = re.sub(r"\s", "", visit.page.inner_text("main code"))
    visit.look(f"{name} set up app")
    visit.page.fill("#i-kode", code_now(secret))
    visit.page.click("text=Simpan aplikasi")
    visit.page.wait_for_selector("ol.codes")
    assert secret_of(User.objects.get(username=name)) == secret


def test_from_the_letter_to_the_second_factor(visit: Visit, tmp_path: Path) -> None:
    person("kadis-uji", "kadis", "32")
    letter = tmp_path / "surat tugas.pdf"
    letter.write_bytes(PDF)
    visit.open("/masuk/")
    visit.look("sign in")
    visit.page.click("text=daftar dengan surat tugas")
    visit.look("register")
    visit.page.fill("#i-nama", "Staf Pelatihan")
    visit.page.fill("#i-jabatan", "Analis")
    visit.page.fill("#i-surel", "staf@dinas.example")
    visit.page.select_option("#i-provinsi", "32")
    visit.page.set_input_files("#i-surat", str(letter))
    visit.page.click("text=Kirim pendaftaran")
    visit.page.wait_for_selector("text=Pendaftaran diterima")
    visit.look("registered")

    sign_in(visit, "kadis-uji")
    set_up_app(visit, "kadis-uji")
    visit.look("recovery codes")
    visit.open("/akun/pendaftaran/")
    visit.look("registrations")
    visit.page.click("text=Staf Pelatihan")
    visit.look("registration")
    visit.page.click("main .primary")
    visit.page.wait_for_selector("text=Disetujui. Undangan")
    assert Registration.objects.get().state == "approved"
    visit.page.context.clear_cookies()

    sent = next(one for one in deliver_mails() if one.to == "staf@dinas.example" and "/undangan/" in one.text)
    visit.open(link_in(sent))
    visit.look("invitation")
    visit.page.fill("#i-sandi", FRESH)
    visit.page.fill("#i-ulang", FRESH)
    visit.page.click("text=Simpan kata sandi")
    visit.page.wait_for_url(lambda url: "/undangan/" not in url)
    visit.open("/akun/")
    visit.look("account")
    assert "Operator" in visit.page.inner_text("main")


def test_a_code_and_a_wrong_one_at_the_second_step(visit: Visit) -> None:
    user = person("admin-uji", "admin")
    sign_in(visit, "admin-uji")
    set_up_app(visit, "admin-uji")
    visit.page.context.clear_cookies()
    sign_in(visit, "admin-uji", "salah-sekali")
    visit.page.wait_for_selector("text=tidak cocok")
    visit.complaints.clear()
    sign_in(visit, "admin-uji")
    visit.page.wait_for_url("**/masuk/langkah-dua/")
    visit.look("second step")
    visit.page.fill("#k", "000000")
    visit.page.click("main form .primary")
    visit.page.wait_for_selector("text=Kode tidak cocok")
    visit.complaints.clear()
    visit.page.fill("#k", code_now(secret_of(user), 1))
    visit.page.click("main form .primary")
    visit.page.wait_for_url(lambda url: "/masuk/" not in url)
    for name, path in (("accounts", "/akun/semua/"), ("invite", "/akun/undang/"), ("keys", "/akun/kunci-api/")):
        visit.open(path)
        visit.look(name)


def authenticator(visit: Visit) -> Any:  # noqa: ANN401  of the browser's protocol
    """A passkey device that the browser plays."""
    line = visit.page.context.new_cdp_session(visit.page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return line


def test_a_passkey_is_made_and_opens_the_account_without_a_password(visit: Visit) -> None:
    user = person("perencana-uji", "perencana")
    line = authenticator(visit)
    sign_in(visit, "perencana-uji")
    visit.page.wait_for_url("**/akun/faktor/")
    visit.look("factors")
    visit.page.fill("#nama-kunci", "Laptop dinas")
    visit.page.click("text=Tambah kunci sandi")
    visit.page.wait_for_selector("ol.codes")
    visit.open("/akun/faktor/")
    assert "Laptop dinas" in visit.page.inner_text("main")
    visit.look("factors with a passkey")
    visit.page.context.clear_cookies()
    visit.open("/masuk/")
    visit.page.click("text=Masuk dengan kunci sandi")
    visit.page.wait_for_url(lambda url: "/masuk/" not in url)
    visit.open("/akun/")
    assert "perencana-uji" in visit.page.inner_text("main")
    assert user.signed_in.order_by("-id")[0].factor == "passkey"
    line.detach()


def test_a_session_on_another_device_is_ended_here(visit: Visit, browser: Browser) -> None:
    person("operator-uji", "operator", "32")
    other = Visit(browser.new_context(viewport={"width": 390, "height": 844}).new_page(), visit.address, "other")
    sign_in(other, "operator-uji")
    other.page.wait_for_url(lambda url: "/masuk/" not in url)
    sign_in(visit, "operator-uji")
    visit.page.wait_for_url(lambda url: "/masuk/" not in url)
    visit.open("/akun/")
    visit.look("two sessions")
    visit.page.click("td .btn")
    visit.page.wait_for_selector("text=Sesi itu sudah diakhiri")
    other.open("/akun/")
    assert "/masuk/" in other.page.url
    other.page.context.close()


def test_a_forgotten_password_without_scripts(visit: Visit, browser: Browser) -> None:
    person("operator-uji", "operator", "32")
    plain = Visit(browser.new_context(java_script_enabled=False).new_page(), visit.address, "plain")
    plain.open("/masuk/lupa/")
    plain.page.fill("#i-nama", "operator-uji")
    plain.page.click("text=Kirim tautan")
    assert "Periksa surel Anda" in plain.page.inner_text("main")
    plain.open(link_in(deliver_mails()[0]))
    plain.page.fill("#i-sandi", FRESH)
    plain.page.fill("#i-ulang", FRESH)
    plain.page.click("text=Simpan kata sandi")
    assert "/masuk/" not in plain.page.url
    plain.page.context.close()
