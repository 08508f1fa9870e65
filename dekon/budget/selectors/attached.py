"""Things of the budget that take files: how they are found, and what one must hold to attach to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from dekon.budget import selectors
from dekon.budget.selectors import plan
from dekon.documents.services import Target
from dekon.errors import NotFound
from dekon.org.choices import Action


def block(number: int) -> Target:
    """A block of money.

    Raises:
        NotFound: there is none.
    """
    found = plan.block(number)
    name = _("Blokir #%(number)s") % {"number": number}
    return Target("block", number, name, found.pos.satker, Action.MANAGE_BLOCKS)


def reservation(number: int) -> Target:
    """Money kept for a contract.

    Raises:
        NotFound: there is none.
    """
    found = plan.reservation(number)
    return Target("reservation", number, found.document, found.pos.satker, Action.RESERVE)


def case(number: int) -> Target:
    """A disagreement of two sources.

    Raises:
        NotFound: there is none.
    """
    found = selectors.case(number)
    name = _("Kasus rekonsiliasi #%(number)s") % {"number": number}
    return Target("case", number, name, found.satker, Action.ANSWER_CASE)


TARGETS: Mapping[str, Callable[[int], Target]] = {"block": block, "reservation": reservation, "case": case}
"""Kind of thing, as the trail calls it → how it is found."""


def target(kind: str, number: int) -> Target:
    """The thing of a kind and number.

    Raises:
        NotFound: it takes no files, or it is not there.
    """
    if kind not in TARGETS:
        raise NotFound("attachment-thing-unknown", word=kind)
    return TARGETS[kind](number)
