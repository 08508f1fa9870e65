"""The commitment by API: drafted, approved, refused, withdrawn, with versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from dekon.org.models import User
from tests.builders import small_year
from tests.builders.accounts import person
from tests.builders.commitments import place, prepared

ROOT = "/api/v1/commitments"
WORDS = {
    "title": "Komitmen Bersama 2022", "preamble": "Kami menyatakan:",
    "statements": [{"topic": "akuntabilitas", "heading": "Akuntabilitas", "text": "Mengutamakan akuntabilitas."}],
}  # fmt: skip


@pytest.fixture
def planner(db: None, tmp_path: Path, settings: Settings) -> Client:
    settings.MEDIA_ROOT = tmp_path / "files"
    small_year.build(tmp_path)
    return signed_in(User.objects.get(username="perencana"))


def signed_in(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_demo=True)  # no second factor is asked of it
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, method: str, path: str, body: object, status: int = 200, *, version: int | None = None) -> Any:  # noqa: ANN401  whatever JSON says
    headers = {} if version is None else {"If-Match": str(version)}
    answered = client.generic(method, ROOT + path, json.dumps(body), content_type="application/json", headers=headers)
    assert answered.status_code == status, answered.content
    return answered.json()


def test_a_commitment_is_drafted_edited_approved_and_withdrawn(planner: Client) -> None:
    made = send(planner, "POST", "", {**WORDS, "year": 2022})
    assert (made["edition"], made["state"], made["document"], made["seats"]) == (1, "draf", "", [])
    assert send(planner, "POST", "", {**WORDS, "year": 2022}, 409)["code"] == "commitment-there"
    number = f"/{made['id']}"
    again = send(planner, "PUT", number, {**WORDS, "title": "Judul kedua"}, version=made["version"])
    assert again["title"] == "Judul kedua"
    stale = send(planner, "PUT", number, WORDS, 409, version=made["version"])
    assert stale["code"] == "changed-meanwhile"
    ready = send(planner, "POST", f"{number}/approve", {"basis": "Nota dinas 3"})
    assert (ready["state"], len(ready["seats"])) == ("siap", 39)
    assert ready["seats"][0]["province"] == ""
    assert send(planner, "PUT", number, WORDS, 409)["code"] == "commitment-frozen"
    listed = planner.get(f"{ROOT}?year=2022").json()
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    gone = send(planner, "POST", f"{number}/withdraw", {"reason": "Salah ketik"})
    assert gone["state"] == "ditarik"


def test_what_is_wrong_is_said_with_its_field(planner: Client) -> None:
    wrong = send(planner, "POST", "", {**WORDS, "year": 2022, "statements": []}, 422)
    assert wrong["errors"][0]["field"].endswith("statements")


def test_a_head_refuses_in_the_own_place_and_reads_no_refusal_of_another(planner: Client) -> None:
    made = prepared()
    heads = {code: signed_in(person(f"kadis-{code}", "kadis", code)) for code in ("32", "33")}
    own = place(made, "32").pk
    send(heads["33"], "POST", f"/places/{own}/refuse", {"reason": "Bukan saya"}, 403)
    said = send(heads["32"], "POST", f"/places/{own}/refuse", {"reason": "Menunggu izin"})
    seats = {one["place"]: one for one in said["seats"]}
    assert (seats[own]["state"], seats[own]["refusal"]) == ("refused", "Menunggu izin")
    other = heads["33"].get(f"{ROOT}/{made.pk}").json()
    assert {one["place"]: one["refusal"] for one in other["seats"]}[own] == ""
    send(signed_in(User.objects.get(username="operator-32")), "POST", f"/places/{own}/refuse", {"reason": "Saya"}, 403)
