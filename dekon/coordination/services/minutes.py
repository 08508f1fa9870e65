"""Writing the minutes together: nobody's text is lost, and once they are approved nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import TextKind
from dekon.coordination.models import MinutesBlock, MinutesClosing, MinutesText
from dekon.coordination.services.meetings import locked
from dekon.errors import Conflict, NotFound, Problem, RuleBroken, Unfit
from dekon.lib.merging import merged
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting
    from dekon.org.models import User

TEXT_LENGTH = 20_000
HEADING_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a text: `kind` is how it was taken, None where nothing was new; `block` as it stands now."""

    block: MinutesBlock
    kind: TextKind | None


@transaction.atomic
def add_block(*, actor: User, meeting_id: int, heading: str, session_id: int | None = None) -> MinutesBlock:
    """Begin a new paragraph at the end of the minutes.

    Args:
        heading: what it is about.
        session_id: the session of the agenda that it belongs to, if any.

    Raises:
        NotFound: there is no such meeting, or no such session in it.
        NotAllowed: the actor writes no minutes of it.
        Conflict: the meeting has not begun, or the minutes were approved.
        Unfit: the heading is missing or too long.
    """
    meeting = selectors.meeting(meeting_id)
    org.require(actor, Action.WRITE_MINUTES, selectors.matter_of_meeting(meeting))
    audit.take_turn("minutes", str(meeting_id))
    _require_open(meeting)
    if not heading.strip():
        raise Unfit([Problem("heading", "meeting-word-missing")])
    if len(heading) > HEADING_LENGTH:
        raise Unfit([Problem("heading", "result-too-long", {"length": HEADING_LENGTH})])
    session = selectors.session(meeting_id, session_id) if session_id else None
    last = MinutesBlock.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
    made = MinutesBlock.objects.create(
        meeting=meeting, position=last + 1, heading=heading.strip(), session=session, added_by=actor
    )
    _trail(actor, "minutes-block-added", meeting, after={"heading": made.heading})
    return made


@transaction.atomic
def save_text(*, actor: User, block_id: int, base: int, text: str, at: datetime, settles: Iterable[int] = ()) -> Saved:
    """Save what somebody wrote in a paragraph.

    On the newest version it counts at once. On an older one it is merged with what came in between; where both changed
    the same words, it is kept aside until somebody chooses. Whatever is sent stands in the history word for word.

    Args:
        base: the number of the version that the writer had before them; 0 for an empty paragraph.
        text: the whole paragraph.
        settles: numbers of texts that stand aside and are settled by this one; then `base` must be the newest version.
        at: the moment, aware.

    Raises:
        NotFound: there is no such paragraph.
        NotAllowed: the actor writes no minutes of that meeting.
        Conflict: the minutes were approved, or the paragraph has no such version.
        Unfit: the text is too long.
    """
    block = MinutesBlock.objects.select_for_update(of=("self",)).filter(pk=block_id).first()
    if block is None:
        raise NotFound("minutes-block-unknown", number=block_id)
    meeting = selectors.meeting(block.meeting_id)
    org.require(actor, Action.WRITE_MINUTES, selectors.matter_of_meeting(meeting))
    _require_open(meeting)
    written = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if len(written) > TEXT_LENGTH:
        raise Unfit([Problem("text", "result-too-long", {"length": TEXT_LENGTH})])
    if not 0 <= base <= block.version or not (base == 0 or _is_there(block, base)):
        raise Conflict("minutes-base-unknown", number=base)
    saved = _taken(block, _Offer(actor, base, written, at), frozenset(settles))
    if saved.kind:
        _trail(actor, "minutes-saved", meeting, after={"heading": block.heading, "kind": saved.kind.value})
    return saved


@dataclass(frozen=True, slots=True)
class _Offer:
    """A text as somebody sends it: by whom, on which version, and when."""

    actor: User
    base: int
    text: str
    at: datetime


def _taken(block: MinutesBlock, offer: _Offer, settles: frozenset[int]) -> Saved:
    """The text in its place: counting, merged, or aside."""
    current, base = _text(block, block.version), _text(block, offer.base)
    aside = MinutesText.objects.filter(block=block, kind=TextKind.ASIDE, settled_by=None)
    if offer.base == block.version:
        settled = list(aside.filter(number__in=settles))
        if offer.text == current and not settled:
            return Saved(block, None)
        counted = _keep(block, offer, TextKind.SAVED, offer.text)
        for one in settled:
            one.settled_by = counted
            one.save(update_fields=["settled_by"])
        return Saved(block, TextKind.SAVED)
    if offer.text in {current, base} or aside.filter(base=offer.base, text=offer.text, by=offer.actor).exists():
        return Saved(block, None)
    together = merged(base, current, offer.text)
    if together is None:
        _keep(block, offer, TextKind.ASIDE, offer.text)
        return Saved(block, TextKind.ASIDE)
    _keep(block, offer, TextKind.OFFERED, offer.text)
    _keep(block, offer, TextKind.MERGED, together)
    return Saved(block, TextKind.MERGED)


COUNTS = frozenset({TextKind.SAVED, TextKind.MERGED})


def _keep(block: MinutesBlock, offer: _Offer, kind: TextKind, text: str) -> MinutesText:
    """One more text of the paragraph; where its kind counts, it is the paragraph from now on."""
    last = MinutesText.objects.filter(block=block).aggregate(last=Max("number"))["last"] or 0
    made = MinutesText.objects.create(
        block=block, number=last + 1, base=offer.base, kind=kind, text=text, by=offer.actor, at=offer.at
    )
    if kind in COUNTS:
        block.version = made.number
        block.save(update_fields=["version"])
    return made


def _text(block: MinutesBlock, number: int) -> str:
    found = MinutesText.objects.filter(block=block, number=number).values_list("text", flat=True).first()
    return found or ""


def _is_there(block: MinutesBlock, number: int) -> bool:
    return MinutesText.objects.filter(block=block, number=number).exists()


@transaction.atomic
def close_minutes(*, actor: User, meeting_id: int, at: datetime) -> MinutesClosing:
    """Approve the minutes; from now on nothing in them changes.

    Args:
        at: the moment, aware.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor approves no minutes of it.
        Conflict: the meeting is not over, or they were approved before.
        RuleBroken: they are empty, or texts still clash.
    """
    meeting = locked(actor, meeting_id, Action.CLOSE_MINUTES)
    audit.take_turn("minutes", str(meeting_id))
    list(MinutesBlock.objects.select_for_update().filter(meeting=meeting))  # whoever is saving has saved before this
    _require_open(meeting)
    found = selectors.paragraphs(meeting_id)
    if waiting := sum(len(one.aside) for one in found):
        raise RuleBroken("minutes-unsettled", count=waiting)
    if not any(one.text.strip() for one in found):
        raise RuleBroken("minutes-empty", title=meeting.title)
    made = MinutesClosing.objects.create(meeting=meeting, by=actor, at=at)
    _trail(actor, "minutes-closed", meeting, after={"rows": len(found)})
    return made


def _require_open(meeting: Meeting) -> None:
    if MinutesClosing.objects.filter(meeting=meeting).exists():
        raise Conflict("minutes-closed", title=meeting.title)


def _trail(actor: User, action: str, meeting: Meeting, *, after: dict[str, str | int]) -> None:
    audit.record(
        actor=actor, action=action, subject_type="meeting", subject_id=meeting.pk, subject_name=meeting.title,
        place=audit.place_of("", meeting.unit.code if meeting.unit else ""), after=after,
    )  # fmt: skip
