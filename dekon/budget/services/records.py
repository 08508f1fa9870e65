"""Recording what IKPA judges: contracts, bills, advances, dispensations, output reports, targets of RO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from dekon.audit import services as audit
from dekon.budget.choices import RECORD_FIELDS, RECORD_OPTIONAL, AdvanceMove, RecordKind
from dekon.budget.models import ExecutionRecord, Ro
from dekon.budget.selectors.matters import matter_of_record
from dekon.errors import Conflict, NotFound, Problem, RuleBroken, Unfit
from dekon.lib.periods import MONTHS, year_start
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import Satker, User

AKUN_DIGITS = 6
FULL = 100


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What a record says; which fields, `RECORD_FIELDS` tells for each kind. Money in rupiah, progress in percent."""

    number: str = ""
    move: str = ""
    akun: str = ""
    ro: str = ""
    month: int | None = None
    amount_rp: int | None = None
    percent: Decimal | None = None
    dated_on: date | None = None
    arrived_on: date | None = None
    paid_on: date | None = None

    def stated(self) -> dict[str, object]:
        """The fields that say something."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in said.items() if value not in {None, ""}}


KEY = ("number", "move", "ro", "month")


@transaction.atomic
def record_execution(
    *, actor: User, satker_code: str, fiscal_year: int, kind: RecordKind, facts: RecordFacts, now: datetime
) -> ExecutionRecord:
    """Record a contract, a bill, a move of an advance, a dispensation, an output report or the target of an RO.

    Args:
        fiscal_year: the year whose score it belongs to; a contract may be signed in the year before.
        facts: what it says.
        now: the moment; nothing is recorded that has not happened by its day in Jakarta.

    Raises:
        NotFound: no such satker.
        Unfit: fields are missing, not of this kind, out of range, or their days out of order; all at once.
        Conflict: it is recorded already.
        NotAllowed: the actor does not record for this satker.
    """
    satker = org_selectors.satker_or_none(satker_code)
    if satker is None:
        raise NotFound("code-unknown", code=satker_code, listing="satker")
    org.require(actor, Action.RECORD_EXECUTION, org_selectors.satker_place(satker))
    problems = list(problems_of(kind, facts, fiscal_year, localdate(now)))
    if facts.ro and not problems and not _has_ro(satker, fiscal_year, facts.ro):
        problems.append(Problem("ro", "record-ro-unknown", {"ro": facts.ro, "code": satker.code}))
    if problems:
        raise Unfit(problems)
    key = {name: getattr(facts, name) for name in KEY}
    standing = ExecutionRecord.objects.filter(
        satker=satker, fiscal_year=fiscal_year, kind=kind, withdrawn_at__isnull=True, **key
    )  # fmt: skip
    if known := standing.first():
        raise Conflict("record-exists", name=known.name, code=satker.code)
    made = ExecutionRecord.objects.create(
        kind=kind, satker=satker, fiscal_year=fiscal_year, recorded_by=actor, **facts.stated()
    )  # fmt: skip
    audit.record(
        actor=actor, action="record-added", subject_type="record", subject_id=made.pk, subject_name=made.name,
        satker_code=satker.code, after=_said(made, facts),
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_record(*, actor: User, record_id: int, reason: str, now: datetime) -> ExecutionRecord:
    """Withdraw a record that is wrong: it stays to be read and counts nowhere.

    Raises:
        NotFound: no such record.
        RuleBroken: no reason is given.
        NotAllowed: it is withdrawn already, or the actor does not record for this satker.
    """
    found = ExecutionRecord.objects.select_for_update(of=("self",)).select_related("satker__unit", "satker__province")
    record = found.filter(pk=record_id).first()
    if record is None:
        raise NotFound("record-unknown", number=record_id)
    org.require(actor, Action.WITHDRAW_RECORD, matter_of_record(record))
    if not reason.strip():
        raise RuleBroken("record-without-reason")
    record.withdrawn_at, record.withdrawn_by, record.withdrawal_reason = now, actor, reason.strip()
    record.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    audit.record(
        actor=actor, action="record-withdrawn", subject_type="record", subject_id=record.pk, subject_name=record.name,
        satker_code=record.satker.code, reason=reason,
    )  # fmt: skip
    return record


def problems_of(kind: RecordKind, facts: RecordFacts, year: int, today: date) -> Iterator[Problem]:
    """Everything that is wrong with what a record says, each with its field.

    Args:
        year: fiscal year it belongs to.
        today: nothing may lie after it.
    """
    wanted, stated = RECORD_FIELDS[kind], facts.stated()
    yield from (
        Problem(name, "record-field-missing") for name in wanted if name not in stated and name not in RECORD_OPTIONAL
    )
    yield from (Problem(name, "record-field-foreign") for name in stated if name not in wanted)
    yield from _wrong_values(facts)
    for name in ("dated_on", "arrived_on", "paid_on"):
        day = getattr(facts, name)
        if day is None:
            continue
        if day > today:
            yield Problem(name, "record-day-ahead", {"on": day.isoformat()})
        elif not year_start(_first_year(kind, name, year)) <= day < year_start(_last_year(kind, year) + 1):
            yield Problem(name, "record-day-outside", {"on": day.isoformat(), "year": year})
        elif facts.dated_on and day < facts.dated_on:
            yield Problem(name, "record-days-reversed", {"on": day.isoformat(), "first": facts.dated_on.isoformat()})


def _wrong_values(facts: RecordFacts) -> Iterator[Problem]:
    """Values that no record may have, whatever its kind."""
    if facts.amount_rp is not None and facts.amount_rp <= 0:
        yield Problem("amount_rp", "record-amount-not-positive")
    if facts.percent is not None and not 0 <= facts.percent <= FULL:
        yield Problem("percent", "record-percent-wrong")
    if facts.month is not None and facts.month not in MONTHS:
        yield Problem("month", "score-month-wrong", {"month": facts.month})
    if facts.move and facts.move not in AdvanceMove.values:
        yield Problem("move", "record-move-unknown", {"value": facts.move, "known": ", ".join(AdvanceMove.values)})
    if facts.akun and not (len(facts.akun) == AKUN_DIGITS and facts.akun.isascii() and facts.akun.isdigit()):
        yield Problem("akun", "record-akun-wrong", {"value": facts.akun})


def _first_year(kind: RecordKind, name: str, year: int) -> int:
    """A contract may be signed and registered in the year before (kontrak pra-DIPA)."""
    return year - 1 if kind == RecordKind.CONTRACT and name != "paid_on" else year


def _last_year(kind: RecordKind, year: int) -> int:
    """The report of December is sent in January; a bill of December reaches the KPPN by then at the latest."""
    return year + 1 if kind in {RecordKind.REPORT, RecordKind.BILL} else year


def _has_ro(satker: Satker, year: int, path: str) -> bool:
    parts = path.split(".")
    names = ("kegiatan", "kro", "ro")
    if len(parts) != len(names):
        return False
    return Ro.objects.filter(satker=satker, fiscal_year=year, **dict(zip(names, parts, strict=True))).exists()


def _said(record: ExecutionRecord, facts: RecordFacts) -> Mapping[str, str | int]:
    """What the trail keeps of a record."""
    said = {"kind": record.kind, "year": record.fiscal_year, **facts.stated()}
    return {name: value if isinstance(value, int) else str(value) for name, value in said.items()}
