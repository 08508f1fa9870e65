"""Writing the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection

from dekon.audit import selectors
from dekon.audit.choices import EVERYWHERE, Reading
from dekon.audit.models import Event
from dekon.gateways import heads

TOLD_AGAIN = (
    "actor_id", "actor_name", "on_behalf_of", "action", "subject_name", "reason", "origin", "request_id", "address",
)  # fmt: skip

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
    """Where a change comes from: `web`, `api`, `cli` or `job`, the request that carried it, its network address."""

    origin: str = "cli"
    request_id: str = ""
    address: str = ""


_source: ContextVar[Source] = ContextVar("audit_source", default=Source())  # noqa: B039  frozen: cannot be shared by mutation


@contextmanager
def acting_from(origin: str, request_id: str = "", address: str = "") -> Iterator[None]:
    """Everything recorded inside says that it came from there."""
    token = _source.set(Source(origin, request_id, address))
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
    place: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
    on_behalf_of: str = "",
    each_satker: Iterable[str] = (),
) -> Event:
    """Write one row of the trail, in the caller's transaction.

    Args:
        actor: who did it; `on_behalf_of` of it is the office in whose place, as `org.require` allowed it.
        action: what was done, past tense, kebab-case (`import-applied`).
        subject_type, subject_id, subject_name: the thing it was done to.
        satker_code: the satker it concerns, six digits, or empty for the centre.
        place: whom it concerns where that is no single satker: a province's two digits, `unit:05`, `*` for all.
        before, after: the facts that changed; money as integer rupiah.
        each_satker: where it changed figures of many satker, their codes; each chain gets a row, without the sums.
        reason: the words of the person, where the action asks for them.
        on_behalf_of: the office for which it was done; without it, the one in whose place the actor was allowed to act.
    """
    source = _source.get()
    written = Event(
        actor_id=actor.pk, actor_name=actor.get_username(), on_behalf_of=_principal(actor, on_behalf_of),
        action=action, subject_type=subject_type, subject_id=str(subject_id), subject_name=subject_name,
        satker_code=satker_code, place=place, before=dict(before or {}), after=dict(after or {}), reason=reason,
        origin=source.origin, request_id=source.request_id, address=source.address,
    )  # fmt: skip
    written.save(force_insert=True)
    if each_satker:
        Event.objects.bulk_create(_of_satker(written, code) for code in each_satker)
    return written


def _of_satker(written: Event, code: str) -> Event:
    """The same fact in the chain of a satker that it changed; how much of it was that satker's, its figures tell."""
    told = {name: getattr(written, name) for name in TOLD_AGAIN}
    cause = {written.subject_type: written.subject_id}
    return Event(
        **told, subject_type="satker", subject_id=code, satker_code=code, before=_without_sums(written.before),
        after=_without_sums(written.after) | cause,
    )  # fmt: skip


def _without_sums(facts: Facts) -> dict[str, object]:
    return {name: value for name, value in facts.items() if not isinstance(value, int)}


def _principal(actor: Actor, said: str) -> str:
    """For whom the actor acts: as the call says, or as the verdict that allowed it said."""
    return said or str(getattr(actor, "on_behalf_of", ""))


def record_reading(
    *,
    actor: Actor,
    kind: Reading,
    subject_type: str,
    subject_id: str | int = "",
    subject_name: str = "",
    satker_code: str = "",
    place: str = "",
    facts: Facts | None = None,
) -> Event:
    """Log that somebody read evidence or personal data or took data away, where the owner of the data sees it.

    Args:
        actor: who reads.
        kind: what kind of reading.
        subject_type, subject_id, subject_name: what is read.
        satker_code: whose data it is, six digits, where it is one satker's.
        place: whose data it is otherwise: a province's two digits, `unit:05`, `*` for everybody's.
        facts: how much, in which form: `rows`, `form`, `filters`.
    """
    return record(
        actor=actor, action=kind.value, subject_type=subject_type, subject_id=subject_id,
        subject_name=subject_name[:255], satker_code=satker_code, place="" if satker_code else place, after=facts,
    )  # fmt: skip


def take_turn(subject_type: str, subject_id: str) -> None:
    """Wait until nobody else is in the middle of changing the thing; the turn ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{subject_type}\n{subject_id}"])


def place_of(province: str, unit: str) -> str:
    """Whose data something is that no satker owns alone: a province's or a unit's (two digits), else everybody's."""
    return province or (f"unit:{unit}" if unit else EVERYWHERE)


def copy_heads(*, at: datetime) -> bool:
    """Copy the ends of all chains to where the database cannot reach. Returns whether anything was new.

    Args:
        at: the moment that the copy bears.
    """
    return heads.keep({head.chain: (head.seq, head.hash.hex()) for head in selectors.heads()}, at)
