"""Record, change, ask back: whatever happened since, a moment answers what was seen at it, table by table."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dekon.budget import services
from dekon.budget.models import Block, BlockRelease, ImportRun, PaymentLine, Policy, ReconciliationCase, Reservation
from dekon.budget.services import ImportOptions
from dekon.errors import DekonError, RuleBroken
from dekon.history import selectors as history
from dekon.history.services import as_at, forget_views, install, kept_models, look_back
from dekon.ledger.models import Pos
from dekon.org import selectors as org
from dekon.org.models import Satker, User
from dekon.performance import selectors
from dekon.performance.selectors import RecapFilter
from dekon.scope import scoped_transaction
from tests.builders import small_year
from tests.builders.files import budget_record, payment_record, write_json

NOW = datetime(2022, 10, 5, 3, 0, tzinfo=UTC)
DERIVED = {"ledger_dailysum": " WHERE (pagu_rp, blocked_rp, reserved_rp, realised_rp) <> (0, 0, 0, 0)"}
"""A day of which nothing is known may stand there with nothing."""
NUMBERLESS = {"budget_plannedmonth": ("id",), "budget_plannedtotal": ("id",)}
"""A plan that was rebuilt has other numbers."""

BLOCKED = "SELECT x.id, p.satker_id FROM budget_block x JOIN ledger_pos p ON p.id = x.pos_id"

type State = dict[str, Any]


def tables() -> State:
    """Every row of every table that can be asked for, as this transaction sees it."""
    seen: State = {}
    with connection.cursor() as cursor:
        for model in kept_models():
            table = model._meta.db_table
            names = [f.column for f in model._meta.concrete_fields if f.column]
            columns = ", ".join(f"{name}::text" for name in names if name not in NUMBERLESS.get(table, ()))
            if unkept := getattr(model, "unkept", ()):
                columns = ", ".join(f"{name}::text" for name in names if name not in unkept)
            cursor.execute(f"SELECT {columns} FROM {table}{DERIVED.get(table, '')}")
            seen[table] = sorted(map(str, cursor.fetchall()))
    for by in ("province", "satker", "akun", "month"):
        for day in (date(2022, 6, 30), date(2022, 12, 31)):
            seen[f"{by} {day}"] = selectors.recap(RecapFilter(year=2022, as_of=day), by)
    seen["lines"] = list(selectors.payment_lines(RecapFilter(year=2022, as_of=date(2022, 12, 31))))
    return seen


def clock() -> datetime:
    return history.present()


def then(moment: datetime) -> State:
    with transaction.atomic():
        look_back(moment)
        return tables()


def same(shown: State, asked: State) -> list[str]:
    return [name for name in shown if shown[name] != asked[name]]


class Office:
    """People at work: each step is one thing that somebody does, by the services that pages call."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder, self.dice, self.count = folder, dice, 0
        self.actor = org.system_user()

    def step(self) -> None:
        doings: tuple[Callable[[], object], ...] = (
            self.budget, self.pay, self.pay, self.undo, self.policy, self.drop_policy, self.theme, self.block,
            self.release, self.reserve, self.rename, self.answer,
        )  # fmt: skip
        try:
            self.dice.choice(doings)()
        except DekonError:
            return  # refused: nothing was written

    def bring(self, records: list[dict[str, object]]) -> ImportRun:
        self.count += 1
        path = write_json(self.folder / f"langkah-{clock():%H%M%S%f}-{self.count}.json", records)
        options = ImportOptions(year=2022, create_missing=True)
        return services.import_file(actor=self.actor, path=path, file_name=path.name, options=options, now=NOW)

    def budget(self) -> None:
        satker = self.dice.choice((small_year.WEST_JAVA, small_year.PAPUA))
        akun = self.dice.sample(("521211", "524111", "522151"), self.dice.randint(1, 3))
        amount = self.dice.randint(5, 40) * 1_000_000
        self.bring([
            budget_record(
                KDSATKER=satker, KODE_AKUN=code, CONS_ITEM=300 + i, TOTAL=amount, NILAI_BLOKIR=0,
                **{f"POK_NILAI_{m}": amount // 12 for m in range(1, 13)},
            )
            for i, code in enumerate(akun)
        ])  # fmt: skip

    def pay(self) -> None:
        satker = self.dice.choice((small_year.WEST_JAVA, small_year.PAPUA))
        number = self.dice.randint(100, 999)
        self.bring([
            payment_record(
                KDSATKER=satker, NO_SPM=f"{number:05}A/{satker}/2022", NO_SP2D=f"22029{satker}{number}",
                TGL_SP2D=f"2022-{self.dice.randint(1, 12):02}-03", NILAI_RUPIAH=self.dice.randint(1, 30) * 500_000,
            )
        ])  # fmt: skip

    def undo(self) -> None:
        run = ImportRun.objects.filter(status="applied").order_by("-id").first()
        if run:
            services.undo_import(actor=self.actor, import_id=run.pk, reason="salah berkas", now=NOW)

    def policy(self) -> None:
        code = f"K{self.dice.randint(1, 3)}"
        services.state_policy(actor=self.actor, fiscal_year=2022, code=code, name=f"Kebijakan {self.dice.random()}")

    def drop_policy(self) -> None:
        found = Policy.objects.order_by("?").first()
        if found:
            services.remove_policy(actor=self.actor, policy_id=found.pk)

    def theme(self) -> None:
        services.state_theme(actor=self.actor, name=f"T{self.dice.randint(1, 2)}", description=str(self.dice.random()))

    def block(self) -> None:
        pos = Pos.objects.filter(pagu_rp__gt=0).order_by("?").first()
        if pos:
            services.block_pagu(
                actor=self.actor, pos_id=pos.pk, amount_rp=self.dice.randint(1, 900_000), kind="aa", letter_no="S-1",
                letter_on=date(2022, 5, 1), on=date(2022, 5, 2),
            )  # fmt: skip

    def release(self) -> None:
        block = Block.objects.filter(withdrawn_at__isnull=True).order_by("?").first()
        if block:
            services.release_block(actor=self.actor, block_id=block.pk, letter_no="S-2", on=date(2022, 6, 1))
        held = Reservation.objects.order_by("?").first()
        if held and held.left_rp:
            services.release_reservation(
                actor=self.actor, reservation_id=held.pk, on=date(2022, 8, 1), reason="dibayar", amount_rp=1
            )

    def reserve(self) -> None:
        pos = Pos.objects.order_by("?").first()
        if pos:
            services.reserve_pagu(
                actor=self.actor, pos_id=pos.pk, amount_rp=1000, document=f"K-{self.dice.random()}", on=date(2022, 7, 1)
            )

    def rename(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE org_satker SET name = %s WHERE code = %s", [f"Dinas {self.dice.random()}", "029108"])
            cursor.execute("DELETE FROM org_holiday WHERE id = (SELECT max(id) FROM org_holiday)")

    def answer(self) -> None:
        case = ReconciliationCase.objects.order_by("?").first()
        if case:
            services.answer_case(actor=self.actor, case_id=case.pk, text="sedang dicari", status="explained", now=NOW)


@pytest.fixture
def year(transactional_db: None, tmp_path: Path) -> Path:
    small_year.build(tmp_path)
    return tmp_path


@given(seed=st.integers(0, 10**6), steps=st.integers(2, 9))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_moment_of_a_random_year_reads_as_it_was_seen(year: Path, seed: int, steps: int) -> None:
    office = Office(year, random.Random(seed))
    shown: list[tuple[datetime, State]] = [(clock(), tables())]
    for _ in range(steps):
        office.step()
        shown.append((clock(), tables()))
    for moment, state in shown:
        assert same(state, then(moment)) == []
    assert same(tables(), shown[-1][1]) == []


@pytest.mark.django_db(transaction=True)
def test_what_was_not_committed_by_the_moment_is_not_seen_although_it_had_begun(
    tmp_path: Path, database_url: str
) -> None:
    with psycopg.connect(database_url) as other:
        other.execute("UPDATE org_province SET name = 'Nama lain' WHERE code = '32'")
        other.execute("INSERT INTO budget_theme (name, description) VALUES ('Belum', '')")
        other.execute("SELECT pg_sleep(0.02)")
        moment, state = clock(), tables()
        other.commit()
    assert tables() != state
    assert same(state, then(moment)) == []
    assert "Nama lain" in str(then(clock())["org_province"])


@pytest.mark.django_db(transaction=True)
def test_several_changes_within_one_transaction_and_a_savepoint_that_was_taken_back() -> None:
    before = clock()
    with transaction.atomic():
        services.state_theme(actor=org.system_user(), name="JKP", description="satu")
        services.state_theme(actor=org.system_user(), name="JKP", description="dua")
        point = transaction.savepoint_create()
        services.state_theme(actor=org.system_user(), name="JKP", description="tiga")
        transaction.savepoint_rollback(point)
    middle = clock()
    services.remove_theme(actor=org.system_user(), name="JKP")
    assert then(before)["budget_theme"] == then(clock())["budget_theme"]
    assert "'dua'" in str(then(middle)["budget_theme"])


def test_the_future_and_the_time_before_the_records_are_answered_plainly(db: None) -> None:
    with pytest.raises(RuleBroken) as future:
        look_back(clock() + timedelta(hours=1))
    assert future.value.code == "moment-in-future"
    with pytest.raises(RuleBroken) as past:
        look_back(history.begun_at() - timedelta(seconds=1))
    assert past.value.code == "moment-before-records"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attempt",
    [
        "INSERT INTO budget_theme (name, description) VALUES ('x', '')",
        "UPDATE org_satker SET name = 'x'",
        "DELETE FROM ledger_pos",
        "INSERT INTO history_rowbefore (table_name, row_key, row) VALUES ('org_unit', '1', '{}')",
    ],
)
def test_nothing_can_be_written_into_the_past_and_the_app_reads_it_through_the_views_alone(attempt: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        look_back(clock())
        with pytest.raises(DatabaseError, match=r"permission denied|cannot (insert|update|delete)"):
            cursor.execute(attempt)
        transaction.set_rollback(True)


def test_the_past_of_another_place_is_as_closed_as_its_present(year: Path) -> None:
    office = Office(year, random.Random(1))
    for pos in Pos.objects.filter(pagu_rp__gt=10):
        block = services.block_pagu(
            actor=office.actor, pos_id=pos.pk, amount_rp=10, kind="aa", letter_no="S-1", letter_on=date(2022, 5, 1),
            on=date(2022, 5, 2),
        )  # fmt: skip
        services.release_block(actor=office.actor, block_id=block.pk, letter_no="S", on=date(2022, 6, 1), amount_rp=1)
    moment = clock()
    Block.objects.update(letter_no="lain")
    BlockRelease.objects.update(letter_no="lain")
    PaymentLine.objects.update(description="lain")
    Satker.objects.update(name="lain")
    with scoped_transaction("", "32"), as_at(moment), connection.cursor() as cursor:
        for table, satker in (
            ("budget_block", "SELECT satker_id FROM ledger_pos p WHERE p.id = t.pos_id"),
            ("budget_blockrelease", f"SELECT satker_id FROM ({BLOCKED}) b WHERE b.id = t.block_id"),
            ("budget_paymentline", "t.satker_id"),
        ):  # fmt: skip
            cursor.execute(f"SELECT count(*), array_agg(DISTINCT ({satker})) FROM {table} t")
            count, places = cursor.fetchone()
            assert count, table
            assert places == [Satker.objects.get(code=small_year.WEST_JAVA).pk], table
        cursor.execute("SELECT count(DISTINCT row ->> 'satker_id') FROM history_rowbefore WHERE row ? 'satker_id'")
        assert cursor.fetchone() == (1,)
    with scoped_transaction("", ""), as_at(moment):
        assert not Block.objects.exists()
        assert not PaymentLine.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_installing_again_keeps_what_was_kept() -> None:
    moment, state = clock(), tables()
    services.state_theme(actor=org.system_user(), name="PEN", description="x")
    forget_views("default")
    install("default")
    assert same(state, then(moment)) == []


def test_progress_of_an_import_leaves_no_rows_before(db: None) -> None:
    run = ImportRun.objects.create(file_name="a", sha256="0" * 64, size_bytes=1, created_by=org.system_user())
    kept = "SELECT count(*) FROM history_rowbefore WHERE table_name = 'budget_importrun'"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        before = cursor.fetchone()
        ImportRun.objects.filter(pk=run.pk).update(rows_done=7, phase="reading")
        cursor.execute(kept)
        assert cursor.fetchone() == before
        ImportRun.objects.filter(pk=run.pk).update(file_name="b")
        cursor.execute(kept)
        assert cursor.fetchone() != before


def test_accounts_leave_no_copies_and_are_always_those_of_now() -> None:
    kept = {model._meta.db_table for model in kept_models()}
    assert {"org_satker", "org_codeversion", "ledger_pos", "ledger_entry", "budget_paymentline"} <= kept
    assert not {"org_user", "org_apitoken", "org_submission", "audit_event"} & kept
    assert User._meta.db_table not in kept
