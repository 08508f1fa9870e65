"""The inputs of a case: each value asked for by name and type, or refused with a named error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.periods import MONTHS, parse_month
from dekon.rules.explained import Explained, Part

SHOWN = 40
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ANSWERS = {"ya": True, "yes": True, "tidak": False, "no": False}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a case came to: its figures by name, and the results they were taken from."""

    figures: Mapping[str, Part]
    results: Sequence[Explained[object]]


def told(value: object) -> str:
    """A value for a message: short, and lists and tables by their kind alone."""
    if isinstance(value, Mapping):
        return "tabel"
    if isinstance(value, list):
        return "daftar"
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def number_in(name: str, value: object) -> Decimal:
    """The number that a value is.

    Raises:
        RuleBroken: `input-wrong-type`, `input-not-a-number`.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="angka")
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() > SHOWN:
        raise RuleBroken("input-not-a-number", name=name, value=told(value))
    return number


@dataclass(slots=True)
class Inputs:
    """Values by name. Of several names the first that is there counts; what nobody asked for is told at the end."""

    values: Mapping[str, object]
    used: set[str] = field(default_factory=set)

    def has(self, *names: str) -> bool:
        """Whether one of the names is there with a value."""
        return any(self.values.get(name) is not None for name in names)

    def raw(self, *names: str) -> tuple[str, object]:
        """Name and value of the first that is there.

        Raises:
            RuleBroken: `input-missing`.
        """
        for name in names:
            if name in self.values:
                self.used.add(name)
                return name, self.values[name]
        raise RuleBroken("input-missing", name=names[0])

    def number(self, *names: str) -> Decimal:
        """A number. Raises RuleBroken where it is missing or something else."""
        return number_in(*self.raw(*names))

    def maybe(self, *names: str) -> Decimal | None:
        """A number, or None where there is none or it is empty. Raises RuleBroken where it is something else."""
        if not any(name in self.values for name in names):
            return None
        name, value = self.raw(*names)
        return None if value is None else number_in(name, value)

    def numbers(self, *names: str) -> list[Decimal]:
        """A list of numbers, or one number as a list of one.

        Raises:
            RuleBroken: it is missing, empty, or holds something else.
        """
        name, value = self.raw(*names)
        if not isinstance(value, list):
            return [number_in(name, value)]
        if not value:
            raise RuleBroken("input-empty", name=name)
        return [number_in(name, item) for item in value]

    def count(self, *names: str) -> int:
        """A whole number.

        Raises:
            RuleBroken: it is missing, something else, has a fraction or is negative.
        """
        return self._whole(*self.raw(*names))

    def counts(self, *names: str) -> list[int]:
        """A list of whole numbers, or one as a list of one. Raises RuleBroken as `count` and where it is empty."""
        name, value = self.raw(*names)
        items = value if isinstance(value, list) else [value]
        if not items:
            raise RuleBroken("input-empty", name=name)
        return [self._whole(name, item) for item in items]

    @staticmethod
    def _whole(name: str, value: object) -> int:
        number = number_in(name, value)
        if number != number.to_integral_value():
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="bilangan bulat")
        if number < 0:
            raise RuleBroken("input-negative", name=name, value=told(value))
        return int(number)

    def text(self, *names: str) -> str:
        """A text; a whole number is taken as its digits. Raises RuleBroken where it is missing or something else."""
        name, value = self.raw(*names)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="teks")
        return value

    def day(self, *names: str) -> date:
        """A day, or a text that is one (JSON has no days).

        Raises:
            RuleBroken: it is missing or no day of the calendar.
        """
        name, value = self.raw(*names)
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if not isinstance(value, date):
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="tanggal")
        return value

    def days(self, *names: str) -> list[date]:
        """A list of days, empty perhaps. Raises RuleBroken where it is missing or holds something else."""
        name, value = self.raw(*names)
        if not isinstance(value, list):
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="daftar tanggal")
        return [Inputs({name: item}).day(name) for item in value]

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no; the default where it is not there. Raises RuleBroken where it is something else."""
        if not self.has(name):
            return default
        _, value = self.raw(name)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ANSWERS:
            return ANSWERS[value.lower()]
        raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="ya atau tidak (true, false)")

    def month(self, *names: str) -> int:
        """A month by number or name.

        Raises:
            RuleBroken: it is missing, or there is no such month.
        """
        name, value = self.raw(*names)
        return month_in(name, value)

    def table(self, *names: str) -> Inputs:
        """A table of further values. Raises RuleBroken where it is missing or something else."""
        return inner(*self.raw(*names))

    def items(self, *names: str) -> list[Inputs]:
        """A list of tables.

        Raises:
            RuleBroken: it is missing, empty, or holds something else.
        """
        name, value = self.raw(*names)
        if not isinstance(value, list):
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="daftar")
        if not value:
            raise RuleBroken("input-empty", name=name)
        return [inner(name, item) for item in value]

    def weights(self) -> dict[str, Decimal] | None:
        """The weights of a case by name, or None where the law's own count."""
        if not self.has("weights", "bobot_komponen"):
            return None
        found = self.table("weights", "bobot_komponen")
        return {name: found.number(name) for name in found.values}

    def unused(self) -> list[str]:
        """Names that nobody asked for."""
        return [name for name in self.values if name not in self.used]


def inner(name: str, value: object) -> Inputs:
    """A table inside of the inputs.

    Raises:
        RuleBroken: `input-wrong-type`.
    """
    if not isinstance(value, Mapping):
        raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="tabel")
    return Inputs(value)


def month_in(name: str, value: object) -> int:
    """The month that a number or a name means.

    Raises:
        RuleBroken: `input-out-of-range`, `input-wrong-type`.
    """
    if isinstance(value, str):
        month = parse_month(value)
        if month is None:
            raise RuleBroken("input-wrong-type", name=name, value=told(value), wanted="bulan (1–12 atau nama bulan)")
        return month
    number = number_in(name, value)
    if number not in MONTHS:
        raise RuleBroken("input-out-of-range", name=name, value=told(value), low=1, high=12)
    return int(number)
