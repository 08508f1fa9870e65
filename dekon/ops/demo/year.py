"""Puts the demo year together. Same year and seed, same year to the last rupiah, on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from dekon.ops.demo import cases
from dekon.ops.demo.places import DemoSatker, all_satker
from dekon.ops.demo.plan import SatkerPlan, case_path, plan_satker, satker_ceilings
from dekon.ops.demo.progress import progress_of
from dekon.ops.demo.revise import blocks_of, reservations_of, versions_of
from dekon.ops.demo.shapes import DemoYear, Line, Version
from dekon.ops.demo.spend import NO_PATH, Payment, import_day, numbered_lines, payments_of

SEED = 20220315
"""The day of the coordination meeting from which the system grew."""


def build_year(year: int = 2022, seed: int = SEED) -> DemoYear:
    """The whole synthetic year.

    Args:
        year: fiscal year; the national total stays Rp128.9 billion in every year.
        seed: another seed gives another year with the same cases.
    """
    rng = Random(seed)
    satker = all_satker()
    plans = [plan_satker(rng, one, ceiling) for one, ceiling in zip(satker, satker_ceilings(rng, satker), strict=True)]
    blocks = blocks_of(rng, plans, year)
    versions: list[Version] = []
    payments: list[Payment] = []
    for plan in plans:
        own_blocks = [block for block in blocks if block.satker == plan.satker.code]
        own = list(versions_of(rng, plan, frozenset(block.path for block in own_blocks), year))
        versions += own
        payments += payments_of(rng, plan.satker, own, own_blocks)
    lines = (*numbered_lines(rng, payments), *case_lines({one.code: one for one in satker}, plans, year))
    outputs = tuple(output for plan in plans for output in plan.outputs)
    return DemoYear(
        year, seed, satker, outputs, tuple(versions), blocks, reservations_of(plans, year), lines,
        progress_of(rng, outputs, versions, lines, year),
    )  # fmt: skip


def case_lines(satker: dict[str, DemoSatker], plans: Sequence[SatkerPlan], year: int) -> Iterator[Line]:
    """The lines of the special cases."""
    item_codes = {(plan.satker.code, item.path): item.code for plan in plans for item in plan.items if item.kept}
    for number, line in enumerate(cases.LINES, start=1):
        one = satker[line.satker]
        path = case_path(one.unit.program, line.pos) if line.pos else NO_PATH._replace(akun=line.akun)
        day = date(year + line.next_year, *line.day)
        paid = line.status != cases.APPROVED
        yield Line(
            one, line.kind, f"{9000 + _spp_number(line, number):05}T", day - timedelta(days=3), line.sp2d,
            day if paid else None, line.text, path, item_codes.get((line.satker, path), ""), line.amount_rp,
                                                                   line.status,
            True, case_import_day(line, day, year),
        )  # fmt: skip


def _spp_number(line: cases.CaseLine, number: int) -> int:
    """Lines of one payment share their SPP; one that is paid later keeps the number of its request."""
    same = [other for other in cases.LINES if (other.satker, other.text) == (line.satker, line.text)]
    return cases.LINES.index(same[0]) + 1 if len(same) > 1 else number


def case_import_day(line: cases.CaseLine, day: date, year: int) -> date:
    """When the file with the line comes in; corrections come later than the payment they correct."""
    if line.file_quarter:
        return import_day(date(year, line.file_quarter * 3, 1))
    return date(year + 1, 2, 2) if line.next_year else import_day(day)
