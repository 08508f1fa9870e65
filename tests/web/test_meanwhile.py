"""Two people change the same thing: the second is told what the first did, and then decides."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from dekon.audit import services as audit
from dekon.budget.models import ImportRun, ReconciliationCase, Theme
from dekon.org import services as org
from dekon.org.models import RoleAssignment, Satker, User
from dekon.org.selectors import system_user
from tests.builders.small_year import WEST_JAVA
from tests.web.conftest import SignIn

SEEN = re.compile(r'name="dilihat" value="(\d+)"')
KEY = re.compile(r'name="kunci" value="([^"]+)"')


def opened(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of a form as it is shown."""
    page = client.get(address).content.decode()
    seen, key = SEEN.search(page), KEY.search(page)
    assert seen, page
    assert key
    return {"dilihat": seen[1], "kunci": key[1]}


@pytest.fixture
def theme(planner: Client) -> int:
    planner.post("/tema/tambah/", {"kunci": "t", "name": "digital", "description": "awal"})
    return Theme.objects.get(name="digital").pk


def save(client: Client, theme: int, description: str, form: dict[str, str]) -> Any:  # noqa: ANN401  an answer of the client
    return client.post(f"/tema/{theme}/ubah/", {**form, "description": description})


def test_the_second_is_told_what_the_first_did_and_nothing_is_lost(sign_in: SignIn, theme: int) -> None:
    address = f"/tema/{theme}/ubah/"
    first, second = sign_in("perencana"), sign_in("perencana")
    form_of_first, form_of_second = opened(first, address), opened(second, address)
    assert save(first, theme, "dari yang pertama", form_of_first).status_code == 302
    told = save(second, theme, "dari yang kedua", form_of_second)
    page = told.content.decode()
    assert told.status_code == 409
    assert "perencana" in page
    assert "dari yang pertama" in page
    assert "awal" in page
    assert "dari yang kedua" in page, "what was entered stays"
    assert Theme.objects.get(pk=theme).description == "dari yang pertama"


def test_saved_once_more_the_second_is_carried_out(sign_in: SignIn, theme: int) -> None:
    address = f"/tema/{theme}/ubah/"
    first, second = sign_in("perencana"), sign_in("perencana")
    form_of_first, form_of_second = opened(first, address), opened(second, address)
    save(first, theme, "dari yang pertama", form_of_first)
    told = save(second, theme, "dari yang kedua", form_of_second).content.decode()
    again = SEEN.search(told)
    assert again
    assert save(second, theme, "dari yang kedua", {**form_of_second, "dilihat": again[1]}).status_code == 302
    assert Theme.objects.get(pk=theme).description == "dari yang kedua"


def test_who_is_alone_is_not_asked(sign_in: SignIn, theme: int) -> None:
    client = sign_in("perencana")
    assert save(client, theme, "baru", opened(client, f"/tema/{theme}/ubah/")).status_code == 302


def test_the_same_form_sent_again_is_no_second_person(sign_in: SignIn, theme: int) -> None:
    client = sign_in("perencana")
    form = opened(client, f"/tema/{theme}/ubah/")
    assert [save(client, theme, "baru", form).status_code for _ in range(2)] == [302, 302]


def test_removing_what_was_changed_meanwhile_is_asked_again(sign_in: SignIn, theme: int) -> None:
    first, second = sign_in("perencana"), sign_in("perencana")
    removing = opened(second, f"/tema/{theme}/hapus/")
    save(first, theme, "dari yang pertama", opened(first, f"/tema/{theme}/ubah/"))
    assert second.post(f"/tema/{theme}/hapus/", removing).status_code == 409
    assert Theme.objects.filter(pk=theme).exists()


def test_reference_lists_tell_it_too(sign_in: SignIn) -> None:
    address = "/rujukan/kppn/022/ubah/"
    first, second = sign_in("admin"), sign_in("admin")
    forms = []
    for client, day, name in ((first, "2024-01-01", "KPPN Satu"), (second, "2025-01-01", "KPPN Dua")):
        seen = re.search(r'name="seen" value="(\d*)"', client.get(address).content.decode())
        hidden = {**opened(client, address), "seen": seen[1] if seen else ""}
        forms.append({**hidden, "valid_from": day, "name": name, "reason": "KMK 1", "pasti": "ya"})
    one, two = first.post(address, forms[0]), second.post(address, forms[1])
    assert (one.status_code, two.status_code) == (302, 409)
    assert "admin" in two.content.decode()
    assert "KPPN Satu" in two.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_wait_for_each_other() -> None:
    order: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.wait(5)
        with transaction.atomic():
            audit.take_turn("theme", "1")
            order.append("second")
        connections.close_all()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        audit.take_turn("theme", "1")
        begun.set()
        thread.join(0.3)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
    assert User.objects.exists()


# People, offices, cases: two clients, each sees who came first --------------------------------------------------------


def two(sign_in: SignIn, name: str, address: str) -> tuple[Client, dict[str, str], Client, dict[str, str]]:
    """Two people look at the same form; the first is `admin` or another, the second has the same right."""
    first, second = sign_in(name), sign_in(SECOND.get(name, name))
    return first, opened(first, address), second, opened(second, address)


SECOND = {"admin": "admin-kedua", "perencana": "perencana-kedua"}
"""Who works beside whom."""


@pytest.fixture
def colleagues(year: None) -> None:
    for name in SECOND.values():
        org.add_user(actor=system_user(), username=name, password="", role=name.split("-", maxsplit=1)[0], is_demo=True)


def told(response: Any, *words: str) -> None:  # noqa: ANN401  an answer of the client
    page = response.content.decode()
    assert response.status_code == 409, page
    for word in words:
        assert word in page, word


def test_closing_an_account_twice_tells_who_closed_it(sign_in: SignIn, colleagues: None) -> None:
    of = User.objects.get(username="operator-32")
    address = f"/akun/semua/{of.pk}/tutup/"
    first, form_of_first, second, form_of_second = two(sign_in, "admin", address)
    assert first.post(address, {**form_of_first, "alasan": "pindah tugas"}).status_code == 302
    told(
        second.post(address, {**form_of_second, "alasan": "sudah pensiun"}), "admin, ", "pindah tugas", "sudah pensiun"
    )


def test_signing_in_is_no_change_of_an_account(sign_in: SignIn, colleagues: None) -> None:
    of = User.objects.get(username="operator-32")
    address = f"/akun/semua/{of.pk}/tutup/"
    form = opened(sign_in("admin"), address)
    audit.record(actor=of, action="signed-in", subject_type="user", subject_id=of.pk)
    assert sign_in("admin").post(address, {**form, "alasan": "pindah tugas"}).status_code == 302


def test_an_assignment_ended_meanwhile_is_told(sign_in: SignIn, colleagues: None) -> None:
    row = RoleAssignment.objects.get(user__username="operator-32")
    address = f"/penugasan/{row.pk}/akhiri/"
    first, form_of_first, second, form_of_second = two(sign_in, "admin", address)
    said = {"last_day": str(timezone.localdate()), "pasti": "ya"}
    assert first.post(address, {**form_of_first, **said, "reason": "mutasi"}).status_code == 302
    told(second.post(address, {**form_of_second, **said, "reason": "lain"}), "admin, ", "Peran atau jabatan diakhiri")


def test_a_role_given_meanwhile_to_the_same_person_is_told(sign_in: SignIn, colleagues: None) -> None:
    of = User.objects.get(username="operator-32")
    address = f"/pengguna/{of.pk}/peran/"
    first, form_of_first, second, form_of_second = two(sign_in, "admin", address)
    said = {"role": "bappeda", "province": "32", "valid_from": str(timezone.localdate())}
    assert first.post(address, {**form_of_first, **said}).status_code == 302
    told(second.post(address, {**form_of_second, **said}), "admin, ", "Peran atau jabatan diberikan")
    assert RoleAssignment.objects.filter(user=of, role="bappeda").count() == 1


def test_an_invitation_withdrawn_meanwhile_is_told(sign_in: SignIn, colleagues: None) -> None:
    made = org.invite(
        actor=User.objects.get(username="admin"), display_name="Calon", email="calon@example.go.id", role="operator",
        province="32", now=timezone.now(),
    )  # fmt: skip
    address = f"/akun/undangan/{made.pk}/cabut/"
    first, form_of_first, second, form_of_second = two(sign_in, "admin", address)
    assert first.post(address, form_of_first).status_code == 302
    told(second.post(address, form_of_second), "admin, ", "Undangan ditarik")


@pytest.mark.parametrize(("way", "said"), [("", {}), ("tolak/", {"alasan": "surat tidak terbaca"})])
def test_a_registration_decided_meanwhile_is_told(
    sign_in: SignIn, colleagues: None, way: str, said: dict[str, str]
) -> None:
    applicant = org.Applicant("Calon", "calon@example.go.id", "Staf", "operator", "32")
    number = org.register(
        applicant=applicant, letter=org.Letter("0" * 64, "surat.pdf", "application/pdf"), now=timezone.now()
    ).pk
    form = opened(sign_in("admin"), f"/akun/pendaftaran/{number}/{way}")
    second = sign_in(SECOND["admin"])
    form_of_second = opened(second, f"/akun/pendaftaran/{number}/{way}")
    assert sign_in("admin").post(f"/akun/pendaftaran/{number}/{way}", {**form, **said}).status_code == 302
    told(second.post(f"/akun/pendaftaran/{number}/{way}", {**form_of_second, **said}), "admin, ", "Pendaftaran di")


def test_a_case_answered_meanwhile_is_told_and_the_own_answer_stays(sign_in: SignIn, colleagues: None) -> None:
    case = ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=ImportRun.objects.earliest("pk"), owner_role="ppk",
    )  # fmt: skip
    page, send = f"/rekonsiliasi/{case.pk}/", f"/rekonsiliasi/{case.pk}/jawab/"
    first, form_of_first, second, form_of_second = two(sign_in, "perencana", page)
    said = {"jawaban": "SP2D menyusul", "status": "answered"}
    assert first.post(send, {**form_of_first, **said}).status_code == 302
    answer = second.post(send, {**form_of_second, "jawaban": "sudah cocok", "status": "resolved"})
    told(answer, "perencana, ", "Kasus dijawab", "SP2D menyusul", "sudah cocok")
    case.refresh_from_db()
    assert case.status == "answered"
    again = SEEN.search(answer.content.decode())
    assert again
    kept = second.post(send, {**form_of_second, "dilihat": again[1], "jawaban": "sudah cocok", "status": "resolved"})
    assert kept.status_code == 302


def test_an_answer_without_words_is_shown_beside_its_field(sign_in: SignIn) -> None:
    case = ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=ImportRun.objects.earliest("pk"), owner_role="ppk",
    )  # fmt: skip
    client = sign_in("perencana")
    form = opened(client, f"/rekonsiliasi/{case.pk}/")
    answer = client.post(f"/rekonsiliasi/{case.pk}/jawab/", {**form, "jawaban": "ya", "status": "answered"})
    assert answer.status_code == 422
    assert "paling sedikit 5 karakter" in answer.content.decode()
