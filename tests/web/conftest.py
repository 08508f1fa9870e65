"""A client that refuses HTML which a strict parser refuses, and a small year to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.test import Client

from dekon.org.models import User
from tests.builders import small_year

type SignIn = Callable[[str], Client]


class StrictClient(Client):
    """Parses every page that it gets."""

    def request(self, **request: Any) -> Any:  # noqa: ANN401  as Django declares it
        response = super().request(**request)
        if (
            response.headers.get("Content-Type", "").startswith("text/html")
            and not response.streaming
            and response.content
        ):
            parser = html5lib.HTMLParser(strict=True)
            (parser.parseFragment if "HTTP_HX_REQUEST" in request else parser.parse)(response.content.decode())
        return response


@pytest.fixture
def year(db: None, tmp_path: Path) -> None:
    """The small year of the builders."""
    small_year.build(tmp_path)


@pytest.fixture
def sign_in(year: None) -> SignIn:
    """Makes a client of one of the people of the small year."""

    def client(name: str) -> Client:
        made = StrictClient()
        made.force_login(User.objects.get(username=name))
        return made

    return client


@pytest.fixture
def planner(sign_in: SignIn) -> Client:
    return sign_in("perencana")


@pytest.fixture
def visitor(db: None) -> Client:
    return StrictClient()
