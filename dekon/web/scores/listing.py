"""What the pages of scores show: tables, indicators with their places in the waterfall, steps in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dekon.errors import DEFAULT_LANGUAGE
from dekon.lib.periods import month_end
from dekon.rules.explained import Explained, Part
from dekon.rules.words import said_in
from dekon.scoring.selectors import Gain, Indicator, Score, ScoredSatker, Subject
from dekon.web import formats
from dekon.web.address import Address
from dekon.web.filters import spending_type_name
from dekon.web.tables import Cell, Column, Line, Table, Tone

SUBJECTS: Final[tuple[Subject, ...]] = ("ikpa", "nka")
TONES: Final[dict[str, Tone]] = {
    "Sangat Baik": "ok", "Baik": "ok", "Cukup": "warn", "Kurang": "bad", "Sangat Kurang": "bad",
}  # fmt: skip
NUMBER: Final = re.compile(r"(?<![\w./-])\d+(?:\.\d+)?(?![\w/-])")
LONG_NUMBER: Final = 5
"""From so many digits on a whole number is an amount, not a year or a count."""
QUARTERLY: Final = frozenset({"penyerapan", "revisi_dipa"})


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step of a calculation as a row: what, of what, how, and what came out."""

    label: str
    about: str
    how: str
    value: str


@dataclass(frozen=True, slots=True)
class Share:
    """An indicator in the waterfall: where its stretch begins, how wide it is, how much of it was earned."""

    name: str
    words: str
    value: Decimal | None
    weight: Decimal | None
    points: Decimal | None
    computed: Decimal | None
    start: Decimal
    reason: str
    steps: tuple[StepWords, ...]
    legal: str
    unverified: int
    fixed: str = ""

    @property
    def lost(self) -> Decimal | None:
        """The points that it did not bring."""
        return None if self.weight is None or self.points is None else self.weight - self.points


def indicator_words(name: str) -> str:
    """What an indicator is called."""
    return {
        "revisi_dipa": _("Revisi DIPA"),
        "deviasi_hal_iii": _("Deviasi Halaman III DIPA"),
        "pagu_minus": _("Pagu minus"),
        "penyerapan": _("Penyerapan anggaran"),
        "belanja_kontraktual": _("Belanja kontraktual"),
        "penyelesaian_tagihan": _("Penyelesaian tagihan"),
        "up_tup": _("Pengelolaan UP dan TUP"),
        "lpj_bendahara": _("LPJ bendahara"),
        "dispensasi_spm": _("Dispensasi SPM"),
        "retur_sp2d": _("Retur SP2D"),
        "kesalahan_spm": _("Kesalahan SPM"),
        "perencanaan_kas": _("Perencanaan kas"),
        "capaian_output": _("Capaian output"),
        "cro": _("Capaian RO"),
        "ne": _("Nilai efisiensi"),
        "konsistensi": _("Konsistensi"),
        "perencanaan": _("Perencanaan anggaran"),
        "pelaksanaan": _("Pelaksanaan anggaran (IKPA)"),
    }.get(name, name)


@dataclass(frozen=True, slots=True)
class GainWords:
    """An action in words: its points, what to do, and what it changes."""

    points: Decimal
    what: str
    effect: str


def gain_words(gain: Gain) -> GainWords:
    """An action as the page says it."""
    changed = (
        _("Nilai %(indicator)s berubah dari %(before)s ke %(after)s, dan efisiensi ikut; realisasi uang tetap.")
        if gain.indicator == "cro"
        else _("Nilai %(indicator)s berubah dari %(before)s ke %(after)s, yang lain tetap.")
    )
    effect = changed % {
        "indicator": indicator_words(gain.indicator),
        "before": formats.rate(gain.before),
        "after": formats.rate(gain.after),
    }
    if gain.kind == "deliver":
        what = _("Selesaikan dan laporkan RO %(output)s: kurang %(volume)s") % {
            "output": gain.output,
            "volume": formats.volume(gain.volume),
        }
    else:
        what = _("Realisasikan %(amount)s lagi sampai %(day)s untuk mencapai target triwulan") % {
            "amount": formats.headline(gain.amount_rp),
            "day": formats.day(gain.by),
        }
    return GainWords(gain.points, what, effect)


def category_words(score: Score) -> str:
    """The category of a score as readers call it; that there is none yet where it has no value."""
    names = {
        "Sangat Baik": _("Sangat Baik"), "Baik": _("Baik"), "Cukup": _("Cukup"), "Kurang": _("Kurang"),
        "Sangat Kurang": _("Sangat Kurang"),
    }  # fmt: skip
    return names.get(score.category.value, score.category.value) if score.category else _("Belum ada nilai")


def table(scored: Sequence[ScoredSatker], names: dict[str, str], address: Address) -> Table:
    """Every satker with both scores; the best IKPA first."""
    columns = (
        Column("satker", _("Satker"), noted=True),
        Column("provinsi", _("Provinsi"), place="w"),
        Column("ikpa", "IKPA", "rate", _("perkiraan")),
        Column("kat-ikpa", _("Kategori IKPA"), "badge"),
        Column("nka", "NKA", "rate", _("perkiraan")),
        Column("kat-nka", _("Kategori NKA"), "badge"),
        Column("bobot", _("Bobot IKPA terpakai"), "number", _("dari 100"), place="w"),
    )
    ordered = sorted(scored, key=lambda one: (-(one.ikpa.value or Decimal(0)), one.satker))
    lines = tuple(
        Line((
            Cell(one.satker, address.elsewhere(reverse("score", args=[one.satker])), one.name),
            Cell(names.get(one.province, one.province)),
            Cell(one.ikpa.value), category_cell(one.ikpa), Cell(one.nka.value), category_cell(one.nka),
            Cell(one.ikpa.active_weight),
        ))
        for one in ordered
    )  # fmt: skip
    return Table("skor", _("Skor satker"), columns, lines, empty=_("Tidak ada satker beranggaran di tempat ini."))


def category_cell(score: Score) -> Cell:
    """The category with its tone; a dash where there is no value."""
    return Cell(category_words(score), tone=tone_of(score))


def tone_of(score: Score) -> Tone:
    """The tone of a category."""
    return TONES.get(score.category.value, "mute") if score.category else "mute"


def shares(score: Score) -> list[Share]:
    """The indicators side by side, each on a stretch as wide as its weight after conversion."""
    found, start = [], Decimal(0)
    for one in score.indicators:
        weight = score.converted_weight(one)
        found.append(_share(score, one, weight, start))
        start += weight or Decimal(0)
    return found


def _share(score: Score, one: Indicator, weight: Decimal | None, start: Decimal) -> Share:
    language = get_language() or DEFAULT_LANGUAGE
    return Share(
        one.name, indicator_words(one.name), one.value, weight, score.contribution(one), one.computed, start,
        one.missing.message(language) if one.missing else "",
        tuple(steps_in_words(one.result, one.name)) if one.result else (),
        said(one.result.basis(month_end(score.year, score.month))) if one.result else "",
        len(one.result.unverified) if one.result else 0, fixed_words(one),
    )  # fmt: skip


def said(text: str) -> str:
    """What a rule says, in the language of the reader."""
    return said_in(get_language() or DEFAULT_LANGUAGE, text)


def fixed_words(one: Indicator) -> str:
    """What the Treasury set for the period of an indicator, and what Dekon had computed; empty where nothing."""
    if not (one.override and one.result):
        return ""
    why = {
        "computed": formats.rate(one.computed), "value": formats.rate(one.override.value),
        "reason": said(one.override.reason), "letter": said(one.override.letter),
    }  # fmt: skip
    if one.override.value is None:
        return (
            _("Dikeluarkan dari penilaian triwulan ini (hitungan Dekon %(computed)s): %(reason)s (%(letter)s).") % why
        )
    return _("Ditetapkan %(value)s untuk triwulan ini (hitungan Dekon %(computed)s): %(reason)s (%(letter)s).") % why


def steps_in_words(result: Explained[Decimal], name: str) -> Iterator[StepWords]:
    """The steps as rows; months, quarters and spending types by their names."""
    for step in result.steps:
        yield StepWords(
            label_words(step.label), about_words(step.about, name), how_words(step.how), value_words(step.value)
        )  # fmt: skip


def label_words(label: str) -> str:
    """What a step is called: an indicator by its name, anything else as the formula says it."""
    name = indicator_words(label)
    return name if name != label else said(label)


def about_words(about: str, name: str) -> str:
    """`9·52` of a monthly indicator as `September, Belanja barang`."""
    period, _sign, kind = about.partition("·")
    if not period.isdigit() or len(period) > 2:
        return " ".join(filter(None, (about,)))
    words = _("Triwulan %(number)s") % {"number": period} if name in QUARTERLY else formats.month(int(period))
    return f"{words}, {spending_type_name(kind)}" if kind else words


def how_words(how: str) -> str:
    """The way of a step with its numbers as readers write them: `2300000` as `2.300.000`, `96.131687` as `96,13`."""
    return NUMBER.sub(lambda found: _number_words(found[0]), said(how))


def _number_words(text: str) -> str:
    if "." in text:
        return formats.rate(Decimal(text))
    return formats.number(int(text)) if len(text) >= LONG_NUMBER else text


def value_words(value: Part) -> str:
    """What came out of a step: numbers with two decimals, indicators by their names."""
    if isinstance(value, str):
        return ", ".join(label_words(part) for part in value.split(", "))
    return formats.rate(value) if isinstance(value, Decimal) else str(value if value is not None else "–")
