"""FA Detail (16 Segmen), report GLP039 of SAKTI: pagu and cumulative realisation per account of one satker.

Read by the look of codes and the order of numbers: the columns shift with the level of the print, the total row has its
own, the CSV print has others again. Its checksums are kept to the rupiah.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from dekon.budget.imports.fa_plain import AccountShape, plain_account
from dekon.budget.imports.fa_tree import (
    DEPTH,
    FIGURE_LABELS,
    FIGURE_NAMES,
    NOTHING,
    TREE_LEVELS,
    Figures,
    LevelFinder,
    Place,
    Tree,
    TreeLevel,
)
from dekon.budget.imports.layout import place_of
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.options import ReadOptions, agreed_period, agreed_satker, agreed_year
from dekon.budget.imports.rows import MAX_NAME, CodePlace, ParsedFile, SatkerFacts, StatementRow
from dekon.budget.imports.values import MONTHS, BadValue, amount_rp, clean_text, clipped, code_text, month_end, padded
from dekon.lib.sheets import Cell, Row, TableBook, column_letter

TITLE = re.compile(r"KETERSEDIAAN DANA DETAIL|FA DETAIL", re.IGNORECASE)
YEAR = re.compile(r"\b(?:TA|TAHUN ANGGARAN)\.?\s*:?\s*(20\d{2})\b", re.IGNORECASE)
ANY_YEAR = re.compile(r"\b20\d{2}\b")
PERIOD = re.compile(r"^\s*Periode\b(?P<text>.*)", re.IGNORECASE | re.DOTALL)
LABELS = {
    "ba": re.compile(r"^Kementerian\b[^:\d]*:?\s*(?P<code>\d{1,3})\b\s*(?P<name>.*)", re.IGNORECASE),
    "unit": re.compile(r"^Unit Organisasi\b[^:\d]*:?\s*(?P<code>\d{1,2})\b\s*(?P<name>.*)", re.IGNORECASE),
    "satker": re.compile(r"^(?:Satuan Kerja|Satker)\b[^:\d]*:?\s*(?P<code>\d{4,6})\b\s*(?P<name>.*)", re.IGNORECASE),
}
PAGE = re.compile(r"\bHal\.? *\d+ *dari\b.*", re.IGNORECASE)
LABEL_WIDTHS = {"ba": 3, "unit": 2, "satker": 6}
TOTAL = "JUMLAH SELURUHNYA"
ITEM = re.compile(r"(\d{1,6})\.\s+\S")
NUMBER_LIKE = re.compile(r"[-+(]?\d[\d.,]*\)?\s*%?")
SHORT_ENOUGH = re.compile(r"[0-9A-Z.]{2,10}")
HEAD_ROWS = 20
ALL_FIGURES = 7
PERCENT = 5
PREVIOUS, CURRENT = 2, 3
COLUMN_OF_FIGURE = (0, 1, 2, 3, 4, 6)


class Line(NamedTuple):
    """One line of the print, cut into its parts. `figures` has a None where a cell is blank."""

    level: TreeLevel
    code: str
    name: str
    row: int
    code_column: int
    figures: tuple[int | None, ...]
    columns: tuple[int, ...]


@dataclass(slots=True)
class Heading:
    """What stands above the tree."""

    year: int | None = None
    period: date | None = None
    facts: dict[str, tuple[str, str]] = field(default_factory=dict)
    satker_place: CodePlace | None = None


def is_fa_detail(head: list[Row]) -> bool:
    """Whether the first rows are those of an FA Detail print."""
    texts = [clean_text(cell) for row in head for cell in row if isinstance(cell, str) and cell]
    joined = " ".join(texts)
    return bool(TITLE.search(joined)) and "pagu" in joined.lower() and "sisa" in joined.lower()


def read_fa_detail(book: TableBook, sheet: str, options: ReadOptions) -> ParsedFile[StatementRow]:
    """Opens an FA Detail print; rows and checks follow while it is consumed.

    Args:
        sheet: name of the sheet, empty for delimited text.
    """
    log = FindingLog(sheet, book.findings)
    heading = read_heading(book.head(sheet))
    satker = agreed_satker(log, options, heading.facts.get("satker", ("", ""))[0])
    parsed = ParsedFile[StatementRow](
        kind="fa-detail",
        file_name=book.file_name,
        sheet=sheet,
        fiscal_year=agreed_year(log, options, heading.year),
        period=agreed_period(log, options, heading.period),
        rows=iter(()),
        findings=book.findings,
    )
    for code, value in (("fa-satker-missing", satker), ("period-missing", parsed.period)):
        if not value:
            log.wrong(code)
    if parsed.period and parsed.fiscal_year and parsed.period.year != parsed.fiscal_year:
        log.wrong("file-year-differs", found=parsed.period.year, asked=parsed.fiscal_year)
    if satker:
        (ba, _), (unit, unit_name) = heading.facts.get("ba", ("", "")), heading.facts.get("unit", ("", ""))
        parsed.code_places["satker", satker] = heading.satker_place or CodePlace("", None, "", satker)
        parsed.satker_facts[satker] = SatkerFacts(ba, unit, unit_name, heading.facts.get("satker", ("", ""))[1])
    parsed.rows = FaReader(book.rows(sheet), log, parsed, satker).read()
    return parsed


def read_heading(head: list[Row]) -> Heading:
    """Year, period and the codes above the tree, wherever they stand in the first rows."""
    heading = Heading()
    for number, row in enumerate(head[:HEAD_ROWS], start=1):
        parts = [clean_text(cell) for cell in row]
        line = " ".join(" ".join(part for part in parts if part).split())
        if TOTAL in line.upper():
            break
        if heading.year is None and (match := YEAR.search(line)):
            heading.year = int(match[1])
        if match := PERIOD.match(line):
            heading.period = heading.period or period_end(match["text"], heading.year)
        for name, pattern in LABELS.items():
            if match := pattern.match(line):
                if name == "satker" and heading.satker_place is None:
                    heading.satker_place = place_of(row, number, match["code"])
                heading.facts.setdefault(
                    name, (match["code"].zfill(LABEL_WIDTHS[name]), PAGE.sub("", match["name"]).strip(" :-")[:MAX_NAME])
                )
    if heading.year is None and heading.period is not None:
        heading.year = heading.period.year
    return heading


def period_end(text: str, year: int | None) -> date | None:
    """The end of the last month that a line such as `Periode Januari s.d. Maret 2026` names."""
    months = [MONTHS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in MONTHS and len(word) > 2]
    years = [int(found) for found in ANY_YEAR.findall(text)] or ([year] if year else [])
    return month_end(years[-1], months[-1]) if months and years else None


class FaReader:
    """Walks the lines of one print."""

    def __init__(self, lines: Iterator[Row], log: FindingLog, parsed: ParsedFile[StatementRow], satker: str) -> None:
        self.lines = lines
        self.log = log
        self.parsed = parsed
        self.satker = satker
        self.tree = Tree(log)
        self.levels = LevelFinder()
        self.shape: AccountShape | None = None
        self.account_names: dict[str, str] = {}
        self.columns: dict[TreeLevel | str, tuple[int, ...]] = {}
        self.figure_columns: set[int] = set()
        self.last: Line | None = None
        self.page_ended = False
        self.stated_total: Figures | None = None
        self.total_place: tuple[int, tuple[int, ...]] = (0, ())
        self.seen: set[tuple[str, ...]] = set()
        self.counts = dict.fromkeys(("read", "accounts", "items", "footnotes", "page_doubles", "other"), 0)
        parsed.counts = self.counts

    def read(self) -> Iterator[StatementRow]:
        """The account rows; findings and names grow meanwhile."""
        for number, row in enumerate(self.lines, start=1):
            if plain := self.plain(number, row):
                yield plain
                continue
            tokens: list[tuple[int, Cell]] = [
                (index, cell) for index, cell in enumerate(row) if cell is not None and cell != ""
            ]
            if not tokens:
                continue
            self.counts["read"] += 1
            line = self.cut(number, tokens)
            if line is None or self.is_page_double(line):
                continue
            if statement := self.take(line):
                self.learn_shape(row, tokens, line)
                yield statement
        self.finish()

    def learn_shape(self, row: Row, tokens: list[tuple[int, Cell]], line: Line) -> None:
        """Remembers where a complete account line has its parts, for those that are shaped like it."""
        if line.name and len(line.columns) == ALL_FIGURES and len(tokens) == len(row) - row.count(""):
            self.shape = AccountShape(
                code=line.code_column, name=tokens[1][0], line_columns=line.columns,
                amount_columns=self.amount_columns(line), blanks=row.count(""), width=len(row),
            )  # fmt: skip

    def plain(self, number: int, row: Row) -> StatementRow | None:
        """The row of an account line that is shaped like one before and has nothing odd; None for all others."""
        if self.shape is None or self.page_ended or self.last is None:
            return None
        plain = plain_account(row, self.shape, self.last.code)
        if plain is None or self.tree.path() is None:
            return None
        code, name, figures = plain
        self.last = line = Line("akun", code, name, number, self.shape.code, figures, self.shape.line_columns)
        self.counts["read"] += 1
        self.tree.enter(Place("akun", code, number, self.shape.code, self.shape.amount_columns), figures)
        if name and self.account_names.get(code) != name:
            self.name_account(line)
        return self.account(line, figures)

    def cut(self, number: int, tokens: list[tuple[int, Cell]]) -> Line | None:
        """Cuts a row into code, name and figures; None for titles, headers, footnotes and the total."""
        column, first = tokens[0]
        if type(first) is str and first.lstrip().startswith("*"):
            self.page_ended = True
            self.counts["footnotes"] += 1
            return None
        if type(first) is str and TOTAL in first.upper():
            self.take_total(number, tokens[1:])
            return None
        level, code, name, rest = self.split(column, first, tokens, number)
        if level is None:
            self.reject(number, column, first, tokens)
            return None
        figures, columns = self.figures(level, number, rest)
        return Line(level, code, name, number, column, figures, columns)

    def split(
        self, column: int, first: Cell, tokens: list[tuple[int, Cell]], number: int
    ) -> tuple[TreeLevel | None, str, str, list[tuple[int, Cell]]]:
        """Level, code and name of a row, and the cells after them."""
        if type(first) is str and (match := ITEM.match(first.lstrip("' "))):
            return "item", match[1].zfill(6), clean_text(first), tokens[1:]
        code = self.code(column, first, number)
        above = self.last.level if self.last else None
        level = self.levels.level_of(code, column, above) if code else None
        if len(tokens) > 1 and self.is_name(*tokens[1]):
            return level, code, clean_text(tokens[1][1]), tokens[2:]
        return level, code, "", tokens[1:]

    def is_name(self, column: int, cell: Cell) -> bool:
        """Whether a cell is a name. One may look like a number (`2026` after a page end), but not in their columns."""
        if type(cell) is not str:
            return False
        return not NUMBER_LIKE.fullmatch(cell.strip()) or (
            bool(self.figure_columns) and column not in self.figure_columns
        )

    def code(self, column: int, cell: Cell, number: int) -> str:
        """The code of a row, with lost zeros given back and foreign letters made Latin."""
        try:
            code = code_text(cell)
        except BadValue:
            return ""
        if code.isdigit() and len(code) < 3:
            self.log.repair("code-zeros-restored", column_letter(column), column, number)
            code = padded(code, 3)
        if type(cell) is str and not cell.isascii() and code.isascii() and SHORT_ENOUGH.fullmatch(code):
            self.log.repair("code-letters-latin", column_letter(column), column, number)
        return code

    def reject(self, number: int, column: int, first: Cell, tokens: list[tuple[int, Cell]]) -> None:
        """Passes over titles and page headers; a line with figures whose code nobody knows is an error."""
        self.counts["other"] += 1
        numbers = sum(not isinstance(cell, str) or bool(NUMBER_LIKE.fullmatch(cell.strip())) for _, cell in tokens[1:])
        if numbers >= 4:
            self.tree.trusted = False
            self.log.wrong("fa-row-unknown", row=number, column=column, value=first)

    def figures(
        self, level: TreeLevel | str, number: int, cells: list[tuple[int, Cell]]
    ) -> tuple[tuple[int | None, ...], tuple[int, ...]]:
        """The seven figures of a row in their order; where some are blank, by the columns of complete rows."""
        if len(cells) == ALL_FIGURES:
            columns = tuple([column for column, _ in cells])
            if level != "total":
                self.columns[level] = columns
                self.figure_columns.update(columns)
            return tuple([self.amount(number, *cells[index]) for index in COLUMN_OF_FIGURE]), columns
        columns = self.columns.get(level) or next((c for key, c in self.columns.items() if key != "total"), ())
        by_column = dict(cells)
        if not columns or any(column not in columns for column in by_column):
            return (None,) * 6, ()
        return tuple(
            [self.amount(number, columns[index], by_column.get(columns[index])) for index in COLUMN_OF_FIGURE]
        ), columns

    def amount(self, number: int, column: int, cell: Cell) -> int | None:
        """One figure in rupiah; None where it is blank or wrong (and reported)."""
        if type(cell) is float and cell.is_integer() and -9e15 < cell < 9e15:
            return int(cell)
        try:
            return amount_rp(cell)
        except BadValue as bad:
            self.tree.trusted = False
            self.log.wrong(bad.code, row=number, column=column, value=cell)
            return 0

    def is_page_double(self, line: Line) -> bool:
        """Whether a line only repeats the one above because its name crossed the end of a page."""
        last, ended = self.last, self.page_ended
        self.page_ended = False
        if last is None or (line.level, line.code) != (last.level, last.code) or not line.columns:
            return False
        halved = line.figures[PREVIOUS] is None and line.figures[CURRENT] is None
        same = (line.figures[0], line.figures[4]) == (last.figures[0], last.figures[4])
        if not (halved or (ended and line.figures == last.figures)):
            return False
        if not same:
            self.tree.trusted = False
            self.log.wrong(
                "fa-page-double-differs", row=line.row, column=line.columns[0], value=line.figures[0], what=line.code
            )
        self.counts["page_doubles"] += 1
        self.account_names.pop(line.code, None)
        if line.level != "item":
            self.name(line, f"{self.parsed.names.get((line.level, self.path_of(line)), '')} {line.name}")
        return True

    def take(self, line: Line) -> StatementRow | None:
        """Hangs a line into the tree; an account line becomes a row."""
        figures = self.complete(line)
        self.tree.enter(Place(line.level, line.code, line.row, line.code_column, self.amount_columns(line)), figures)
        self.last = line
        if line.level == "item":
            self.counts["items"] += 1
            self.check_figures(line, figures)
            return None
        if line.level == "akun":
            if line.name and self.account_names.get(line.code) != line.name:
                self.name_account(line)
            return self.account(line, figures)
        self.note_place(line)
        if line.name:
            self.name(line, line.name)
        return None

    def amount_columns(self, line: Line) -> tuple[int, ...]:
        """Where the six amounts of a line stand."""
        if self.shape and line.columns == self.shape.line_columns:
            return self.shape.amount_columns
        return tuple([line.columns[index] for index in COLUMN_OF_FIGURE]) if line.columns else (line.code_column,) * 6

    def complete(self, line: Line) -> Figures:
        """The six amounts of a line; blanks are reported, not taken for zero."""
        if None not in line.figures:
            return line.figures  # type: ignore[return-value]  # six amounts, none of them missing
        self.tree.trusted = False
        if not line.columns:
            self.log.wrong("fa-row-without-figures", row=line.row, column=line.code_column, value=line.code)
            return NOTHING
        for figure, value, index in zip(FIGURE_LABELS, line.figures, COLUMN_OF_FIGURE, strict=True):
            if value is None:
                self.log.wrong(
                    "fa-figure-blank", row=line.row, column=line.columns[index], figure=figure, what=line.code
                )
        return tuple([value or 0 for value in line.figures])  # type: ignore[return-value]  # six amounts

    def name_account(self, line: Line) -> None:
        """Keeps the name of an account, which is the same in every branch."""
        self.account_names[line.code] = line.name
        self.name(line, line.name)

    def name(self, line: Line, name: str) -> None:
        """Keeps the name of the current line."""
        level = line.level
        if level != "item":
            self.parsed.names[level, self.path_of(line)] = clipped(" ".join(name.split()), MAX_NAME)

    def path_of(self, line: Line) -> str:
        """The dotted path of the current line; for an account its code alone."""
        return line.code if line.level == "akun" or line.level == "item" else self.tree.name_path(line.level)  # noqa: PLR1714  told apart by type

    def account(self, line: Line, figures: Figures) -> StatementRow | None:
        """The row of an account line, after its own checks."""
        path = self.tree.path()
        if path is None:
            self.log.wrong("fa-parent-missing", row=line.row, column=line.code_column, value=line.code)
            return None
        self.counts["accounts"] += 1
        if not self.parsed.columns:
            self.note_columns(line)
        self.check_figures(line, figures)
        key = (*path, line.code)
        if key in self.seen:
            self.log.remark(
                "fa-account-repeated", row=line.row, column=line.code_column, value=line.code, path=".".join(key)
            )
        self.seen.add(key)
        pagu, lock, previous, current, cumulative, _ = figures
        return StatementRow(
            line.row, self.satker, path.program, path.kegiatan, path.kro, path.ro, path.komponen, path.subkomponen,
            line.code, pagu, lock, previous, current, cumulative,
        )  # fmt: skip

    def note_columns(self, line: Line) -> None:
        """Where the fields of an account stand, for addresses of cells."""
        places = zip(FIGURE_NAMES, COLUMN_OF_FIGURE, strict=True)
        self.parsed.columns = {name: column_letter(line.columns[index]) for name, index in places if line.columns}
        self.parsed.columns["akun"] = column_letter(line.code_column)

    def note_place(self, line: Line) -> None:
        """Where the codes of a branch stand first: its own, and the one above that it names."""
        column = column_letter(line.code_column)
        place = CodePlace(f"{column}{line.row}", line.row, column, line.code)
        places, depth = self.parsed.code_places, DEPTH[line.level]
        prefix, _, own = line.code.rpartition(".")
        places.setdefault((line.level, own), place)
        if prefix and depth:
            places.setdefault((TREE_LEVELS[depth - 1], prefix), place)

    def check_figures(self, line: Line, figures: Figures) -> None:
        """The two sums that every line carries in itself."""
        pagu, lock, previous, current, cumulative, remaining = figures
        if cumulative == previous + current and remaining == pagu - lock - cumulative:
            return
        if None in line.figures or not line.columns:
            return
        for code, index, stated, counted in (
            ("fa-cumulative-differs", 4, cumulative, previous + current),
            ("fa-remaining-differs", 6, remaining, pagu - lock - cumulative),
        ):
            if stated != counted:
                self.log.wrong(
                    code, row=line.row, column=line.columns[index], value=stated, what=line.code,
                    stated=stated, counted=counted, difference=stated - counted,
                )  # fmt: skip

    def take_total(self, number: int, cells: list[tuple[int, Cell]]) -> None:
        """Remembers what the print states as its total."""
        cells = [(column, cell) for column, cell in cells if clean_text(cell)]
        figures, columns = self.figures("total", number, cells)
        if None in figures or not columns:
            self.log.wrong("fa-total-incomplete", row=number, column=cells[0][0] if cells else 0)
            return
        total: Figures = figures  # type: ignore[assignment]  # six amounts, none of them missing
        if self.stated_total is not None and total != self.stated_total:
            self.log.wrong(
                "fa-totals-disagree", row=number, column=columns[0], value=total[0], stated=self.stated_total[0]
            )
        self.stated_total, self.total_place = total, (number, columns)
        self.parsed.declared_totals_rp = dict(zip(FIGURE_NAMES, total, strict=True))
        self.check_figures(Line("item", TOTAL, "", number, 0, total, columns), total)

    def finish(self) -> None:
        """Ends all branches and compares the accounts with the stated total."""
        self.tree.leave(DEPTH["program"])
        if self.counts["accounts"] == 0:
            self.log.wrong("fa-no-accounts")
        elif self.stated_total is None:
            self.log.wrong("fa-total-missing")
        elif self.tree.trusted:
            row, columns = self.total_place
            for index, (stated, counted) in enumerate(zip(self.stated_total, self.tree.total, strict=True)):
                if stated != counted:
                    column = columns[COLUMN_OF_FIGURE[index]]
                    self.log.wrong(
                        "fa-total-differs", row=row, column=column, value=stated, figure=FIGURE_LABELS[index],
                        stated=stated, counted=counted, difference=stated - counted,
                    )  # fmt: skip
        self.log.close()
