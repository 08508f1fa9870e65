"""The shapes of inputs of NKA: absorption, outputs, efficiency, consistency, and the value itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.rules.cases.inputs import Answer, Inputs
from dekon.rules.explained import Explained, Part
from dekon.rules.formulas import absorption as absorption_formulas
from dekon.rules.formulas import nka, nka_consistency, nka_efficiency, nka_output
from dekon.rules.formulas.absorption import Base
from dekon.rules.formulas.nka_efficiency import Spent, UnitCost
from dekon.rules.formulas.nka_output import Output, OutputProgram, ProgramOutputs, Ratio, RoVolume
from dekon.rules.numbers import HUNDRED, ZERO, not_negative, positive, settled

type Shape = Callable[[Inputs, int], Answer]

FIRST_OF_2021, FIRST_OF_2018, FIRST_OF_2023 = 2021, 2018, 2023


def from_parts(result: Explained[object]) -> Answer:
    """The parts of one result as they are."""
    return Answer(result.parts, [result])


def absorption(inputs: Inputs, year: int) -> Answer:
    """`pagu` (or `pagu_efektif`) and `realisasi`; or `unit` (`satker`, `provinsi`), a list of them."""
    lists = [name for name in ("unit", "satker", "provinsi") if isinstance(inputs.values.get(name), list)]
    if lists:
        results = [_absorbed(one, year) for one in inputs.items(lists[0])]
        return Answer({"penyerapan": [result.value for result in results]}, results)
    return from_parts(_absorbed(inputs, year))


def _absorbed(inputs: Inputs, year: int) -> Explained[Decimal]:
    base: Base = "pagu_efektif" if inputs.has("pagu_efektif") and not inputs.has("pagu") else "pagu"
    return absorption_formulas.absorption(inputs.number("realisasi"), inputs.number(base), year, base)


def absorption_of_types(inputs: Inputs, year: int) -> Answer:
    """`akun`, a list of `jenis`, `pagu`, `realisasi`: their sums and the absorption of the sums."""
    rows = inputs.items("akun")
    pagu = sum((not_negative("pagu", row.number("pagu")) for row in rows), ZERO)
    realised = sum((not_negative("realisasi", row.number("realisasi")) for row in rows), ZERO)
    result = absorption_formulas.absorption(realised, pagu, year)
    return Answer({"pagu": _money(pagu), "realisasi": _money(realised), "penyerapan": result.value}, [result])


def _money(value: Decimal) -> Part:
    return int(value) if value == value.to_integral_value() else value


def efficiency(inputs: Inputs, year: int) -> Answer:
    """Efficiency of outputs or RO.

    `keluaran` (or `ro`), a list of `pagu`, `realisasi` and `capaian` (a ratio; or `capaian_pct`, `cro` in percent,
    or `tv`, `rv`); the shape of 2011 has `pak`, `tvk`, `rak`, `rvk`.
    """
    rows = inputs.items("keluaran", "ro")
    if rows[0].has("pak"):
        return from_parts(nka_efficiency.efficiency_2012([
            UnitCost(
                _id(row, at), row.number("pak"), row.number("tvk"), row.number("rak"), row.number("rvk")
            )
            for at, row in enumerate(rows, 1)
        ]))  # fmt: skip
    return from_parts(nka_efficiency.efficiency_2018([
        Spent(_id(row, at), row.number("pagu", "aaro"), row.number("realisasi", "raro"), _achieved(row))
        for at, row in enumerate(rows, 1)
    ], year))  # fmt: skip


def _achieved(row: Inputs) -> Decimal:
    if row.has("capaian"):
        return row.number("capaian")
    if row.has("capaian_pct", "cro"):
        return row.number("capaian_pct", "cro") / HUNDRED
    if row.has("tv", "tvro"):
        return settled(not_negative("rv", row.number("rv", "rvro")) / positive("tv", row.number("tv", "tvro")))
    raise RuleBroken("input-missing", name="capaian")


def _id(row: Inputs, position: int) -> str:
    return row.text("id", "kode", "nama") if row.has("id", "kode", "nama") else str(position)


def efficiency_value(inputs: Inputs, year: int) -> Answer:
    """`e` (or `efisiensi`) in percent, or a list of them."""
    values = inputs.numbers("e", "efisiensi", "e_values", "values")
    results = [nka_efficiency.efficiency_value_2018(value, year) for value in values]
    return together(results, alone=not _is_list(inputs, "e", "efisiensi", "e_values", "values"))


def together(results: list[Explained[Decimal]], *, alone: bool) -> Answer:
    """The parts of several results as lists, or of the one as they are."""
    if alone:
        return from_parts(results[0])
    figures: dict[str, Part] = {}
    for name in results[0].parts:
        column = [result.parts[name] for result in results]
        figures[name] = [value for value in column if isinstance(value, Decimal)]
    return Answer(figures, results)


def _is_list(inputs: Inputs, *names: str) -> bool:
    return any(isinstance(inputs.values.get(name), list) for name in names)


def categories(inputs: Inputs, year: int, category: Callable[[Decimal, int], Explained[str]]) -> Answer:
    """`values` (or `nilai`, `nka`, `ikpa`), a list or one value."""
    names = ("values", "nilai", "value", "nka", "ikpa")
    results = [category(value, year) for value in inputs.numbers(*names)]
    found = [result.value for result in results]
    return Answer({"kategori": found if _is_list(inputs, *names) else found[0]}, results)


def nka_category(inputs: Inputs, year: int) -> Answer:
    """As `categories`."""
    return categories(inputs, year, nka.nka_category)


def with_category(result: Explained[Decimal], year: int, figures: Mapping[str, Part]) -> Answer:
    """The figures of a value and its category."""
    category = nka.nka_category(result.value, year)
    return Answer({**figures, "kategori": category.value}, [result, category])


def consistency(inputs: Inputs, year: int) -> Answer:
    """`rpd_kumulatif` and `realisasi_kumulatif`, or `rpd_bulanan` and `realisasi_bulanan`, lists from January on."""
    planned = _cumulative(inputs, "rpd")
    realised = _cumulative(inputs, "realisasi")
    formula = nka_consistency.consistency_2018 if year >= FIRST_OF_2018 else nka_consistency.consistency_2012
    return from_parts(formula(planned, realised, year))


def _cumulative(inputs: Inputs, name: str) -> list[Decimal]:
    monthly = f"{name}_bulanan"
    if not inputs.has(monthly):
        return inputs.numbers(f"{name}_kumulatif")
    total, running = ZERO, []
    for value in inputs.numbers(monthly):
        total += not_negative(monthly, value)
        running.append(total)
    return running


def satker_nka(inputs: Inputs, year: int) -> Answer:
    """`cro`, `ne`, `konsistensi`, `penyerapan`, each 0 to 100, and perhaps `weights`."""
    values = {name: inputs.number(name) for name in ("cro", "ne", "konsistensi", "penyerapan")}
    result = nka.satker_nka_2018(values, year, inputs.weights())
    return with_category(result, year, {"nka": result.value})


def unit_nka(inputs: Inputs, year: int) -> Answer:
    """`implementasi` (a value, or a list of the values below) and `manfaat`."""
    below = nka.ministry_implementation_2018(inputs.numbers("implementasi"), year)
    result = nka.unit_nka_2018(below.value, inputs.number("manfaat"), year)
    return with_category(result, year, {"implementasi": below.value, "nka": result.value})


def total_nka(inputs: Inputs, year: int) -> Answer:
    """`perencanaan` and `pelaksanaan_ikpa` (or `ikpa`, `pelaksanaan`), and perhaps `weights`."""
    execution = inputs.number("pelaksanaan_ikpa", "pelaksanaan", "ikpa")
    result = nka.nka_2023(inputs.number("perencanaan"), execution, year, inputs.weights())
    return with_category(result, year, {"nka": result.value})


def satker_planning(inputs: Inputs, year: int) -> Answer:
    """`efektivitas_cro` (or `ro`, a list) and `efisiensi_sbk` (empty: no RO with SBK), perhaps `weights` and `ikpa`.

    Raises:
        RuleBroken: an input is missing or wrong.
    """
    below: list[Explained[object]] = []
    if inputs.has("ro"):
        achieved = _ro_achievement(inputs, year)
        below, effect = [achieved], achieved.value
    else:
        effect = inputs.number("efektivitas_cro", "efektivitas")
    if not any(name in inputs.values for name in ("efisiensi_sbk", "efisiensi")):
        raise RuleBroken("input-missing", name="efisiensi_sbk")
    planning = nka.satker_planning_2023(effect, inputs.maybe("efisiensi_sbk", "efisiensi"), year, inputs.weights())
    figures: dict[str, Part] = {"perencanaan": planning.value}
    if not inputs.has("ikpa", "pelaksanaan_ikpa"):
        answer = with_category(planning, year, figures)
        return Answer(answer.figures, [*below, *answer.results])
    total = nka.nka_2023(planning.value, inputs.number("ikpa", "pelaksanaan_ikpa"), year)
    answer = with_category(total, year, {**figures, "nka": total.value})
    return Answer(answer.figures, [*below, planning, *answer.results])


def ministry_planning(inputs: Inputs, year: int) -> Answer:
    """`sasaran_strategis`, `program`, `cro`, `efisiensi`, each 0 to 100."""
    values = {name: inputs.number(name) for name in ("sasaran_strategis", "program", "cro", "efisiensi")}
    return from_parts(nka.ministry_planning_2023(values, year))


def ro_achievement(inputs: Inputs, year: int) -> Answer:
    """`ro`, a list of `tvro`, `rvro`, perhaps `jenis` (statis, dinamis) and `polarisasi`."""
    return from_parts(_ro_achievement(inputs, year))


def _ro_achievement(inputs: Inputs, year: int) -> Explained[Decimal]:
    ros = [_ro(row, at) for at, row in enumerate(inputs.items("ro"), 1)]
    formula = nka_output.ro_effectiveness_2023 if year >= FIRST_OF_2023 else nka_output.ro_achievement_2021
    return formula(ros, year)


def _ro(row: Inputs, position: int) -> RoVolume:
    kind = row.text("jenis").lower() if row.has("jenis") else "dinamis"
    polarity = row.text("polarisasi").lower() if row.has("polarisasi") else "maximize"
    if kind not in {"statis", "dinamis"}:
        raise RuleBroken("input-wrong-type", name="jenis", value=kind, wanted="statis atau dinamis")
    if polarity not in {"maximize", "minimize", "stabilize"}:
        raise RuleBroken("input-wrong-type", name="polarisasi", value=polarity, wanted="maximize, minimize, stabilize")
    return RoVolume(
        _id(row, position), row.number("tvro", "tv"), row.number("rvro", "rv"),
        kind="statis" if kind == "statis" else "dinamis",
        polarity="minimize" if polarity == "minimize" else "stabilize" if polarity == "stabilize" else "maximize",
    )  # fmt: skip


def program_output(inputs: Inputs, _: int) -> Answer:
    """`program` → `output_program` → `indikator` (`t`, `r`), each with its id."""
    programs = [
        ProgramOutputs(
            _id(program, at),
            [
                OutputProgram(_id(output, number), _ratios(output, "indikator"))
                for number, output in enumerate(program.items("output_program"), 1)
            ],
        )
        for at, program in enumerate(inputs.items("program"), 1)
    ]
    return from_parts(nka_output.program_output_2021(programs))


def _ratios(row: Inputs, *names: str) -> list[Ratio]:
    return [Ratio(one.number("t", "target"), one.number("r", "realisasi")) for one in row.items(*names)]


def output_achievement(inputs: Inputs, year: int) -> Answer:
    """`keluaran`, a list of `tv`, `rv` and perhaps `ikk` (`t`, `r`); `tvk`, `rvk` by the rules of 2011."""
    rows = inputs.items("keluaran")
    if year < FIRST_OF_2018:
        volumes = [Ratio(row.number("tvk", "tv"), row.number("rvk", "rv")) for row in rows]
        return from_parts(nka_output.output_achievement_2012(volumes))
    outputs = [
        Output(_id(row, at), row.number("tv"), row.number("rv"), _ratios(row, "ikk") if row.has("ikk") else [])
        for at, row in enumerate(rows, 1)
    ]
    return from_parts(nka_output.output_achievement_2018(outputs))


SHAPES: Final[Mapping[str, tuple[Shape, int]]] = {
    "penyerapan": (absorption, FIRST_OF_2021),
    "penyerapan_per_jenis_belanja": (absorption_of_types, FIRST_OF_2021),
    "efisiensi": (efficiency, FIRST_OF_2021),
    "nilai_efisiensi": (efficiency_value, FIRST_OF_2021),
    "konsistensi": (consistency, FIRST_OF_2021),
    "capaian_keluaran": (output_achievement, FIRST_OF_2018),
    "capaian_output_program": (program_output, FIRST_OF_2021),
    "capaian_ro_satker": (ro_achievement, FIRST_OF_2021),
    "nka_satker": (satker_nka, FIRST_OF_2021),
    "nka_unit": (unit_nka, FIRST_OF_2021),
    "nka_kategori": (nka_category, FIRST_OF_2023),
    "nka": (total_nka, FIRST_OF_2023),
    "nilai_kinerja_perencanaan_satker": (satker_planning, FIRST_OF_2023),
    "nilai_kinerja_perencanaan_kl": (ministry_planning, FIRST_OF_2023),
}
"""Indicator → shape, and the first fiscal year of the rules that count where a case names no regulation."""
