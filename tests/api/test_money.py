"""From a file to figures and back, through the API alone."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from dekon.org.selectors import system_user
from dekon.org.services import ensure_satker
from tests.api.conftest import MakeClient, envelope
from tests.builders.files import FaPrint, budget_record, payment_record, some_accounts, write_fa_xlsx, write_json
from tests.builders.worker import work_off

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"


@pytest.fixture
def fa(tmp_path: Path) -> Path:
    """A small FA Detail print."""
    return write_fa_xlsx(tmp_path / "fa.xlsx", FaPrint(accounts=some_accounts(6)))


@pytest.fixture
def planner(calling: MakeClient) -> Client:
    return calling("perencana", scope="write")


def bring(client: Client, path: Path, **said: str) -> dict[str, Any]:
    """Send a file and give back what was found."""
    with path.open("rb") as file:
        response = client.post("/api/v1/imports", {"file": file, **said})
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()
    return found


def sent(client: Client, address: str, body: object = None, method: str = "post") -> HttpResponse:
    """A JSON body sent."""
    call = getattr(client, method)
    response: HttpResponse = call(address, json.dumps(body or {}), content_type="application/json")
    return response


def test_a_file_is_checked_applied_and_undone(planner: Client, fa: Path) -> None:
    found = bring(planner, fa, create_missing="true")
    assert found["status"] == "checked", found["findings"]
    year, totals = found["year"], found["totals_rp"]
    before = planner.get("/api/v1/recap", {"year": year}).json()["total"]
    assert before["pagu_rp"] == 0

    applied = sent(planner, f"/api/v1/imports/{found['id']}/apply")
    assert applied.status_code == 200, applied.content
    total = planner.get("/api/v1/recap", {"year": year, "as_of": f"{year}-12-31"}).json()["total"]
    assert total["pagu_rp"] == totals["pagu"]
    assert total["realised_rp"] + total["parked_rp"] == totals["realised"]

    undone = sent(planner, f"/api/v1/imports/{found['id']}/undo", {"reason": "Berkas bulan yang salah"})
    assert undone.status_code == 200, undone.content
    assert planner.get("/api/v1/recap", {"year": year}).json()["total"]["pagu_rp"] == 0
    assert planner.get("/api/v1/imports").json()["items"][0]["status"] == "undone"


@pytest.fixture
def year(planner: Client, fa: Path) -> str:
    """The fiscal year of the applied print."""
    found = bring(planner, fa, create_missing="true")
    assert sent(planner, f"/api/v1/imports/{found['id']}/apply").status_code == 200
    return str(found["year"])


@pytest.mark.parametrize(
    "by",
    [
        "province",
        "satker",
        "unit",
        "program",
        "kegiatan",
        "kro",
        "ro",
        "komponen",
        "subkomponen",
        "akun",
        "spending_type",
    ],
)
def test_every_grouping_adds_up_to_the_total(planner: Client, year: str, by: str) -> None:
    body = planner.get("/api/v1/recap", {"year": year, "as_of": f"{year}-12-31", "by": by}).json()
    for figure in ("pagu_rp", "realised_rp", "effective_rp", "available_rp"):
        assert sum(row[figure] for row in body["rows"]) == body["total"][figure]
    assert Decimal(body["total"]["absorption"]) <= 1


def test_a_recap_equals_the_pagu_of_its_day(planner: Client, year: str) -> None:
    day = f"{year}-12-31"
    recap = planner.get("/api/v1/recap", {"year": year, "as_of": day}).json()["total"]
    stood = planner.get("/api/v1/pagu", {"on": day}).json()
    assert {name: recap[name] for name in ("pagu_rp", "blocked_rp", "reserved_rp", "realised_rp")} == {
        name: value for name, value in stood.items() if name != "on"
    }


def test_a_position_shows_its_entries(planner: Client, year: str) -> None:
    positions = planner.get("/api/v1/pos", {"year": year}).json()
    assert positions["count"] == 6
    first = positions["items"][0]
    entries = planner.get(f"/api/v1/pos/{first['id']}/entries").json()["items"]
    allotted = sum(entry["amount_rp"] for entry in entries if entry["kind"] in {"allocate", "increase"})
    assert allotted == first["pagu_rp"]


def test_the_curve_ends_where_the_recap_stands(planner: Client, year: str) -> None:
    asked = {"year": year, "as_of": f"{year}-12-31"}
    months = planner.get("/api/v1/recap/months", asked).json()["months"]
    assert [point["month"] for point in months] == list(range(1, 13))
    assert months[-1]["realised_rp"] == planner.get("/api/v1/recap", asked).json()["total"]["realised_rp"]


@pytest.mark.parametrize(
    "address", ["recap/matrix", "recap/gaps", "parked", "advances", "dipa", "blocks", "outputs", "cases"]
)
def test_every_list_of_money_can_be_read(planner: Client, year: str, address: str) -> None:
    assert planner.get(f"/api/v1/{address}", {"year": year}).status_code == 200


@pytest.mark.parametrize("address", ["dipa/revisions", "rpd", "outputs/progress"])
def test_what_belongs_to_a_satker_can_be_read(planner: Client, year: str, address: str) -> None:
    satker = planner.get("/api/v1/pos", {"year": year}).json()["items"][0]["satker"]
    assert planner.get(f"/api/v1/{address}", {"year": year, "satker": satker}).status_code == 200


@pytest.mark.parametrize(
    "address", ["policies?year=2022", "outcomes?indicator=TPT", "themes", "programs", "kegiatan", "kro", "akun"]
)
def test_the_plan_can_be_read(planner: Client, address: str) -> None:
    assert planner.get(f"/api/v1/{address}").status_code == 200


def test_payments_stream_as_ndjson_and_csv(planner: Client, year: str) -> None:
    lines = planner.get("/api/v1/payments", {"year": year})
    assert lines["Content-Type"] == "application/x-ndjson"
    assert b"".join(lines) == b""
    table = planner.get("/api/v1/payments", {"year": year, "format": "csv"})
    assert b"".join(table).decode().startswith("sp2d_no,sp2d_on,satker,path")


def test_a_block_takes_room_and_its_release_gives_it_back(planner: Client, year: str) -> None:
    pos = next(
        pos for pos in planner.get("/api/v1/pos", {"year": year}).json()["items"] if pos["pagu_rp"] > pos["realised_rp"]
    )
    letter = {
        "pos": pos["id"],
        "kind": "aa",
        "amount_rp": 1,
        "letter_no": "S-1/2022",
        "letter_on": f"{year}-12-01",
        "on": f"{year}-12-01",
    }
    made = sent(planner, "/api/v1/blocks", letter)
    assert made.status_code == 201, made.content
    number = json.loads(made.content)["id"]
    free = sent(planner, f"/api/v1/blocks/{number}/release", {"letter_no": "S-2/2022", "on": f"{year}-12-15"})
    assert json.loads(free.content)["released_rp"] == 1
    again = sent(planner, f"/api/v1/blocks/{number}/release", {"letter_no": "S-2/2022", "on": f"{year}-12-15"})
    assert again.status_code == 409
    assert envelope(again)["code"] == "not-allowed-status"


def test_a_block_above_the_room_is_refused_with_the_figures(planner: Client, year: str) -> None:
    pos = planner.get("/api/v1/pos", {"year": year}).json()["items"][0]
    letter = {
        "pos": pos["id"],
        "kind": "aa",
        "amount_rp": pos["pagu_rp"] + 1,
        "letter_no": "S-1",
        "letter_on": f"{year}-12-01",
        "on": f"{year}-12-01",
    }
    before = planner.get("/api/v1/blocks", {"year": year}).json()["count"]
    refused = sent(planner, "/api/v1/blocks", letter)
    assert refused.status_code == 409
    assert envelope(refused)["code"] == "ledger-no-room-since"
    assert planner.get("/api/v1/blocks", {"year": year}).json()["count"] == before


def test_a_token_that_may_only_read_changes_nothing(calling: MakeClient, fa: Path) -> None:
    reader = calling("keuangan", scope="read")
    with fa.open("rb") as file:
        response = reader.post("/api/v1/imports", {"file": file})
    assert response.status_code == 403
    assert envelope(response)["code"] == "api-token-read-only"


def test_an_auditor_reads_everything_and_imports_nothing(calling: MakeClient, fa: Path, year: str) -> None:
    auditor = calling("auditor", scope="write")
    assert auditor.get("/api/v1/recap", {"year": year}).status_code == 200
    with fa.open("rb") as file:
        assert auditor.post("/api/v1/imports", {"file": file}).status_code == 403


def test_a_province_sees_its_own_money_only(calling: MakeClient, planner: Client, year: str) -> None:
    own = {row["key"] for row in planner.get("/api/v1/recap", {"year": year}).json()["rows"]}
    other = next(code for code in ("11", "12") if code not in own)
    stranger = calling("operator", province=other)
    assert stranger.get("/api/v1/recap", {"year": year}).json()["total"]["pagu_rp"] == 0
    pos = planner.get("/api/v1/pos", {"year": year}).json()["items"][0]
    assert stranger.get("/api/v1/pos", {"year": year}).json()["count"] == 0
    assert stranger.get(f"/api/v1/pos/{pos['id']}/entries").status_code == 404
    assert stranger.get("/api/v1/recap", {"year": year, "satker": pos["satker"]}).status_code == 403


def test_a_broken_file_is_refused_with_its_findings_and_changes_nothing(planner: Client, tmp_path: Path) -> None:
    path = tmp_path / "catatan.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    found = bring(planner, path)
    assert found["status"] == "refused"
    assert found["findings"][0]["severity"] == "error"
    assert found["findings"][0]["message"]


def test_a_session_writes_only_with_its_csrf_mark(fa: Path, planner: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.login is not None
    with fa.open("rb") as file:
        response = strict.post("/api/v1/imports", {"file": file})
    assert response.status_code in {401, 403}
    assert envelope(response)["code"] in {"api-csrf-failed", "api-sign-in-needed"}


def test_the_own_workbook_comes_back_with_marks(planner: Client, fa: Path) -> None:
    found = bring(planner, fa)
    assert found["status"] == "refused"
    response = planner.get(f"/api/v1/imports/{found['id']}/workbook")
    assert response.status_code == 200
    assert b"".join(response).startswith(b"PK")
    assert "fa-bertanda.xlsx" in response["Content-Disposition"]


def test_payments_and_cases_arrive_as_the_treasury_states_them(planner: Client, tmp_path: Path) -> None:
    ensure_satker(actor=system_user(), code="119073", name="Dinas", ba_code="026", unit_code="13")
    for name, records in (("anggaran", [budget_record()]), ("bayar", [payment_record(), payment_record()])):
        found = bring(planner, write_json(tmp_path / f"{name}.json", records), create_missing="true", year="2022")
        assert found["status"] == "checked", found["findings"]
        applied = sent(planner, f"/api/v1/imports/{found['id']}/apply")
        assert json.loads(applied.content)["status"] == "applied"
    year = found["year"]
    streamed = b"".join(planner.get("/api/v1/payments", {"year": year, "as_of": f"{year}-12-31"}))
    lines = [json.loads(line) for line in streamed.splitlines()]
    assert [line["amount_rp"] for line in lines] == [1_250_000, 1_250_000]
    table = b"".join(planner.get("/api/v1/payments", {"year": year, "as_of": f"{year}-12-31", "format": "csv"}))
    assert len(table.splitlines()) == 3
    total = planner.get("/api/v1/recap", {"year": year, "as_of": f"{year}-12-31"}).json()["total"]
    assert total["realised_rp"] == 2_500_000
    satker = lines[0]["satker"]
    versions = planner.get("/api/v1/rpd", {"year": year, "satker": satker}).json()["items"]
    planned = planner.get(f"/api/v1/rpd/{versions[0]['id']}").json()["items"]
    assert sum(row["planned_rp"] for row in planned) == versions[0]["total_rp"]
    assert (
        planner.get("/api/v1/dipa/revisions", {"year": year, "satker": satker}).json()["items"][0]["pagu_rp"]
        == 12_000_000
    )


def answered(client: Client, address: str) -> dict[str, Any]:
    """What a call without a body gives back."""
    found: dict[str, Any] = json.loads(sent(client, address).content)
    return found


def test_a_file_is_brought_and_applied_in_the_background(planner: Client, fa: Path) -> None:
    found = bring(planner, fa, create_missing="true", background="true")
    address = f"/api/v1/imports/{found['id']}"
    assert found["status"] == "checking"
    how_far = {"id": found["id"], "status": "checking", "waiting": True, "phase": "queued", "rows_done": 0}
    assert planner.get(f"{address}/progress").json() == {**how_far, "rows_expected": None}
    work_off()
    checked = planner.get(address).json()
    assert (checked["status"], checked["rows"]["read"]) == ("checked", 6)
    for _click in range(2):
        assert answered(planner, f"{address}/apply?background=true")["status"] == "applying"
    assert planner.get(f"{address}/progress").json()["rows_expected"] == 6
    assert sent(planner, f"{address}/apply").status_code == 409
    assert answered(planner, f"{address}/stop")["status"] == "checked"
    sent(planner, f"{address}/apply?background=true")
    work_off()
    assert planner.get(f"{address}/progress").json()["status"] == "applied"


def test_a_checked_file_is_discarded(planner: Client, fa: Path) -> None:
    address = f"/api/v1/imports/{bring(planner, fa, create_missing='true')['id']}"
    assert answered(planner, f"{address}/discard")["status"] == "discarded"
    assert envelope(sent(planner, f"{address}/apply"))["code"] == "not-allowed-status"
    assert envelope(sent(planner, f"{address}/discard"))["code"] == "not-allowed-status"


@pytest.mark.parametrize("version", ["A01", "H07"])
def test_a_version_that_is_not_in_force_counts_only_when_named(planner: Client, tmp_path: Path, version: str) -> None:
    records = [budget_record(KODE_STS_HISTORY=version), budget_record(KDSATKER="119074", KODE_STS_HISTORY="B00")]
    path = write_json(tmp_path / "dataang.json", records)
    for code in ("119073", "119074"):
        ensure_satker(actor=system_user(), code=code, name=code, ba_code="026", unit_code="13")
    refused = bring(planner, path, year="2022", create_missing="true")
    assert [f["code"] for f in refused["findings"] if f["severity"] == "error"] == ["version-not-in-force"]
    named = bring(planner, path, year="2022", create_missing="true", version_code=version)
    assert named["status"] == "checked"
    assert [v["version"] for v in named["versions"] if v["counts"]] == [version, "B00"]
    assert "version-confirmed" in [f["code"] for f in named["findings"]]
