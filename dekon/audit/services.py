"""Writing the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dekon.audit import selectors
from dekon.audit.models import Event
from dekon.gateways import heads

type Facts = Mapping[str, str | int | bool | list[str] | None]


class Actor(Protocol):
    """Whoever acts: a signed-in person or the system account of the command line."""

    @property
    def pk(self) -> int | None:
        """The number of the account."""

    def get_username(self) -> str:
        """The name of the account."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change comes from: `web`, `api`, `cli` or `job`, and the request that carried it."""

    origin: str = "cli"
    request_id: str = ""


_source: ContextVar[Source] = ContextVar("audit_source", default=Source())  # noqa: B039  frozen: cannot be shared by mutation


@contextmanager
def acting_from(origin: str, request_id: str = "") -> Iterator[None]:
    """Everything recorded inside says that it came from there."""
    token = _source.set(Source(origin, request_id))
    try:
        yield
    finally:
        _source.reset(token)


def record(
    *,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: str | int,
    subject_name: str = "",
    satker_code: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> Event:
    """Write one row of the trail, in the caller's transaction.

    Args:
        actor: who did it; `on_behalf_of` of it is the office in whose place, as `org.require` allowed it.
        action: what was done, past tense, kebab-case (`import-applied`).
        subject_type, subject_id, subject_name: the thing it was done to.
        satker_code: the satker it concerns, six digits, or empty for the centre.
        before, after: the facts that changed; money as integer rupiah.
        reason: the words of the person, where the action asks for them.
    """
    source = _source.get()
    return Event.objects.create(
        actor_id=actor.pk, actor_name=actor.get_username(),
        on_behalf_of=getattr(actor, "on_behalf_of", ""), action=action, subject_type=subject_type,
        subject_id=str(subject_id), subject_name=subject_name, satker_code=satker_code, before=dict(before or {}),
        after=dict(after or {}), reason=reason, origin=source.origin, request_id=source.request_id,
    )  # fmt: skip


def copy_heads(*, at: datetime) -> bool:
    """Copy the ends of all chains to where the database cannot reach. Returns whether anything was new.

    Args:
        at: the moment that the copy bears.
    """
    return heads.keep({head.chain: (head.seq, head.hash.hex()) for head in selectors.heads()}, at)
