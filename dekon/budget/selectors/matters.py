"""How things of the budget stand, for `may`: imports, blocks, reservations, cases."""

from __future__ import annotations

from dekon.budget.choices import CaseStatus, HoldStatus, RecordStatus
from dekon.budget.models import Block, ExecutionRecord, ImportRun, ReconciliationCase, Reservation
from dekon.org.selectors import Matter, satker_place


def matter_of_import(run: ImportRun) -> Matter:
    """A file that somebody brought; it may speak of many places, which its rows are checked for."""
    return Matter(None, run.status, run.get_status_display())


def matter_of_hold(held: Block | Reservation) -> Matter:
    """A block or a reservation."""
    status = HoldStatus.HOLDS if held.left_rp else HoldStatus.RELEASED
    return Matter(satker_place(held.pos.satker), status, str(status.label))


def matter_of_record(record: ExecutionRecord) -> Matter:
    """A contract, bill, advance, dispensation, report or target that was recorded."""
    status = RecordStatus.WITHDRAWN if record.withdrawn_at else RecordStatus.HOLDS
    return Matter(satker_place(record.satker), status, str(status.label))


def matter_of_case(case: ReconciliationCase) -> Matter:
    """A case; whoever answered it since it was last open prepared its end."""
    notes = list(case.notes.all())
    last_open = max((place for place, note in enumerate(notes) if note.status == CaseStatus.OPEN), default=-1)
    answered = frozenset(note.author_id for note in notes[last_open + 1 :] if note.status == CaseStatus.ANSWERED)
    return Matter(satker_place(case.satker), case.status, case.get_status_display(), answered)
