"""The table of meetings, and how far one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.coordination.choices import MeetingState
from dekon.lib.periods import JAKARTA, format_time
from dekon.web import formats
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting, MeetingSession

TONES: Mapping[str, Tone] = {
    MeetingState.PLANNED: "mute", MeetingState.INVITING: "info", MeetingState.RUNNING: "warn",
    MeetingState.FINISHED: "ok", MeetingState.CANCELLED: "bad",
}  # fmt: skip


def meetings_table(found: Iterable[Meeting]) -> Table:
    """Meetings, the newest first."""
    columns = (
        Column("rapat", _("Rapat"), noted=True, wide=True),
        Column("jenis", _("Jenis")),
        Column("mulai", _("Mulai"), "moment"),
        Column("tempat", _("Tempat"), noted=True),
        Column("penyelenggara", _("Penyelenggara")),
        Column("undangan", _("Undangan"), "number"),
        Column("tahap", _("Tahap"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(one.title, reverse("meeting", args=[one.pk]), series_words(one)),
                str(one.series.get_kind_display()),
                one.starts_at,
                Cell(one.city, sub=one.venue),
                holder_words(one),
                one.invited,  # type: ignore[attr-defined]  # counted by the selector
                Cell(str(one.get_state_display()), tone=TONES[one.state]),
            )
        )
        for one in found
    )
    return Table("rapat", _("Rapat"), columns, lines, empty=_("Tidak ada rapat yang cocok dengan saringan ini."))


def series_words(meeting: Meeting) -> str:
    """Which one of its series it is."""
    return _("ke-%(ordinal)s, seri %(series)s") % {"ordinal": meeting.ordinal, "series": meeting.series.name}


def holder_words(meeting: Meeting) -> str:
    """Who holds it."""
    return str(meeting.unit) if meeting.unit else _("Kementerian")


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """`15 Maret 2022, 08.00–16.00 WIB`, or both days where there are two."""
    first, last = starts_at.astimezone(JAKARTA), ends_at.astimezone(JAKARTA)
    if first.date() == last.date():
        return f"{formats.day_long(first.date())}, {first:%H.%M}–{format_time(ends_at)}"
    return f"{formats.moment(starts_at)} – {formats.moment(ends_at)}"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the agenda shows it."""

    session: MeetingSession
    time: str
    day: str
    sub: str
    state: str
    tone: Tone
    current: bool
    past: bool


def agenda(sessions: Iterable[MeetingSession], now: datetime, *, several_days: bool) -> list[SessionRow]:
    """The agenda, with what is over, what runs and what comes."""
    return [_row(one, now, several_days=several_days) for one in sessions]


def _row(one: MeetingSession, now: datetime, *, several_days: bool) -> SessionRow:
    first, last = one.starts_at.astimezone(JAKARTA), one.ends_at.astimezone(JAKARTA)
    past, current = one.ends_at <= now, one.starts_at <= now < one.ends_at
    state = _("Selesai") if past else _("Berlangsung") if current else _("Berikutnya")
    parts = [one.speakers, one.room, _("kehadiran dicatat") if one.counted else ""]
    return SessionRow(
        one, f"{first:%H.%M}–{last:%H.%M}", formats.day_short(first.date()) if several_days else "",
        " · ".join(part for part in parts if part), state, "ok" if past else "info" if current else "mute",
        current, past,
    )  # fmt: skip
