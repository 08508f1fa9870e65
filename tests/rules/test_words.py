"""Every word that a calculation says has its English: of steps, of period overrides, of doubts about passages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dekon.rules
from dekon.rules.overrides import overrides
from dekon.rules.regulations import regulations
from dekon.rules.words import not_in_english, said_in

ROOT = Path(dekon.rules.__path__[0])
LETTERS = re.compile(r"[^\W\d_]{2,}")
ALREADY = frozenset({"RO", "SBK", "TVK", "RVK", "DIPA", "SPM", "TUP", "UP", "arithmetic"})


def texts(node: ast.AST) -> Iterator[str]:
    """The constant texts in an expression; not those that only compare or look something up."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.Compare | ast.Subscript):
        return
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def said_by_formulas() -> Iterator[tuple[str, str]]:
    for path in sorted([*ROOT.glob("formulas/*.py"), ROOT / "overrides.py"]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Step", "_ro"}:
                yield from ((path.name, text) for argument in node.args for text in texts(argument))
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {
                "how",
                "said",
                "sent",
                "limited",
            }:
                yield from ((path.name, text) for text in texts(node.value))


def test_every_word_of_a_step_has_its_english() -> None:
    found = list(said_by_formulas())
    assert len(found) > 100
    missing = {
        (file, text) for file, text in found for word in LETTERS.findall(not_in_english(text)) if word not in ALREADY
    }
    assert sorted(missing) == []


def test_reasons_of_overrides_and_doubts_about_passages_have_their_english() -> None:
    spoken = [text for one in overrides() for text in (one.reason, one.letter)]
    spoken += [one.transition_note for one in regulations().values() if one.transition_unverified]
    words = {word for text in spoken for word in LETTERS.findall(not_in_english(text))}
    assert words <= {"Inpres", "fairness", "treatment"}, words


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("79,5 ÷ 97 × 100, paling tinggi 100", "79,5 ÷ 97 × 100, at most 100"),
        ("rata-rata 3 bulan", "mean of 3 months"),
        ("tidak ada kontraknya; bobot dikonversi", "no such contract; weight converted"),
        ("PMK 22/PMK.02/2021", "PMK 22/PMK.02/2021"),
    ],
)
def test_a_step_is_said_in_both_languages(text: str, english: str) -> None:
    assert said_in("en", text) == english
    assert said_in("id", text) == text
