"""Indicators of IKPA from what was recorded: contracts, bills, advances, dispensations, output reports.

What has not happened by the last day of the month does not count yet; nothing is guessed, and what is not recorded is
named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from dekon.budget.choices import AdvanceMove, RecordKind
from dekon.errors import RuleBroken
from dekon.lib.periods import QUARTERS, month_end, quarter_of, quarter_of_month, year_start
from dekon.lib.workdays import Calendar
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas import ikpa_advances, ikpa_bills, ikpa_contracts, ikpa_output
from dekon.rules.formulas.ikpa import WEIGHTS
from dekon.rules.formulas.ikpa_contracts import (
    CAPITAL,
    CONTRACT_CEILING_RP,
    CONTRACT_FLOOR_RP,
    Contract,
    ContractCounts,
)
from dekon.rules.formulas.ikpa_output import RoState
from dekon.rules.numbers import HUNDRED, mean
from dekon.rules.regulations import regulation_for_year
from dekon.scoring.figures import RecordFigures, SatkerFigures

FIRST_QUARTER_END = 3
SINCE_COMPONENTS = 2022
"""Before, contracts were judged by their timeliness alone."""
LATE = Decimal(0)


def contracts(figures: SatkerFigures) -> Explained[Decimal]:
    """Belanja kontraktual from the contracts signed by the end of the month.

    Raises:
        RuleBroken: no contract is recorded, or none that counts.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024.
    """
    year, known = figures.year, list(_by_now(figures, RecordKind.CONTRACT))
    if not known:
        raise RuleBroken("score-no-contracts")
    if regulation_for_year("ikpa", year).id == "PER-5/PB/2024":
        made = [
            Contract(one.number, one.akun, Decimal(one.amount_rp or 0), _day(one), _happened(one.paid_on, figures))
            for one in known
        ]
        return ikpa_contracts.contracts_2024(made, year)
    calendar = _calendar(figures)
    in_time = [one for one in known if _registered_in_time(one, calendar, figures)]
    steps = tuple(
        Step("ketepatan waktu", HUNDRED if one in in_time else LATE, _arrived(one.arrived_on), one.number)
        for one in known
    )
    if year < SINCE_COMPONENTS:
        share = HUNDRED * len(in_time) / len(known)
        result = ikpa_contracts.contract_components({"ketepatan": share}, year)
    else:
        result = ikpa_contracts.contracts_2022(_counts(known, len(in_time), figures), year)
    return Explained(result.value, (*steps, *result.steps), result.sources, regulation=result.regulation)


def _counts(known: Sequence[RecordFigures], in_time: int, figures: SatkerFigures) -> ContractCounts:
    year = figures.year
    low, high = CONTRACT_FLOOR_RP.for_year(year), CONTRACT_CEILING_RP.for_year(year)
    before = sum(_day(one) < year_start(year) for one in known)
    return ContractCounts(
        len(known), in_time, sum(_day(one) <= month_end(year, FIRST_QUARTER_END) for one in known), before,
        [
            quarter_of(one.paid_on) for one in known
            if one.akun.startswith(CAPITAL) and low < (one.amount_rp or 0) <= high
            and one.paid_on and _happened(one.paid_on, figures)
        ],
    )  # fmt: skip


def _registered_in_time(one: RecordFigures, calendar: Calendar, figures: SatkerFigures) -> bool:
    arrived_on = _happened(one.arrived_on, figures)
    return ikpa_contracts.registered_in_time(_day(one), arrived_on, calendar, figures.year)


def bills(figures: SatkerFigures) -> Explained[Decimal]:
    """Penyelesaian tagihan from BAST and arrival at the KPPN; one that is neither there nor due does not count yet.

    Raises:
        RuleBroken: no bill is recorded, or none is due.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    known = list(_by_now(figures, RecordKind.BILL))
    if not known:
        raise RuleBroken("score-no-bills")
    calendar, last = _calendar(figures), month_end(figures.year, figures.month)
    good, counted, steps = 0, 0, []
    for one in known:
        due, arrived_on = ikpa_bills.bill_deadline(_day(one), calendar), _happened(one.arrived_on, figures)
        if arrived_on is None and due > last:
            continue
        counted += 1
        in_time = arrived_on is not None and arrived_on <= due
        good += in_time
        how = f"{_arrived(arrived_on)}, batas {due.isoformat()}"
        steps.append(Step("ketepatan waktu", HUNDRED if in_time else LATE, how, one.number))
    result = ikpa_bills.bills(Decimal(good), Decimal(counted), figures.year)
    return Explained(result.value, (*steps, *result.steps), result.sources, regulation=result.regulation)


def _arrived(day: date | None) -> str:
    return f"dikirim {day.isoformat()}" if day else "belum dikirim"


def advances(figures: SatkerFigures) -> Explained[Decimal]:
    """Pengelolaan UP dan TUP from the moves of the treasurer's advance.

    Each GUP is held against the move of the UP before it, each PTUP against the TUP before it.

    Raises:
        RuleBroken: no move of an advance is known, or none was accounted for yet.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 (cash part; a card is not recorded).
    """
    known = list(_by_now(figures, RecordKind.ADVANCE))
    if not known:
        raise RuleBroken("score-no-advances")
    of_up = _one_a_day([one for one in known if one.move in {AdvanceMove.GIVEN, AdvanceMove.TURNED_OVER}])
    of_tup = _one_a_day([one for one in known if one.move in {AdvanceMove.ADDED, AdvanceMove.ACCOUNTED}])
    advance_rp = sum(one.amount_rp or 0 for one in of_up if one.move == AdvanceMove.GIVEN)
    steps: list[Step] = []
    times: list[bool] = []
    sizes: list[Decimal] = []
    for before, one in [*pairwise(of_up), *pairwise(of_tup)]:
        if one.move not in {AdvanceMove.TURNED_OVER, AdvanceMove.ACCOUNTED}:
            continue
        days = (_day(one) - _day(before)).days
        times.append(_day(one) <= _a_month_after(_day(before)))
        how = f"{_day(before).isoformat()} − {_day(one).isoformat()}: {days}"
        steps.append(Step("ketepatan waktu", HUNDRED if times[-1] else LATE, how, one.number))
        if one.move == AdvanceMove.TURNED_OVER and advance_rp:
            size = ikpa_advances.monthly_turnover(
                Decimal(one.amount_rp or 0), Decimal(advance_rp), Decimal(_month_days(_day(one))),
                Decimal(max(1, days)), figures.year,
            )  # fmt: skip
            sizes.append(size.value)
            steps += [Step(step.label, step.value, step.how, one.number) for step in size.steps]
    cash = {
        "ketepatan": HUNDRED * sum(times) / len(times) if times else None,
        "gup": mean(sizes) if sizes else None,
        "tup": _repaid(known, figures.year),
    }
    result = ikpa_advances.advances(cash, figures.year)
    return Explained(result.value, (*steps, *result.steps), result.sources, regulation=result.regulation)


def _repaid(known: Sequence[RecordFigures], year: int) -> Decimal | None:
    added = sum(one.amount_rp or 0 for one in known if one.move == AdvanceMove.ADDED)
    back = sum(one.amount_rp or 0 for one in known if one.move == AdvanceMove.PAID_BACK)
    return ikpa_advances.advance_repayment(Decimal(back), Decimal(added), year).value if added else None


def _one_a_day(moves: Sequence[RecordFigures]) -> list[RecordFigures]:
    """Moves in order of time, those of one kind and day together."""
    found: dict[tuple[date, str], RecordFigures] = {}
    for one in sorted(moves, key=_day):
        key = (_day(one), one.move)
        before = found.get(key)
        amount_rp = (one.amount_rp or 0) + (before.amount_rp or 0 if before else 0)
        found[key] = RecordFigures(one.kind, one.number, one.move, amount_rp=amount_rp, dated_on=one.dated_on)
    return list(found.values())


def _a_month_after(day: date) -> date:
    """The same day of the next month, or its last where it has no such day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = month_end(year, month)
    return last if day.day > last.day else last.replace(day=day.day)


def _month_days(day: date) -> int:
    return month_end(day.year, day.month).day


def dispensation(figures: SatkerFigures) -> Explained[Decimal]:
    """Dispensasi SPM: an indicator until 2023, a deduction of points from 2024; full points before the last quarter.

    Raises:
        RuleBroken: the last quarter has come, and nothing is recorded of the satker in this year, or no order was paid.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024.
    """
    weighed = "dispensasi_spm" in WEIGHTS.for_year(figures.year)
    formula = ikpa_bills.dispensation_2021 if weighed else ikpa_bills.dispensation_2024
    if quarter_of_month(figures.month) < QUARTERS[-1]:
        return formula(LATE, figures.year)
    if not figures.records:
        raise RuleBroken("score-no-dispensations")
    given = sum(1 for _ in _by_now(figures, RecordKind.DISPENSATION))
    share = ikpa_bills.dispensation_share(Decimal(given), Decimal(len(figures.orders)))
    return formula(share, figures.year)


def outputs(figures: SatkerFigures) -> Explained[Decimal]:
    """Capaian output: reports in time, and each RO's progress against its target.

    The report of the month itself counts once it is recorded; those of earlier months count as late without.

    Raises:
        RuleBroken: no report is recorded, an RO has no target of progress, or nothing was reported.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    reports = {one.month: one.dated_on for one in figures.records if one.kind == RecordKind.REPORT}
    if not reports:
        raise RuleBroken("score-no-output-reports")
    calendar = _calendar(figures)
    months = [month for month in range(1, figures.month + 1) if month < figures.month or month in reports]
    sent = [ikpa_output.report_timeliness(reports.get(month), figures.year, month, calendar) for month in months]
    if not sent:
        raise RuleBroken("score-no-output-reports")
    steps = [
        Step(step.label, step.value, step.how, str(month))
        for month, one in zip(months, sent, strict=True) for step in one.steps
    ]  # fmt: skip
    achieved = ikpa_output.ro_mean(list(_states(figures)), figures.year, figures.month)
    result = ikpa_output.output_indicator(mean([one.value for one in sent]), achieved.value, figures.year)
    return Explained(
        result.value, (*steps, *achieved.steps, *result.steps), (*achieved.sources, *result.sources),
        regulation=result.regulation,
    )  # fmt: skip


def _states(figures: SatkerFigures) -> Iterator[RoState]:
    targets: dict[str, tuple[int, Decimal]] = {}
    for one in figures.records:
        if one.kind == RecordKind.RO_TARGET and one.month and one.percent is not None and one.month <= figures.month:
            targets[one.ro] = max(targets.get(one.ro, (0, one.percent)), (one.month, one.percent))
    lacking = [output.code for output in figures.outputs if output.code not in targets]
    if lacking and figures.month < ikpa_output.DECEMBER:
        raise RuleBroken("score-no-progress-targets", count=len(lacking), first=lacking[0])
    for output in figures.outputs:
        target = targets.get(output.code)
        yield RoState(
            output.code, output.progress if output.progress is not None else Decimal(0), target[1] if target else None,
            output.volume or Decimal(0), output.target, output.confirmed,
        )  # fmt: skip


def _by_now(figures: SatkerFigures, kind: RecordKind) -> Iterator[RecordFigures]:
    """The records of a kind that had happened by the last day of the month."""
    return (one for one in figures.records if one.kind == kind and _happened(one.dated_on, figures))


def _happened(day: date | None, figures: SatkerFigures) -> date | None:
    return day if day and day <= month_end(figures.year, figures.month) else None


def _day(one: RecordFigures) -> date:
    """Its day, which records of these kinds always have."""
    assert one.dated_on is not None
    return one.dated_on


def _calendar(figures: SatkerFigures) -> Calendar:
    if figures.calendar is None:
        raise RuleBroken("score-no-calendar")
    return figures.calendar
