"""Lists of the demo year that IKPA asks for: contracts, their bills, dispensations, output reports, targets of RO."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import DemoYear, Output
from dekon.ops.demo.spend import workdays
from dekon.ops.demo.writers import Row

NO_CONTRACT = 0.35
"""Share of the satker that make no contract, as many that only travel and train."""
LATE_CONTRACT, LATE_BILL, LATE_REPORT, NO_REPORT, DISPENSED = 0.15, 0.12, 0.08, 0.02, 0.05
AKUN = ("522191", "521211", "532111")
ON_TIME, LATE = (1, 5), (6, 12)
"""Working days from the signature to the KPPN, or after the month to the report."""
BILL_ON_TIME, BILL_LATE = (3, 17), (18, 25)
MONTHS = range(1, 13)


def _after(day: date, count: int, year: int) -> date:
    """So many working days after a day, as far as the lists of days of payment know them."""
    known = [one for y in (year - 1, year, year + 1) for month in MONTHS for one in workdays(y, month)]
    return [one for one in known if one > day][count - 1]


class RecordLists:
    """The lists of a demo year, the same for the same seed."""

    def __init__(self, demo: DemoYear) -> None:
        self.demo = demo
        self.year = demo.year
        self.contracts: list[Row] = []
        self.bills: list[Row] = []
        self.dispensations: list[Row] = []
        self.reports: list[Row] = []
        for satker in demo.satker:
            self._of(satker, Random(f"{demo.seed}-{satker.code}"))

    def _of(self, satker: DemoSatker, rng: Random) -> None:
        if rng.random() >= NO_CONTRACT:
            for number in range(1, rng.randint(2, 5)):
                self._contract(satker, number, rng)
        if rng.random() < DISPENSED:
            self.dispensations.append(
                self._row(satker, {"Nomor SPM Dispensasi": f"D0001A/{satker.code}/{self.year}",
                                   "Tanggal SPM": f"{self.year}-12-27"})
            )  # fmt: skip
        for month in MONTHS:
            if rng.random() >= NO_REPORT:
                self._report(satker, month, rng)

    def _row(self, satker: DemoSatker, rest: Row) -> Row:
        return {"Kode Satker": satker.code, "Tahun Anggaran": self.year, **rest}

    def _contract(self, satker: DemoSatker, number: int, rng: Random) -> None:
        month = rng.choice([1, 2, 2, 3, 3, 4, 5, 6])
        signed = rng.choice(workdays(self.year, month))
        arrived = _after(signed, rng.randint(*(LATE if rng.random() < LATE_CONTRACT else ON_TIME)), self.year)
        handed = _after(signed, rng.randint(20, 60), self.year)
        akun, at_kppn = rng.choice(AKUN), _after(
            handed, rng.randint(*(BILL_LATE if rng.random() < LATE_BILL else BILL_ON_TIME)), self.year
        )  # fmt: skip
        self.contracts.append(self._row(satker, {
            "Nomor Kontrak": f"SPK-{number:02}/{satker.code}/{self.year}", "Akun": akun,
            "Nilai Kontrak": rng.randrange(30, 180) * 1_000_000, "Tanggal Kontrak": signed.isoformat(),
            "Tanggal Daftar KPPN": arrived.isoformat(), "Tanggal SP2D": (at_kppn + timedelta(days=1)).isoformat(),
        }))  # fmt: skip
        self.bills.append(self._row(satker, {
            "Nomor SPM": f"{number:05}K/{satker.code}/{self.year}", "Tanggal BAST": handed.isoformat(),
            "Tanggal Diterima KPPN": at_kppn.isoformat(),
        }))  # fmt: skip

    def _report(self, satker: DemoSatker, month: int, rng: Random) -> None:
        last = date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        sent = _after(last, rng.randint(*(LATE if rng.random() < LATE_REPORT else ON_TIME)), self.year)
        self.reports.append(self._row(satker, {"Bulan Laporan": month, "Tanggal Kirim": sent.isoformat()}))


def target_rows(outputs: Iterable[Output], year: int) -> Iterator[Row]:
    """The target of progress of each RO at the end of each month: little in the first quarter, all in December."""
    for output in outputs:
        for month in MONTHS:
            target = min(100, round(month * month / 1.44 if month < 8 else 34 + (month - 7) * 13.2))
            yield {
                "Kode Satker": output.satker.code, "Tahun Anggaran": year,
                "Kode RO": f"{output.kegiatan}.{output.kro}.{output.ro}", "Bulan": month, "Target Progres": target,
            }  # fmt: skip
