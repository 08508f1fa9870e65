"""Parameters: each number that a regulation sets, with its date, its source and how far somebody checked it.

A parameter is a typed handle, written beside the formula that uses it, over an entry in `params/<area>.yaml`:

    RPD_LOCK_DAY = Parameter[int]("budget/rpd_lock_working_day")
    RPD_LOCK_DAY.for_year(2022)          # 10
    RPD_LOCK_DAY.source_for_year(2022)   # PER-5/PB/2022, verified or not

Values are whole numbers, decimals (quoted in YAML, so that no float comes near a rule), texts, lists of these, or
tables of decimals by name. A value holds until the next one; `until` ends it earlier, and then the next must follow
without gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, get_args

from dekon.rules.entry import PYTHON_TYPES, Definition, Entry
from dekon.rules.files import ParameterProblems, definition_from, read_file

PARAMS_FOLDER: Final = Path(__file__).parent / "params"


class ParameterBook:
    """All parameters below a folder, read once when the first is asked for, and the handles that use them."""

    def __init__(self, folder: Path = PARAMS_FOLDER) -> None:
        self.folder = folder
        self.handles: dict[str, Parameter[Any]] = {}

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Every parameter by `area/name`.

        Raises:
            ParameterProblems: something in the files is missing, unknown or of the wrong kind.
        """
        problems: list[str] = []
        found: dict[str, Definition] = {}
        for path in sorted(self.folder.glob("*.yaml")):
            for name, raw in read_file(path, problems).items():
                definition = definition_from(f"{path.stem}/{name}", f"{path.name}: {name}", raw, problems)
                if definition:
                    found[definition.key] = definition
        if problems:
            raise ParameterProblems(problems)
        return found

    def unused(self) -> frozenset[str]:
        """Parameters in the files that no handle uses; the modules with formulas must have been imported."""
        return frozenset(self.definitions) - frozenset(self.handles)

    def problems_of_handles(self) -> list[str]:
        """Handles without an entry, or whose type differs from the file's."""
        problems = [f"{key}: no such parameter" for key in self.handles if key not in self.definitions]
        for key, handle in self.handles.items():
            if key in self.definitions and handle.python_type != PYTHON_TYPES[self.definitions[key].kind]:
                problems.append(f"{key}: handle is {handle.python_type}, file says {self.definitions[key].kind}")
        return problems


BOOK: Final = ParameterBook()
"""The parameters of Dekon."""


class Parameter[T]:
    """A typed handle on one parameter. Make it once, as a constant beside the formula that uses it."""

    def __init__(self, key: str, book: ParameterBook = BOOK) -> None:
        if key in book.handles:
            raise ValueError(f"{key} has a handle already: import that one")
        self.key = key
        self._book = book
        book.handles[key] = self

    @property
    def python_type(self) -> object:
        """The type written in brackets, to be compared with the file's."""
        return get_args(getattr(self, "__orig_class__", None))[0]

    @property
    def definition(self) -> Definition:
        """Description, unit and all dated entries. Raises KeyError where the file has no such parameter."""
        return self._book.definitions[self.key]

    @property
    def first_year(self) -> int:
        """The first year for which it has a value."""
        return self.definition.entries[-1].since.year

    def at(self, on: date) -> T:
        """The value in force on a day. Raises RuleBroken before the first."""
        return self.source_at(on).value  # type: ignore[return-value]  # `problems_of_handles` compares the types

    def for_year(self, year: int) -> T:
        """The value for a fiscal year, if the parameter goes by fiscal year. Raises RuleBroken before the first."""
        return self.source_for_year(year).value  # type: ignore[return-value]  # as above

    def source_at(self, on: date) -> Entry:
        """The dated entry behind `at`, to be cited. Raises RuleBroken before the first."""
        definition = self.definition
        return definition.entry_at(date(on.year, 1, 1) if definition.by_fiscal_year else on)

    def source_for_year(self, year: int) -> Entry:
        """The dated entry behind `for_year`, to be cited.

        Raises:
            RuleBroken: the year lies before the first entry.
            ValueError: the parameter may change within a year, so that a day must be asked for.
        """
        if not self.definition.by_fiscal_year:
            raise ValueError(f"{self.key} does not go by fiscal year: ask for a day")
        return self.definition.entry_at(date(year, 1, 1))
