"""Two people change the same thing: the second is told what the first did, and then decides."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from dekon.audit import services as audit
from dekon.budget.models import Theme
from dekon.org.models import User
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
