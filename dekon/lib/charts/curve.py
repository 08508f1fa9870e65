"""The cumulative curve: plan dashed, realisation solid, the gap between them tinted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from html import escape
from math import ceil
from typing import Literal

from dekon.lib.rupiah import Language, format_number

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
MAX_LINES = 7
GROUND = {"wide": (580, 360), "narrow": (360, 270)}
EDGES = {"wide": (40, 506, 330, 18), "narrow": (34, 348, 244, 16)}
LABEL_MONTHS = {"wide": 3, "narrow": 5}
"""How many months a label covers. Where fewer are left in the year, it stands left of its point."""

LINE_HEIGHT, LETTER_WIDTH = 16, 7
"""What a label takes on the paper: from one line to the next, and for a letter."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The end of a month: cumulative plan and, where the month has come, cumulative realisation."""

    label: str
    planned_rp: int
    realised_rp: int | None


@dataclass(frozen=True, slots=True)
class CurveWords:
    """What the picture says, in the reader's language."""

    title: str
    description: str
    planned: str
    realised: str
    gap: str
    today: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A year's curve. `key` makes the ids of the picture unique on its page."""

    key: str
    points: tuple[CurvePoint, ...]
    words: CurveWords
    language: Language = "id"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things lie on the paper."""

    left: int
    right: int
    bottom: int
    top: int
    months: int
    ceiling_rp: int

    def x(self, index: int) -> float:
        return self.left + (self.right - self.left) * index / max(self.months - 1, 1)

    def y(self, amount_rp: int) -> float:
        return self.bottom - (self.bottom - self.top) * amount_rp / self.ceiling_rp

    def line(self, amounts: Sequence[int]) -> str:
        return "L".join(f"{self.x(index):.1f} {self.y(amount):.1f}" for index, amount in enumerate(amounts))


@dataclass(frozen=True, slots=True)
class _Label:
    """Words beside a point; `y` is the line they stand on."""

    x: float
    y: float
    words: str
    tone: str = ""
    anchor: str = "start"

    def meets(self, other: _Label) -> bool:
        """Whether the two touch."""
        (left, right), (others_left, others_right) = self._span(), other._span()
        return abs(self.y - other.y) < LINE_HEIGHT and left < others_right and others_left < right

    def _span(self) -> tuple[float, float]:
        width = len(self.words) * LETTER_WIDTH
        return (self.x - width, self.x) if self.anchor == "end" else (self.x, self.x + width)


def apart(labels: Sequence[_Label]) -> list[_Label]:
    """The labels so that none touches another: who comes later gives way upwards, a line at a time."""
    placed: list[_Label] = []
    for label in labels:
        free = label
        while met := next((other for other in placed if free.meets(other)), None):
            free = replace(free, y=met.y - LINE_HEIGHT)
        placed.append(free)
    return placed


def axis_of(largest_rp: int) -> tuple[int, int, int]:
    """Unit of the axis, its step and its end, in rupiah: at most seven lines, round numbers."""
    unit = next((unit for unit in (10**12, 10**9, 10**6) if largest_rp >= 2 * unit), 10**6)
    step = next((step for step in STEPS if step * unit * MAX_LINES >= largest_rp), STEPS[-1]) * unit
    return unit, step, max(ceil(largest_rp / step), 1) * step


@lru_cache(maxsize=512)
def curve_svg(curve: Curve, drawing: Literal["wide", "narrow"]) -> str:
    """The curve as SVG. The narrow drawing is for phones: half of the months named, fewer labels."""
    largest = max([1, *(max(point.planned_rp, point.realised_rp or 0) for point in curve.points)])
    unit, step, ceiling = axis_of(largest)
    frame = _Frame(*EDGES[drawing], len(curve.points), ceiling)
    width, height = GROUND[drawing]
    key = escape(f"{curve.key}-{drawing}")
    return "".join(
        [
            f'<svg class="{drawing}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">',
            f'<title id="{key}-t">{escape(curve.words.title)}</title>',
            f'<desc id="{key}-d">{escape(curve.words.description)}</desc>',
            *_axes(curve, frame, unit, step, sparse=drawing == "narrow"),
            *_lines(curve, frame),
            *_labels(curve, frame, unit, wide=drawing == "wide"),
            "</svg>",
        ]
    )


def _axes(curve: Curve, frame: _Frame, unit: int, step: int, *, sparse: bool) -> Iterator[str]:
    for amount in range(0, frame.ceiling_rp + 1, step):
        height = frame.y(amount)
        kind = "grid" if amount else "axis"
        yield f'<path class="{kind}" d="M{frame.left} {height:.1f}H{frame.right}"/>'
        label = format_number(amount // unit, 0, curve.language)
        yield f'<text x="{frame.left - 6}" y="{height + 4:.1f}" text-anchor="end">{label}</text>'
    for index, point in enumerate(curve.points):
        if not (sparse and index % 2):
            place = f'x="{frame.x(index):.1f}" y="{frame.bottom + 20}"'
            yield f'<text {place} text-anchor="middle">{escape(point.label)}</text>'


def _realised(curve: Curve) -> list[int]:
    return [point.realised_rp for point in curve.points if point.realised_rp is not None]


def _lines(curve: Curve, frame: _Frame) -> Iterator[str]:
    planned = [point.planned_rp for point in curve.points]
    realised = _realised(curve)
    if realised:
        there = frame.line(planned[: len(realised)])
        back = "L".join(
            f"{frame.x(index):.1f} {frame.y(realised[index]):.1f}" for index in reversed(range(len(realised)))
        )
        yield f'<path class="gap" d="M{there}L{back}Z"/>'
        yield f'<path class="today" d="M{frame.x(len(realised) - 1):.1f} {frame.top}V{frame.bottom}"/>'
    yield f'<path class="plan" d="M{frame.line(planned)}"/>'
    if realised:
        yield f'<path class="real" d="M{frame.line(realised)}"/>'


def _labels(curve: Curve, frame: _Frame, unit: int, *, wide: bool) -> Iterator[str]:
    realised = _realised(curve)
    if realised:
        here, planned = frame.x(len(realised) - 1), curve.points[len(realised) - 1].planned_rp
        yield f'<circle class="dot p" cx="{here:.1f}" cy="{frame.y(planned):.1f}" r="4.5"/>'
        yield f'<circle class="dot" cx="{here:.1f}" cy="{frame.y(realised[-1]):.1f}" r="5.5"/>'
    labels = [*(_labels_of_end(curve, frame, unit) if wide and curve.points else ())]
    labels += _labels_of_now(curve, frame, unit, realised, wide=wide) if realised else ()
    yield from (_text(label.x, label.y, label.words, label.tone, label.anchor) for label in apart(labels))


def _labels_of_end(curve: Curve, frame: _Frame, unit: int) -> Iterator[_Label]:
    """The plan of the whole year, right of its end."""
    last = curve.points[-1].planned_rp
    yield _Label(frame.right + 8, frame.y(last) + 12, _short(last, unit, curve.language))
    yield _Label(frame.right + 8, frame.y(last) - 4, curve.words.planned, "plan-t")


def _labels_of_now(curve: Curve, frame: _Frame, unit: int, realised: Sequence[int], *, wide: bool) -> Iterator[_Label]:
    """Plan and realisation of the day, the greater above its point and the lesser below; what stands lowest first."""
    now = len(realised) - 1
    here, planned, done = frame.x(now), curve.points[now].planned_rp, realised[-1]
    plan = (planned, f"{curve.words.planned} {_short(planned, unit, curve.language)}", "plan-t")
    real = (done, f"{curve.words.realised} {_short(done, unit, curve.language)}", "real-t")
    upper, lower = (plan, real) if planned >= done else (real, plan)
    covers = LABEL_MONTHS["wide" if wide else "narrow"]
    late = now >= len(curve.points) - covers
    x, anchor = (here - 16, "end") if late else (here + 12, "start")
    clear = _clear_of_line(curve, frame, max(now - covers, 0)) if late else 0
    below = min(max(frame.y(lower[0]) + 22, clear), frame.bottom - (40 if wide else 6))
    if wide:
        beside = (here - 6, "end") if now else (here + 6, "start")
        yield _Label(beside[0], frame.bottom - 6, curve.words.today, "", beside[1])
        yield _Label(x, below + 16, curve.words.gap, "", anchor)
    yield _Label(x, below, lower[1], lower[2], anchor)
    if now < len(curve.points) - 1 or not wide:
        x, anchor = (here - 10, "end") if now > 1 else (here + 10, "start")
        yield _Label(x, max(frame.y(upper[0]) - 10, 12), upper[1], upper[2], anchor)


def _clear_of_line(curve: Curve, frame: _Frame, month: int) -> float:
    """Height below which a label that begins in a month meets neither line."""
    before = curve.points[month]
    return frame.y(min(before.planned_rp, before.realised_rp or 0)) + 18


def _text(x: float, y: float, words: str, tone: str = "", anchor: str = "start") -> str:
    kind = f' class="{tone}"' if tone else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _short(amount_rp: int, unit: int, language: Language) -> str:
    return format_number(Decimal(amount_rp) / unit, 2, language)
