"""The HTML of table rows, bars and badges.

A page has hundreds of cells, and a macro call costs several times what its text does. So the rows are written here,
each column with a writer that knows once what holds for all of its cells; the macros of bars and badges only pass on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.templatetags.static import static
from markupsafe import Markup, escape

from dekon.lib import rupiah
from dekon.web import formats
from dekon.web.formats import Unit
from dekon.web.tables import ICONS, Cell, Column, Line, Table, Tone

type Writer = Callable[[Cell], str]
"""Writes the value of a cell; what comes out is safe HTML."""

NOTHING = rupiah.MISSING


def rows(table: Table, lines: Iterable[Line], unit: Unit, *, foot: bool = False) -> Markup:
    """Rows of a table.

    Args:
        unit: of amounts, where the head of their column does not say.
        foot: rows of sums, in which nothing stands where a column has no sum.
    """
    columns = [
        (_start(column), _start(column, "skip-s"), _writer(column, unit), column.place) for column in table.columns
    ]
    written = (_row(line, columns, foot=foot) for line in lines)
    return Markup("\n".join(written))  # noqa: S704  every text escaped


def _row(line: Line, columns: list[tuple[str, str, Writer, str]], *, foot: bool) -> str:
    (_start, _missing, writer, _place), *others = columns
    name, *values = line.cells
    cells = [
        f'<td class="{escape(place)}"></td>'
        if foot and cell.value is None
        else f"{missing if _is_missing(cell) else start}<span>{_content(cell, writer)}</span></td>"
        for (start, missing, writer, place), cell in zip(others, values, strict=True)
    ]
    tone = f' data-tone="{escape(line.tone)}"' if line.tone else ""
    head = escape(name.value) if foot else _content(name, writer)
    return f'<tr{tone}>\n<th scope="row" class="pinned">{head}</th>\n{"\n".join(cells)}\n</tr>'


def _start(column: Column, more: str = "") -> str:
    """The opening of a cell: numbers at the right (`num`), whole lines (`lg`) and badges (`st`) on a phone."""
    told = (("num", column.numeric), ("lg", column.wide or column.kind == "bar"), ("st", column.kind == "badge"))
    classes = " ".join(filter(None, (*(name for name, holds in told if holds), more, column.place)))
    return f'<td class="{escape(classes)}" data-l="{escape(column.label)}">'


def _is_missing(cell: Cell) -> bool:
    """Whether a card on a phone may leave it out."""
    return cell.value in {None, ""} and not cell.sub


def _content(cell: Cell, writer: Writer) -> str:
    text = writer(cell)
    if cell.href:
        text = f'<a class="rowlink" href="{escape(cell.href)}">{text}</a>'
    return f'{text}<span class="sub">{escape(cell.sub)}</span>' if cell.sub else text


def bar(share: Decimal | None, plan: Decimal | None = None, *, tall: bool = False) -> Markup:
    """A share as a bar; the plan is a tick, and what is missing to it a lighter bar."""
    done = share or Decimal(0)
    end, gap, tick = formats.width(done), "", ""
    if plan is not None:
        gap = f'<rect class="g" x="{end}" width="{formats.width(plan - done)}" height="8" />' if plan > done else ""
        tick = f'<path class="t" d="M{formats.width(plan)} -1.5V9.5" />'
    return Markup(  # noqa: S704  figures only
        f'<svg class="bar{" tall" if tall else ""}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="f" width="{end}" height="8" />{gap}{tick}</svg>'
    )


def badge(tone: Tone, words: object, icons: str = "") -> Markup:
    """A few words with the shape and the colour of their tone.

    Args:
        icons: address of the icons, where the caller has it already.
    """
    sign = (
        f'<svg class="i" aria-hidden="true"><use href="{escape(icons or static("ikon.svg"))}#i-{ICONS[tone]}" /></svg>'
    )
    return Markup(f'<span class="badge" data-tone="{tone}">{sign}{escape(words)}</span>')  # noqa: S704  escaped


def _writer(column: Column, unit: Unit) -> Writer:
    makers: dict[str, Callable[[], Writer]] = {
        "money": lambda: _money(column.money_unit(unit)),
        "bar": _bar,
        "percent": _share,
        "points": _share,
        "badge": _badge,
        "number": lambda: _figure(formats.number),
        "volume": lambda: _figure(formats.volume),
        "rate": lambda: _figure(formats.rate),
        "date": lambda: _unbroken(formats.day_short),
        "moment": lambda: _unbroken(formats.moment),
    }
    written: dict[str, Writer] = {"code": _code, "text": _text}
    return written.get(column.kind) or makers[column.kind]()


def _money(unit: Unit) -> Writer:
    language = formats.reader_language()
    short = rupiah.format_million if unit == "juta" else rupiah.format_number

    def write(cell: Cell) -> str:
        value: Any = cell.value
        if value is None:
            return f"<span>{NOTHING}</span>"
        return f'<span title="{rupiah.format_rupiah(value, language)}">{short(value, language=language)}</span>'

    return write


def _share() -> Writer:
    language = formats.reader_language()

    def write(cell: Cell) -> str:
        value: Any = cell.value
        return NOTHING if value is None else rupiah.format_number(value * 100, 1, language)

    return write


def _bar() -> Writer:
    figure = _share()

    def write(cell: Cell) -> str:
        share: Any = cell.value
        if share is None:
            return NOTHING
        return f'<span class="cb">{bar(share, cell.plan)}<span>{figure(cell)}</span></span>'

    return write


def _badge() -> Writer:
    icons = static("ikon.svg")
    return lambda cell: badge(cell.tone, cell.value, icons) if cell.value else ""


def _figure(shown: Callable[[Any], str]) -> Writer:
    return lambda cell: shown(cell.value)


def _unbroken(shown: Callable[[Any], str]) -> Writer:
    return lambda cell: f'<span class="nowrap">{escape(shown(cell.value))}</span>'


def _code(cell: Cell) -> str:
    return f'<span class="code">{NOTHING if cell.value is None else escape(cell.value)}</span>'


def _text(cell: Cell) -> str:
    return NOTHING if cell.value is None or cell.value == "" else escape(cell.value)
