"""The rules of the early warning keep to their form; what does not is told with file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dekon.performance.early.checks import CHECKING
from dekon.performance.early.rules import CHECKS, FILE, rules, rules_from
from dekon.performance.selectors.alerts import rule_words
from dekon.rules.files import ParameterProblems

GOOD = {
    "check": "absorption-behind", "limits": {"points": "10", "months": 2}, "severity": "high", "owner": "kpa",
    "reason": {"id": "sebab", "en": "because"},
}  # fmt: skip


def problems_of(tmp_path: Path, content: object) -> list[str]:
    path = tmp_path / "rules.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    with pytest.raises(ParameterProblems) as caught:
        rules_from(path)
    return caught.value.problems


def test_the_rules_of_the_house_are_good_have_words_and_use_every_check() -> None:
    found = rules_from(FILE)
    assert found == rules()
    assert {rule.check for rule in found} == set(CHECKS) == set(CHECKING)
    assert all(rule_words(rule.name) != rule.name for rule in found)


def test_a_good_rule_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump({"mine": GOOD}), "utf-8")
    (rule,) = rules_from(path)
    assert (rule.name, rule.whole("months"), rule.owner) == ("mine", 2, "kpa")
    assert rule.limits["points"] == 10


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"check": "moon-phase"}, "check 'moon-phase' is unknown; use one of"),
        ({"severity": "grave"}, "severity 'grave' is unknown; use one of high, medium"),
        ({"owner": "raja"}, "owner 'raja' is no role; use one of"),
        ({"reason": ""}, "reason is missing; add it"),
        ({"reason": "because"}, "reason must be said in both languages; write id and en below it"),
        ({"colour": "red"}, "colour is unknown; use one of check"),
        ({"limits": {"points": "10"}}, "limit months is missing; add it"),
        ({"limits": {"points": "10", "months": 2, "days": 3}}, "limit days is unknown; use points, months"),
        ({"limits": {"points": 10.5, "months": 2}}, "limit points is 10.5; write a whole number, or a decimal"),
        ({"limits": {"points": "10", "months": "1.5"}}, "limit months is '1.5'; write a whole number"),
        ({"limits": {"points": "NaN", "months": 2}}, "limit points is 'NaN'; write a whole number, or a decimal"),
        ({"limits": {"points": "101", "months": 2}}, "limit points is '101'; write 1 to 100"),
        ({"limits": True}, "limits must be a table; write points, months"),
    ],
)
def test_what_is_wrong_is_told_with_file_key_and_remedy(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    (problem,) = problems_of(tmp_path, {"mine": GOOD | changed})
    assert problem.startswith("rules.yaml: mine: ")
    assert said in problem


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {"mine": {}, "Bad Name": GOOD, "third": "no"})
    assert len(found) >= 3
    assert "rules.yaml: third: not a rule; write its fields below its name" in found


@pytest.mark.parametrize("text", ["", "- a", "a: [", "mine: {}\nmine: {}\n"])
def test_a_file_that_holds_no_rules_is_told(tmp_path: Path, text: str) -> None:
    assert all(line.startswith("rules.yaml:") for line in problems_of(tmp_path, text))
