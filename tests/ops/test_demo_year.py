"""The generator of the demo year: exact sums, the same bytes every time, real codes, every special case present."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path as FilePath

import pytest

from dekon.budget.imports.reading import read_file
from dekon.ops.demo import cases
from dekon.ops.demo.files import demo_files, statements_of
from dekon.ops.demo.shapes import DemoYear, Path
from dekon.ops.demo.spend import workdays
from dekon.ops.demo.writers import coa, realisasi_rows, split_amount
from dekon.ops.demo.year import build_year

PACKAGE = FilePath(__file__).parents[2] / "dekon"


@pytest.fixture(scope="module")
def demo() -> DemoYear:
    return build_year()


@pytest.fixture(scope="module")
def folder(demo: DemoYear, tmp_path_factory: pytest.TempPathFactory) -> FilePath:
    folder = tmp_path_factory.mktemp("demo")
    for file in demo_files(demo):
        file.write(folder / file.name)
    return folder


def digest(folder: FilePath) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def positions_paid(demo: DemoYear) -> Iterator[tuple[tuple[str, Path], date, int]]:
    for line in demo.lines:
        if line.spends and line.sp2d_on and line.sp2d_on.year == demo.year:
            yield (line.satker.code, line.path), line.sp2d_on, line.amount_rp


def test_the_first_and_the_last_dipa_of_all_satker_add_up_to_the_national_total(demo: DemoYear) -> None:
    first = {version.satker.code: version.pagu_rp for version in reversed(demo.versions)}
    last = {version.satker.code: version.pagu_rp for version in demo.versions}
    assert sum(first.values()) == sum(last.values()) == cases.NATIONAL_PAGU_RP == 128_900_000_000
    assert first == last


def test_there_are_136_satker_in_34_provinces_and_four_units(demo: DemoYear) -> None:
    assert len({satker.code for satker in demo.satker}) == 136
    assert len({satker.place.province for satker in demo.satker}) == 34
    assert {satker.unit.code for satker in demo.satker} == {"04", "05", "08", "13"}
    assert "029104" in {satker.code for satker in demo.satker if satker.place.province == "32"}


def test_the_plan_of_every_item_adds_up_to_its_total_in_every_version(demo: DemoYear) -> None:
    for version in demo.versions:
        for item in version.items:
            assert sum(item.months) == item.total_rp
            assert min(item.months) >= 0
            assert item.volume > 0


def test_no_position_is_paid_more_than_it_has_but_for_the_two_cases_of_pagu_minus(demo: DemoYear) -> None:
    paid: dict[tuple[str, Path], list[tuple[date, int]]] = defaultdict(list)
    for key, on, amount_rp in positions_paid(demo):
        paid[key].append((on, amount_rp))
    over = set()
    for (satker, path), payments in paid.items():
        used = 0
        for on, amount_rp in sorted(payments):
            used += amount_rp
            pagu = sum(item.total_rp for item in demo.version_on(satker, on).items if item.path == path)
            blocked = sum(
                block.amount_rp - (block.released_rp if block.released_on and block.released_on <= on else 0)
                for block in demo.blocks
                if (block.satker, block.path) == (satker, path) and block.on <= on
            )
            if used > pagu - blocked:
                over.add((satker, path.akun))
    assert over == {
        (cases.HEALED_POS.satker, cases.HEALED_POS.akun),
        (cases.PARKED_POS.satker, cases.PARKED_POS.akun),
    }


def test_about_96_percent_is_realised_with_a_slow_start_and_a_december_rush(demo: DemoYear) -> None:
    months = [0] * 12
    for _key, on, amount_rp in positions_paid(demo):
        months[on.month - 1] += amount_rp
    assert 0.95 < sum(months) / cases.NATIONAL_PAGU_RP < 0.97
    assert sum(months[:3]) / cases.NATIONAL_PAGU_RP < 0.08
    assert months[11] == max(months)
    assert 27_000 < len(demo.lines) < 33_000


def test_payments_are_made_on_working_days_with_numbers_of_fifteen_digits(demo: DemoYear) -> None:
    open_days = {day for month in range(1, 13) for day in workdays(demo.year, month)}
    for line in demo.lines:
        if not line.kept and line.kind not in {cases.UP, cases.RETURN}:
            assert line.sp2d_on in open_days
        if line.sp2d_no:
            assert len(line.sp2d_no) == 15
            assert line.sp2d_no[2:5] == line.satker.place.kppn
        assert len(coa(line).split(".")) == 16


def test_a_satker_spends_nothing_by_june(demo: DemoYear) -> None:
    days = [line.sp2d_on for line in demo.lines if line.satker.code == cases.NOTHING_BY_JUNE and line.spends]
    assert min(day for day in days if day) > date(demo.year, 6, 30)


def test_a_satker_revises_its_dipa_too_often(demo: DemoYear) -> None:
    code, times = cases.TOO_MANY_REVISIONS
    assert [v.code for v in demo.versions if v.satker.code == code and v.code[0] == "B"] == [
        f"B{number:02}" for number in range(times + 1)
    ]


def test_the_same_seed_gives_the_same_bytes(demo: DemoYear, folder: FilePath, tmp_path: FilePath) -> None:
    again = build_year()
    assert again == demo
    for file in demo_files(again):
        file.write(tmp_path / file.name)
    assert digest(tmp_path) == digest(folder)


def test_another_seed_gives_another_year_with_the_same_cases_and_total() -> None:
    other = build_year(seed=1)
    assert sum(v.pagu_rp for v in other.versions if v.code == "B00") == cases.NATIONAL_PAGU_RP
    assert sum(line.kept for line in other.lines) == len(cases.LINES)


def test_scaling_splits_lines_and_changes_no_total(demo: DemoYear) -> None:
    lines = demo.lines[5_000:5_400]
    rows = list(realisasi_rows(lines, scale=7))
    assert len(rows) > len(lines) * 6
    assert sum(int(row["NILAI_RUPIAH"] or 0) for row in rows) == sum(line.amount_rp for line in lines)


@pytest.mark.parametrize(("amount", "parts", "result"), [(10, 3, [4, 3, 3]), (-5, 2, [-3, -2]), (2, 5, [1, 1])])
def test_an_amount_is_split_into_nearly_equal_parts(amount: int, parts: int, result: list[int]) -> None:
    assert split_amount(amount, parts) == result


def test_header_rows_of_the_budget_would_double_the_pagu(folder: FilePath) -> None:
    rows = [row for path in folder.glob("*-dataang-*-B00.json") for row in json.loads(path.read_text("utf-8"))]
    assert sum(row["TOTAL"] for row in rows if row["HEADER1"] == 0) == cases.NATIONAL_PAGU_RP
    assert sum(row["TOTAL"] for row in rows) > cases.NATIONAL_PAGU_RP


def test_the_readers_take_every_file_as_its_kind_and_find_nothing_wrong(demo: DemoYear, folder: FilePath) -> None:
    for file in demo_files(demo):
        parsed = read_file(folder / file.name)
        rows = sum(1 for _row in parsed.rows)
        expected = ["versions-proposal-only"] if file.proposal else []
        assert (parsed.kind, [finding.code for finding in parsed.findings]) == (file.kind, expected)
        assert rows


def test_the_statement_of_august_differs_from_the_lines_in_one_position(demo: DemoYear) -> None:
    satker = next(one for one in demo.satker if one.code == cases.DIFFERING_POS.satker)
    stated = sum(one.previous_rp + one.current_rp for one in statements_of(demo, satker, cases.DIFFERING_MONTH))
    booked = sum(
        line.amount_rp
        for line in demo.lines
        if line.satker == satker and line.spends and line.sp2d_on and line.sp2d_on <= date(demo.year, 8, 31)
    )
    assert stated - booked == cases.DIFFERING_STATED_RP - cases.DIFFERING_BOOKED_RP == 1_350_000


def test_volumes_and_progress_never_fall_and_end_at_the_target_where_complete(demo: DemoYear) -> None:
    last: dict[int, tuple[int, int]] = {}
    for one in demo.progress:
        key = id(one.output)
        percent, volume = last.get(key, (0, 0))
        assert one.total_percent >= percent
        assert one.total_hundredths >= volume
        assert (one.total_percent == 100) == (one.total_hundredths == one.output.target * 100)
        last[key] = (one.total_percent, one.total_hundredths)
    assert sum(percent == 100 for percent, _volume in last.values()) > len(last) * 0.7


def listed(app: str, name: str, *columns: str) -> set[tuple[str, ...]]:
    with (PACKAGE / app / "reference" / f"{name}.csv").open(encoding="utf-8") as source:
        return {tuple(row[column] for column in columns) for row in csv.DictReader(source)}


def test_every_code_is_one_of_the_reference_lists(demo: DemoYear) -> None:
    used = {(version.satker.unit.code, item.path) for version in demo.versions for item in version.items}
    assert {(unit, path.program) for unit, path in used} <= listed("budget", "unit_programs", "unit", "program")
    assert {(path.kegiatan, unit, path.program) for unit, path in used} <= listed(
        "budget", "kegiatan", "code", "unit", "program"
    )
    assert {(path.kegiatan, path.kro) for _unit, path in used} <= listed("budget", "kegiatan_kro", "kegiatan", "kro")
    assert {(path.akun,) for _unit, path in used} <= listed("budget", "akun", "code")


def test_every_place_is_one_of_the_reference_lists(demo: DemoYear) -> None:
    places = {satker.place for satker in demo.satker}
    assert {(place.province, place.location) for place in places} <= listed("org", "provinces", "code", "kdlokasi")
    assert {(place.kppn,) for place in places} <= listed("org", "kppn", "code")


def test_the_cases_are_paid_exactly_as_stated(demo: DemoYear) -> None:
    paid: Counter[tuple[str, str]] = Counter()
    for (satker, path), _on, amount_rp in positions_paid(demo):
        if path.subkomponen == "0B":
            paid[satker, path.akun] += amount_rp
    assert paid["029104", "521211"] == cases.ADVANCE_REALISED_RP
    assert paid["029105", "522151"] == cases.RETUR_REALISED_RP
    assert paid["089108", "524113"] == cases.EQUAL_REALISED_RP
    assert paid["119113", "521219"] == cases.RETURN_REALISED_RP
    assert paid["239104", "524114"] == cases.HEALED_REALISED_RP
    assert paid["259113", "526211"] == cases.PARKED_REALISED_RP + cases.PARKED_RP
    assert paid["169105", "524119"] == cases.BLOCKED_REALISED_RP
    assert paid["099105", "522151"] == cases.UNPAID_REALISED_RP
