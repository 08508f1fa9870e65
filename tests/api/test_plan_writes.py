"""Writing the plan by the API: what is written is read back, and every refusal has its envelope."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dekon.budget.models import DipaRevision, Outcome
from dekon.ledger.models import Pos
from dekon.org.models import Satker
from dekon.org.selectors import system_user
from dekon.org.services import create_token
from tests.api.conftest import MakeClient, envelope
from tests.builders import small_year
from tests.builders.small_year import PAPUA, WEST_JAVA

pytestmark = pytest.mark.django_db

TARGET = {"name": "TPT Agustus", "unit": "persen", "low": "5.5", "high": "6.3", "lower_is_better": True}


@pytest.fixture
def year(db: None, tmp_path: Path) -> int:
    small_year.build(tmp_path)
    return 2022


@pytest.fixture
def planner(year: int) -> Client:
    key = create_token(actor=system_user(), username="perencana", scope="write")
    return Client(headers={"authorization": f"Bearer {key}"})


def write(client: Client, method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401  the test client gives no type
    data = json.dumps(body) if body is not None else ""
    return getattr(client, method)(f"/api/v1{path}", data, content_type="application/json", headers=headers)


def test_a_policy_with_target_and_money_is_written_read_and_removed(planner: Client) -> None:
    path = "/years/2022/policies/K9"
    made = write(planner, "put", path, {"name": "Pelatihan untuk pemulihan"}).json()
    again = write(planner, "put", path, {"name": "Pelatihan untuk pemulihan ekonomi"}).json()
    assert made["id"] == again["id"]
    policy = f"/policies/{made['id']}"
    assert write(planner, "put", f"{policy}/targets/tpt", TARGET).json()["targets"][0]["low"] == "5.5000"
    linked = write(planner, "post", f"{policy}/links", {"program": "DN", "kegiatan": "2175"})
    assert (linked.status_code, linked.json()["links"]) == (201, [{"program": "DN", "kegiatan": "2175"}])
    read = planner.get("/api/v1/policies", {"year": "2022"}).json()["items"]
    assert next(one for one in read if one["code"] == "K9")["name"] == "Pelatihan untuk pemulihan ekonomi"
    refused = write(planner, "delete", policy)
    assert (refused.status_code, envelope(refused)["code"]) == (409, "policy-in-use")
    assert write(planner, "delete", f"{policy}/targets/tpt").json()["targets"] == []
    assert write(planner, "delete", f"{policy}/links/DN.2175").json()["links"] == []
    assert write(planner, "delete", policy).json() == {"removed": True}
    assert write(planner, "delete", policy).status_code == 404


def test_outcomes_come_by_the_round_all_or_none(planner: Client) -> None:
    body = {"indicator": "tpt", "year": 2025, "round": "agustus", "source": "BPS"}
    values = [{"value": "4.85"}, {"province": "32", "value": "6.77"}]
    made = write(planner, "post", "/outcomes", {**body, "values": values})
    assert [(one["province"], one["value"]) for one in made.json()] == [(None, "4.85"), ("32", "6.77")]
    refused = write(
        planner, "post", "/outcomes", {**body, "year": 2026, "values": [*values, {"province": "zz", "value": "1"}]}
    )
    assert refused.status_code == 404
    assert planner.get("/api/v1/outcomes", {"indicator": "tpt", "year": "2025"}).json()["count"] == 2
    assert write(planner, "delete", f"/outcomes/{made.json()[0]['id']}").json() == {"removed": True}
    assert Outcome.objects.filter(year=2025).count() == 1


def test_a_theme_tags_and_lets_go(planner: Client) -> None:
    assert write(planner, "put", "/themes/Padat karya", {"description": "Kerja singkat"}).json()["tags"] == []
    tags = "/themes/Padat karya/tags"
    assert write(planner, "post", tags, {"year": 2022, "kegiatan": "2175"}).status_code == 201
    tagged = write(planner, "post", tags, {"year": 2022, "kegiatan": "2175", "kro": "SCH", "ro": "001"}).json()["tags"]
    assert len(tagged) == 2
    half = write(planner, "post", tags, {"year": 2022, "kegiatan": "2175", "kro": "SCH"})
    assert (half.status_code, envelope(half)["code"]) == (422, "tag-half-ro")
    assert write(planner, "delete", "/themes/Padat karya").status_code == 409
    for code in ("2175", "2175.SCH.001"):
        assert write(planner, "delete", f"{tags}/2022/{code}").status_code == 200
    assert write(planner, "delete", "/themes/Padat karya").json() == {"removed": True}


def test_the_basis_of_a_year_is_stated(planner: Client) -> None:
    assert write(planner, "put", "/years/2023", {"legal_basis": "Permenaker 1/2023"}).json()["synthetic"] is False
    read = {one["year"]: one["legal_basis"] for one in planner.get("/api/v1/years").json()["items"]}
    assert read[2023] == "Permenaker 1/2023"
    assert write(planner, "put", "/years/1900", {"legal_basis": "x"}).status_code == 422


def test_money_is_reserved_once_and_given_free_in_parts(planner: Client, year: int) -> None:
    pos = Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    body = {"pos": pos.pk, "amount_rp": 250_000, "document": "SPK-7/2022", "on": "2022-12-01"}
    first = write(planner, "post", "/reservations", body, **{"Idempotency-Key": "spk-7"})
    again = write(planner, "post", "/reservations", body, **{"Idempotency-Key": "spk-7"})
    assert (first.status_code, first.content) == (201, again.content)
    twice = write(planner, "post", "/reservations", body)
    assert (twice.status_code, envelope(twice)["code"]) == (409, "reservation-exists")
    free = f"/reservations/{first.json()['id']}/release"
    part = write(planner, "post", free, {"on": "2022-12-05", "reason": "SP2D 1", "amount_rp": 100_000}).json()
    assert (part["left_rp"], [one["reason"] for one in part["releases"]]) == (150_000, ["SP2D 1"])
    assert write(planner, "post", free, {"on": "2022-12-06", "reason": "batal"}).json()["left_rp"] == 0
    assert planner.get("/api/v1/reservations", {"year": year}).json()["count"] == 1


def test_a_block_is_released_in_parts(planner: Client, year: int) -> None:
    pos = Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    letter = {"kind": "aa", "letter_no": "S-1/2022", "letter_on": "2022-11-30", "on": "2022-12-01"}
    made = write(planner, "post", "/blocks", {**letter, "pos": pos.pk, "amount_rp": 1_000}).json()
    release = {"letter_no": "S-2/2022", "on": "2022-12-05", "amount_rp": 400}
    assert write(planner, "post", f"/blocks/{made['id']}/release", release).json()["released_rp"] == 400
    too_much = write(planner, "post", f"/blocks/{made['id']}/release", {**release, "amount_rp": 601})
    assert (too_much.status_code, envelope(too_much)["code"]) == (409, "block-not-that-much")


def test_a_version_of_a_dipa_gets_its_letter(planner: Client, year: int) -> None:
    version = DipaRevision.objects.earliest("pk")
    body = {"document": "S-9/AG/2022", "authority": "DJA", "revision_code": "201", "reason": "Refocusing"}
    said = write(planner, "patch", f"/revisions/{version.pk}", body).json()
    assert (said["document"], said["pagu_rp"]) == ("S-9/AG/2022", version.pagu_rp)
    wrong = write(planner, "patch", f"/revisions/{version.pk}", {**body, "authority": "RT"})
    assert (wrong.status_code, envelope(wrong)["code"]) == (422, "revision-incomplete")


def test_everything_that_cannot_be_read_is_told_at_once(planner: Client) -> None:
    refused = write(planner, "post", "/reservations", {"pos": 0, "amount_rp": -1, "document": "", "on": "besok"})
    assert {one["field"].rsplit(".", 1)[-1] for one in envelope(refused)["errors"]} == {
        "pos",
        "amount_rp",
        "document",
        "on",
    }


def test_a_ppk_reserves_in_the_own_satker_only_and_edits_no_plan(calling: MakeClient, year: int) -> None:
    ppk = calling("ppk", scope="write", satker=WEST_JAVA)
    body = {"amount_rp": 1, "document": "SPK", "on": "2022-12-01"}
    for code, status in ((WEST_JAVA, 201), (PAPUA, 404)):
        pos = Pos.objects.filter(satker__code=code).earliest("pk").pk
        assert write(ppk, "post", "/reservations", {**body, "pos": pos}).status_code == status, code
    for method, path in (("put", "/years/2022/policies/K9"), ("put", "/themes/X"), ("delete", "/policies/1")):
        assert write(ppk, method, path, {"name": "x"}).status_code == 403, path
    assert Satker.objects.filter(code=PAPUA).exists()
