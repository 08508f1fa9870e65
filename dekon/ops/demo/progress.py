"""Progress of every RO by month: a little ahead of the money, whole volumes, complete for most by December."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from dekon.ops.demo.cases import PAID, RETURN
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import Line, Output, Progress, Version

type RoKey = tuple[str, str, str, str]


def _key(satker: DemoSatker, kegiatan: str, kro: str, ro: str) -> RoKey:
    return satker.code, kegiatan, kro, ro


def money_by_ro(lines: Sequence[Line], year: int) -> tuple[dict[RoKey, list[int]], dict[RoKey, list[int]]]:
    """Gross payments and returns of each RO by month, in rupiah."""
    paid: dict[RoKey, list[int]] = {}
    returned: dict[RoKey, list[int]] = {}
    for line in lines:
        if not line.spends or line.sp2d_on is None or line.sp2d_on.year != year:
            continue
        table = returned if line.kind == RETURN else paid
        key = _key(line.satker, line.path.kegiatan, line.path.kro, line.path.ro)
        table.setdefault(key, [0] * 12)[line.sp2d_on.month - 1] += abs(line.amount_rp)
    return paid, returned


def pagu_by_ro(versions: Sequence[Version]) -> dict[RoKey, int]:
    """The ceiling of each RO in the first version, in rupiah."""
    pagu: dict[RoKey, int] = {}
    for version in versions:
        if version.code == "B00":
            for item in version.items:
                key = _key(version.satker, item.path.kegiatan, item.path.kro, item.path.ro)
                pagu[key] = pagu.get(key, 0) + item.total_rp
    return pagu


def _percent(spent_rp: int, pagu_rp: int, lead: int, month: int, *, finishes: bool) -> int:
    if month == 12 and finishes:
        return 100
    if not spent_rp:
        return 0
    return min(98, -(-spent_rp * 100 // pagu_rp) + lead)


def _of_output(
    rng: Random, output: Output, pagu_rp: int, paid: Sequence[int], returned: Sequence[int]
) -> Iterator[Progress]:
    finishes = rng.random() < 0.86
    lead = rng.randint(1, 9)
    before_percent = before_volume = 0
    for month in range(1, 13):
        spent_rp = sum(paid[:month])
        percent = max(before_percent, _percent(spent_rp, pagu_rp, lead, month, finishes=finishes))
        volume = output.target if percent == 100 else output.target * percent // 100
        behind = percent < 40 and month >= 9
        yield Progress(
            output, month, (volume - before_volume) * 100, volume * 100, percent - before_percent, percent,
            "99" if behind else "", "Pelaksanaan menunggu penetapan lokasi" if behind else "",
            pagu_rp, spent_rp, sum(returned[:month]),
        )  # fmt: skip
        before_percent, before_volume = percent, volume


def progress_of(
    rng: Random, outputs: Sequence[Output], versions: Sequence[Version], lines: Sequence[Line], year: int
) -> tuple[Progress, ...]:
    """What every satker reports for every RO and month."""
    paid, returned = money_by_ro(lines, year)
    pagu: Mapping[RoKey, int] = pagu_by_ro(versions)
    nothing = [0] * 12
    rows: list[Progress] = []
    for output in outputs:
        key = _key(output.satker, output.kegiatan, output.kro, output.ro)
        rows += _of_output(rng, output, pagu[key], paid.get(key, nothing), returned.get(key, nothing))
    return tuple(rows)


def paid_total_rp(lines: Sequence[Line]) -> int:
    """Everything the Treasury paid for spending less returns, in rupiah."""
    return sum(line.amount_rp for line in lines if line.spends and line.status == PAID)
