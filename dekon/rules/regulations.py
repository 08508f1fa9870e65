"""The regulations by subject: which was in force on a day, what came after it, and whether the passage is verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from dekon.errors import RuleBroken
from dekon.lib.periods import format_date
from dekon.rules.entry import Confidence
from dekon.rules.files import ParameterProblems, read_file, source_problems, unknown_fields

REGULATIONS_FILE: Final = Path(__file__).parent / "regulations.yaml"

_FIELDS: Final = frozenset(
    {
        "title", "subject", "since", "until", "revoked_by", "amended_by", "published", "transition", "transition_note",
        "checked", "checked_by", "confidence", "seen_in",
    }
)  # fmt: skip
_NEEDED: Final = ("title", "subject", "since", "published", "checked", "confidence")
_DATES: Final = ("since", "until", "published", "checked")


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation for one subject. `since` is the first day (or fiscal year) to which it is applied.

    `until` is the last one, `revoked_by` what took its place, `transition` how sure the passage to it is.
    """

    id: str
    title: str
    subject: str
    since: date
    until: date | None
    revoked_by: str
    amended_by: str
    published: date | None
    transition: Confidence | None
    transition_note: str
    checked: date | None
    confidence: Confidence
    seen_in: str

    @property
    def transition_unverified(self) -> bool:
        """Whether nobody has seen from when on it applies."""
        return self.transition in {"known", "unsure"}

    def revoked(self, on: date) -> bool:
        """Whether it no longer is in force on a day."""
        return self.until is not None and on > self.until

    def shown(self, on: date) -> str:
        """Its name as a page or document of a day has to show it."""
        notes = []
        if self.revoked(on) and self.until:
            by = f", diganti {self.revoked_by}" if self.revoked_by else ""
            notes.append(f"dicabut, dipakai sampai {format_date(self.until)}{by}")
        elif self.amended_by:
            notes.append(f"sebagaimana diubah dengan {self.amended_by}")
        if self.transition_unverified:
            notes.append(f"masa peralihan belum terverifikasi: {self.transition_note}")
        return f"{self.id} ({'; '.join(notes)})" if notes else self.id


def regulations_from(path: Path) -> Mapping[str, Regulation]:
    """The regulations in a file by id.

    Raises:
        ParameterProblems: fields are missing, unknown or wrong, or a subject has gaps or overlaps.
    """
    problems: list[str] = []
    found: dict[str, Regulation] = {}
    for name, raw in read_file(path, problems).items():
        place = f"{path.name}: {name}"
        wrong = list(_problems(place, raw))
        problems += wrong
        if not wrong:
            found[name] = _regulation(name, raw)
    problems += [] if problems else list(_chain_problems(path.name, found))
    if problems:
        raise ParameterProblems(problems)
    return found


def _problems(place: str, raw: object) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{place}: not a regulation; write its fields below its name"
        return
    yield from (f"{place}: {name} is missing; add it, empty where not known" for name in _NEEDED if name not in raw)
    yield from unknown_fields(place, raw, _FIELDS)
    yield from source_problems(place, {"legal": place, **raw})
    for name in _DATES:
        if not isinstance(raw.get(name), date | None):
            yield f"{place}: {name} must be a date or empty"
    if not isinstance(raw.get("since"), date):
        yield f"{place}: since must be the first day to which it is applied"
    if raw.get("until") and not raw.get("revoked_by"):
        yield f"{place}: until without revoked_by; name the regulation that took its place"
    if raw.get("transition") and not raw.get("transition_note"):
        yield f"{place}: transition without transition_note; say what is not certain"


def _regulation(name: str, raw: Mapping[str, Any]) -> Regulation:
    return Regulation(
        id=name, title=raw["title"], subject=raw["subject"], since=raw["since"], until=raw.get("until"),
        revoked_by=raw.get("revoked_by") or "", amended_by=raw.get("amended_by") or "", published=raw["published"],
        transition=raw.get("transition"), transition_note=" ".join((raw.get("transition_note") or "").split()),
        checked=raw["checked"], confidence=raw["confidence"], seen_in=raw.get("seen_in") or "",
    )  # fmt: skip


def _chain_problems(file: str, found: Mapping[str, Regulation]) -> Iterator[str]:
    """Whether each subject has exactly one regulation on each day from its first on."""
    for subject in dict.fromkeys(regulation.subject for regulation in found.values()):
        chain = sorted((r for r in found.values() if r.subject == subject), key=lambda r: r.since)
        for older, newer in pairwise(chain):
            last = newer.since - timedelta(days=1)
            if older.until is None or older.until >= newer.since:
                yield f"{file}: {older.id}: overlaps {newer.id} for {subject}; end it on {last}"
            elif older.until < last:
                yield f"{file}: {older.id}: leaves a gap before {newer.id} for {subject}; end it on {last}"


@cache
def regulations() -> Mapping[str, Regulation]:
    """Every regulation by id. Raises ParameterProblems where the file does not keep to its form."""
    return regulations_from(REGULATIONS_FILE)


@cache
def regulation_at(subject: str, on: date) -> Regulation:
    """The regulation of a subject that was in force on a day.

    Args:
        subject: `nka`, `ikpa`, `dekonsentrasi`, `laporan` or `pembayaran`.
        on: for rules that go by fiscal year any day of the year.

    Raises:
        RuleBroken: the day lies before the first one that is recorded.
    """
    chain = [regulation for regulation in regulations().values() if regulation.subject == subject]
    for regulation in chain:
        if regulation.since <= on and not regulation.revoked(on):
            return regulation
    first = min(regulation.since for regulation in chain)
    raise RuleBroken("regulation-not-recorded", subject=subject, on=on.isoformat(), first=first.isoformat())


def regulation_for_year(subject: str, year: int) -> Regulation:
    """The regulation of a subject for a fiscal year. Raises RuleBroken as `regulation_at`."""
    return regulation_at(subject, date(year, 12, 31))
