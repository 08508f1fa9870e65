"""The files that the measurements import: a large FA Detail print, the same rows as a flat table, payment lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path as FilePath

import xlsxwriter

from dekon.ops.demo.cases import LS, PAID
from dekon.ops.demo.catalogue import ACCOUNT_NAMES
from dekon.ops.demo.places import PLACES, UNITS, DemoSatker
from dekon.ops.demo.shapes import Item, Line, Path, Version
from dekon.ops.demo.workbooks import Statement, write_fa_detail
from dekon.ops.demo.writers import dataang_rows, realisasi_rows, refadmin_rows, write_csv, write_json

BENCH_YEAR = 2027
ACCOUNTS = tuple(ACCOUNT_NAMES)
FLAT_HEADERS = (
    "id", "satker", "program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun", "pagu_rp", "previous_rp",
    "current_rp",
)  # fmt: skip
ITEM_PRICE_RP = 1_000_000


def bench_satker(code: str) -> DemoSatker:
    """A satker of its own for a measurement, in the first province and unit."""
    return DemoSatker(code, PLACES[0], UNITS[0])


def paths(count: int) -> Iterator[Path]:
    """So many different budget paths."""
    for number in range(count):
        rest, account = divmod(number, len(ACCOUNTS))
        rest, subkomponen = divmod(rest, 20)
        ro, komponen = divmod(rest, 5)
        yield Path(
            "DN", "2173", "BAA", f"{ro + 1:03}", f"{51 + komponen:03}", f"0{chr(65 + subkomponen)}", ACCOUNTS[account]
        )


def statements(count: int) -> list[Statement]:
    """So many account rows with figures that differ.

    As in a real print of March, about a quarter were paid from yet.
    """
    return [
        Statement(
            path,
            50_000_000 + number * 1_000,
            10_000_000 + number if number % 11 < 3 else 0,
            1_000_000 + number * 3 if number % 13 < 3 else 0,
        )
        for number, path in enumerate(paths(count))
    ]


def write_master(path: FilePath, satker: DemoSatker) -> None:
    """The satker master with one satker, without which a budget of it would be refused."""
    write_json(path, refadmin_rows([satker]))


def write_print(path: FilePath, satker: DemoSatker, count: int) -> None:
    """An FA Detail print with so many account rows."""
    write_fa_detail(path, satker, statements(count), {}, date(BENCH_YEAR, 3, 31))


def write_flat(path: FilePath, satker: DemoSatker, count: int) -> None:
    """The same rows as one flat table, the friendliest file an import can get."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("rows")
    sheet.write_row(0, 0, FLAT_HEADERS)
    for index, row in enumerate(statements(count), start=1):
        sheet.write_row(index, 0, ("", satker.code, *row.path, row.pagu_rp, row.previous_rp, row.current_rp))
    book.close()


def write_budget(path: FilePath, satker: DemoSatker, positions: int) -> None:
    """A dataAng file with room for every payment of `write_payments`."""
    months = (0,) * 11
    items = tuple(
        Item(one, f"{number:06}", "Uraian", 1_000, "PAKET", 1, "", ITEM_PRICE_RP, (*months, 1_000 * ITEM_PRICE_RP), 10)
        for number, one in enumerate(paths(positions), start=1)
    )
    version = Version(satker, "B00", date(BENCH_YEAR, 1, 2), items)
    write_json(path, dataang_rows([version]))


def payment_lines(satker: DemoSatker, count: int, positions: int, series: int) -> Iterator[Line]:
    """So many payment lines over the positions of `write_budget`, three to a payment.

    Args:
        series: another series gives other SP2D numbers.
    """
    places = list(paths(positions))
    first = date(BENCH_YEAR, 1, 6)
    for number in range(count):
        payment = number // 3
        on = first + timedelta(days=payment * 350 * 3 // count)
        index = number * 7 % positions
        sp2d = f"27018{series:02}{payment:08}"
        yield Line(
            satker, LS, f"{payment % 100_000:05}T", on, sp2d, on, "Pembayaran belanja bahan kegiatan", places[index],
            f"{index + 1:06}", 10_000 + number % 5_000, PAID, True, on,
        )  # fmt: skip


def write_payments(path: FilePath, satker: DemoSatker, count: int, positions: int, series: int) -> None:
    """A MonSAKTI CSV of so many payment lines."""
    write_csv(path, realisasi_rows(payment_lines(satker, count, positions, series)))
