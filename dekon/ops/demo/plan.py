"""The first DIPA of every satker: outputs, items and monthly plan, adding up to the national total to the rupiah."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from dekon.ops.demo.cases import NATIONAL_PAGU_RP, POSITIONS, CasePos
from dekon.ops.demo.catalogue import (
    BALANCE_ITEM,
    CARRYING_OUT,
    COMPONENTS,
    ITEMS,
    MONITORING,
    OUTPUTS,
    PLANNED_BY_MONTH,
    PREPARATION,
    OutputPlan,
)
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import Item, Output, Path

THOUSAND = 1_000
FEW_RP = 12_000_000
MANY_RP = 60_000_000
ITEMS_OF = {akun: tuple(item for item in ITEMS if item.akun == akun) for akun in {item.akun for item in ITEMS}}


@dataclass(frozen=True, slots=True)
class SatkerPlan:
    """Outputs and first items of one satker."""

    satker: DemoSatker
    outputs: tuple[Output, ...]
    items: tuple[Item, ...]


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of a whole number in proportion to weights; the parts add up to it, leftovers go to the first ones."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts


def satker_ceilings(rng: Random, satker: Sequence[DemoSatker]) -> list[int]:
    """The ceiling of each satker in rupiah, whole thousands, adding up to the national total exactly."""
    weights = [one.place.weight * one.unit.weight * rng.randint(88, 112) for one in satker]
    return [part * THOUSAND for part in shares(NATIONAL_PAGU_RP // THOUSAND, weights)]


def monthly_plan(rng: Random, total_rp: int) -> tuple[int, ...]:
    """A plan by month for an amount: few months for small amounts, whole thousands, adding up exactly."""
    count = 1 if total_rp < FEW_RP else (3 if total_rp < MANY_RP else 5)
    chosen = sorted({rng.choices(range(12), PLANNED_BY_MONTH)[0] for _ in range(count)})
    parts = shares(total_rp // THOUSAND, [PLANNED_BY_MONTH[month] for month in chosen])
    months = [0] * 12
    for month, part in zip(chosen, parts, strict=True):
        months[month] = part * THOUSAND
    months[chosen[-1]] += total_rp % THOUSAND
    return tuple(months)


def choose_outputs(rng: Random, satker: DemoSatker) -> list[OutputPlan]:
    """What this office carries out this year: the usual outputs of its unit and one or two more."""
    of_unit = [output for output in OUTPUTS if output.unit == satker.unit.code]
    optional = [output for output in of_unit if not output.always]
    extra = rng.sample(optional, rng.randint(1, min(2, len(optional))))
    return [output for output in of_unit if output.always or output in extra]


def _case_item(program: str, pos: CasePos) -> Item:
    months = [0] * 12
    parts = shares(pos.pagu_rp // THOUSAND, [1] * len(pos.months))
    for month, part in zip(pos.months, parts, strict=True):
        months[month - 1] = part * THOUSAND
    return Item(
        case_path(program, pos), "", pos.name, pos.volume, pos.unit, 1, "", pos.price_rp, tuple(months), 0, kept=True
    )


def case_path(program: str, pos: CasePos) -> Path:
    """Where the position of a case stands in the budget."""
    return Path(program, pos.kegiatan, pos.kro, "001", "052", "0B", pos.akun)


def _component_accounts(komponen: str, style: str) -> dict[str, int]:
    return {"051": PREPARATION, "053": MONITORING}.get(komponen) or CARRYING_OUT[style]


def _account_items(rng: Random, path: Path, share_rp: int) -> list[Item]:
    """Whole units of one or two things of an account, together at most the share."""
    choices = ITEMS_OF[path.akun]
    chosen = choices if len(choices) < 3 and share_rp > FEW_RP else rng.sample(choices, min(2, len(choices)))
    items: list[Item] = []
    parts = shares(share_rp // THOUSAND, [rng.randint(3, 7) for _ in chosen])
    for plan, part in zip(chosen, parts, strict=True):
        volume = part * THOUSAND // plan.price_rp
        if volume:
            factor = next((n for n in (5, 4, 3, 2) if plan.factor and volume % n == 0), 1)
            months = monthly_plan(rng, volume * plan.price_rp)
            items.append(Item(path, "", plan.name, volume, plan.unit, factor, plan.factor, plan.price_rp, months, 0))
    return items


def _output_items(rng: Random, output: Output, style: str, share_rp: int) -> list[Item]:
    items: list[Item] = []
    parts = shares(share_rp, [weight for _code, _name, weight in COMPONENTS])
    for (komponen, _name, _weight), part in zip(COMPONENTS, parts, strict=True):
        accounts = _component_accounts(komponen, style)
        account_parts = shares(part, [weight * rng.randint(80, 120) for weight in accounts.values()])
        for akun, amount in zip(accounts, account_parts, strict=True):
            path = Path(output.program, output.kegiatan, output.kro, output.ro, komponen, "0A", akun)
            items += _account_items(rng, path, amount)
    return items


def _numbered(items: Sequence[Item], targets: dict[tuple[str, str, str], int]) -> tuple[Item, ...]:
    """Items in the order of the budget, each with its six-digit code and the target of its RO."""
    ordered = sorted(items, key=lambda item: item.path)
    return tuple(
        Item(
            item.path, f"{number:06}", item.name, item.volume, item.unit, item.factor, item.factor_unit, item.price_rp,
            item.months, targets[item.path.kegiatan, item.path.kro, item.path.ro], item.kept,
        )
        for number, item in enumerate(ordered, start=1)
    )  # fmt: skip


def plan_satker(rng: Random, satker: DemoSatker, ceiling_rp: int) -> SatkerPlan:
    """Outputs and items of one satker, adding up to its ceiling exactly.

    Args:
        ceiling_rp: rupiah, whole thousands.
    """
    chosen = choose_outputs(rng, satker)
    outputs = [
        Output(satker, satker.unit.program, plan.kegiatan, plan.kro, plan.ro, plan.name, plan.volume_unit,
               rng.randint(*plan.volume))
        for plan in chosen
    ]  # fmt: skip
    kept = [_case_item(satker.unit.program, pos) for pos in POSITIONS if pos.satker == satker.code]
    free_rp = ceiling_rp - sum(item.total_rp for item in kept)
    items = list(kept)
    parts = shares(free_rp // THOUSAND, [plan.weight * rng.randint(85, 115) for plan in chosen])
    for output, plan, part in zip(outputs, chosen, parts, strict=True):
        items += _output_items(rng, output, plan.style, part * THOUSAND)
    left_rp = ceiling_rp - sum(item.total_rp for item in items)
    first = outputs[0]
    path = Path(first.program, first.kegiatan, first.kro, first.ro, "051", "0A", "521211")
    items.append(Item(path, "", BALANCE_ITEM, 1, "PAKET", 1, "", left_rp, monthly_plan(rng, left_rp), 0))
    targets = {(output.kegiatan, output.kro, output.ro): output.target for output in outputs}
    return SatkerPlan(satker, tuple(outputs), _numbered(items, targets))
