"""The tree of an FA Detail print: which level a code belongs to, the path to it, and whether its sums add up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.rows import LEVELS, Level
from dekon.budget.imports.values import two_characters

type TreeLevel = Level | Literal["item"]
type Figures = tuple[int, int, int, int, int, int]
"""pagu, lock, previous, current, cumulative, remaining: whole rupiah."""

FIGURE_LABELS = (
    "Pagu Revisi",
    "Lock Pagu",
    "Realisasi Periode Lalu",
    "Realisasi Periode Ini",
    "Realisasi s.d. Periode",
    "Sisa Anggaran",
)
"""As the print calls them."""
FIGURE_NAMES = ("pagu_rp", "lock_rp", "previous_rp", "current_rp", "cumulative_rp", "remaining_rp")
NOTHING: Figures = (0, 0, 0, 0, 0, 0)
TREE_LEVELS: tuple[TreeLevel, ...] = (*LEVELS, "item")
DEPTH: dict[TreeLevel, int] = {level: depth for depth, level in enumerate(TREE_LEVELS)}

CODES: tuple[tuple[re.Pattern[str], TreeLevel], ...] = (
    (re.compile(r"\d{6}"), "akun"),
    (re.compile(r"[0-9A-Z]{3}\.[0-9A-Z]{3}"), "ro"),
    (re.compile(r"[0-9A-Z]{3}\.[0-9A-Z]{1,2}"), "subkomponen"),
    (re.compile(r"[A-Z]{2}\.\d{4}"), "kegiatan"),
    (re.compile(r"[A-Z]{2}"), "program"),
)
SHORT_CODE = re.compile(r"[0-9A-Z]{3}")


class Path(NamedTuple):
    """The codes above an account."""

    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str


class Place(NamedTuple):
    """A line of the print: its level, code, row and the columns of its code and figures."""

    level: TreeLevel
    code: str
    row: int
    code_column: int
    figure_columns: tuple[int, ...]


@dataclass(slots=True)
class Node:
    """An open branch: what its own line states, and what its account lines added up to so far."""

    place: Place
    stated: Figures
    counted: list[int] = field(default_factory=lambda: [0] * 6)
    has_children: bool = False


def added(sums: Sequence[int], figures: Sequence[int]) -> list[int]:
    """Sums with six more figures added to them."""
    return [a + b for a, b in zip(sums, figures, strict=True)]


class LevelFinder:
    """Tells levels by the look of a code and, where two levels look alike, by the column where it stands."""

    def __init__(self) -> None:
        self.komponen_columns: set[int] = set()
        self.kro_columns: set[int] = set()
        self.known: dict[str, TreeLevel | None] = {}

    def level_of(self, code: str, column: int, above: TreeLevel | None) -> TreeLevel | None:
        """The level of a code; None for what is no code.

        Args:
            code: cleaned code as printed (`AA.6025`, `AEB`, `051.0A`).
            column: index of its column.
            above: level of the line above.
        """
        if code not in self.known:
            if len(self.known) > 50_000:
                self.known.clear()
            self.known[code] = next((level for pattern, level in CODES if pattern.fullmatch(code)), None)
        level = self.known[code]
        if level is None and SHORT_CODE.fullmatch(code):
            level = self.short_level(code, column, above)
        if level in ("kro", "ro"):
            self.kro_columns.add(column)
        elif level == "komponen":
            self.komponen_columns.add(column)
        return level

    def short_level(self, code: str, column: int, above: TreeLevel | None) -> TreeLevel:
        """KRO or komponen: three characters each."""
        if above == "kegiatan":
            return "kro"
        if above == "ro":
            return "komponen"
        if (column in self.kro_columns) != (column in self.komponen_columns):
            return "kro" if column in self.kro_columns else "komponen"
        return "komponen" if code[0].isdigit() else "kro"


class Tree:
    """Walks down the print, keeps the path of the current line and compares sums whenever a branch ends."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log
        self.open: list[Node] = []
        self.codes: dict[TreeLevel, str] = {}
        self.known_path: Path | None = None
        self.trusted = True  # sums are compared only as long as every figure could be read
        self.total: list[int] = [0] * 6
        self.run: list[Figures] = []
        self.run_end: Place | None = None

    def enter(self, place: Place, figures: Figures) -> None:
        """Takes the next line in: ends the branches it leaves and opens its own."""
        if place.level == "akun" and self.ends_in_account():
            self.follow(place, figures)
            return
        self.leave(DEPTH[place.level])
        if place.level == "akun":
            self.total = added(self.total, figures)
        if self.open:
            self.open[-1].has_children = True
        self.set_code(place)
        self.open.append(Node(place, figures))

    def ends_in_account(self) -> bool:
        """Whether the line before is an account that holds no items, so that another account stands beside it."""
        return bool(self.open) and self.open[-1].place.level == "akun" and not self.open[-1].has_children

    def follow(self, place: Place, figures: Figures) -> None:
        """Takes in an account line right after another one of the same branch, as most of them are.

        They are only gathered; `end_run` adds up the whole run.
        """
        self.run.append(figures)
        self.run_end = place

    def end_run(self) -> None:
        """Hangs in the accounts that were gathered: their sums, and the last one as the line that is open."""
        if self.run_end is None:
            return
        first, last = self.open.pop(), self.run[-1]
        sums = [sum(amounts) for amounts in zip(*self.run, strict=True)]
        self.total = added(self.total, sums)
        if self.open:
            before_last = [a + b - c for a, b, c in zip(first.stated, sums, last, strict=True)]
            self.open[-1].counted = added(self.open[-1].counted, before_last)
        self.codes["akun"] = self.run_end.code
        self.open.append(Node(self.run_end, last))
        self.run, self.run_end = [], None

    def set_code(self, place: Place) -> None:
        """Remembers the code of the line and forgets those below; a prefix must name the branch it stands in."""
        depth = DEPTH[place.level]
        if depth < DEPTH["akun"]:
            self.known_path = None
        for level in [level for level in self.codes if DEPTH[level] > depth]:
            del self.codes[level]
        prefix, _, own = place.code.rpartition(".")
        self.codes[place.level] = two_characters(own) if place.level == "subkomponen" else own
        if prefix and depth:
            parent = LEVELS[depth - 1]
            if self.codes.setdefault(parent, prefix) != prefix:
                self.log.wrong(
                    "fa-parent-differs",
                    row=place.row,
                    column=place.code_column,
                    value=place.code,
                    parent=self.codes[parent],
                )

    def leave(self, depth: int) -> None:
        """Ends all branches from a depth down and compares what they state with what they hold."""
        self.end_run()
        while self.open and DEPTH[self.open[-1].place.level] >= depth:
            node = self.open.pop()
            level = node.place.level
            if node.has_children and self.trusted:
                self.compare(node)
            elif not node.has_children and level not in ("akun", "item") and any(node.stated) and self.trusted:
                self.log.wrong(
                    "fa-branch-empty", row=node.place.row, column=node.place.code_column, value=node.place.code
                )
            if self.open:
                carried = node.counted if DEPTH[level] < DEPTH["akun"] else node.stated
                self.open[-1].counted = added(self.open[-1].counted, carried)

    def compare(self, node: Node) -> None:
        """States each figure of a line that differs from the sum of what stands under it."""
        for index, (stated, counted) in enumerate(zip(node.stated, node.counted, strict=True)):
            if stated != counted:
                self.log.wrong(
                    "fa-subtotal-differs",
                    row=node.place.row,
                    column=node.place.figure_columns[index],
                    value=stated,
                    what=node.place.code,
                    figure=FIGURE_LABELS[index],
                    stated=stated,
                    counted=counted,
                    difference=stated - counted,
                )

    def path(self) -> Path | None:
        """The six codes above an account, program first; None where one is missing."""
        if self.known_path is None:
            self.known_path = Path(*[self.codes.get(level, "") for level in LEVELS[:-1]])
        return self.known_path if all(self.known_path) else None

    def name_path(self, level: Level) -> str:
        """The dotted path of the current line at a level above the accounts."""
        return ".".join([self.codes.get(part, "") for part in LEVELS[: DEPTH[level] + 1]])
