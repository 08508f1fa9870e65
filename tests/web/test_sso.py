"""Signing in by OpenID Connect, against a real provider on the loopback address."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import oidc_provider_mock
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from dekon.org.models import SignedIn, User
from tests.builders.accounts import person, with_app
from tests.web.conftest import StrictClient

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
KNOWN, UNVERIFIED, STRANGER = "orang-1", "orang-2", "orang-3"


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing, so that the test goes each step itself."""

    def redirect_request(self, *facts: object, **more: object) -> None:
        return None


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address; three people have accounts there."""
    people = [
        oidc_provider_mock.User(sub=KNOWN, claims={"email": "Staf@dinas.example", "email_verified": True}),
        oidc_provider_mock.User(sub=UNVERIFIED, claims={"email": "staf@dinas.example", "email_verified": False}),
        oidc_provider_mock.User(sub=STRANGER, claims={"email": "lain@dinas.example", "email_verified": True}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sso(provider: str, settings: Settings) -> str:
    """The provider, switched on."""
    settings.OIDC_URL = provider
    app = {"provider_id": "sso", "name": "SSO", "client_id": "dekon", "secret": "rahasia-percobaan"}
    app |= {"settings": {"server_url": provider}}  # type: ignore[dict-item]  # as the library reads it
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return provider


def agree(address: str, sub: str) -> str:
    """Sign in at the provider; where it sends the browser back to."""
    body = urllib.parse.urlencode({"sub": sub}).encode()
    with pytest.raises(urllib.error.HTTPError) as led_back:
        urllib.request.build_opener(Stay).open(address, body, timeout=10)
    with closing(led_back.value):
        return str(led_back.value.headers["Location"])


def go(sub: str, client: Client | None = None) -> tuple[Client, str]:
    """Up to the way back: the client and the address on which it comes."""
    client = client or StrictClient()
    out = client.get("/masuk/sso/sso/?next=/akun/")
    assert out.status_code == 302
    return client, agree(out.headers["Location"], sub)


def path(address: str) -> str:
    parts = urllib.parse.urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_a_verified_address_opens_the_account_that_has_it(sso: str) -> None:
    user = person("operator-uji", "operator", "32", email="staf@dinas.example")
    assert "/masuk/sso/sso/" in StrictClient().get("/masuk/").content.decode()
    client, back = go(KNOWN)
    assert client.get(path(back)).status_code == 302
    assert "operator-uji" in client.get("/akun/").content.decode()
    assert SignedIn.objects.get(user=user).factor == "sso"
    User.objects.filter(pk=user.pk).update(email="baru@dinas.example")
    again, back = go(KNOWN)
    again.get(path(back))
    assert again.get("/akun/").status_code == 200, "known by the provider's own name from now on"
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("sub", [UNVERIFIED, STRANGER])
def test_an_unverified_or_unknown_address_opens_nothing_and_makes_no_account(sso: str, sub: str) -> None:
    person("operator-uji", "operator", "32", email="staf@dinas.example")
    before = User.objects.count()
    client, back = go(sub)
    answer = client.get(path(back))
    assert answer.status_code == 403
    assert "Akun belum terdaftar di Dekon" in answer.content.decode()
    assert client.get("/akun/").status_code == 302
    assert User.objects.count() == before


def test_a_closed_account_stays_closed(sso: str) -> None:
    user = person("operator-uji", "operator", "32", email="staf@dinas.example")
    User.objects.filter(pk=user.pk).update(is_active=False)
    client, back = go(KNOWN)
    assert client.get(path(back)).status_code == 403


def test_the_second_factor_is_asked_for_all_the_same(sso: str) -> None:
    with_app(person("operator-uji", "operator", "32", email="staf@dinas.example"))
    client, back = go(KNOWN)
    assert client.get(path(back)).headers["Location"] == "/masuk/langkah-dua/"
    assert client.get("/akun/").status_code == 302


def test_an_answer_for_another_browser_a_forged_or_repeated_one_opens_nothing(sso: str) -> None:
    person("operator-uji", "operator", "32", email="staf@dinas.example")
    client, back = go(KNOWN)
    stranger = StrictClient()
    assert stranger.get(path(back)).status_code == 401
    assert stranger.get("/akun/").status_code == 302
    forged = path(back).replace("code=", "code=x")
    assert go(KNOWN, stranger)[0].get(forged).status_code == 401
    assert client.get(path(back)).status_code == 302
    assert StrictClient().get(path(back)).status_code == 401


def test_a_provider_that_does_not_answer_is_told(sso: str, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {"server_url": "http://localhost:1"}
    answer = StrictClient().get("/masuk/sso/sso/")
    assert answer.status_code == 401
    assert "Masuk lewat SSO tidak berhasil" in answer.content.decode()


def test_without_settings_there_is_no_such_way_in() -> None:
    assert "/masuk/sso/" not in StrictClient().get("/masuk/").content.decode()
    assert StrictClient().get("/masuk/sso/sso/").status_code == 404
