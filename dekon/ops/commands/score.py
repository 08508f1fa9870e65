"""`dekon score nka | ikpa`: the scores of satker, or of a place as a whole, from the books at the end of a month."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from decimal import Decimal

from dekon import env
from dekon.errors import NotFound, RuleBroken
from dekon.lib.periods import MONTHS, month_end
from dekon.lib.rupiah import round_half_up
from dekon.ops.commands import score_cases
from dekon.ops.output import add_json, print_json, print_table
from dekon.org.selectors import Place
from dekon.performance.selectors import default_as_of
from dekon.rules.explained import Explained
from dekon.rules.words import said_in
from dekon.scoring import selectors
from dekon.scoring.selectors import Indicator, Score

PLACES = 2


def add_arguments(parser: ArgumentParser) -> None:
    """Which score, of when, and of whom."""
    what = parser.add_subparsers(dest="what", required=True, metavar="nka|ikpa|cases")
    for subject in ("nka", "ikpa"):
        one = what.add_parser(subject, help=f"{subject.upper()} from the books; every satker where no place is given")
        one.add_argument("--year", type=int, required=True)
        one.add_argument("--month", type=int, help="1 to 12; the last month that has ended if not given")
        place = one.add_mutually_exclusive_group()
        place.add_argument("--satker", default="", metavar="KODE")
        place.add_argument("--province", default="", metavar="KODE", help="the province as a whole")
        place.add_argument("--unit", default="", metavar="KODE", help="the unit as a whole")
        place.add_argument("--national", action="store_true", help="the nation as a whole")
        add_json(one)
    score_cases.add_cases(what)


def run(args: Namespace) -> int:
    """Print the scores."""
    if args.what == "cases":
        return score_cases.run(args)
    month = month_of(args.year, args.month)
    scores = scores_of(args, month)
    if args.json:
        language = env.text("DEKON_LANGUAGE", "id")
        rows = [document(one, language) for one in scores]
        print_json({"subject": args.what, "year": args.year, "month": month, "status": "estimate", "scores": rows})
    else:
        _print(scores)
    return 0


def month_of(year: int, month: int | None) -> int:
    """The month asked for, or the last one of the year that has ended; January while none has.

    Raises:
        RuleBroken: there is no such month.
    """
    if month is not None and month not in MONTHS:
        raise RuleBroken("score-month-wrong", month=month)
    if month is not None:
        return month
    return selectors.last_month(default_as_of(year))


def scores_of(args: Namespace, month: int) -> list[Score]:
    """The scores of every satker, or the one of a place as a whole.

    Raises:
        NotFound: no satker of the place has a budget in the year.
    """
    place = Place(args.province, args.unit, args.satker)
    scored = selectors.of_satker(year=args.year, month=month, place=place)
    if not scored:
        raise NotFound("score-without-satker", year=args.year)
    code = args.province or args.unit
    if not (code or args.national):
        return [one.score(args.what) for one in scored]
    whole = selectors.of_place(scored, args.what, code=code, name=code or "Nasional")
    return [whole] if whole else []


def document(score: Score, language: str) -> dict[str, object]:
    """A score as its contract writes it: numbers as decimal text, rounded half-up to two places."""
    return {
        "code": score.code, "name": score.name, "satker": score.satker, "value": _rounded(score.value),
        "category": score.category.value if score.category else None,
        "regulation": said_in(language, score.total.basis(day_of(score))) if score.total else None,
        "missing": score.missing.message(language) if score.missing else None,
        "indicators": [_indicator(score, one, language) for one in score.indicators],
        "steps": _steps(score.total, language),
    }  # fmt: skip


def day_of(score: Score) -> date:
    """The last day of the month of a score."""
    return month_end(score.year, score.month)


def _indicator(score: Score, one: Indicator, language: str) -> dict[str, object]:
    return {
        "name": one.name, "weight": one.weight, "value": _rounded(one.value), "computed": _rounded(one.computed),
        "override": said_in(language, f"{one.override.reason} ({one.override.letter})") if one.override else None,
        "contribution": _rounded(score.contribution(one)),
        "missing": one.missing.message(language) if one.missing else None, "steps": _steps(one.result, language),
    }  # fmt: skip


def _steps(result: Explained[Decimal] | None, language: str) -> list[dict[str, object]]:
    """How a value came about, unrounded."""
    steps = result.steps if result else ()
    return [
        {"label": said_in(language, s.label), "about": s.about, "value": s.value, "how": said_in(language, s.how)}
        for s in steps
    ]


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, PLACES)


def _print(scores: list[Score]) -> None:
    names = [one.name for one in scores[0].indicators]
    if not names and scores[0].missing:
        raise scores[0].missing
    rows = [
        [one.code or "-", one.name, _shown(one.value), one.category.value if one.category else "-",
         *(_shown(found.value) for found in one.indicators)]
        for one in scores
    ]  # fmt: skip
    numbers = frozenset({2, *range(4, 4 + len(names))})
    print_table(["satker", "nama", "nilai", "kategori", *names], rows, right=numbers)


def _shown(value: Decimal | None) -> str:
    return "-" if value is None else str(_rounded(value))
