"""From where a request comes: what a stranger says of itself does not count."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from dekon.web.callers import address_of, device_of


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "<script>", ""),
        (1, "", "192.0.2.1"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_proxies_of_ours_are_believed(settings: Settings, proxies: int, said: str, address: str) -> None:
    settings.PROXIES = proxies
    headers = {"x-forwarded-for": said} if said else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == address


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("<b>curl</b>", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_in_two_known_words(said: str, words: str) -> None:
    assert device_of(RequestFactory().get("/", headers={"user-agent": said})) == words
