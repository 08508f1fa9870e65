"""The OpenAPI document is fuzzed for every role against a live server: no crash, no word of another province.

Quick: some cases an operation, handed round among the roles, within a minute. `HYPOTHESIS_PROFILE=deep`: more cases,
each sent by every role, within half an hour.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django.live_server_helper import LiveServer
from schemathesis import Case
from schemathesis.core.result import Ok

from dekon.api.document import api
from dekon.org import services
from dekon.org.choices import Role
from dekon.org.matrix import Bound, matrix
from dekon.org.selectors import system_user
from tests.builders import small_year
from tests.builders.small_year import PAPUA, WEST_JAVA

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
CASES, CALLERS = (14, None) if DEEP else (3, 3)
"""Cases an operation; callers a case (None: all)."""
SECONDS = None if DEEP else 25
FOREIGN = (f"/{PAPUA}/2022", f"2202900{PAPUA}", "Tenaga Kerja Papua")
"""What only the data of the other province say: numbers of payments, the name of its office's account of money."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token, and whether only one province is theirs."""

    name: str
    headers: Mapping[str, str]
    bound: bool


def callers() -> Iterator[Caller]:
    """One person a role; those of a province are West Java's."""
    places = {
        Bound.PROVINCE: {"province": "32"}, Bound.SATKER: {"satker": WEST_JAVA}, Bound.UNIT: {"unit": "13"},
    }  # fmt: skip
    for role in Role:
        bound_to = matrix().roles[role].bound_to
        name, place = f"fuzz-{role}", places.get(bound_to, {})
        bound = bound_to in {Bound.PROVINCE, Bound.SATKER}
        services.add_user(
            actor=system_user(), username=name, password="", role=role, decree_no="SK 1", decree_on=date(2021, 12, 20),
            **place,  # type: ignore[arg-type]  # texts of a place
        )  # fmt: skip
        key = services.create_token(actor=system_user(), username=name, scope="write")
        yield Caller(name, {"Authorization": f"Bearer {key}", "Accept-Language": "en"}, bound)


def generated(operation: Any, count: int) -> list[Case[Any]]:  # noqa: ANN401  of a library without types
    """Cases of an operation, the same in every run."""
    found: list[Case[Any]] = []

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=not DEEP, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def collect(case: Case[Any]) -> None:
        found.append(case)

    collect()
    return found


def complaint(case: Case[Any], caller: Caller, address: str, session: requests.Session) -> str:
    """What is wrong with the answer to one call; empty for nothing."""
    answer = case.call(base_url=address, headers=dict(caller.headers), session=session, timeout=20)
    told = f"{caller.name} {case.method} {case.formatted_path} {case.query} {case.body!r:.200}: {answer.status_code}"
    if answer.status_code >= 500:
        return f"{told} {answer.text[:300]}"
    sent = f"{case.formatted_path} {case.query} {case.body!r}"
    leaked = [word for word in FOREIGN if word in answer.text and word not in sent]
    if caller.bound and leaked:
        return f"{told} tells {leaked}"
    return ""


def test_no_role_gets_a_crash_or_another_province_out_of_the_api(live_server: LiveServer, tmp_path: Path) -> None:
    small_year.build(tmp_path)
    people = list(callers())
    document = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    random.Random(3).shuffle(operations)
    turn = cycle(people)
    begun, calls, met = time.monotonic(), 0, set[str]()
    complaints: list[str] = []
    with requests.Session() as session:
        for operation in operations:
            late = SECONDS is not None and time.monotonic() - begun > SECONDS
            for case in generated(operation, 1 if late else CASES):
                for caller in islice(turn, 1 if late else CALLERS or len(people)):
                    complaints += filter(None, [complaint(case, caller, live_server.url, session)])
                    met.add(caller.name)
                    calls += 1
    print(f"{calls} calls of {len(operations)} operations by {len(met)} roles in {time.monotonic() - begun:.0f} s")
    assert complaints == []
    assert len(met) == len(Role)
    assert calls >= len(operations)


def test_the_words_of_the_other_province_are_there_to_be_leaked(live_server: LiveServer, tmp_path: Path) -> None:
    small_year.build(tmp_path)
    services.add_user(actor=system_user(), username="semua", password="", role=Role.PERENCANA)
    key = services.create_token(actor=system_user(), username="semua", scope="read")
    text = requests.get(
        f"{live_server.url}/api/v1/payments?year=2022", headers={"Authorization": f"Bearer {key}"}, timeout=20
    ).text
    assert any(word in text for word in FOREIGN)
    assert WEST_JAVA in text
