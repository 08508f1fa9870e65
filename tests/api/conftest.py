"""People who call the API, and how they call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.test import Client

from dekon.org import services
from dekon.org.selectors import system_user

if TYPE_CHECKING:
    from dekon.org.models import User

type MakeUser = Callable[..., User]
type MakeClient = Callable[..., Client]


@pytest.fixture
def person(db: None) -> MakeUser:
    """Makes a person with one role, somewhere."""

    def make(role: str, province: str = "", unit: str = "", satker: str = "") -> User:
        return services.add_user(
            actor=system_user(), username="-".join(filter(None, [role, province, unit, satker])), password="",
            role=role, province=province, unit=unit, satker=satker, decree_no="SK 1", decree_on=date(2021, 12, 20),
        )  # fmt: skip

    return make


@pytest.fixture
def calling(person: MakeUser) -> MakeClient:
    """Makes a client with a token of a person with one role, somewhere."""

    def make(role: str = "perencana", scope: str = "read", **place: str) -> Client:
        user = person(role, **place)
        key = services.create_token(actor=system_user(), username=user.username, scope=scope)
        return Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})

    return make


class Answer(Protocol):
    """What the test client gives back."""

    @property
    def content(self) -> bytes:
        """The body."""


def envelope(response: Answer) -> dict[str, Any]:
    """The body of a refusal, which always has the same four keys."""
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) == {"code", "message", "legal", "errors"}
    return body
