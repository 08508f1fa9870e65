"""Execution records: added and withdrawn by hand, brought by lists, taken back with their import; never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from dekon.audit.models import Event
from dekon.budget import services
from dekon.budget.choices import RecordKind
from dekon.budget.models import ExecutionRecord, ImportRun
from dekon.budget.selectors.records import records, withdrawn
from dekon.budget.services import ImportOptions, RecordFacts
from dekon.errors import Conflict, DekonError, NotAllowed, NotFound, RuleBroken, Unfit
from dekon.org.models import User
from tests.builders import small_year
from tests.builders.files import write_table
from tests.builders.small_year import PAPUA, WEST_JAVA

NOW = datetime(2022, 10, 5, 3, 0, tzinfo=UTC)
CONTRACT = RecordFacts(number="SPK-1", akun="522191", amount_rp=60_000_000, dated_on=date(2022, 3, 1))
HEADS = {
    "kontrak": ("Kode Satker", "Tahun Anggaran", "Nomor Kontrak", "Akun", "Nilai Kontrak", "Tanggal Kontrak",
                "Tanggal Daftar KPPN", "Tanggal SP2D"),
    "tagihan": ("Kode Satker", "Tahun Anggaran", "Nomor SPM", "Tanggal BAST", "Tanggal Diterima KPPN"),
    "up-tup": ("Kode Satker", "Tahun Anggaran", "Jenis UP/TUP", "Nomor Dokumen", "Tanggal Dokumen", "Nilai"),
    "dispensasi-spm": ("Kode Satker", "Tahun Anggaran", "Nomor SPM Dispensasi", "Tanggal SPM"),
    "laporan-capaian": ("Kode Satker", "Tahun Anggaran", "Bulan Laporan", "Tanggal Kirim"),
    "target-ro": ("Kode Satker", "Tahun Anggaran", "Kode RO", "Bulan", "Target Progres"),
}  # fmt: skip


@pytest.fixture
def planner(db: None, tmp_path: Path) -> User:
    small_year.build(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
    return User.objects.get(username="perencana")


def record(actor: User, kind: RecordKind, facts: RecordFacts, satker: str = WEST_JAVA) -> ExecutionRecord:
    return services.record_execution(
        actor=actor, satker_code=satker, fiscal_year=2022, kind=kind, facts=facts, now=NOW
    )  # fmt: skip


def test_a_record_is_kept_with_its_trail_and_once(planner: User) -> None:
    made = record(planner, RecordKind.CONTRACT, CONTRACT)
    assert list(records(year=2022, satker=WEST_JAVA, kind="kontrak")) == [made]
    assert Event.objects.filter(action="record-added", subject_id=str(made.pk), satker_code=WEST_JAVA).count() == 1
    with pytest.raises(Conflict) as twice:
        record(planner, RecordKind.CONTRACT, CONTRACT)
    assert twice.value.code == "record-exists"
    record(planner, RecordKind.CONTRACT, CONTRACT, PAPUA)  # another satker has its own numbers


def test_who_withdraws_says_why_and_may_record_anew(planner: User) -> None:
    made = record(planner, RecordKind.CONTRACT, CONTRACT)
    with pytest.raises(RuleBroken) as silent:
        services.withdraw_record(actor=planner, record_id=made.pk, reason=" ", now=NOW)
    assert silent.value.code == "record-without-reason"
    services.withdraw_record(actor=planner, record_id=made.pk, reason="nilai keliru", now=NOW)
    assert not records(year=2022, satker=WEST_JAVA).exists()
    assert [one.withdrawal_reason for one in withdrawn(year=2022, satker=WEST_JAVA)] == ["nilai keliru"]
    with pytest.raises(DekonError):
        services.withdraw_record(actor=planner, record_id=made.pk, reason="lagi", now=NOW)
    record(planner, RecordKind.CONTRACT, CONTRACT)
    with pytest.raises(NotFound):
        services.withdraw_record(actor=planner, record_id=10**9, reason="x", now=NOW)


def test_everything_that_is_wrong_is_said_at_once(planner: User) -> None:
    wrong = RecordFacts(
        akun="52x", amount_rp=-5, dated_on=date(2022, 10, 6), arrived_on=date(2022, 2, 1), percent=Decimal(3)
    )
    with pytest.raises(Unfit) as unfit:
        record(planner, RecordKind.CONTRACT, wrong)
    assert {(one.field, one.code) for one in unfit.value.problems} == {
        ("number", "record-field-missing"), ("percent", "record-field-foreign"), ("akun", "record-akun-wrong"),
        ("amount_rp", "record-amount-not-positive"), ("dated_on", "record-day-ahead"),
        ("arrived_on", "record-days-reversed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "day", "fits"),
    [
        (RecordKind.BILL, date(2021, 12, 31), False),
        (RecordKind.BILL, date(2022, 1, 1), True),
        (RecordKind.CONTRACT, date(2020, 12, 31), False),
        (RecordKind.CONTRACT, date(2021, 1, 1), True),
        (RecordKind.BILL, date(2022, 10, 5), True),
        (RecordKind.BILL, date(2022, 10, 6), False),
    ],
)
def test_days_belong_to_the_year_and_have_come(planner: User, kind: RecordKind, day: date, fits: bool) -> None:
    facts = {"akun": "522191", "amount_rp": 1} if kind == RecordKind.CONTRACT else {}
    said = RecordFacts(number="7", dated_on=day, **facts)  # type: ignore[arg-type]  # as the table says
    if fits:
        assert record(planner, kind, said).dated_on == day
    else:
        with pytest.raises(Unfit):
            record(planner, kind, said)


def test_a_target_needs_an_ro_of_the_satker(planner: User) -> None:
    with pytest.raises(Unfit) as unknown:
        record(planner, RecordKind.RO_TARGET, RecordFacts(ro="2175.BDC.999", month=3, percent=Decimal(10)))
    assert [one.code for one in unknown.value.problems] == ["record-ro-unknown"]


def test_the_other_province_is_refused(planner: User) -> None:
    with pytest.raises(NotAllowed):
        record(User.objects.get(username="operator-32"), RecordKind.CONTRACT, CONTRACT, PAPUA)
    made = record(planner, RecordKind.CONTRACT, CONTRACT, PAPUA)
    with pytest.raises(NotAllowed):
        services.withdraw_record(
            actor=User.objects.get(username="operator-32"), record_id=made.pk, reason="x", now=NOW
        )  # fmt: skip


def test_the_database_refuses_what_a_service_would(planner: User) -> None:
    made = record(planner, RecordKind.CONTRACT, CONTRACT)
    for statement in (
        "UPDATE budget_executionrecord SET amount_rp = 1",
        "DELETE FROM budget_executionrecord",
        (
            "INSERT INTO budget_executionrecord (kind, satker_id, fiscal_year, number, move, akun, ro,"
            " withdrawal_reason, recorded_by_id)"
            f" VALUES ('kontrak', {made.satker_id}, 2022, 'x', '', '', '', '', {planner.pk})"
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def bring(actor: User, folder: Path, kind: str, *rows: tuple[object, ...], name: str = "a") -> ImportRun:
    path = write_table(folder / f"{kind}-{name}.xlsx", [HEADS[kind], *rows])
    run = services.import_file(actor=actor, path=path, file_name=path.name, options=ImportOptions(), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
    return run


def ro_of_west_java() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws('.', r.kegiatan, r.kro, r.ro) FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id"
            " WHERE o.code = %s LIMIT 1", [WEST_JAVA],
        )  # fmt: skip
        return str(cursor.fetchone()[0])


def test_each_list_is_known_by_its_heads_and_kept(planner: User, tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {
        "kontrak": (WEST_JAVA, 2022, "SPK-1", "522191", "75.000.000", "01-03-2022", date(2022, 3, 4), None),
        "tagihan": (WEST_JAVA, "2022", "00001", "2022-08-01", "2022-08-05"),
        "up-tup": (WEST_JAVA, 2022, "GUP", "220290", "2022-03-01", 50_000_000),
        "dispensasi-spm": (WEST_JAVA, 2022, "00009", "2022-09-30"),
        "laporan-capaian": (WEST_JAVA, 2022, "Agustus", "2022-09-05"),
        "target-ro": (WEST_JAVA, 2022, ro_of_west_java(), 3, "25,5"),
    }
    for kind, row in rows.items():
        run = bring(planner, tmp_path, kind, row)
        assert (run.kind, run.status, run.rows_new) == (kind, "applied", 1), run.findings
    kept = {one.kind: one for one in records(year=2022, satker=WEST_JAVA)}
    assert set(kept) == set(rows)
    assert (kept["kontrak"].amount_rp, kept["kontrak"].arrived_on) == (75_000_000, date(2022, 3, 4))
    assert (kept["up-tup"].move, kept["laporan-capaian"].month) == ("gup", 8)
    assert kept["target-ro"].percent == Decimal("25.5")


def test_the_same_list_twice_changes_nothing_another_replaces_and_undo_brings_back(
    planner: User, tmp_path: Path
) -> None:
    row = (WEST_JAVA, 2022, "SPK-1", "522191", 75_000_000, "2022-03-01", None, None)
    first = bring(planner, tmp_path, "kontrak", row)
    assert bring(planner, tmp_path, "kontrak", row, name="b").status == "unchanged"
    later = bring(planner, tmp_path, "kontrak", (*row[:6], "2022-03-05", None), name="c")
    assert (later.rows_new, later.rows_changed) == (0, 1)
    assert [one.arrived_on for one in records(year=2022, satker=WEST_JAVA)] == [date(2022, 3, 5)]
    with pytest.raises(Conflict):
        services.undo_import(actor=planner, import_id=first.pk, reason="keliru", now=NOW)
    services.undo_import(actor=planner, import_id=later.pk, reason="keliru", now=NOW)
    assert [one.arrived_on for one in records(year=2022, satker=WEST_JAVA)] == [None]
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
    services.undo_import(actor=planner, import_id=first.pk, reason="keliru", now=NOW)
    assert not records(year=2022, satker=WEST_JAVA).exists()
    assert withdrawn(year=2022, satker=WEST_JAVA).count() == 2


@pytest.mark.parametrize(
    ("kind", "row", "code"),
    [
        ("kontrak", (WEST_JAVA, 2022, "S", "522191", 0, "2022-03-01", None, None), "record-amount-not-positive"),
        ("kontrak", (WEST_JAVA, 2022, "", "522191", 5, "2022-03-01", None, None), "value-missing"),
        ("kontrak", (WEST_JAVA, "duaribu", "S", "522191", 5, "2022-03-01", None, None), "record-year-wrong"),
        ("kontrak", (WEST_JAVA, 2022, "S", "522191", 5, "2022-03-01", "2022-02-01", None), "record-days-reversed"),
        ("kontrak", ("999999", 2022, "S", "522191", 5, "2022-03-01", None, None), "unknown-satker"),
        ("up-tup", (WEST_JAVA, 2022, "XUP", "1", "2022-03-01", 5), "record-move-unknown"),
        ("laporan-capaian", (WEST_JAVA, 2022, 13, "2022-03-01"), "period-invalid"),
        ("target-ro", (WEST_JAVA, 2022, "2175.BDC.999", 3, 25), "record-ro-unknown"),
        ("target-ro", (WEST_JAVA, 2022, "2175.BDC.999", 3, 101), "record-percent-wrong"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_with_its_cell_and_nothing_is_kept(
    planner: User, tmp_path: Path, kind: str, row: tuple[object, ...], code: str
) -> None:
    run = bring(planner, tmp_path, kind, row)
    assert run.status == "refused"
    told = [one for one in run.findings if one["code"] == code]
    assert told, run.findings
    assert told[0]["cell"]
    assert not ExecutionRecord.objects.exists()


def test_a_thing_that_stands_twice_in_a_list_is_refused(planner: User, tmp_path: Path) -> None:
    row = (WEST_JAVA, 2022, "SPK-1", "522191", 75_000_000, "2022-03-01", None, None)
    run = bring(planner, tmp_path, "kontrak", row, row)
    assert (run.status, {one["code"] for one in run.findings}) == ("refused", {"row-repeated"})
