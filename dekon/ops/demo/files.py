"""The files of the demo year in the order in which a planner would bring them, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path as FilePath

from dekon.ops.demo import cases
from dekon.ops.demo.catalogue import OUTPUTS
from dekon.ops.demo.places import UNITS, DemoSatker
from dekon.ops.demo.records import RecordLists, target_rows
from dekon.ops.demo.shapes import DemoYear, Line, Path, Version
from dekon.ops.demo.spend import import_day
from dekon.ops.demo.workbooks import Statement, write_fa_detail, write_myintress_detail, write_myintress_sp2d
from dekon.ops.demo.writers import (
    Row,
    capaian_rows,
    dataang_rows,
    realisasi_rows,
    refadmin_rows,
    write_csv,
    write_json,
)

CSV_UNIT = "13"
"""The unit whose payments come as CSV; the others send JSON."""

INTRESS_UNIT, INTRESS_MONTH = "08", 11
"""The unit and month whose payments come from MyIntress first, and again in MonSAKTI's file of the quarter."""

AGREEING = ("319104", "319105", "319108", "319113")
"""Satker whose FA Detail of December agrees with their lines."""

OUTPUT_NAMES = {f"{output.kegiatan}.{output.kro}.{output.ro}": output.name for output in OUTPUTS}


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file to be written and imported: its name, the day it comes in, its kind and the period it speaks of."""

    name: str
    on: date
    kind: str
    period: date | None
    write: Callable[[FilePath], object]
    proposal: bool = False
    """Only proposed: the importers must refuse it, since nobody confirms it."""


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def statements_of(demo: DemoYear, satker: DemoSatker, month: int) -> list[Statement]:
    """What FA Detail states of a satker at the end of a month: the sum of its lines, but for the case that differs."""
    end = month_end(demo.year, month)
    start = end.replace(day=1)
    pagu: dict[Path, int] = {}
    for item in demo.version_on(satker.code, end).items:
        pagu[item.path] = pagu.get(item.path, 0) + item.total_rp
    previous: dict[Path, int] = dict.fromkeys(pagu, 0)
    current: dict[Path, int] = dict.fromkeys(pagu, 0)
    for line in demo.lines:
        if line.satker.code == satker.code and line.spends and line.sp2d_on and line.sp2d_on <= end:
            table = current if line.sp2d_on >= start else previous
            table[line.path] += line.amount_rp
    if (satker.code, month) == (cases.DIFFERING_POS.satker, cases.DIFFERING_MONTH):
        path = next(path for path in pagu if path.subkomponen == "0B")
        current[path] += cases.DIFFERING_STATED_RP - cases.DIFFERING_BOOKED_RP
    return [Statement(path, amount, previous[path], current[path]) for path, amount in pagu.items()]


def _json[T](rows: Callable[[T], Iterable[Row]], source: T) -> Callable[[FilePath], object]:
    return lambda path: write_json(path, rows(source))


def _csv[T](rows: Callable[[T], Iterable[Row]], source: T) -> Callable[[FilePath], object]:
    return lambda path: write_csv(path, rows(source))


def _budget_files(demo: DemoYear) -> Iterator[DemoFile]:
    groups: dict[tuple[date, str, str], list[Version]] = {}
    for version in demo.versions:
        groups.setdefault((version.effective_on, version.satker.unit.code, version.code), []).append(version)
    for (on, unit, code), versions in groups.items():
        name = f"{on:%Y%m%d}-dataang-{unit}-{code}.json"
        yield DemoFile(name, on, "monsakti-dataang", on, _json(dataang_rows, versions))


def _proposal_file(demo: DemoYear) -> DemoFile:
    """A revision that a satker only proposed (A01): more money for its first item. On record, counted nowhere."""
    on = date(demo.year, *cases.PROPOSAL_DAY)
    version = demo.version_on(cases.PROPOSAL_SATKER, on)
    first, *others = version.items
    doubled = replace(first, price_rp=first.price_rp * 2, months=tuple(amount_rp * 2 for amount_rp in first.months))
    asked = replace(version, code="A01", items=(doubled, *others))
    name = f"{on:%Y%m%d}-dataang-{cases.PROPOSAL_SATKER}-A01.json"
    return DemoFile(name, on, "monsakti-dataang", on, _json(dataang_rows, [asked]), proposal=True)


def _payment_files(demo: DemoYear, scale: int) -> Iterator[DemoFile]:
    groups: dict[tuple[date, str], list[Line]] = {}
    for line in demo.lines:
        groups.setdefault((line.imported_on, line.satker.unit.code), []).append(line)
    for (on, unit), lines in groups.items():
        as_csv = scale > 1 or unit == CSV_UNIT
        name = f"{on:%Y%m%d}-realisasi-{unit}.{'csv' if as_csv else 'json'}"
        write = _csv if as_csv else _json
        yield DemoFile(
            name, on, "monsakti-realisasi", on - timedelta(days=on.day),
            write(lambda lines: realisasi_rows(lines, scale), lines),
        )  # fmt: skip


def _progress_files(demo: DemoYear) -> Iterator[DemoFile]:
    for quarter in range(1, 5):
        end = month_end(demo.year, quarter * 3)
        on = import_day(end) + timedelta(days=1)
        for unit in UNITS:
            rows = [
                one
                for one in demo.progress
                if one.output.satker.unit == unit and quarter * 3 - 2 <= one.month <= quarter * 3
            ]
            name = f"{on:%Y%m%d}-capaianro-{unit.code}.json"
            yield DemoFile(name, on, "monsakti-capaianro", end, _json(lambda rows: capaian_rows(rows, demo.year), rows))


def _fa_file(demo: DemoYear, satker: DemoSatker, month: int, on: date, names: dict[str, str]) -> DemoFile:
    def write(path: FilePath) -> None:
        write_fa_detail(path, satker, statements_of(demo, satker, month), names, month_end(demo.year, month))

    name = f"{on:%Y%m%d}-fa-detail-{satker.code}-{demo.year}-{month:02}.xlsx"
    return DemoFile(name, on, "fa-detail", month_end(demo.year, month), write)


def _fa_files(demo: DemoYear, names: dict[str, str]) -> Iterator[DemoFile]:
    by_code = {satker.code: satker for satker in demo.satker}
    year = demo.year
    yield _fa_file(demo, by_code[cases.TOTALS_FIRST[0]], cases.TOTALS_FIRST[1], date(year, 4, 2), names)
    yield _fa_file(demo, by_code[cases.DIFFERING_POS.satker], cases.DIFFERING_MONTH, date(year, 10, 6), names)
    for code in AGREEING:
        yield _fa_file(demo, by_code[code], 12, date(year + 1, 1, 6), names)


def _intress_files(demo: DemoYear) -> Iterator[DemoFile]:
    lines = [
        line
        for line in demo.lines
        if line.satker.unit.code == INTRESS_UNIT and line.sp2d_on and line.spends
        and (line.sp2d_on.year, line.sp2d_on.month) == (demo.year, INTRESS_MONTH)
    ]  # fmt: skip
    end = month_end(demo.year, INTRESS_MONTH)
    on = end + timedelta(days=2)
    prefix, suffix = f"{on:%Y%m%d}-myintress", f"{INTRESS_UNIT}-{demo.year}-{INTRESS_MONTH}.xlsx"
    yield DemoFile(
        f"{prefix}-detail-{suffix}", on, "myintress-detail", end, lambda path: write_myintress_detail(path, lines)
    )
    one = lines[0].satker.code
    own = [line for line in lines if line.satker.code == one]
    yield DemoFile(f"{prefix}-sp2d-{one}.xlsx", on, "myintress-sp2d", end, lambda path: write_myintress_sp2d(path, own))


def _record_files(demo: DemoYear) -> Iterator[DemoFile]:
    """Contracts, bills, dispensations and output reports by quarter; the targets of RO once."""
    lists = RecordLists(demo)
    first = date(demo.year, 1, 21)
    yield DemoFile(
        f"{first:%Y%m%d}-target-ro.csv", first, "target-ro", None,
        lambda path: write_csv(path, target_rows(demo.outputs, demo.year)),
    )  # fmt: skip
    kinds = {
        "kontrak": ("Tanggal Kontrak", lists.contracts), "tagihan": ("Tanggal BAST", lists.bills),
        "dispensasi-spm": ("Tanggal SPM", lists.dispensations), "laporan-capaian": ("Bulan Laporan", lists.reports),
    }  # fmt: skip
    for quarter in range(1, 5):
        months = range(quarter * 3 - 2, quarter * 3 + 1)
        on = import_day(month_end(demo.year, quarter * 3)) + timedelta(days=12)
        for kind, (key, rows) in kinds.items():
            own = [row for row in rows if int(str(row[key])[5:7] or str(row[key])) in months]
            if own:
                name = f"{on:%Y%m%d}-{kind}.csv"
                yield DemoFile(name, on, kind, None, lambda path, own=own: write_csv(path, own))  # type: ignore[misc]  # the default keeps its own list


def demo_files(demo: DemoYear, names: dict[str, str] | None = None, scale: int = 1) -> Sequence[DemoFile]:
    """All files of the year in the order in which they come in.

    Args:
        names: names of kegiatan and KRO by code, for the printed reports.
        scale: each payment line becomes so many with the same total.
    """
    known = {**OUTPUT_NAMES, **(names or {})}
    first = date(demo.year, 1, 3)
    refadmin = DemoFile(f"{first:%Y%m%d}-aa-refadmin.json", first, "monsakti-refadmin", None,
                        _json(refadmin_rows, demo.satker))  # fmt: skip
    intress = _intress_files(demo) if scale == 1 else iter(())
    files = [
        refadmin, *_budget_files(demo), _proposal_file(demo), *_fa_files(demo, known), *_payment_files(demo, scale),
                                 *_progress_files(demo), *intress, *_record_files(demo),
    ]  # fmt: skip
    return sorted(files, key=lambda file: (file.on, file.name))
