"""Which things take files: the word in the address, how the thing is found, and what one must hold to attach to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.budget.selectors import plan
from dekon.documents.services import Target
from dekon.errors import NotFound
from dekon.org.choices import Action


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its files: as the service knows it, and its own page."""

    target: Target
    href: str


def block(number: int) -> Thing:
    """A block of money."""
    found = plan.block(number)
    name = _("Blokir #%(number)s") % {"number": number}
    return Thing(Target("block", number, name, found.pos.satker, Action.MANAGE_BLOCKS), reverse("block", args=[number]))


def reservation(number: int) -> Thing:
    """Money kept for a contract."""
    found = plan.reservation(number)
    target = Target("reservation", number, found.document, found.pos.satker, Action.RESERVE)
    return Thing(target, reverse("reservation", args=[number]))


def case(number: int) -> Thing:
    """A disagreement of two sources."""
    found = budget.case(number)
    name = _("Kasus rekonsiliasi #%(number)s") % {"number": number}
    return Thing(Target("case", number, name, found.satker, Action.ANSWER_CASE), reverse("case", args=[number]))


THINGS: Mapping[str, Callable[[int], Thing]] = {"blokir": block, "cadangan": reservation, "kasus": case}
"""Word of the address → how the thing is found. A later part adds its own here."""


def thing(word: str, number: int) -> Thing:
    """The thing that an address names.

    Raises:
        NotFound: it takes no files, or it is not there.
    """
    if word not in THINGS:
        raise NotFound("attachment-thing-unknown", word=word)
    return THINGS[word](number)
