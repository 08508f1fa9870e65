"""Carrying out what was sent once: a double click, a resent form or call changes nothing and gets the first answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from dekon.errors import Conflict
from dekon.org.models import Submission, User


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: by whom, with which key, to which address, and the bytes that make it this one."""

    user: User
    key: str
    purpose: str
    body: bytes

    @property
    def digest(self) -> str:
        """The body's hash."""
        return hashlib.sha256(self.body).hexdigest()


@transaction.atomic
def done_before(*, sent: Sent) -> Submission | None:
    """Claim the key for this transaction; where it was carried out already, what came of it.

    A second sender waits here until the first has committed.

    Raises:
        Conflict: the key was used for something else.
    """
    made, is_new = Submission.objects.get_or_create(
        user=sent.user, key=sent.key, defaults={"purpose": sent.purpose[:96], "digest": sent.digest}
    )
    if is_new:
        return None
    if (made.purpose, made.digest) != (sent.purpose[:96], sent.digest):
        raise Conflict("submission-key-used", key=sent.key)
    return made


@transaction.atomic
def remember(*, sent: Sent, status: int, answer: str) -> None:
    """Keep what came of it, for whoever sends it again."""
    Submission.objects.filter(user=sent.user, key=sent.key).update(status=status, answer=answer)
