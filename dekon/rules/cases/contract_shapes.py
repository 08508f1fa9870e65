"""The shapes of inputs of the contract indicator of IKPA."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.rules.cases.ikpa_shapes import FIRST_OF_2024, weight_of_year
from dekon.rules.cases.inputs import Answer, Inputs
from dekon.rules.cases.nka_shapes import Shape, from_parts
from dekon.rules.explained import Explained
from dekon.rules.formulas import ikpa_contracts
from dekon.rules.formulas.ikpa_contracts import Contract, ContractCounts
from dekon.rules.numbers import each_once


def contracts(inputs: Inputs, year: int) -> Answer:
    """The contract indicator.

    From 2024 `kontrak`, a list of `akun`, `nilai`, `tgl_kontrak`, perhaps `tgl_sp2d`, with `tahun`; in 2022 and
    2023 the counts `kontrak_semua`, `kontrak_tepat_waktu`, `kontrak_triwulan_1`, `kontrak_pra_tahun` and
    `akun53_rp50_200_juta` (`triwulan_selesai`); in any year the values of the components. Perhaps `weights` and
    `bobot`.

    Raises:
        RuleBroken: an input is missing or wrong, or belongs to the rules of another year.
    """
    if inputs.has("kontrak"):
        if year < FIRST_OF_2024:
            raise RuleBroken("shape-of-other-regulation", name="kontrak", year=year)
        return _weighed(ikpa_contracts.contracts_2024(_contracts(inputs), year, inputs.weights()), inputs, year)
    if inputs.has("kontrak_semua", "kontrak_triwulan_1", "akun53_rp50_200_juta"):
        if year >= FIRST_OF_2024:
            raise RuleBroken("shape-of-other-regulation", name="kontrak_semua", year=year)
        return _weighed(ikpa_contracts.contracts_2022(_counts(inputs), year, inputs.weights()), inputs, year)
    names = ikpa_contracts.CONTRACT_WEIGHTS.for_year(year)
    values = {name: _component(inputs, name) for name in names}
    return _weighed(ikpa_contracts.contract_components(values, year, inputs.weights()), inputs, year)


def _weighed(result: Explained[Decimal], inputs: Inputs, year: int) -> Answer:
    return weight_of_year(from_parts(result), "belanja_kontraktual", inputs, year)


def _component(inputs: Inputs, name: str) -> Decimal | None:
    _, value = inputs.raw(name)
    return None if value is None else inputs.number(name)


def _contracts(inputs: Inputs) -> list[Contract]:
    rows = inputs.items("kontrak")
    found = [
        Contract(
            row.text("no", "id", "nomor") if row.has("no", "id", "nomor") else str(at), row.text("akun", "jenis"),
            row.number("nilai"), row.day("tgl_kontrak"), row.day("tgl_sp2d") if row.has("tgl_sp2d") else None,
        )
        for at, row in enumerate(rows, 1)
    ]  # fmt: skip
    each_once("no", [contract.id for contract in found])
    return found


def _counts(inputs: Inputs) -> ContractCounts:
    return ContractCounts(
        all=_maybe(inputs, "kontrak_semua"),
        in_time=_with("kontrak_semua", inputs, "kontrak_tepat_waktu"),
        first_quarter=_maybe(inputs, "kontrak_triwulan_1"),
        before_year=_with("kontrak_triwulan_1", inputs, "kontrak_pra_tahun"),
        capital_quarters=_quarters(inputs),
    )


def _maybe(inputs: Inputs, name: str) -> int | None:
    return inputs.count(name) if inputs.has(name) else None


def _with(whole: str, inputs: Inputs, name: str) -> int | None:
    """A part that must be told where its whole is."""
    return inputs.count(name) if inputs.has(whole) else _maybe(inputs, name)


def _quarters(inputs: Inputs) -> list[int]:
    if not inputs.values.get("akun53_rp50_200_juta"):
        return []
    return [row.count("triwulan_selesai") for row in inputs.items("akun53_rp50_200_juta")]


def distribution(inputs: Inputs, year: int) -> Answer:
    """`rasio` in percent, a value or a list."""
    results = [ikpa_contracts.distribution_points(value, year) for value in inputs.numbers("rasio")]
    alone = not isinstance(inputs.values["rasio"], list)
    return Answer({"nilai": results[0].value if alone else [result.value for result in results]}, results)


SHAPES: Final[Mapping[str, tuple[Shape, int]]] = {
    "belanja_kontraktual": (contracts, FIRST_OF_2024),
    "belanja_kontraktual_dak": (distribution, FIRST_OF_2024),
}
"""Indicator → shape, and the first fiscal year of the rules that count where a case names no regulation."""
