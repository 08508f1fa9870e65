"""Tables of who is invited, how they answered and who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.coordination.choices import Category, CheckIn, Presence, Reply
from dekon.coordination.selectors import Tally, masked_nip, quorum
from dekon.lib.periods import format_time
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting, Participant

REPLY_TONES: Mapping[str, Tone] = {
    Reply.NONE: "warn", Reply.COMING: "ok", Reply.REPRESENTED: "info", Reply.APOLOGISED: "mute",
}  # fmt: skip
PRESENCE_TONES: Mapping[str, Tone] = {Presence.PRESENT: "ok", Presence.REPRESENTED: "info", Presence.EXCUSED: "mute"}


def participants_table(found: Iterable[Participant], *, whole: bool, over: bool) -> Table:
    """Who is invited.

    Args:
        whole: whether the NIP are shown in full, to whoever prepares the meeting.
        over: whether the meeting is over, so that who has no row was absent.
    """
    columns = (
        Column("nomor", _("Nomor"), "number"),
        Column("nama", _("Nama"), noted=True),
        Column("kategori", _("Kategori")),
        Column("jabatan", _("Jabatan"), noted=True, wide=True),
        Column("jawaban", _("Jawaban"), "badge", noted=True),
        Column("kehadiran", _("Kehadiran"), "badge", noted=True),
    )
    lines = tuple(
        Line(
            cells(
                one.number,
                Cell(
                    one.name, reverse("participant", args=[one.pk]) if whole else "",
                    one.nip if whole else masked_nip(one.nip),
                ),
                str(Category(one.category).label),
                Cell(one.position, sub=one.office),
                Cell(str(Reply(one.reply).label), sub=one.deputy_name, tone=REPLY_TONES[one.reply]),
                presence_cell(one, over=over),
            )
        )
        for one in found
    )  # fmt: skip
    return Table("peserta", _("Peserta"), columns, lines, empty=_("Belum ada peserta yang cocok."))


def presence_cell(one: Any, *, over: bool) -> Cell:  # noqa: ANN401  a participant with what the selector read
    """How somebody stands, and since when."""
    if not one.counting:
        return Cell(_("Tidak hadir"), tone="bad") if over else Cell(_("Belum hadir"), tone="mute")
    first = one.counting[0]
    sub = f"{format_time(first.at)} · {CheckIn(first.method).label}"
    return Cell(str(Presence(first.presence).label), sub=sub, tone=PRESENCE_TONES[first.presence])


@dataclass(frozen=True, slots=True)
class QuorumWords:
    """The quorum as pages show it: each category in words, then all together."""

    rows: tuple[tuple[str, Tally], ...]
    whole: Tally
    met: bool


def quorum_words(meeting: Meeting) -> QuorumWords:
    """The quorum of a meeting, of the people whom the reader may see."""
    counted = quorum(meeting)
    rows = tuple((str(Category(row.category).label), row) for row in counted.rows)
    return QuorumWords(rows, counted.whole, counted.met)
