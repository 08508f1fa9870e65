"""Which things take files: the word in the address, the thing as the service knows it, and its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from dekon.budget.selectors import attached
from dekon.documents.services import Target
from dekon.errors import NotFound

if TYPE_CHECKING:
    from dekon.documents.models import Attachment

WORDS: Mapping[str, str] = {"blokir": "block", "cadangan": "reservation", "kasus": "case"}
"""Word of the address → kind of thing, which is also the name of its page."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with its files: as the service knows it, its own page, and the page of its files."""

    target: Target
    href: str
    files: str


def thing(word: str, number: int) -> Thing:
    """The thing that an address names.

    Raises:
        NotFound: it takes no files, or it is not there.
    """
    if word not in WORDS:
        raise NotFound("attachment-thing-unknown", word=word)
    kind = WORDS[word]
    return Thing(
        attached.target(kind, number), reverse(kind, args=[number]), reverse("attachments", args=[word, number])
    )


def thing_of(found: Attachment) -> Thing:
    """The thing that a file is attached to.

    Raises:
        NotFound: it is no longer there, as a block that a file took back.
    """
    word = next((word for word, kind in WORDS.items() if kind == found.subject_type), found.subject_type)
    return thing(word, int(found.subject_id))
