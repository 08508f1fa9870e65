"""Nobody takes a name that looks like another's, and one name has one account however it is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dekon.errors import Conflict, RuleBroken
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Role
from dekon.org.models import FailedSignIn, Registration
from dekon.org.services import Applicant, Caller, Letter
from tests.builders.accounts import PASSWORD, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE = Caller("192.0.2.7", "Firefox, Linux")


def add(name: str, shown: str = "Staf Contoh") -> None:
    org.add_user(
        actor=selectors.system_user(), username=name, password="", role=Role.PERENCANA, display_name=shown
    )  # fmt: skip


def register(**changed: str) -> Registration:
    said = {"display_name": "Staf Contoh", "email": "staf@dinas.example", "job_title": "Analis", "role": "operator",
            "province": "32", **changed}  # fmt: skip
    return org.register(
        applicant=Applicant(**said), letter=Letter("a" * 64, "surat.pdf", "application/pdf"), now=NOW
    )  # fmt: skip


@pytest.mark.parametrize("name", ["perenc\u0430na", "perencana\u200b", "\u202eperencana", "perencana\u0301", "p q"])
def test_a_user_name_that_looks_like_another_is_refused(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        add(name)
    assert refused.value.code == "user-name-unfit"


def test_other_capitals_make_no_other_account() -> None:
    add("perencana")
    with pytest.raises(Conflict):
        add("Perencana")


def test_the_name_of_a_person_is_kept_without_what_is_not_seen() -> None:
    made = register(display_name="Bu\u200bdi \u202eContoh\u202c", job_title="Ana\u2066lis")
    assert (made.display_name, made.job_title) == ("Budi Contoh", "Analis")
    assert register(display_name="Rene\u0301").display_name == register(display_name="Ren\u00e9").display_name


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"display_name": "\u0410dministrator"}, "person-name-unfit"),
        ({"display_name": "\u200b"}, "person-name-unfit"),
        ({"email": "st\u0430f@dinas.example"}, "mail-address-unfit"),
        ({"email": "staf@din\u0430s.example"}, "mail-address-unfit"),
    ],
)
def test_letters_of_another_writing_are_refused_where_people_ask_or_invite(changed: dict[str, str], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        register(**changed)
    said = {"display_name": "Staf Contoh", "email": "staf@dinas.example", **changed}
    with pytest.raises(RuleBroken) as not_invited:
        org.invite(
            actor=selectors.system_user(), role=Role.OPERATOR, province="32", now=NOW,
            display_name=said["display_name"], email=said["email"],
        )  # fmt: skip
    assert refused.value.code == not_invited.value.code == code


def test_one_account_is_meant_however_its_name_is_typed_and_guesses_count_together() -> None:
    user = person("operator-uji", "operator", "32")
    for typed in ("OPERATOR-uji", "\uff4fperator-uji", "operator\u200b-uji"):
        assert org.try_password(name=typed, password=PASSWORD, caller=HERE, now=NOW).user == user
        org.try_password(name=typed, password="salah", caller=HERE, now=NOW)
    for typed in ("tidak-ada", "TIDAK-ADA", "tidak\u200b-ada"):
        org.try_password(name=typed, password="salah", caller=HERE, now=NOW)
    assert FailedSignIn.objects.count() == 3, "the account, the unknown name, the address"
