"""Passkeys: questions for the browser and what it answers. The library checks signatures, origin and challenge."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from fido2.utils import websafe_decode

from dekon.org.selectors.sign_in import own_account
from dekon.scope import claiming

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dekon.org.models import User

LONGEST = 32_768
"""Characters of an answer; real ones have a few thousand."""
LIMIT = 2**63
"""Numbers of accounts lie below."""


def by_name(request: HttpRequest) -> str | None:
    """Where the same page is found by a name, if it was opened at a number: browsers make no passkey for one.

    Empty where this machine knows no name for the number; None where the address is a name already.
    """
    host = urlsplit(f"//{request.get_host()}")
    try:
        number = ip_address(host.hostname or "")
    except ValueError:
        return None
    port = f":{host.port}" if host.port else ""
    return f"{request.scheme}://localhost{port}{request.path}" if number.is_loopback else ""


def question(user: User | None) -> dict[str, Any]:
    """What the browser has to sign: with any passkey of this site, or with one of the person's."""
    return _plain(auth.begin_authentication(user))


def offer(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    return _plain(auth.begin_registration(user, passwordless=True))


def signer(text: str, expected: User | None) -> User | None:
    """Whose passkey has signed, if it is one of an open account, and of the person who is expected."""
    try:
        answered = _read(text)
        number = expected.pk if expected else _named(answered)
        with claiming(str(number)):
            user = _owner(number)
            auth.complete_authentication(user, auth.parse_authentication_response(answered)).record_usage()
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    return user


def made(text: str) -> dict[str, Any] | None:
    """The new passkey, if the browser has made it for the question that was asked."""
    try:
        answered = _read(text)
        auth.complete_registration(auth.parse_registration_response(answered))
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    return answered


def _read(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise ValueError("longer than any answer of a browser")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _owner(number: int) -> User:
    user = own_account(number)
    if user is None:
        raise ValidationError("no such open account")
    return user


def _named(answered: dict[str, Any]) -> int:
    """The number of the account that the passkey claims to be of."""
    handle = answered["response"].get("userHandle") or ""
    number = int(url_str_to_user_pk(websafe_decode(handle).decode()))
    if not 0 < number < LIMIT:
        raise ValueError("no account has such a number")
    return number


def _plain(options: Any) -> dict[str, Any]:  # noqa: ANN401  of the library
    return cast("dict[str, Any]", json.loads(json.dumps(options, default=dict)))
