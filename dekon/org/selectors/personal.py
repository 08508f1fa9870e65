"""Personal data of people, masked unless the whole is asked for by its own name."""

from __future__ import annotations

from django.conf import settings

from dekon.lib.nik import masked
from dekon.lib.sealed import unseal
from dekon.org.models import User


def nik_row(number: int) -> str:
    """What a national identity number is bound to: the column and the account it lies in."""
    return f"org_user.nik:{number}"


def nik_of(user: User) -> str:
    """The whole number, empty where none is kept. Only services that log the reading ask for it.

    Raises:
        Unreadable: its key is gone, or it is another person's.
    """
    return unseal(user.nik_sealed, nik_row(user.pk), settings.FIELD_KEYS) if user.nik_sealed else ""


def masked_nik(user: User) -> str:
    """The number as it is shown: its last four digits, the rest covered; empty where none is kept."""
    whole = nik_of(user)
    return masked(whole) if whole else ""
