"""Reference data and terms."""

from __future__ import annotations

import pytest

from dekon.org.models import Satker
from tests.api.conftest import MakeClient, envelope
from tests.builders import small_year

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "count"), [("2022-11-10", 34), ("2022-11-11", 37), ("2022-12-08", 37), ("2022-12-09", 38)]
)
def test_provinces_are_those_of_the_day(calling: MakeClient, day: str, count: int) -> None:
    assert calling().get("/api/v1/provinces", {"on": day}).json()["count"] == count


def test_a_new_province_knows_the_one_it_came_from(calling: MakeClient) -> None:
    items = calling().get("/api/v1/provinces", {"limit": 1000}).json()["items"]
    parents = {item["code"]: item["parent"] for item in items}
    assert parents["92"] in {None, "91"}
    assert any(parents.values())


def test_a_list_comes_in_pages(calling: MakeClient) -> None:
    client = calling()
    first = client.get("/api/v1/provinces", {"limit": 2}).json()
    second = client.get("/api/v1/provinces", {"limit": 2, "offset": 2}).json()
    assert len(first["items"]) == len(second["items"]) == 2
    assert first["items"] != second["items"]
    assert first["count"] == second["count"] > 4


@pytest.mark.parametrize("address", ["units", "satker", "authorities", "fund-sources", "kppn"])
def test_every_list_can_be_read(calling: MakeClient, address: str) -> None:
    response = calling().get(f"/api/v1/{address}")
    assert response.status_code == 200
    assert set(response.json()) == {"items", "count", "limit", "offset"}


def test_holidays_name_their_decree(calling: MakeClient) -> None:
    items = calling().get("/api/v1/holidays", {"year": 2022, "limit": 200}).json()["items"]
    assert len(items) > 10
    assert {item["kind"] for item in items} == {"libur_nasional", "cuti_bersama"}


def test_a_term_skips_weekends_and_holidays(calling: MakeClient) -> None:
    body = calling().get("/api/v1/deadline", {"after": "2022-03-31", "working_days": "5"}).json()
    assert body["due_on"] == "2022-04-07"


def test_a_year_without_a_calendar_is_refused_and_not_guessed(calling: MakeClient) -> None:
    response = calling().get("/api/v1/deadline", {"after": "2050-01-01", "working_days": "5"})
    assert response.status_code == 422
    assert envelope(response)["code"] == "calendar-year-unknown"


def test_who_is_bound_to_one_satker_gets_this_one_and_no_sister_of_its_province(calling: MakeClient) -> None:
    small_year.place_satker()
    own = Satker.objects.get(code=small_year.WEST_JAVA)
    Satker.objects.create(code="029105", name="Dinas lain", unit=own.unit, province=own.province)
    client = calling("auditor", satker=own.code)
    for query in ({}, {"province": "32"}, {"unit": "13"}):
        assert [item["code"] for item in client.get("/api/v1/satker", query).json()["items"]] == [own.code], query
    for query in ({"province": "91"}, {"unit": "05"}):
        for path in ("satker", "recap", "pos"):
            refused = client.get(f"/api/v1/{path}", {"year": "2022", **query})
            assert (refused.status_code, envelope(refused)["code"]) == (403, "not-allowed-place"), (path, query)


def test_a_province_gets_its_own_satker_and_no_others(calling: MakeClient) -> None:
    client = calling("operator", province="32")
    assert client.get("/api/v1/satker").status_code == 200
    response = client.get("/api/v1/satker", {"province": "33"})
    assert response.status_code == 403
    assert envelope(response)["code"] == "not-allowed-place"
