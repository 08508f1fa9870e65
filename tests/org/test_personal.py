"""National identity numbers: encrypted in their column, masked on the page, in no export, log or trail."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from dekon.api.document import api
from dekon.audit.models import Event
from dekon.errors import NotAllowed, NotFound, Unfit
from dekon.lib.nik import masked, read_nik
from dekon.lib.sealed import FieldKey, Unreadable
from dekon.org import selectors, services
from dekon.org.models import User
from dekon.org.selectors.personal import nik_of
from tests.builders import small_year

GOOD = "3204116203440001"


@pytest.fixture
def _people(db: None) -> None:
    small_year.place_satker()
    small_year.add_people()


def user(name: str) -> User:
    return User.objects.get(username=name)


@pytest.mark.parametrize(
    "text", [GOOD, "3204 1162 0344 0001", "3204.116203.440001", "3204-1101-0144-0001", "3204117112440001"]
)
def test_a_number_is_read_however_it_is_spaced(text: str) -> None:
    assert read_nik(text) == re.sub("[ .-]", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "320411620344000", "32041162034400011", "0204116203440001", "3204110001440001", "3204113201440001",
        "3204114001440001", "3204117201440001", "3204110100440001", "3204110113440001", "32041162034400O1",
        "٣٢٠٤١١٦٢٠٣٤٤٠٠٠١", "",
    ],
)  # fmt: skip
def test_what_could_be_no_number_is_refused(text: str) -> None:
    assert read_nik(text) is None


def test_a_masked_number_shows_four_digits() -> None:
    assert masked(GOOD) == "••••••••••••0001"


@pytest.mark.usefixtures("_people")
def test_the_number_lies_encrypted_and_the_trail_says_only_that_it_was_recorded() -> None:
    services.record_nik(actor=user("operator-32"), username="operator-32", nik=GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik_sealed, u::text FROM org_user u WHERE username = 'operator-32'")
        sealed, whole_row = cursor.fetchone()
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_event e")
        trail = cursor.fetchone()[0]
    assert sealed.startswith("test.")
    assert GOOD not in whole_row
    assert GOOD not in trail
    assert "nik-recorded" in trail
    assert nik_of(user("operator-32")) == GOOD
    assert selectors.masked_nik(user("operator-32")) == "••••••••••••0001"


@pytest.mark.usefixtures("_people")
def test_a_wrong_number_is_refused_without_being_repeated() -> None:
    with pytest.raises(Unfit) as refused:
        services.record_nik(actor=user("operator-32"), username="operator-32", nik="3204119999990001")
    assert [problem.code for problem in refused.value.problems] == ["nik-wrong"]
    assert "3204119999990001" not in json.dumps([problem.message() for problem in refused.value.problems])


@pytest.mark.usefixtures("_people")
def test_only_the_person_and_who_manages_users_may() -> None:
    with pytest.raises(NotAllowed):
        services.record_nik(actor=user("operator-91"), username="operator-32", nik=GOOD)
    with pytest.raises(NotAllowed):
        services.show_nik(actor=user("perencana"), username="operator-32")
    with pytest.raises(NotFound):
        services.record_nik(actor=user("admin"), username="nobody", nik=GOOD)
    services.record_nik(actor=user("admin"), username="operator-32", nik=GOOD)
    assert services.show_nik(actor=user("admin"), username="operator-32") == GOOD
    read = Event.objects.get(action="personal-data-read")
    assert (read.actor_name, read.subject_name, read.after) == ("admin", "operator-32", {"field": "nik"})


@pytest.mark.usefixtures("_people")
def test_a_number_moved_to_another_account_does_not_open() -> None:
    services.record_nik(actor=user("admin"), username="operator-32", nik=GOOD)
    User.objects.filter(username="operator-91").update(nik_sealed=user("operator-32").nik_sealed)
    with pytest.raises(Unreadable):
        nik_of(user("operator-91"))


@pytest.mark.usefixtures("_people")
def test_a_new_key_takes_over(settings: Settings) -> None:
    services.record_nik(actor=user("admin"), username="operator-32", nik=GOOD)
    old = django_settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = (replace(old, name="next", secret=b"n" * 32), old)
    assert nik_of(user("operator-32")) == GOOD
    assert services.reseal_niks(actor=selectors.system_user()) == 1
    assert services.reseal_niks(actor=selectors.system_user()) == 0
    settings.FIELD_KEYS = (FieldKey("next", b"n" * 32),)
    assert nik_of(user("operator-32")) == GOOD


@pytest.mark.usefixtures("_people")
def test_an_empty_number_takes_it_away() -> None:
    services.record_nik(actor=user("operator-32"), username="operator-32", nik=GOOD)
    services.record_nik(actor=user("operator-32"), username="operator-32", nik="")
    assert user("operator-32").nik_sealed == ""
    assert Event.objects.filter(action="nik-removed").count() == 1


def test_the_api_knows_no_field_of_it() -> None:
    assert "nik" not in {
        name.lower()
        for schema in api.get_openapi_schema()["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
