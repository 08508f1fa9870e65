"""`If-Match`: two clients write the same thing; the second is told what the first did, and nobody's work is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dekon.api import versions
from dekon.api.document import api
from dekon.budget.models import DipaRevision, ImportRun, ReconciliationCase
from dekon.org import services as org
from dekon.org.models import Satker
from dekon.org.selectors import system_user
from tests.api.conftest import envelope
from tests.builders import small_year
from tests.builders.small_year import WEST_JAVA

pytestmark = pytest.mark.django_db
TARGET = {"name": "TPT", "unit": "persen", "low": "5", "high": "6"}


@pytest.fixture
def both(db: None, tmp_path: Path) -> tuple[Client, Client]:
    """Two planners with a token each."""
    small_year.build(tmp_path)
    org.add_user(actor=system_user(), username="perencana-kedua", password="", role="perencana")
    keys = [
        org.create_token(actor=system_user(), username=name, scope="write") for name in ("perencana", "perencana-kedua")
    ]
    first, second = (Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"}) for key in keys)
    return first, second


def write(client: Client, method: str, path: str, body: object = None, seen: object = None) -> Any:  # noqa: ANN401  the test client gives no type
    headers = {} if seen is None else {"If-Match": str(seen)}
    data = json.dumps(body) if body is not None else ""
    return getattr(client, method)(f"/api/v1{path}", data, content_type="application/json", headers=headers)


def test_who_names_an_old_version_is_told_who_did_what_when_and_nothing_is_kept(both: tuple[Client, Client]) -> None:
    first, second = both
    path = "/years/2022/policies/K9"
    seen = write(first, "put", path, {"name": "Awal"}).json()["version"]
    read = second.get("/api/v1/policies", {"year": 2022}).json()["items"]
    assert next(one["version"] for one in read if one["code"] == "K9") == seen
    assert write(first, "put", path, {"name": "Dari yang pertama"}, seen).status_code == 200
    refused = write(second, "put", path, {"name": "Dari yang kedua"}, f'"{seen}"')
    said = envelope(refused)
    assert (refused.status_code, said["code"]) == (409, "changed-meanwhile")
    assert "perencana, 20" in said["message"]
    assert "policy-changed" in said["message"]
    assert "Dari yang pertama" in said["message"]
    fresh = second.get("/api/v1/policies", {"year": 2022}).json()["items"]
    found = next(one for one in fresh if one["code"] == "K9")
    assert found["name"] == "Dari yang pertama"
    done = write(second, "put", path, {"name": "Dari yang kedua"}, found["version"])
    assert (done.status_code, done.headers["ETag"]) == (200, f'"{done.json()["version"]}"')
    assert done.json()["version"] > found["version"]


def test_without_a_version_only_the_own_and_the_new_is_written_over(both: tuple[Client, Client]) -> None:
    first, second = both
    path = "/themes/Digital"
    assert write(first, "put", path, {"description": "awal"}).status_code == 200
    assert write(first, "put", path, {"description": "lanjut"}).status_code == 200
    refused = write(second, "put", path, {"description": "lain"})
    assert (refused.status_code, envelope(refused)["code"]) == (409, "version-needed")
    assert "lanjut" in envelope(refused)["message"]
    assert write(second, "post", f"{path}/tags", {"year": 2022, "kegiatan": "2175"}).status_code == 201, "it only adds"
    untag = f"{path}/tags/2022/2175"
    assert envelope(write(first, "delete", untag))["code"] == "version-needed"
    assert write(first, "delete", untag, seen="*").status_code == 200, "asked for, whatever stands there"


@pytest.mark.parametrize("value", ["abc", '"12', "-1", "1" * 30])
def test_what_is_no_version_is_refused(both: tuple[Client, Client], value: str) -> None:
    if value == '"12':
        value = '"12"x'
    refused = write(both[0], "put", "/themes/Digital", {"description": "x"}, value)
    assert (refused.status_code, envelope(refused)["code"]) == (422, "version-unfit")


def test_a_case_a_year_a_target_and_a_revision_tell_it_too(both: tuple[Client, Client]) -> None:
    first, second = both
    case = ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=ImportRun.objects.earliest("pk"), owner_role="ppk",
    )  # fmt: skip
    policy = write(first, "put", "/years/2022/policies/K9", {"name": "Awal"}).json()["id"]
    revision = DipaRevision.objects.earliest("pk").pk
    answer = {"text": "menyusul", "status": "answered"}
    for method, path, body in (
        ("post", f"/cases/{case.pk}/answers", answer),
        ("put", "/years/2023", {"legal_basis": "Permenaker 1/2023"}),
        ("put", f"/policies/{policy}/targets/tpt", TARGET),
        ("patch", f"/revisions/{revision}", {"document": "S-9/AG/2022"}),
        ("put", f"/dipa/2022/{WEST_JAVA}", {"number": "SP DIPA-026", "dated_on": "2021-11-17"}),
    ):
        done = write(first, method, path, body)
        assert done.status_code == 200, done.content
        told = write(second, method, path, body, 0)
        assert (told.status_code, envelope(told)["code"]) == (409, "changed-meanwhile"), path
        assert "perencana, 20" in envelope(told)["message"], path
        assert envelope(write(second, method, path, body))["code"] == "version-needed", path
        assert write(second, method, path, body, done.headers["ETag"]).status_code in {200, 409}, path


def test_outcomes_of_a_round_are_not_written_over_unseen(both: tuple[Client, Client]) -> None:
    first, second = both
    body = {"indicator": "tpt", "year": 2025, "round": "agustus", "source": "BPS", "values": [{"value": "4.85"}]}
    made = write(first, "post", "/outcomes", body)
    assert made.status_code == 201
    other = {**body, "values": [{"value": "5.85"}]}
    assert envelope(write(second, "post", "/outcomes", other))["code"] == "version-needed"
    assert write(second, "post", "/outcomes", other, made.json()[0]["version"]).status_code == 201


def test_the_codes_of_a_list_tell_it_too(db: None) -> None:
    keys = []
    for name in ("admin-satu", "admin-dua"):
        org.add_user(actor=system_user(), username=name, password="", role="admin")
        keys.append(org.create_token(actor=system_user(), username=name, scope="write"))
    first, second = (Client(headers={"authorization": f"Bearer {key}"}) for key in keys)
    path, facts = "/reference/kppn/022/versions", {"name": "KPPN Satu"}
    body = {"valid_from": "2024-01-01", "facts": facts, "reason": "KMK 1"}
    done = write(first, "post", path, body)
    assert done.status_code == 201, done.content
    assert envelope(write(second, "post", path, {**body, "valid_from": "2025-01-01"}, 0))["code"] == "changed-meanwhile"
    assert envelope(write(second, "post", path, {**body, "valid_from": "2025-01-01"}))["code"] == "version-needed"


def test_every_operation_that_overwrites_names_the_header() -> None:
    document = api.get_openapi_schema()
    overwriting = {"put", "patch", "delete"}
    named = {
        (method, path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if any(one["name"] == versions.HEADER for one in operation.get("parameters", ()))
    }
    assert {
        (method, path) for path, methods in document["paths"].items() for method in methods if method in overwriting
    } <= named
