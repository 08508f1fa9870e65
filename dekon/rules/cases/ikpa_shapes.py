"""The shapes of inputs of IKPA: each indicator, and their total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.periods import month_name, quarter_of_month
from dekon.rules.cases.inputs import Answer, Inputs, month_in, number_in, told
from dekon.rules.cases.nka_shapes import Shape, categories, from_parts, together
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.formulas import (
    ikpa,
    ikpa_absorption,
    ikpa_advances,
    ikpa_bills,
    ikpa_deviation,
    ikpa_output,
    ikpa_revision,
)
from dekon.rules.formulas.ikpa_absorption import TypeAmount
from dekon.rules.formulas.ikpa_deviation import TypeDeviation
from dekon.rules.formulas.ikpa_output import RoState
from dekon.rules.formulas.ikpa_revision import Revision
from dekon.rules.numbers import HUNDRED, ZERO, each_once, percent_of

FIRST_OF_2024, FIRST_OF_2022, FIRST_OF_2021 = 2024, 2022, 2021


def weighed(answer: Answer, inputs: Inputs, name: str = "nilai") -> Answer:
    """The answer with the points it brings to the total, where the case names the weight (`bobot`)."""
    value = answer.figures.get(name)
    if not inputs.has("bobot") or not isinstance(value, Decimal):
        return answer
    points = ikpa.contribution(value, inputs.number("bobot"))
    return Answer({**answer.figures, "kontribusi": points}, answer.results)


def weight_of_year(answer: Answer, indicator: str, inputs: Inputs, year: int) -> Answer:
    """As `weighed`; without `bobot` the weight of the year counts."""
    value = answer.figures.get("nilai")
    if inputs.has("bobot") or not isinstance(value, Decimal):
        return weighed(answer, inputs)
    points = ikpa.contribution(value, ikpa.WEIGHTS.for_year(year)[indicator])
    return Answer({**answer.figures, "kontribusi": points}, answer.results)


def absorption(inputs: Inputs, year: int) -> Answer:
    """Absorption of a quarter, or of the quarters so far.

    `triwulan`, `akun` (`jenis`, `pagu`, `realisasi`, perhaps `target_pct`), perhaps `nilai_triwulan_sebelumnya`; or
    `nilai_triwulan`, the quarters so far; `penyesuaian: true` applies the period overrides of the year.

    Raises:
        RuleBroken: an input is missing or wrong, or there are more or fewer earlier quarters than told.
    """
    overridden = inputs.flag("penyesuaian", default=False)
    if inputs.has("nilai_triwulan"):
        total = ikpa_absorption.absorption_of_quarters(inputs.numbers("nilai_triwulan"), year, overridden=overridden)
        return weighed(Answer({"nilai_indikator": total.value, "nilai": total.value}, [total]), inputs)
    quarter = inputs.count("triwulan") if inputs.has("triwulan") else None
    if quarter is not None and quarter not in {1, 2, 3, 4}:
        raise RuleBroken("input-out-of-range", name="triwulan", value=quarter, low=1, high=4)
    types = [_type_amount(row, quarter, year) for row in inputs.items("akun")]
    result = ikpa_absorption.quarter_absorption(types, year)
    earlier = inputs.numbers("nilai_triwulan_sebelumnya") if inputs.values.get("nilai_triwulan_sebelumnya") else []
    if earlier and quarter is not None and len(earlier) != quarter - 1:
        raise RuleBroken(
            "inputs-unequal", name="nilai_triwulan_sebelumnya", count=len(earlier), other="triwulan sebelumnya",
            other_count=quarter - 1,
        )  # fmt: skip
    if quarter is not None and quarter > 1 and not earlier:
        return Answer(result.parts, [result])
    total = ikpa_absorption.absorption_of_quarters([*earlier, result.value], year, overridden=overridden)
    figures = {**result.parts, "nilai_indikator": total.value}
    return weighed(Answer(figures, [result, total]), inputs, "nilai_indikator")


def _type_amount(row: Inputs, quarter: int | None, year: int) -> TypeAmount:
    kind = row.text("jenis", "akun", "kode")
    if row.has("target_pct"):
        target = row.number("target_pct")
    elif quarter is not None:
        target = ikpa_absorption.absorption_target(kind, quarter, year)
    else:
        raise RuleBroken("input-missing", name="target_pct")
    pagu = row.number("pagu", "pagu_efektif") - (row.maybe("blokir") or ZERO)
    return TypeAmount(kind, pagu, row.number("realisasi"), target)


def deviation(inputs: Inputs, year: int) -> Answer:
    """Deviation of a month, of the months so far, or the points of a mean.

    `akun` of one month (as `month_deviation`), `dev_bulanan` from January on with perhaps `bulan_terakhir`,
    `rata_rata`, or `rata_rata_values`, a list.
    """
    if inputs.has("rata_rata", "rata_rata_values"):
        values = inputs.numbers("rata_rata", "rata_rata_values")
        alone = not isinstance(inputs.values.get("rata_rata_values", inputs.values.get("rata_rata")), list)
        answer = together([ikpa_deviation.deviation_value(value, year) for value in values], alone=alone)
        return weighed(answer, inputs) if alone else answer
    if inputs.has("dev_bulanan"):
        return weighed(_deviation_of_months(inputs.numbers("dev_bulanan"), inputs, year), inputs)
    result = _month_deviation(inputs, year)
    month = inputs.month("bulan") if inputs.has("bulan") else 1
    total = ikpa_deviation.deviation_value(result.value, year)
    note = Step("rata-rata", result.value, "hanya bulan ini yang diberikan", month_name(month))
    only = Explained[object](result.value, (note,))
    return weighed(Answer({**result.parts, **total.parts}, [result, only, total]), inputs)


def _deviation_of_months(months: list[Decimal], inputs: Inputs, year: int) -> Answer:
    result = ikpa_deviation.deviation_of_months(months, year)
    figures = dict(result.parts)
    if inputs.has("bulan_terakhir"):
        last = inputs.month("bulan_terakhir")
        if len(months) != last:
            raise RuleBroken(
                "inputs-unequal", name="dev_bulanan", count=len(months), other="bulan sampai bulan_terakhir",
                other_count=last,
            )  # fmt: skip
    named = [len(months)] if len(months) < 11 else [11, 12]
    values = result.parts["nilai_bulan"]
    for month in named:
        if isinstance(values, list):
            figures[f"nilai_{month_name(month).lower()}"] = values[min(month, len(values)) - 1]
    return Answer(figures, [result])


def month_deviation(inputs: Inputs, year: int) -> Answer:
    """`akun`, a list of `jenis` with `dev` (or `rpd` and `realisasi`) and `pagu_share` in percent (or `pagu`)."""
    return from_parts(_month_deviation(inputs, year))


def _month_deviation(inputs: Inputs, year: int) -> Explained[Decimal]:
    rows = inputs.items("akun")
    shares = _shares(rows, needed=year >= FIRST_OF_2024)
    types = [
        TypeDeviation(row.text("jenis", "akun", "kode"), _deviation_in(row, year), share)
        for row, share in zip(rows, shares, strict=True)
    ]
    return ikpa_deviation.month_deviation(types, year)


def _shares(rows: list[Inputs], *, needed: bool) -> list[Decimal]:
    if any(row.has("pagu") and not row.has("pagu_share", "pagu_share_pct") for row in rows):
        pagu = [row.number("pagu") for row in rows]
        total = sum(pagu, ZERO)
        if min(pagu) < 0 or total == 0:
            raise RuleBroken("input-negative" if min(pagu) < 0 else "input-zero", name="pagu", value=told(min(pagu)))
        return [percent_of(one, total) for one in pagu]
    if not needed:
        return [row.maybe("pagu_share", "pagu_share_pct") or ZERO for row in rows]
    return [row.number("pagu_share", "pagu_share_pct") for row in rows]


def _deviation_in(row: Inputs, year: int) -> Decimal:
    if row.has("dev"):
        return row.number("dev")
    return ikpa_deviation.type_deviation(row.number("rpd"), row.number("realisasi"), year).value


def deviation_of_type(inputs: Inputs, year: int) -> Answer:
    """`pasangan_rpd_realisasi`, a list of pairs; `rpd` and `realisasi`; or `dev` and `pagu_share_pct`.

    Raises:
        RuleBroken: an input is missing or wrong.
    """
    if inputs.has("pasangan_rpd_realisasi"):
        name, pairs = inputs.raw("pasangan_rpd_realisasi")
        results = [_pair(name, pair, year) for pair in _listed(name, pairs)]
        return Answer({"dev": [result.value for result in results]}, results)
    results = []
    if inputs.has("dev"):
        dev = inputs.number("dev")
    else:
        results = [ikpa_deviation.type_deviation(inputs.number("rpd"), inputs.number("realisasi"), year)]
        dev = results[0].value
    figures: dict[str, Part] = {"dev": dev}
    if inputs.has("pagu_share_pct", "pagu_share"):
        figures["dev_tertimbang"] = ikpa.contribution(
            _percent("dev", dev), inputs.number("pagu_share_pct", "pagu_share")
        )
    elif not results:
        raise RuleBroken("input-missing", name="pagu_share_pct")
    return Answer(figures, results)


def _percent(name: str, value: Decimal) -> Decimal:
    if not 0 <= value <= HUNDRED:
        raise RuleBroken("input-out-of-range", name=name, value=told(value), low=0, high=100)
    return value


def _listed(name: str, value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="daftar")
    return value


def _pair(name: str, pair: object, year: int) -> Explained[Decimal]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise RuleBroken("input-wrong-type", name=name, value=told(pair), wanted="pasangan [RPD, realisasi]")
    return ikpa_deviation.type_deviation(number_in("rpd", pair[0]), number_in("realisasi", pair[1]), year)


def revision(inputs: Inputs, year: int) -> Answer:
    """Revisions of the DIPA.

    From 2024 `revisi_semester_1` and perhaps `revisi_semester_2`, or `semester`, a list of pairs; before
    `jumlah_revisi_per_triwulan`; in any year `revisi`, a list of `tanggal`, `kode`, `pagu_tetap`.
    """
    if inputs.has("revisi"):
        return weighed(_counted(inputs, year), inputs)
    if year < FIRST_OF_2024:
        names = ("jumlah_revisi_per_triwulan", "jumlah_revisi_triwulan")
        return weighed(from_parts(ikpa_revision.revision_2021(inputs.counts(*names), year)), inputs)
    if inputs.has("semester"):
        name, pairs = inputs.raw("semester")
        results = [ikpa_revision.revision_2024(_counts(name, pair), year) for pair in _listed(name, pairs)]
        figures: dict[str, Part] = {
            key: [number_in(key, result.parts[key]) for result in results] for key in ("sebelum_batas", "nilai")
        }
        return Answer(figures, results)
    counts = [inputs.count("revisi_semester_1")]
    if inputs.has("revisi_semester_2"):
        counts.append(inputs.count("revisi_semester_2"))
    return weighed(_semesters(counts, year), inputs)


def _semesters(counts: list[int], year: int) -> Answer:
    result = ikpa_revision.revision_2024(counts, year)
    values = result.parts["nilai_semester"]
    named: dict[str, Part] = {}
    if isinstance(values, list):
        named = {f"nilai_s{number}": value for number, value in enumerate(values, 1)}
    return Answer({**named, "sebelum_batas": result.parts["sebelum_batas"], "nilai": result.value}, [result])


def _counts(name: str, pair: object) -> list[int]:
    return Inputs({name: pair}).counts(name)


def _counted(inputs: Inputs, year: int) -> Answer:
    """Points from the revisions themselves, up to the quarter of `triwulan` (the whole year without it)."""
    revisions = [
        Revision(row.day("tanggal"), row.text("kode"), row.flag("pagu_tetap", default=True))
        for row in inputs.items("revisi")
    ]
    last = inputs.count("triwulan") if inputs.has("triwulan") else 4
    if not 1 <= last <= 4:
        raise RuleBroken("input-out-of-range", name="triwulan", value=last, low=1, high=4)
    counts = ikpa_revision.counted_by_quarter(revisions, year)[:last]
    counted: Part = list(counts)
    if year < FIRST_OF_2024:
        answer = from_parts(ikpa_revision.revision_2021(counts, year))
    else:
        answer = _semesters([sum(counts[:2]), *([sum(counts[2:])] if last > 2 else [])], year)
    return Answer({"dihitung": counted, **answer.figures}, answer.results)


def revision_of_quarter(inputs: Inputs, year: int) -> Answer:
    """`jumlah_revisi_triwulan`, a list or one number: points of each quarter by itself."""
    allowed = ikpa_revision.REVISIONS_ALLOWED
    counts = inputs.counts("jumlah_revisi_triwulan", "jumlah_revisi")
    values = [ikpa_revision.revision_ratio(count, allowed.for_year(year)) for count in counts]
    alone = not isinstance(inputs.values.get("jumlah_revisi_triwulan", inputs.values.get("jumlah_revisi")), list)
    result = Explained[object](values, sources=(allowed.source_for_year(year),))
    return Answer({"nilai": values[0] if alone else values}, [result])


def bills(inputs: Inputs, year: int) -> Answer:
    """`spm_tepat_waktu` and `spm_semua` (or `spm_terlambat`), perhaps `bobot`.

    Raises:
        RuleBroken: an input is missing or wrong.
    """
    in_time = inputs.number("spm_tepat_waktu", "tepat_waktu")
    late = inputs.maybe("spm_terlambat", "terlambat")
    whole = in_time + late if late is not None else inputs.number("spm_semua", "semua")
    if late is not None and late < 0:
        raise RuleBroken("input-negative", name="spm_terlambat", value=told(late))
    return weight_of_year(from_parts(ikpa_bills.bills(in_time, whole, year)), "penyelesaian_tagihan", inputs, year)


def turnover(inputs: Inputs, year: int) -> Answer:
    """`gup`, `up`, `hari_bulan`, `hari_antar_sp2d`."""
    return from_parts(
        ikpa_advances.monthly_turnover(
            inputs.number("gup"),
            inputs.number("up"),
            inputs.number("hari_bulan"),
            inputs.number("hari_antar_sp2d"),
            year,
        )
    )


def advance_timeliness(inputs: Inputs, year: int) -> Answer:
    """`tepat_waktu` and `semua`."""
    return from_parts(ikpa_advances.advance_timeliness(inputs.number("tepat_waktu"), inputs.number("semua"), year))


def advance_repayment(inputs: Inputs, year: int) -> Answer:
    """`setoran` and `tup`."""
    return from_parts(
        ikpa_advances.advance_repayment(inputs.number("setoran", "setoran_tup"), inputs.number("tup"), year)
    )


def card(inputs: Inputs, year: int) -> Answer:
    """`triwulan`, `kkp` (used so far) and `up_kkp` (for a year)."""
    used = inputs.number("kkp", "realisasi_kkp")
    return from_parts(ikpa_advances.card_use(used, inputs.number("up_kkp"), inputs.count("triwulan"), year))


def advances(inputs: Inputs, year: int) -> Answer:
    """The indicator of UP and TUP.

    `ketepatan` (`ketepatan_waktu`), `gup` (`persentase_gup`), `tup` (`setoran_tup`), each empty where there was
    none, perhaps `kkp`, `weights` and `bobot`.
    """
    cash = {
        "ketepatan": _present(inputs, "ketepatan", "ketepatan_waktu"),
        "gup": _present(inputs, "gup", "persentase_gup", "persentase_gup_disebulankan"),
        "tup": _present(inputs, "tup", "setoran_tup"),
    }
    answer = from_parts(ikpa_advances.advances(cash, year, inputs.maybe("kkp"), inputs.weights()))
    return weight_of_year(answer, "up_tup", inputs, year)


def _present(inputs: Inputs, *names: str) -> Decimal | None:
    """A number or, where it is written so, nothing; a name that is not there at all is refused."""
    _, value = inputs.raw(*names)
    return None if value is None else inputs.number(*names)


def ro_points(inputs: Inputs, year: int) -> Answer:
    """`bulan`, `pcro`, `tpcro`, `rvro`, `tvro`, `dikonfirmasi` of one RO, or `ro`, a list of them."""
    if inputs.has("ro"):
        return from_parts(ikpa_output.ro_mean(_ros(inputs), year, _month(inputs)))
    return from_parts(ikpa_output.ro_score(_ro(inputs, 1), _month(inputs)))


def _month(inputs: Inputs) -> int | None:
    return inputs.month("bulan") if inputs.has("bulan") else None


def _ros(inputs: Inputs) -> list[RoState]:
    return [_ro(row, at) for at, row in enumerate(inputs.items("ro"), 1)]


def _ro(row: Inputs, position: int) -> RoState:
    name = row.text("id", "kode") if row.has("id", "kode") else str(position)
    return RoState(
        name, row.maybe("pcro"), row.maybe("tpcro"), row.maybe("rvro"), row.maybe("tvro"),
        row.flag("dikonfirmasi", default=True),
    )  # fmt: skip


def output(inputs: Inputs, year: int) -> Answer:
    """`ketepatan_waktu` with `nilai_capaian_ro` or `ro` (as `ro_points`), perhaps `bulan`, `weights`, `bobot`."""
    timeliness = inputs.number("ketepatan_waktu", "ketepatan")
    below: list[Explained[object]] = []
    figures: dict[str, Part] = {}
    if inputs.has("ro"):
        mean = ikpa_output.ro_mean(_ros(inputs), year, _month(inputs))
        below, figures, achieved = [mean], dict(mean.parts), mean.value
    else:
        achieved = inputs.number("nilai_capaian_ro", "capaian_ro")
    result = ikpa_output.output_indicator(timeliness, achieved, year, inputs.weights())
    answer = Answer({**figures, **result.parts}, [*below, result])
    return weight_of_year(answer, "capaian_output", inputs, year)


def dispensation(inputs: Inputs, year: int) -> Answer:
    """`spm_dispensasi` and `spm_triwulan_4`, or `permil` (a value or a list), perhaps `nilai_sebelum`."""
    formula = ikpa_bills.dispensation_2024 if year >= FIRST_OF_2024 else ikpa_bills.dispensation_2021
    if inputs.has("permil"):
        results = [formula(value, year) for value in inputs.numbers("permil")]
        answer = together(results, alone=not isinstance(inputs.values["permil"], list))
    else:
        share = ikpa_bills.dispensation_share(
            inputs.number("spm_dispensasi"), inputs.number("spm_triwulan_4", "spm_semua")
        )
        answer = from_parts(formula(share, year))
    deducted = answer.figures.get("pengurang")
    if inputs.has("nilai_sebelum") and isinstance(deducted, Decimal):
        before = _percent("nilai_sebelum", inputs.number("nilai_sebelum"))
        return Answer({**answer.figures, "nilai_akhir": max(ZERO, before - deducted)}, answer.results)
    return answer


def total(inputs: Inputs, year: int) -> Answer:
    """The total of IKPA and its category.

    `indikator`, a list of `nama`, `nilai` (empty: no data) and perhaps `bobot`; perhaps `pengurang`, and
    `penyesuaian: true` with `triwulan` (or `bulan`) to apply the period overrides.

    Raises:
        RuleBroken: an input is missing or wrong, or only some indicators name their weight.
    """
    rows = inputs.items("indikator")
    names = [row.text("nama") for row in rows]
    each_once("indikator", names)
    values = {name: _present(row, "nilai") for name, row in zip(names, rows, strict=True)}
    with_weight = [row.has("bobot") for row in rows]
    weights = None
    if all(with_weight):
        weights = {name: row.number("bobot") for name, row in zip(names, rows, strict=True)}
    elif any(with_weight):
        raise RuleBroken("input-missing", name="bobot")
    result = ikpa.ikpa_total(
        values, year, weights=weights, deduction=inputs.maybe("pengurang", "pengurang_dispensasi") or ZERO,
        quarter=_overridden_quarter(inputs),
    )  # fmt: skip
    category = ikpa.ikpa_category(result.value, year)
    return Answer({**result.parts, "kategori": category.value}, [result, category])


def _overridden_quarter(inputs: Inputs) -> int | None:
    if not inputs.flag("penyesuaian", default=False):
        return None
    if inputs.has("bulan"):
        return quarter_of_month(month_in("bulan", inputs.raw("bulan")[1]))
    quarter = inputs.count("triwulan")
    if quarter not in {1, 2, 3, 4}:
        raise RuleBroken("input-out-of-range", name="triwulan", value=quarter, low=1, high=4)
    return quarter


def category(inputs: Inputs, year: int) -> Answer:
    """As `categories`."""
    return categories(inputs, year, ikpa.ikpa_category)


def plain_share(indicator: str) -> Callable[[Inputs, int], Answer]:
    """The shape of an indicator of 2021 that is a plain share: `baik` (or what was wrong, `salah`) and `semua`."""

    def shape(inputs: Inputs, year: int) -> Answer:
        whole = inputs.number("semua")
        wrong = inputs.maybe("salah")
        good = inputs.number("baik", "tepat_waktu") if wrong is None else whole - wrong
        return from_parts(ikpa_bills.plain_share_2021(indicator, good, whole, year))

    return shape


def aggregated(inputs: Inputs, year: int) -> Answer:
    """`nama` of the indicator and `nilai`, one for each satker, empty where it has no data."""
    name = inputs.text("nama")
    raw = _listed("nilai", inputs.raw("nilai")[1])
    values = [None if value is None else number_in("nilai", value) for value in raw]
    result = ikpa.mean_of_satker(name, values, year)
    return Answer({"nilai": result.value}, [result])


SHAPES: Final[Mapping[str, tuple[Shape, int]]] = {
    "penyerapan": (absorption, FIRST_OF_2024),
    "deviasi_hal_iii": (deviation, FIRST_OF_2024),
    "deviasi_hal_iii_bulan": (month_deviation, FIRST_OF_2024),
    "deviasi_hal_iii_per_akun": (deviation_of_type, FIRST_OF_2024),
    "revisi_dipa": (revision, FIRST_OF_2024),
    "revisi_dipa_triwulan": (revision_of_quarter, FIRST_OF_2022),
    "penyelesaian_tagihan": (bills, FIRST_OF_2024),
    "up_tup": (advances, FIRST_OF_2024),
    "up_tup_persentase_gup": (turnover, FIRST_OF_2024),
    "up_tup_ketepatan_waktu": (advance_timeliness, FIRST_OF_2024),
    "up_tup_setoran_tup": (advance_repayment, FIRST_OF_2024),
    "up_tup_kkp": (card, FIRST_OF_2024),
    "capaian_ro": (ro_points, FIRST_OF_2024),
    "capaian_output": (output, FIRST_OF_2024),
    "dispensasi_spm": (dispensation, FIRST_OF_2024),
    "total": (total, FIRST_OF_2024),
    "ikpa_kategori": (category, FIRST_OF_2024),
    "agregasi": (aggregated, FIRST_OF_2024),
    **{
        name: (plain_share(name), FIRST_OF_2021)
        for name in ("pagu_minus", "lpj_bendahara", "retur_sp2d", "kesalahan_spm", "perencanaan_kas")
    },
}
"""Indicator → shape, and the first fiscal year of the rules that count where a case names no regulation."""
