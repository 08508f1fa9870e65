"""A code changes from a day on; what it said before stays readable, and nothing is overwritten."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection
from django.utils import timezone

from dekon.audit.models import Event
from dekon.budget import services as budget
from dekon.budget.services import DATED_LISTS
from dekon.errors import Conflict, NotAllowed, RuleBroken, Unfit
from dekon.org import services as org
from dekon.org.models import CodeVersion, Kppn, Province, Satker, Unit, User
from dekon.org.selectors import dated, system_user
from dekon.org.services import Stated

pytestmark = pytest.mark.django_db

KPPN, SATKER, PROVINCE, KEGIATAN = (DATED_LISTS[name] for name in ("kppn", "satker", "provinsi", "kegiatan"))
BEFORE, THEN, LATER = date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 1)
WHY = "KMK 12 Tahun 2024"


@pytest.fixture
def admin() -> User:
    return org.add_user(actor=system_user(), username="admin", password="", role="admin")


def rename(admin: User, name: str, day: date = THEN, **more: int) -> None:
    stated = Stated(day, {"name": name}, WHY, more.get("seen"))
    org.change_code(actor=admin, listing=KPPN, code="022", stated=stated)


def name_on(day: date | None) -> str:
    return next(str(row.name) for row in dated.listed(KPPN, day) if row.code == "022")


def codes(problem: pytest.ExceptionInfo[Unfit]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in problem.value.problems]


def test_the_old_name_stays_readable_at_its_days(admin: User) -> None:
    old = name_on(None)
    rename(admin, "KPPN Bandung Baru")
    assert [name_on(BEFORE), name_on(THEN), name_on(None)] == [old, "KPPN Bandung Baru", "KPPN Bandung Baru"]


def test_a_change_of_tomorrow_leaves_today_alone_until_its_day_has_come(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, tomorrow = name_on(None), timezone.localdate() + timedelta(days=1)
    rename(admin, "KPPN Bandung Besok", tomorrow)
    assert Kppn.objects.get(code="022").name == old
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    assert budget.refresh_all_codes() == 1
    assert Kppn.objects.get(code="022").name == "KPPN Bandung Besok"


def test_references_change_from_a_day_on_too(admin: User) -> None:
    Satker.objects.create(code="029108", name="Dinas", unit=Unit.objects.get(code="13"))
    stated = Stated(THEN, {"unit": "08", "province": "32"}, WHY)
    org.change_code(actor=admin, listing=SATKER, code="029108", stated=stated)
    before, after = (dated.listed(SATKER, day)[0] for day in (BEFORE, THEN))
    assert (before.unit.code, before.province) == ("13", None)
    assert (after.unit.code, after.province.code) == ("08", "32")
    assert Satker.objects.get(code="029108").unit.code == "08"


def test_a_correction_stands_in_for_the_wrong_record_and_names_it(admin: User) -> None:
    rename(admin, "KPPN Bandnug")
    wrong = CodeVersion.objects.latest("pk")
    stated = Stated(LATER, {"name": "KPPN Bandung"}, "salah ketik")
    org.correct_code(actor=admin, listing=KPPN, code="022", version=wrong.pk, stated=stated)
    assert [name_on(THEN) == "KPPN Bandnug", name_on(LATER)] == [False, "KPPN Bandung"]
    assert CodeVersion.objects.latest("pk").replaces == wrong
    with pytest.raises(Conflict, match="sudah dikoreksi"):
        org.correct_code(actor=admin, listing=KPPN, code="022", version=wrong.pk, stated=stated)


def test_a_record_taken_back_lets_go_on_what_held_before(admin: User) -> None:
    old = name_on(None)
    rename(admin, "KPPN Keliru")
    wrong = CodeVersion.objects.latest("pk")
    org.void_version(actor=admin, listing=KPPN, code="022", version=wrong.pk, reason="salah kode", seen=wrong.pk)
    assert name_on(LATER) == Kppn.objects.get(code="022").name == old
    with pytest.raises(RuleBroken, match="Catatan pertama"):
        org.void_version(actor=admin, listing=KPPN, code="022", version=0, reason="salah kode", seen=None)


def test_a_code_ends_and_begins_again(admin: User) -> None:
    org.end_code(actor=admin, listing=KPPN, code="022", stated=Stated(BEFORE, {}, "dilebur"))
    assert Kppn.objects.get(code="022").valid_to == BEFORE
    assert "022" not in {row.code for row in dated.listed(KPPN, THEN)}
    rename(admin, "KPPN Bandung", LATER)
    assert Kppn.objects.get(code="022").valid_to is None
    assert [name_on(BEFORE) != "", name_on(LATER)] == [True, "KPPN Bandung"]
    assert "022" not in {row.code for row in dated.listed(KPPN, THEN)}


def test_a_new_code_holds_from_its_day(admin: User) -> None:
    facts = {"name": "Pelatihan baru", "unit": "13", "program": "DL"}
    org.add_code(actor=admin, listing=KEGIATAN, code="9999", stated=Stated(THEN, facts, WHY))
    assert "9999" not in {row.code for row in dated.listed(KEGIATAN, BEFORE)}
    assert "9999" in {row.code for row in dated.listed(KEGIATAN, THEN)}


def test_every_problem_is_told_at_once_with_its_field(admin: User) -> None:
    facts = {"name": "", "unit": "77", "program": "", "warna": "biru"}
    with pytest.raises(Unfit) as problem:
        org.add_code(actor=admin, listing=KEGIATAN, code="99", stated=Stated(date(1800, 1, 1), facts, "x"))
    assert codes(problem) == [
        ("code", "reference-code-form"),
        ("valid_from", "entry-day-out-of-range"),
        ("facts.warna", "reference-fact-unknown"),
        ("facts.name", "entry-missing"),
        ("facts.unit", "reference-points-nowhere"),
        ("facts.program", "entry-missing"),
        ("reason", "entry-reason-missing"),
    ]


def test_a_reference_must_hold_on_the_day(admin: User) -> None:
    Satker.objects.create(code="029108", name="Dinas", unit=Unit.objects.get(code="13"))
    early = Stated(date(2022, 12, 8), {"province": "96"}, WHY)
    with pytest.raises(Unfit) as problem:
        org.change_code(actor=admin, listing=SATKER, code="029108", stated=early)
    assert codes(problem) == [("facts.province", "reference-not-in-force")]
    on_the_day = Stated(date(2022, 12, 9), {"province": "96"}, WHY)
    org.change_code(actor=admin, listing=SATKER, code="029108", stated=on_the_day)


@pytest.mark.parametrize(
    ("day", "name", "code"),
    [
        (THEN, "Lain", "reference-day-taken"),
        (LATER, "KPPN Bandung Baru", "reference-nothing-changed"),
        (date(1945, 8, 16), "Lain", "entry-day-out-of-range"),
    ],
)
def test_a_change_that_cannot_be_is_refused(admin: User, day: date, name: str, code: str) -> None:
    rename(admin, "KPPN Bandung Baru")
    with pytest.raises(Unfit) as problem:
        rename(admin, name, day)
    assert code in {one.code for one in problem.value.problems}


def test_a_unique_fact_belongs_to_one_code(admin: User) -> None:
    bps = Province.objects.get(code="33").bps_code
    with pytest.raises(Unfit) as problem:
        org.change_code(actor=admin, listing=PROVINCE, code="32", stated=Stated(LATER, {"bps_code": bps}, WHY))
    assert codes(problem) == [("facts.bps_code", "reference-fact-taken")]


def test_the_second_of_two_administrators_is_told(admin: User) -> None:
    rename(admin, "KPPN Pertama", seen=0)
    with pytest.raises(Conflict, match=r"sudah diubah: .*admin"):
        rename(admin, "KPPN Kedua", LATER, seen=0)
    rename(admin, "KPPN Kedua", LATER, seen=CodeVersion.objects.latest("pk").pk)


def test_nobody_else_edits(admin: User) -> None:
    planner = org.add_user(actor=system_user(), username="perencana", password="", role="perencana")
    with pytest.raises(NotAllowed):
        rename(planner, "KPPN Lain")


def test_every_change_stands_in_the_trail_with_its_reason(admin: User) -> None:
    rename(admin, "KPPN Bandung Baru")
    event = Event.objects.latest("pk")
    assert (event.action, event.subject_type, event.subject_id, event.reason) == (
        "reference-changed",
        "kppn",
        "022",
        WHY,
    )
    assert (event.before["name"] != event.after["name"], event.after["valid_from"]) == (True, "2024-01-01")


@pytest.mark.parametrize(
    "statement", ["UPDATE org_codeversion SET reason = ''", "DELETE FROM org_codeversion", "TRUNCATE org_codeversion"]
)
def test_the_database_refuses_to_overwrite_a_record(admin: User, statement: str) -> None:
    rename(admin, "KPPN Bandung Baru")
    with pytest.raises((InternalError, ProgrammingError), match="refused"), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")


def test_what_a_file_fills_in_survives_later_changes(admin: User) -> None:
    Satker.objects.create(code="029108", name="Dinas", unit=Unit.objects.get(code="13"))
    stated = Stated(THEN, {"name": "Dinas Baru"}, WHY)
    org.change_code(actor=admin, listing=SATKER, code="029108", stated=stated)
    org.ensure_satker(
        actor=admin,
        code="029108",
        name="Dinas",
        ba_code="026",
        unit_code="13",
        province=Province.objects.get(code="32"),
    )
    budget.refresh_all_codes()
    satker = Satker.objects.get(code="029108")
    assert (satker.name, satker.province and satker.province.code) == ("Dinas Baru", "32")


def test_names_of_a_day_are_those_of_codes_that_changed(admin: User) -> None:
    rename(admin, "KPPN Bandung Baru")
    assert dated.names_on(["kppn"], LATER) == {("kppn", "022"): "KPPN Bandung Baru"}


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_the_same_moment_one_is_told(admin: User) -> None:
    start, ends = threading.Barrier(2), []

    def change(name: str) -> None:
        start.wait()
        try:
            rename(admin, name, seen=0)
            ends.append("kept")
        except Conflict as problem:
            ends.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(name,)) for name in ("KPPN Satu", "KPPN Dua")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["changed-meanwhile", "kept"]
    assert CodeVersion.objects.filter(code="022", recorded_by=admin).count() == 1
