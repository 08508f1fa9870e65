"""The pages of the commitment: who sees what, what is offered to whom, the forms from draft to withdrawal."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from dekon.coordination.models import Commitment
from dekon.coordination.selectors import commitments as selectors
from dekon.coordination.services import commitments as services
from dekon.org.models import User
from tests.builders.accounts import person
from tests.builders.commitments import NOW, STATEMENTS, drafted, place, prepared, writer
from tests.web.conftest import StrictClient

type SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def head(sign_in: SignIn) -> Client:
    """The head of the office of West Java."""
    user = person("kadis-32", "kadis", "32")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    client = StrictClient()
    client.force_login(user)
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answered = client.get(address)
    assert answered.status_code == status, address
    return answered.content.decode()


def post(client: Client, address: str, **said: object) -> int:
    seen = re.search(rb'name="dilihat" value="(\d*)"', client.get(address).content)
    form = {"kunci": uuid.uuid4().hex, "pasti": "ya", "dilihat": seen[1].decode() if seen else ""}
    return client.post(address, {**form, **said}).status_code


def test_a_commitment_goes_from_draft_to_withdrawal_by_its_forms(planner: Client) -> None:
    assert "belum ada" in text(planner, "/komitmen/2022/")
    form = {"title": "Komitmen Bersama 2022", "preamble": "Kami menyatakan:", "closing": ""}
    assert post(planner, "/komitmen/tulis/2022/", **form) == 422  # no statement
    for number, one in enumerate(STATEMENTS, start=1):
        form |= {f"topic_{number}": one.topic, f"heading_{number}": one.heading, f"text_{number}": one.text}
    assert post(planner, "/komitmen/tulis/2022/", **form) == 302
    made = Commitment.objects.get()
    page = text(planner, "/komitmen/2022/")
    assert "Draf; belum disetujui." in page
    assert all(one.text in page for one in STATEMENTS)
    here = f"/komitmen/versi/{made.pk}"
    assert 'name="text_4"' in text(planner, f"{here}/ubah/")
    assert post(planner, f"{here}/ubah/", **(form | {"title": "Judul kedua"})) == 302
    assert "Judul kedua" in text(planner, "/komitmen/") or "Komitmen bersama 2022" in text(planner, "/komitmen/")
    asked = planner.post(f"{here}/setujui/", {"kunci": "a", "basis": "Nota dinas 3/2022"})
    assert b"Setujui naskah ini?" in asked.content
    assert selectors.commitment(made.pk).document is None
    assert post(planner, f"{here}/setujui/", basis="Nota dinas 3/2022") == 302
    page = text(planner, "/komitmen/2022/")
    assert "Siap ditandatangani" in page
    assert "0 dari 39 telah menandatangani" in page
    assert "Persis seperti disetujui (Nota dinas 3/2022)." in page
    assert post(planner, f"{here}/ubah/", **form) == 409
    assert post(planner, f"{here}/tarik/", reason="Salah ketik") == 302
    assert "Tulis versi baru" in text(planner, "/komitmen/2022/")
    assert post(planner, "/komitmen/tulis/2022/", **form) == 302
    assert "versi 1" in text(planner, "/komitmen/2022/")


def test_each_statement_leads_to_the_facts_that_show_how_it_is_kept(planner: Client) -> None:
    drafted()
    page = text(planner, "/komitmen/2022/")
    for address in ("/rekonsiliasi/?tahun=2022", "/diparkir/?tahun=2022", "/nasional/?tahun=2022", "/skor/?tahun=2022"):
        assert f'href="{address}"' in page
        assert planner.get(address).status_code == 200


def test_a_province_sees_what_is_to_be_signed_and_never_a_draft(head: Client, sign_in: SignIn) -> None:
    made = drafted()
    assert "belum ada" in text(head, "/komitmen/2022/")
    text(head, f"/komitmen/versi/{made.pk}/", 404)
    services.approve_commitment(actor=writer(), number=made.pk, basis="Nota dinas", at=NOW)
    own = place(made_again(made), "32").pk
    page = text(head, "/komitmen/2022/")
    assert f'href="/tanda-tangan/{own}/"' in page
    assert "Menolak, dengan alasan" in page
    assert "Tarik seluruh versi" not in page
    onlooker = text(sign_in("operator-32"), "/komitmen/2022/")
    assert "Tanda tangani sekarang" not in onlooker
    assert 'href="/komitmen/"' in onlooker


def made_again(made: Commitment) -> Commitment:
    return selectors.commitment(made.pk)


def test_who_cannot_sign_now_reads_why(head: Client) -> None:
    made = prepared()
    assert post(head, f"/komitmen/tempat/{place(made, '32').pk}/tolak/", reason="Menunggu izin Gubernur") == 302
    page = text(head, "/komitmen/2022/")
    assert "Menolak" in page
    assert "Menunggu izin Gubernur" in page
    assert "Tanda tangani sekarang" in page  # who refused may still sign
    assert post(head, f"/komitmen/tempat/{place(made, '33').pk}/tolak/", reason="Bukan saya") in {403, 404}
    services.withdraw_commitment(actor=writer(), number=made.pk, reason="Salah", at=NOW)
    page = text(head, "/komitmen/2022/")
    assert "Dokumen ini tidak berlaku" in page
    assert "Tanda tangani sekarang" not in page


def test_who_prepared_it_is_led_to_record_a_signature_by_hand(planner: Client, head: Client) -> None:
    made = drafted()
    services.approve_commitment(
        actor=User.objects.get(username="perencana"), number=made.pk, basis="Nota dinas", at=NOW
    )
    address = f"/tanda-tangan/{place(made_again(made), '32').pk}/basah/"
    assert f'href="{address}"' in text(planner, "/komitmen/2022/")
    assert planner.get(address).status_code in {200, 302}  # a fresh proof of who is there may be asked first
    assert address not in text(head, "/komitmen/2022/")


def test_the_page_asks_the_same_few_questions_however_many_sign(
    planner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    prepared()
    planner.get("/komitmen/2022/")
    with django_assert_max_num_queries(75):
        text(planner, "/komitmen/2022/")
