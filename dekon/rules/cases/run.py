"""Cases carried out: dispatched by indicator, rounded for display, put beside what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.rupiah import round_half_up
from dekon.lib.workdays import HolidayRow
from dekon.rules.cases import calendar_shapes, contract_shapes, ikpa_shapes, nka_shapes
from dekon.rules.cases.calendar_shapes import Days
from dekon.rules.cases.inputs import Answer, Inputs, told
from dekon.rules.cases.nka_shapes import Shape
from dekon.rules.cases.reading import Case
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.numbers import settled, within
from dekon.rules.regulations import Regulation, regulation_for_year

type Shown = int | float | str | list[Shown] | None

DISPLAY_PLACES: Final = 2
FIRST_YEAR, LAST_YEAR = 2000, 2100
FLOAT_NOISE: Final = Decimal("1e-14")
"""How far a long expected figure may be off: whoever wrote it down has usually computed it in binary."""

SPELLINGS: Final[Mapping[str, tuple[str, int]]] = {
    "PMK 249/PMK.02/2011": ("nka", 2012),
    "PMK 214/PMK.02/2017": ("nka", 2018),
    "PMK 22/PMK.02/2021": ("nka", 2021),
    "PMK 62/2023": ("nka", 2023),
    "KMK 466/2023": ("nka", 2023),
    "PMK 107/2024": ("nka", 2025),
    "PER-4/PB/2021": ("ikpa", 2021),
    "PER-5/PB/2022": ("ikpa", 2022),
    "PER-5/PB/2024": ("ikpa", 2024),
}
"""Regulation → subject, and a fiscal year in which it counts."""

_NAMED: Final = re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?!\d)" for name in SPELLINGS))
_INFORMATIVE: Final = frozenset({"keterangan", "catatan", "notes", "tahun", "bulan", "triwulan", "satker", "nama"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to: its figures rounded and exact and the steps, or the reason why there are none."""

    id: str
    result: Mapping[str, Shown] = field(default_factory=dict)
    exact: Mapping[str, Shown] = field(default_factory=dict)
    steps: Sequence[Mapping[str, Shown]] = ()
    error: RuleBroken | None = None
    differences: Sequence[str] = ()

    @property
    def as_expected(self) -> bool:
        """Whether it was computed and equals what the case expects, or was refused as the case expects."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Runner:
    """Carries out cases: with which closed days, and on which day its results are shown."""

    rows: Sequence[HolidayRow]
    shown_on: date

    def outcome(self, case: Case) -> Outcome:
        """The outcome of one case; whatever is wrong with it stays its own."""
        wanted = _expected_error(case.content)
        try:
            answer = self._answer(case)
            rounded, exact = _expected_figures(case.content)
        except RuleBroken as error:
            differs = () if wanted == error.code else (f"{error.code}: {error}",)
            return Outcome(case.id, error=error, differences=differs)
        except RecursionError:
            deep = RuleBroken("case-unreadable", reason="nested too deeply")
            return Outcome(case.id, error=deep, differences=(str(deep),))
        differences = [*_differences(answer.figures, case.content)]
        if wanted:
            differences.append(f"error: expected {wanted}, computed")
        asked = {**rounded, **exact}
        return Outcome(
            case.id,
            {name: shown(value) for name, value in answer.figures.items() if not asked or name in (rounded or exact)},
            {
                name: text
                for name, value in answer.figures.items()
                if (not asked or name in asked) and (text := exactly(value)) is not None
            },
            tuple(self._steps(answer)),
            differences=differences,
        )

    def _answer(self, case: Case) -> Answer:
        if case.error:
            raise case.error
        indicator = case.content.get("indicator")
        if not isinstance(indicator, str) or not indicator:
            raise RuleBroken("case-without-indicator")
        raw = case.content.get("inputs")
        if not isinstance(raw, Mapping) or not raw:
            raise RuleBroken("case-without-inputs")
        if not all(isinstance(name, str) for name in raw):
            raise RuleBroken("input-wrong-type", name="inputs", value=told(raw), wanted="tabel dengan nama")
        inputs = Inputs(raw)
        if indicator in calendar_shapes.SHAPES:
            answer = calendar_shapes.SHAPES[indicator](inputs, Days(self.rows))
        else:
            answer = _scored(indicator, inputs, _regulation_text(case.content))
        return _with_unused(answer, inputs)

    def _steps(self, answer: Answer) -> Iterator[Mapping[str, Shown]]:
        """The steps with what they rest on: regulations in force on the day, parameters that nobody has checked."""
        for result in answer.results:
            for step in result.steps:
                yield _step(step)
        for regulation in dict.fromkeys(r.regulation for r in answer.results if r.regulation):
            yield _step(Step("dasar", regulation.shown(self.shown_on), "status: perkiraan (estimate)"))
        sources = ((s.key, s.since, s.legal, s.verified) for r in answer.results for s in r.sources)
        for key, since, legal, verified in dict.fromkeys(sources):
            how = "terverifikasi" if verified else "belum terverifikasi"
            yield _step(Step("parameter", f"{key} sejak {since.isoformat()}", f"{legal}; {how}"))


def _regulation_text(content: Mapping[str, object]) -> str:
    text = content.get("regulation")
    return text if isinstance(text, str) else ""


def _scored(indicator: str, inputs: Inputs, regulation: str) -> Answer:
    """The answer of the formula that the indicator, and where there are several the regulation, names."""
    shape, subject, otherwise = _shape(indicator, inputs, regulation)
    return shape(inputs, _year(inputs, subject, regulation, otherwise))


def _shape(indicator: str, inputs: Inputs, regulation: str) -> tuple[Shape, str, int]:
    of_ikpa = {**ikpa_shapes.SHAPES, **contract_shapes.SHAPES}
    subjects = {SPELLINGS[name][0] for name in _NAMED.findall(regulation)}
    both = indicator in of_ikpa and indicator in nka_shapes.SHAPES
    if both:  # penyerapan: of IKPA where targets are compared with
        by_target = inputs.has("triwulan", "nilai_triwulan") or _has_targets(inputs)
        subject = "ikpa" if by_target or (subjects == {"ikpa"} and inputs.has("akun")) else "nka"
        if subject == "nka" and inputs.has("akun") and not inputs.has("pagu", "unit"):
            return nka_shapes.absorption_of_types, "nka", nka_shapes.FIRST_OF_2021
    else:
        subject = "ikpa" if indicator in of_ikpa else "nka"
    shapes = of_ikpa if subject == "ikpa" else nka_shapes.SHAPES
    if indicator not in shapes:
        known = ", ".join(sorted({*of_ikpa, *nka_shapes.SHAPES, *calendar_shapes.SHAPES}))
        raise RuleBroken("case-indicator-unknown", name=told(indicator), known=known)
    return (shapes[indicator][0], subject, shapes[indicator][1])


def _has_targets(inputs: Inputs) -> bool:
    rows = inputs.values.get("akun")
    return isinstance(rows, list) and any(isinstance(row, Mapping) and "target_pct" in row for row in rows)


def _year(inputs: Inputs, subject: str, regulation: str, otherwise: int) -> int:
    """The fiscal year whose rules count: of the regulation named, of `tahun`, or of the newest rules."""
    named = [SPELLINGS[name] for name in _NAMED.findall(regulation)]
    years = [year for of, year in named if of == subject]
    if not inputs.has("tahun"):
        return years[0] if years else otherwise
    asked = int(within("tahun", Decimal(inputs.count("tahun")), FIRST_YEAR, LAST_YEAR))
    rules = [regulation_for_year(subject, year) for year in years]
    if rules and not any(_covers(rule, asked) for rule in rules):
        raise RuleBroken("year-outside-regulation", regulation=rules[0].id, year=asked)
    regulation_for_year(subject, asked)
    return asked


def _covers(rule: Regulation, year: int) -> bool:
    return rule.since.year <= year and (rule.until is None or year <= rule.until.year)


def _with_unused(answer: Answer, inputs: Inputs) -> Answer:
    unused = [
        told(name) for name in inputs.unused() if name not in _INFORMATIVE and not name.startswith(("libur", "cuti"))
    ]
    if not unused:
        return answer
    note = Explained[object](None, (Step("masukan yang tidak dipakai", ", ".join(unused)),))
    return Answer(answer.figures, [*answer.results, note])


def _step(step: Step) -> Mapping[str, Shown]:
    value: Shown = step.value if isinstance(step.value, str | int) or step.value is None else exactly_or_day(step.value)
    return {"label": step.label, "about": step.about, "value": value, "how": step.how}


def exactly_or_day(value: Decimal | date) -> str:
    """A number as decimal text or a day as ISO 8601."""
    return value.isoformat() if isinstance(value, date) else decimal_text(value)


def decimal_text(value: Decimal) -> str:
    """A number in full without exponent and without zeros at its end."""
    text = f"{settled(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Part) -> Shown:
    """A figure as the result shows it: numbers rounded half-up to two decimals, days as ISO 8601."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, Decimal):
        return float(round_half_up(value, DISPLAY_PLACES))
    return value.isoformat() if isinstance(value, date) else value


def exactly(value: Part) -> Shown:
    """A figure as decimal text, lists item by item; None for what is no number."""
    if isinstance(value, list):
        items = [exactly(item) for item in value]
        return None if all(item is None for item in items) else items
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value) if isinstance(value, int) else None


def _table(name: str, value: object, skip: str = "") -> dict[str, object]:
    """The expected figures by name; none where the case expects none.

    Raises:
        RuleBroken: they are no table.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="tabel")
    return {str(key): item for key, item in value.items() if key != skip}


def _expected_figures(content: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The figures that a case expects, rounded and exact. Raises RuleBroken where they are no table."""
    return (
        _table("expected", content.get("expected"), skip="error"),
        _table("expected_exact", content.get("expected_exact")),
    )


def _expected_error(content: Mapping[str, object]) -> str:
    """The code of the error that a case expects, `expected: {error: code}`, or an empty text."""
    expected = content.get("expected")
    code = expected.get("error") if isinstance(expected, Mapping) else None
    return code if isinstance(code, str) else ""


def _differences(figures: Mapping[str, Part], content: Mapping[str, object]) -> Iterator[str]:
    """Each expected figure that came out otherwise or not at all."""
    for part in ("expected", "expected_exact"):
        for name, wanted in _table(part, content.get(part), skip="error").items():
            if name not in figures:
                yield f"{name}: {part} {told(wanted)}, not computed"
            elif not equal(figures[name], wanted):
                came = exactly(figures[name]) or figures[name]
                yield f"{name}: {part} {told_in_full(wanted)}, computed {told_in_full(came)}"


def told_in_full(value: object) -> str:
    """A figure or a list of figures for a line on differences."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def equal(value: object, wanted: object) -> bool:
    """Whether a figure is the expected one to the decimals that are given there, at least two; lists item by item."""
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(equal, value, wanted))
    if isinstance(value, int | Decimal) and isinstance(wanted, int | Decimal) and not isinstance(wanted, bool):
        number = Decimal(wanted)
        if not number.is_finite():
            return False
        exponent = number.as_tuple().exponent
        places = max(DISPLAY_PLACES, -exponent if isinstance(exponent, int) else 0)
        noise = abs(number) * FLOAT_NOISE if places > DISPLAY_PLACES else Decimal(0)
        return abs(Decimal(value) - number) <= noise or round_half_up(Decimal(value), places) == number
    return value == wanted and not isinstance(wanted, bool)
