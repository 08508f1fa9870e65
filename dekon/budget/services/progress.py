"""How far work on a file has come, told while its transaction still shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from django.db import Error

from dekon.budget.choices import ImportPhase
from dekon.scope import connection_beside

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

type Tell = Callable[[ImportPhase, int], None]

PAUSE_SECONDS = 0.5
ROWS_BETWEEN = 1000


class ImportStopped(Exception):
    """Somebody took the file back while the work ran; all of it is undone."""


def in_silence(phase: ImportPhase, rows: int) -> None:
    """Tell nobody: whoever waits for the answer sees it soon enough."""


def counted[Row](rows: Iterator[Row], tell: Tell, then: ImportPhase) -> Iterator[Row]:
    """The rows themselves; how many there were so far is told, and at their end which phase begins."""
    count = 0
    for count, row in enumerate(rows, start=1):
        if count % ROWS_BETWEEN == 0:
            tell(ImportPhase.READING, count)
        yield row
    tell(then, count)


class Progress:
    """Writes the progress of one import over a connection of its own, and notices when it is to stop.

    Short work writes nothing: the connection is opened once half a second has passed. Where the row cannot be seen from
    outside (a test within one transaction) nothing is told.
    """

    def __init__(self, *, run_id: int, status: str, user_id: str, scope: str) -> None:
        self.run_id = run_id
        self.status = status
        self.asking = (user_id, scope)
        self.due = monotonic() + PAUSE_SECONDS
        self.phase = ImportPhase.READING
        self.beside: BaseDatabaseWrapper | None = None
        self.seen = False

    def tell(self, phase: ImportPhase, rows: int) -> None:
        """Write how far it is.

        Raises:
            ImportStopped: the work is no longer wanted.
        """
        now = monotonic()
        if now < self.due and (self.beside is None or phase == self.phase):
            return
        self.due, self.phase = now + PAUSE_SECONDS, phase
        try:
            written = self._write(phase, rows)
        except Error:
            return  # progress is a comfort; the work goes on without it
        if not written and self.seen:
            raise ImportStopped
        self.seen = written

    def _write(self, phase: ImportPhase, rows: int) -> bool:
        if self.beside is None:
            self.beside = connection_beside(*self.asking)
        with self.beside.cursor() as cursor:
            cursor.execute(
                "UPDATE budget_importrun SET phase = %s, rows_done = %s WHERE id = %s AND status = %s",
                [phase, rows, self.run_id, self.status],
            )
            return bool(cursor.rowcount)

    def close(self) -> None:
        """Give the connection back."""
        if self.beside is not None:
            self.beside.close()
