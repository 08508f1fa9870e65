"""Every page and every operation × every role × own and foreign province gives what the matrix says.

`pages.yaml` and `operations.yaml` say of each address which action its guard asks and how it names a place. An address
that is missing there, or asks another action, fails the build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from dekon.api.document import api
from dekon.budget import services as budget
from dekon.budget.choices import RecordKind
from dekon.budget.models import DipaRevision, ImportRun, ReconciliationCase, RpdVersion
from dekon.documents.models import Attachment
from dekon.ledger.models import Pos
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Action, Role
from dekon.org.matrix import Bound, Reach, matrix
from dekon.org.models import RoleAssignment, Satker, User
from dekon.performance.models import Alert
from dekon.web.access import GUARD
from tests.builders import small_year
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.meta.test_routes import operations, views

FOLDER = Path(__file__).parent
OWN, FOREIGN = ("32", WEST_JAVA), ("91", PAPUA)
REFUSED = frozenset({403, 404})
WITHOUT_GUARD = frozenset({"healthz", "readyz"})
OTHERS = {
    "year": "2022", "name": "kppn", "code": "022", "word": "case", "indicator": "tpt", "listing": "kppn",
    "session": "0", "to": "undangan", "kind": "kontrak",
}  # fmt: skip
"""What stands in a path where it names no place."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page or operation with what is said of it."""

    method: str
    path: str
    action: Action
    place: str
    body: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


def said(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return found


def addresses() -> Iterator[Address]:
    for path, entry in said("pages.yaml").items():
        body = entry.get("body", {})
        yield Address("POST" if body else "GET", path, Action(entry["action"]), entry["place"], body)
    for key, entry in said("operations.yaml").items():
        method, path = key.split(" ")
        body = entry.get("body", {})
        place, query = entry["place"], entry.get("query", "")
        yield Address(method, f"/api/v1{path}", Action(entry["action"]), place, body, query)


def guarded_pages() -> dict[str, str]:
    """Pages that are not for everybody, with the action of their guard."""
    found = {}
    for path, view in views(get_resolver().url_patterns):
        guard = getattr(view, GUARD, None)
        if isinstance(guard, Action) and path not in WITHOUT_GUARD and not path.startswith("api/v1/"):
            found[f"/{path}"] = guard.value
    return found


def guarded_operations() -> dict[str, str]:
    return {
        f"{method} {one.path}": one.auth_callbacks[0].action.value  # type: ignore[attr-defined]  # every guard has one
        for one in operations(api)
        for method in one.methods
    }


@pytest.mark.parametrize(("name", "found"), [("pages.yaml", guarded_pages), ("operations.yaml", guarded_operations)])
def test_every_address_is_in_the_data_with_its_action(name: str, found: Any) -> None:  # noqa: ANN401  one of the two
    assert {key: entry["action"] for key, entry in said(name).items()} == found(), f"mend tests/rights/{name}"


PLACES = {
    "none", "query", "query-satker", "province", "satker", "pos", "block", "reservation", "record", "case", "rpd",
    "revision", "alert", "assignment", "person", "attachment", "hidden",
}  # fmt: skip


def test_every_place_is_a_known_one() -> None:
    assert {one.place for one in addresses()} <= PLACES


@pytest.fixture
def numbers(db: None, tmp_path: Path) -> dict[tuple[str, str], int]:
    """The number of each kind of thing, of the own and of the foreign place."""
    small_year.build(tmp_path)
    found: dict[tuple[str, str], int] = {}
    planner = User.objects.get(username="perencana")
    for province, code in (OWN, FOREIGN):
        made = things(planner, province, Satker.objects.get(code=code))
        found |= {(kind, province): number for kind, number in made.items()}
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")  # the owner's; those of a request are the app's
    return found


def things(planner: User, province: str, satker: Satker) -> dict[str, int]:
    pos = Pos.objects.filter(satker=satker).earliest("pk")
    held = budget.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=1, document="Kontrak", on=date(2022, 11, 1))
    block = budget.block_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=1, kind="aa", letter_no="S-1", letter_on=date(2022, 11, 1),
        on=date(2022, 11, 1),
    )  # fmt: skip
    record = budget.record_execution(
        actor=planner, satker_code=satker.code, fiscal_year=2022, kind=RecordKind.BILL,
        facts=budget.RecordFacts(number="SPM-1", dated_on=date(2022, 11, 1)), now=timezone.now(),
    )  # fmt: skip
    case, _ = ReconciliationCase.objects.get_or_create(
        satker=satker, subject="uji", kind="total-differs", fiscal_year=2022, span_from=date(2022, 1, 1),
        span_to=date(2022, 1, 31), stated_rp=2, booked_rp=1, owner_role="ppk",
        import_run=ImportRun.objects.earliest("pk"),
    )  # fmt: skip
    alert = Alert.objects.create(
        rule="behind-plan", satker=satker, fiscal_year=2022, severity="high", opened_on=date(2022, 9, 1),
        last_seen_on=date(2022, 9, 1), measured=12, limit=10, owner_role="kpa",
    )  # fmt: skip
    person = User.objects.get(username=f"operator-{province}")
    attachment = Attachment.objects.create(
        subject_type="case", subject_id=str(case.pk), kind="bukti", name="bukti.pdf", media_type="application/pdf",
        sha256="a" * 64, size_bytes=9, satker=satker, uploaded_by=person,
    )  # fmt: skip
    return {
        "pos": pos.pk, "record": record.pk, "reservation": held.pk, "block": block.pk, "case": case.pk,
        "alert": alert.pk, "person": person.pk, "attachment": attachment.pk,
        "rpd": RpdVersion.objects.filter(dipa__satker=satker).earliest("pk").pk,
        "revision": DipaRevision.objects.filter(dipa__satker=satker).earliest("pk").pk,
        "assignment": RoleAssignment.objects.get(user=person).pk,
    }  # fmt: skip


def client_of(role: Role) -> Client:
    """Somebody with one role, bound as the matrix says, in the own place."""
    bounds = {
        Bound.UNIT: {"unit": "13"}, Bound.PROVINCE: {"province": OWN[0]}, Bound.SATKER: {"satker": OWN[1]},
    }.get(matrix().roles[role].bound_to, {})  # fmt: skip
    user = org.add_user(
        actor=selectors.system_user(), username=f"walk-{role}", password="", role=role, is_demo=True,
        decree_no="SK 1", decree_on=date(2021, 12, 20), **bounds,
    )  # fmt: skip
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def permitted(role: Role, one: Address, *, own: bool) -> bool:
    """What the matrix says, worked out here a second time and from its words alone."""
    if one.action in matrix().everyone:
        return True
    right = matrix().right(role, one.action)
    if right is None:
        return False
    bound = matrix().roles[role].bound_to
    national = bound in {Bound.NOTHING, Bound.ANY, Bound.UNIT}
    if one.place in {"none", "hidden"} or own or national:
        return True
    assert right.reach in {Reach.ASSIGNED, Reach.OFFICE}
    return False


def send(client: Client, one: Address, numbers: Mapping[tuple[str, str], int], place: tuple[str, str]) -> int:
    """Call it about a place; nothing of it stays. Returns the status."""
    province, satker = place
    number = str(numbers.get((one.place, province), 0))
    words = {**OTHERS, "satker": satker, "number": number}
    if one.place in {"province", "satker"}:
        words["code"] = province if one.place == "province" else satker
    path = re.sub(r"<(?:\w+:)?(\w+)>|\{(\w+)\}", lambda found: words.get(found[1] or found[2], "x"), one.path)
    name = "province" if one.path.startswith("/api/") else "provinsi"
    asked = {"query": f"?{name}={province}{one.query}", "query-satker": f"?satker={satker}{one.query}"}
    query = asked.get(one.place, "")
    body = {
        key: int(number) if value == "{number}" else value if isinstance(value, int) else str(value)
        for key, value in one.body.items()
    }
    with transaction.atomic():
        if one.path.startswith("/api/"):
            sent: Any = {"data": json.dumps(body), "content_type": "application/json"} if one.method != "GET" else {}
            answered = client.generic(one.method, path + query, **sent)
        elif one.method == "POST":
            answered = client.post(path, body)
        else:
            answered = client.get(path + query)
        transaction.set_rollback(True)
    return answered.status_code


@pytest.mark.parametrize("role", list(Role))
def test_every_address_gives_what_the_matrix_says(role: Role, numbers: dict[tuple[str, str], int]) -> None:
    client = client_of(role)
    wrong = []
    for one in addresses():
        for place in (OWN, FOREIGN):
            allowed = permitted(role, one, own=place == OWN)
            status = send(client, one, numbers, place)
            fits = status not in {401, 403} and status < 500 if allowed else status in REFUSED
            if not fits:
                wrong.append(f"{one.method} {one.path} of {place[0]}: {status}, allowed {allowed}")
    assert not wrong, "\n".join(wrong)


def test_a_visitor_is_sent_to_sign_in_or_refused(numbers: dict[tuple[str, str], int]) -> None:
    client = Client(raise_request_exception=False)
    for one in addresses():
        status = send(client, one, numbers, OWN)
        assert status == (401 if one.path.startswith("/api/") else 302), one
