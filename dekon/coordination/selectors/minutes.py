"""Reading minutes: the paragraphs as they stand, every text there ever was, and what clashes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import FETCH_PEERS, Q, QuerySet

from dekon.coordination.choices import TextKind
from dekon.coordination.models import Material, MeetingReport, MinutesBlock, MinutesClosing, MinutesText
from dekon.errors import NotFound

PHOTOS = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it stands: its text that counts (None while there is none), and those that stand aside."""

    block: MinutesBlock
    current: MinutesText | None
    aside: tuple[MinutesText, ...]

    @property
    def text(self) -> str:
        """The text that counts."""
        return self.current.text if self.current else ""


def paragraphs(meeting_id: int) -> list[Paragraph]:
    """The minutes of a meeting in their order."""
    return _paragraphs(MinutesBlock.objects.filter(meeting=meeting_id).select_related("session"))


def paragraph(number: int) -> Paragraph:
    """One paragraph.

    Raises:
        NotFound: there is none of that number, or not for this reader.
    """
    found = _paragraphs(MinutesBlock.objects.filter(pk=number).select_related("session", "meeting__unit"))
    if not found:
        raise NotFound("minutes-block-unknown", number=number)
    return found[0]


def texts(block_id: int) -> list[MinutesText]:
    """Every text that was saved in a paragraph, the newest first."""
    return list(MinutesText.objects.filter(block=block_id).fetch_mode(FETCH_PEERS).order_by("-number"))


def closing_of(meeting_id: int) -> MinutesClosing | None:
    """The approval of the minutes of a meeting; None while they are written."""
    return MinutesClosing.objects.filter(meeting=meeting_id).fetch_mode(FETCH_PEERS).first()


def reports_of(meeting_id: int) -> list[MeetingReport]:
    """The reports of a meeting, the newest first."""
    return list(MeetingReport.objects.filter(meeting=meeting_id).select_related("document"))


def report(number: int) -> MeetingReport:
    """One report, by the number of its record.

    Raises:
        NotFound: there is none.
    """
    found = MeetingReport.objects.select_related("document", "meeting").filter(pk=number).first()
    if found is None:
        raise NotFound("report-unknown", number=number)
    return found


def photos_of(meeting_id: int) -> list[Material]:
    """Pictures among the materials of a meeting, in the order in which they came."""
    return list(Material.objects.filter(meeting=meeting_id, media_type__in=PHOTOS, withdrawn_at=None))


def _paragraphs(blocks: QuerySet[MinutesBlock]) -> list[Paragraph]:
    known = list(blocks)
    standing = Q(kind=TextKind.ASIDE, settled_by=None)
    counted = Q(pk__in=[])
    for one in known:
        counted |= Q(block=one, number=one.version)
    rows = MinutesText.objects.filter(Q(block__in=known) & standing | counted).fetch_mode(FETCH_PEERS)
    by_block: dict[int, list[MinutesText]] = {}
    for row in rows:
        by_block.setdefault(row.block_id, []).append(row)
    return [_paragraph(one, by_block.get(one.pk, [])) for one in known]


def _paragraph(block: MinutesBlock, rows: list[MinutesText]) -> Paragraph:
    current = next((row for row in rows if row.number == block.version), None)
    aside = tuple(row for row in rows if row.kind == TextKind.ASIDE and row is not current)
    return Paragraph(block, current, aside)
