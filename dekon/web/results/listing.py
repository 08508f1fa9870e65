"""The tables of decisions and issues, and the words for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.coordination import selectors
from dekon.coordination.choices import DecisionState, IssueState
from dekon.org.choices import Role
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.coordination.models import Decision, RaisedIssue
    from dekon.lib.workdays import Calendar

DECISION_TONES: Mapping[str, Tone] = {
    DecisionState.OPEN: "info", DecisionState.CLAIMED: "warn", DecisionState.RETURNED: "bad",
    DecisionState.VERIFIED: "ok", DecisionState.WITHDRAWN: "mute",
}  # fmt: skip
ISSUE_TONES: Mapping[str, Tone] = {
    IssueState.OPEN: "warn", IssueState.AGAIN: "bad", IssueState.ANSWERED: "info", IssueState.SETTLED: "ok",
    IssueState.WITHDRAWN: "mute",
}  # fmt: skip


def decision_number(one: Decision) -> str:
    """The number people name a decision by."""
    return f"K-{one.meeting.fiscal_year}-{one.pk:04d}"


def issue_number(one: RaisedIssue) -> str:
    """The number people name an issue by."""
    return f"P-{one.raised_on.year}-{one.pk:04d}"


def owner_words(one: Decision) -> str:
    """Who has to do it."""
    place = one.province or one.unit or _("Kementerian")
    return f"{Role(one.owner_role).label}, {place}" + (f" ({one.owner})" if one.owner else "")


def is_overdue(one: Decision, today: date) -> bool:
    """Whether its day has passed and nobody has reported it as done."""
    return one.state in selectors.WAITING and one.due_on < today


def decision_badge(one: Decision, today: date) -> Cell:
    """How it stands; what is overdue says so."""
    if is_overdue(one, today):
        return Cell(_("Terlambat %(days)s hari") % {"days": (today - one.due_on).days}, tone="bad")
    return Cell(str(one.get_state_display()), tone=DECISION_TONES[one.state])


def decision_table(found: Iterable[Decision], today: date) -> Table:
    """Decisions with their owner, due day and state."""
    columns = (
        Column("nomor", _("Nomor")),
        Column("isi", _("Keputusan"), noted=True, wide=True),
        Column("pemilik", _("Penanggung jawab"), wide=True),
        Column("tenggat", _("Tenggat"), "date"),
        Column("ro", _("Program atau RO"), "code"),
        Column("status", _("Status"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(decision_number(one), reverse("decision", args=[one.pk])),
                Cell(one.text, sub=one.meeting.title),
                owner_words(one),
                one.due_on,
                one.path or None,
                decision_badge(one, today),
            )
        )
        for one in found
    )
    return Table("keputusan", _("Keputusan rapat"), columns, lines, empty=_("Tidak ada keputusan dalam saringan ini."))


def issue_table(found: Iterable[RaisedIssue], calendar: Calendar, today: date) -> Table:
    """Issues with who answers and how long it took."""
    columns = (
        Column("nomor", _("Nomor")),
        Column("isi", _("Persoalan"), noted=True, wide=True),
        Column("provinsi", _("Provinsi")),
        Column("kategori", _("Kategori")),
        Column("penjawab", _("Penjawab"), wide=True),
        Column("disampaikan", _("Disampaikan"), "date"),
        Column("waktu", _("Waktu jawab"), "number", _("hari kerja")),
        Column("status", _("Status"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(issue_number(one), reverse("issue", args=[one.pk])),
                Cell(one.text, sub=one.meeting.title),
                one.province.name,
                str(one.get_category_display()),
                answerer_words(one),
                one.raised_on,
                selectors.days_to_answer(one, calendar, today),
                Cell(str(one.get_state_display()), tone=ISSUE_TONES[one.state]),
            )
        )
        for one in found
    )
    return Table("persoalan", _("Persoalan daerah"), columns, lines, empty=_("Tidak ada persoalan dalam saringan ini."))


def answerer_words(one: RaisedIssue) -> str:
    """Who answers it."""
    return str(one.unit) if one.unit else _("Biro Perencanaan")
