"""Statements, budgets and lines may arrive in any order: the figure of every day is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dekon.budget import services
from dekon.budget.models import Block, DipaRevision, ImportRun, PlannedMonth, ReconciliationCase
from dekon.ledger.models import Entry, Parked
from dekon.ledger.selectors import prove_book, sums_on
from dekon.lib.periods import month_end, month_name
from dekon.org import selectors as org
from tests.budget.conftest import NOW, Bring
from tests.builders.files import Account, FaPrint, budget_record, payment_record, write_fa_xlsx

PATH = ("DL", "2175", "SCH", "001", "051", "0A")
AKUN = ("521211", "522151")
ENDS = [month_end(2022, month) for month in range(1, 13)]


@dataclass(frozen=True)
class Said:
    """What FA Detail of a month says of an account: pagu, lock, realised before and in the month, rupiah."""

    pagu: int
    lock: int = 0
    previous: int = 0
    current: int = 0


@dataclass(frozen=True)
class FaDetail:
    """FA Detail of a month."""

    month: int
    accounts: tuple[tuple[str, Said], ...]


@dataclass(frozen=True)
class DataAng:
    """dataAng of a month: pagu and blocked of each account; it speaks of all."""

    month: int
    accounts: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Line:
    """A payment."""

    akun: str
    on: date
    amount: int
    number: int


type File = FaDetail | DataAng | Line


def bring_file(bring: Bring, folder: Path, file: File) -> ImportRun:
    """Import one of them."""
    if isinstance(file, FaDetail):
        accounts = [Account(PATH, akun, s.pagu, s.lock, s.previous, s.current) for akun, s in file.accounts]
        name = f"{month_name(file.month)} 2022"
        return bring(path=write_fa_xlsx(folder / f"fa-{file.month}.xlsx", FaPrint(accounts, period=name)))
    if isinstance(file, DataAng):
        rows = [
            budget_record(KODE_AKUN=akun, CONS_ITEM=300 + n, TOTAL=pagu, NILAI_BLOKIR=blocked, KODE_STS_HISTORY="B01")
            for n, (akun, pagu, blocked) in enumerate(file.accounts)
        ]
        return bring(*rows, period=ENDS[file.month - 1])
    return bring(payment_record(
        KODE_AKUN=file.akun, TGL_SP2D=file.on.isoformat(), NILAI_RUPIAH=file.amount,
        NO_SP2D=f"2202900000{file.number:05}",
    ))  # fmt: skip


def standing() -> list[tuple[int, int, int]]:
    """Pagu, blocked, and realised with what is parked, at the end of each month and on the day before."""
    days = [day for end in ENDS for day in (end - timedelta(days=1), end)]
    parked = list(Parked.objects.filter(state="open").values_list("effective_on", "amount_rp"))
    found = []
    for day in days:
        sums = sums_on(year=2022, on=day)
        waiting = sum(amount for on, amount in parked if on <= day)
        found.append((sums["pagu_rp"], sums["blocked_rp"], sums["realised_rp"] + waiting))
    return found


def expected(files: Sequence[File]) -> list[tuple[int, int, int]]:
    """The same by a plain model that sees all files at once."""
    days = [day for end in ENDS for day in (end - timedelta(days=1), end)]
    per_akun = [[model_of(akun, files, day) for akun in AKUN] for day in days]
    return [(sum(f[0] for f in both), sum(f[1] for f in both), sum(f[2] for f in both)) for both in per_akun]


def model_of(akun: str, files: Sequence[File], day: date) -> tuple[int, int, int]:
    """Pagu, blocked, realised of one account at the end of a day."""
    pagu, lock, blocked = {}, {}, {}
    for file in files:
        if isinstance(file, FaDetail) and akun in dict(file.accounts):
            said = dict(file.accounts)[akun]
            pagu[ENDS[file.month - 1]], lock[ENDS[file.month - 1]] = said.pagu, said.lock
        elif isinstance(file, DataAng):
            stated = {name: (money, held) for name, money, held in file.accounts}
            pagu[ENDS[file.month - 1]], blocked[ENDS[file.month - 1]] = stated.get(akun, (0, 0))
    ceiling = newest(pagu, day)
    held = min(newest(blocked, day), ceiling)
    return ceiling, held + min(newest(lock, day), ceiling - held), realised_of(akun, files, day)


def newest(values: dict[date, int], day: date) -> int:
    """The value of the last day up to a day."""
    known = [on for on in values if on <= day]
    return values[max(known)] if known else 0


def realised_of(akun: str, files: Sequence[File], day: date) -> int:
    """Totals by span, lines where a span has lines or no total speaks."""
    known: dict[date, int] = {}
    for file in sorted((f for f in files if isinstance(f, FaDetail)), key=lambda f: f.month):
        said = dict(file.accounts).get(akun)
        if said:
            known[ENDS[file.month - 1]] = said.previous + said.current
            if file.month > 1:
                known[ENDS[file.month - 2]] = said.previous
    lines = [(file.on, file.amount) for file in files if isinstance(file, Line) and file.akun == akun]
    total = sum(amount for on, amount in lines if on <= day)
    start, before = date(2022, 1, 1), 0
    for end in sorted(known):
        if not any(start <= on <= end for on, _ in lines) and end <= day:
            total += known[end] - before
        start, before = end + timedelta(days=1), known[end]
    return total


amounts = st.integers(0, 20).map(lambda n: n * 50_000)


@st.composite
def fa_details(draw: st.DrawFn) -> list[File]:
    """FA Detail of some months: realisation grows, what is called previous now and then differs from what was said."""
    months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
    files: list[File] = []
    total = dict.fromkeys(AKUN, 0)
    for month in sorted(months):
        said = []
        for akun in AKUN[: draw(st.integers(1, 2))]:
            previous = 0 if month == 1 else total[akun] + draw(amounts)
            current = draw(amounts)
            total[akun] = previous + current
            lock = draw(st.sampled_from([0, 0, 100_000]))
            pagu = max(lock, draw(st.integers(0, 8)) * 1_000_000)
            said.append((akun, Said(pagu, lock, previous, current)))
        files.append(FaDetail(month, tuple(said)))
    others = sorted(set(range(1, 13)) - set(months))
    held = st.sampled_from([0, 0, 250_000, 500_000])
    for month in draw(st.lists(st.sampled_from(others), max_size=2, unique=True)):
        accounts = [(akun, 5_000_000 + draw(amounts), draw(held)) for akun in AKUN[: draw(st.integers(1, 2))]]
        files.append(DataAng(month, tuple(accounts)))
    for number in range(draw(st.integers(0, 2))):
        on = date(2022, draw(st.integers(1, 12)), draw(st.integers(1, 28)))
        files.append(Line(draw(st.sampled_from(AKUN)), on, draw(amounts) + 50_000, number))
    return draw(st.permutations(files))


@pytest.mark.django_db
@given(files=fa_details())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_order_gives_what_a_plain_model_says(bring: Bring, tmp_path: Path, files: list[File]) -> None:
    with transaction.atomic():
        for file in files:
            run = bring_file(bring, tmp_path, file)
            assert run.status in {"applied", "unchanged"}, (run.status, run.findings)
        assert standing() == expected(files)
        assert prove_book().disagreement is None
        assert sum(b.left_rp for b in Block.objects.filter(withdrawn_at__isnull=True)) == standing()[-1][1]
        transaction.set_rollback(True)


@pytest.mark.django_db
@given(files=fa_details(), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_undone_leaves_what_the_others_say(
    bring: Bring, tmp_path: Path, files: list[File], data: st.DataObject
) -> None:
    with transaction.atomic():
        runs = [bring_file(bring, tmp_path, file) for file in files]
        standing_runs = list(zip(files, runs, strict=True))
        for _ in range(data.draw(st.integers(1, len(files)))):
            file, run = standing_runs.pop()
            if run.status == "applied":
                services.undo_import(actor=org.system_user(), import_id=run.pk, reason="keliru", now=NOW)
            assert standing() == expected([f for f, _ in standing_runs]), file
        assert prove_book().disagreement is None
        assert sum(b.left_rp for b in Block.objects.filter(withdrawn_at__isnull=True)) == standing()[-1][1]
        transaction.set_rollback(True)


MARCH = FaDetail(3, ((AKUN[0], Said(8_000_000, 200_000, 1_000_000, 500_000)),))
JUNE = FaDetail(6, ((AKUN[0], Said(10_000_000, 0, 4_000_000, 250_000)),))
BUDGET = DataAng(1, ((AKUN[0], 7_000_000, 0), (AKUN[1], 5_000_000, 300_000)))
PAID = Line(AKUN[0], date(2022, 3, 15), 500_000, 1)


@pytest.mark.parametrize("order", list(permutations([MARCH, JUNE, BUDGET, PAID])))
def test_the_figures_of_march_and_june_in_rupiah_whatever_came_first(
    bring: Bring, tmp_path: Path, order: tuple[File, ...]
) -> None:
    for file in order:
        assert bring_file(bring, tmp_path, file).status == "applied"
    by_day = {day: tuple(sums_on(year=2022, on=day).values()) for day in (ENDS[0], ENDS[1], ENDS[2], ENDS[4], ENDS[5])}
    assert by_day == {  # pagu, blocked, reserved, realised
        date(2022, 1, 31): (12_000_000, 300_000, 0, 0),
        date(2022, 2, 28): (12_000_000, 300_000, 0, 1_000_000),
        date(2022, 3, 31): (13_000_000, 500_000, 0, 1_500_000),
        date(2022, 5, 31): (13_000_000, 500_000, 0, 4_000_000),
        date(2022, 6, 30): (15_000_000, 300_000, 0, 4_250_000),
    }
    assert not ReconciliationCase.objects.exclude(status="resolved").exists()


def test_an_older_statement_posts_at_its_day_and_the_counter_entry_at_the_next_known_day(
    bring: Bring, tmp_path: Path
) -> None:
    bring_file(bring, tmp_path, JUNE)
    run = bring_file(bring, tmp_path, MARCH)
    posted = Entry.objects.filter(batch=run.pk).order_by("effective_on", "id")
    assert list(posted.values_list("kind", "amount_rp", "effective_on")) == [
        ("realise", 1_000_000, date(2022, 2, 28)),
        ("block", 200_000, date(2022, 3, 31)),
        ("increase", 8_000_000, date(2022, 3, 31)),
        ("realise", 500_000, date(2022, 3, 31)),
        ("reverse", 4_000_000, date(2022, 5, 31)),
        ("realise", 2_500_000, date(2022, 5, 31)),
        ("unblock", 200_000, date(2022, 6, 30)),
        ("decrease", 8_000_000, date(2022, 6, 30)),
    ]


def test_lines_replace_only_the_span_they_lie_in(bring: Bring, tmp_path: Path) -> None:
    for file in (JUNE, MARCH, Line(AKUN[0], date(2022, 2, 10), 900_000, 1)):
        bring_file(bring, tmp_path, file)
    assert [sums_on(year=2022, on=ENDS[month - 1])["realised_rp"] for month in (2, 3, 5, 6)] == [
        900_000, 1_400_000, 3_900_000, 4_150_000,
    ]  # fmt: skip
    case = ReconciliationCase.objects.get()
    assert (case.span_from, case.span_to, case.stated_rp, case.booked_rp) == (
        date(2022, 1, 1),
        date(2022, 2, 28),
        1_000_000,
        900_000,
    )  # fmt: skip


def test_a_statement_that_changes_no_figure_is_known_from_then_on(bring: Bring, tmp_path: Path) -> None:
    """April repeats the pagu of March; when February turns up with another one, April still says what it said."""
    february = FaDetail(2, ((AKUN[0], Said(9_000_000)),))
    march, april = (FaDetail(month, ((AKUN[0], Said(8_000_000)),)) for month in (3, 4))
    runs = [bring_file(bring, tmp_path, file) for file in (march, april, april, february)]
    assert [(run.status, run.rows_same) for run in runs] == [
        ("applied", 0), ("applied", 1), ("unchanged", 1), ("applied", 0),
    ]  # fmt: skip
    assert [sums_on(year=2022, on=ENDS[month - 1])["pagu_rp"] for month in (1, 2, 3, 4)] == [
        0, 9_000_000, 8_000_000, 8_000_000,
    ]  # fmt: skip


def test_an_older_version_of_the_budget_never_changes_what_the_newer_one_says(bring: Bring) -> None:
    """The second revision comes first, without a date; then the first DIPA, then the revision between them."""
    for version, total in (("B02", 9_000_000), ("B00", 12_000_000), ("B01", 11_000_000)):
        assert bring(budget_record(KODE_STS_HISTORY=version, TOTAL=total)).status == "applied"
    assert {day: sums_on(year=2022, on=day)["pagu_rp"] for day in (ENDS[0], ENDS[11])} == {
        ENDS[0]: 9_000_000,
        ENDS[11]: 9_000_000,
    }
    assert bring(budget_record(KODE_STS_HISTORY="B00", TOTAL=12_000_000)).status == "unchanged"


@pytest.mark.parametrize("order", list(permutations([(2, 9_000_000), (5, 8_000_000), (8, 10_000_000)])))
def test_versions_of_the_dipa_stand_in_the_order_of_their_days(
    bring: Bring, order: tuple[tuple[int, int], ...]
) -> None:
    for month, total in order:
        bring(budget_record(KODE_STS_HISTORY=f"B{month:02}", TOTAL=total), period=ENDS[month - 1])
    told = DipaRevision.objects.order_by("dated_on").values_list("version_code", "pagu_before_rp", "pagu_rp")
    assert list(told) == [
        ("B02", 0, 9_000_000), ("B05", 9_000_000, 8_000_000), ("B08", 8_000_000, 10_000_000),
    ]  # fmt: skip


PLANS = ((1, 1_000_000), (4, 2_000_000), (7, 1_000_000))


@pytest.mark.parametrize("order", list(permutations(PLANS)))
def test_the_plan_of_a_quarter_is_that_of_its_version_whatever_came_first(
    bring: Bring, order: tuple[tuple[int, int], ...]
) -> None:
    """The third version plans as the first does: it must count from July although it had said nothing new."""
    for month, planned in order:
        months = {f"POK_NILAI_{n}": planned for n in range(1, 13)}
        bring(budget_record(KODE_STS_HISTORY=f"B{month:02}", **months), period=ENDS[month - 1])
    counted = dict(PlannedMonth.objects.values_list("month", "planned_rp"))
    assert [counted[month] for month in (1, 4, 8, 10)] == [1_000_000, 1_000_000, 2_000_000, 1_000_000]
