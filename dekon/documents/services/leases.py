"""Having a document to oneself for a while: a row with holder and end, there for all at once, no open transaction."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import OperationalError

from dekon.documents.choices import LeasePurpose
from dekon.documents.models import Document, Lease
from dekon.errors import Conflict
from dekon.lib.periods import format_time
from dekon.scope import at_once

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from dekon.org.models import User

SIGNING_SECONDS: Final = 90
"""As long as a signature may take, with a slow service outside; after that another may begin."""
OUTSIDE_MINUTES: Final = 15
"""As long as somebody who signs in another application has the document alone."""
WAIT_SECONDS: Final = 20
PAUSE_SECONDS: Final = 0.1

TAKE: Final = """
    INSERT INTO documents_lease (document_id, holder_id, purpose, place_id, base_sha256, token, taken_at, ends_at)
    VALUES (%(document)s, %(holder)s, %(purpose)s, %(place)s, %(base)s, %(token)s, %(now)s, %(ends)s)
    ON CONFLICT (document_id) DO UPDATE SET holder_id = excluded.holder_id, purpose = excluded.purpose,
        place_id = excluded.place_id, base_sha256 = excluded.base_sha256, token = excluded.token,
        taken_at = excluded.taken_at, ends_at = excluded.ends_at
    WHERE documents_lease.ends_at <= excluded.taken_at
       OR (documents_lease.holder_id = excluded.holder_id AND documents_lease.purpose = %(outside)s)
    RETURNING id"""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that was just taken: whose document, and the word by which it is known."""

    document_id: int
    token: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What a lease is taken for. Somebody who downloaded the document may go on to sign it here instead."""

    purpose: LeasePurpose
    lasting: timedelta
    place_id: int | None = None
    base_sha256: str = ""


def take(*, actor: User, document: Document, claim: Claim, at: datetime) -> Held:
    """Have a document to oneself; waits a little for a signature that is just being made.

    Args:
        actor: the holder.
        document: which.
        claim: what for and how long.
        at: the present moment, aware.

    Raises:
        Conflict: `document-leased`, with holder and end.
    """
    began, moment = time.monotonic(), at
    while True:
        token = secrets.token_hex(16)
        with at_once() as cursor:
            if _taken(cursor, (actor, document), claim, moment, token):
                return Held(document.pk, token, moment + claim.lasting)
        standing = Lease.objects.filter(document=document).first()
        waited = time.monotonic() - began
        if standing and (standing.purpose == LeasePurpose.OUTSIDE or waited > WAIT_SECONDS):
            raise Conflict("document-leased", holder=str(standing.holder), until=format_time(standing.ends_at))
        time.sleep(PAUSE_SECONDS)
        moment = at + timedelta(seconds=time.monotonic() - began)


def _taken(cursor: CursorWrapper, who: tuple[User, Document], claim: Claim, moment: datetime, token: str) -> bool:
    actor, document = who
    values: dict[str, str | int | datetime | None] = {
        "document": document.pk, "holder": actor.pk, "purpose": claim.purpose, "place": claim.place_id,
        "base": claim.base_sha256, "token": token, "now": moment, "ends": moment + claim.lasting,
        "outside": LeasePurpose.OUTSIDE,
    }  # fmt: skip
    try:
        cursor.execute(TAKE, values)
    except OperationalError:  # whoever gives it back is about to end
        return False
    return cursor.fetchone() is not None


def give_back(held: Held) -> None:
    """Let others go on at once."""
    with at_once() as cursor:
        cursor.execute(
            "DELETE FROM documents_lease WHERE document_id = %s AND token = %s", [held.document_id, held.token]
        )


@contextmanager
def having(*, actor: User, document: Document, claim: Claim, at: datetime) -> Iterator[Held]:
    """A document to oneself for the length of the block; what goes wrong gives it back at once.

    What goes well gives it back by `settle`, together with what was made.
    """
    held = take(actor=actor, document=document, claim=claim, at=at)
    try:
        yield held
    except BaseException:
        give_back(held)
        raise


def settle(held: Held) -> None:
    """Give a lease back as part of the transaction that keeps what was made under it.

    Raises:
        Conflict: `lease-lost`: it ended meanwhile and somebody else has the document.
    """
    found = Lease.objects.select_for_update().filter(document_id=held.document_id, token=held.token).first()
    if found is None:
        raise Conflict("lease-lost")
    found.delete()
