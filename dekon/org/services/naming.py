"""Names under which people are known: nobody takes one that looks like another's."""

from __future__ import annotations

from dekon.errors import RuleBroken
from dekon.lib import spelling


def person_name(raw: str) -> str:
    """A person's name as it is kept: composed, without unseen signs, in Latin letters.

    Raises:
        RuleBroken: nothing is left of it, or a letter of another writing is in it.
    """
    name = spelling.plain_name(raw)
    if not spelling.is_latin(name):
        raise RuleBroken("person-name-unfit")
    return name


def account_name(raw: str) -> str:
    """A user name as it is kept.

    Raises:
        RuleBroken: it holds other signs than plain letters, figures and `. _ @ + -`.
    """
    if not spelling.is_account_name(raw):
        raise RuleBroken("user-name-unfit")
    return raw


def mail_address(raw: str) -> str:
    """A mail address as it is kept.

    Raises:
        RuleBroken: it holds signs that only look like plain ones.
    """
    address = raw.strip()
    if not spelling.is_plain_mail(address):
        raise RuleBroken("mail-address-unfit")
    return address
