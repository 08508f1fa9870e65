"""Files of cases: YAML (or JSON) in which numbers never pass through a float and a broken case harms no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import yaml

from dekon.errors import RuleBroken
from dekon.rules.files import StrictLoader

_FLOAT_TAG: Final = "tag:yaml.org,2002:float"
_INT_TAG: Final = "tag:yaml.org,2002:int"
_TRUTH_TAG: Final = "tag:yaml.org,2002:bool"
_DAY_TAG: Final = "tag:yaml.org,2002:timestamp"
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)", re.ASCII)
_TOO_LONG: Final = 100


@dataclass(frozen=True, slots=True)
class Case:
    """One case as the file writes it, or the reason why it cannot be read."""

    id: str
    content: Mapping[str, object]
    error: RuleBroken | None = None


class _CaseLoader(StrictLoader):
    """Numbers as decimals, days as days; what is neither stays the text that it is, for the formula to refuse."""


def _decimal(loader: Any, node: Any) -> object:  # noqa: ANN401  # PyYAML's loader has no types
    text = loader.construct_scalar(node)
    try:
        return Decimal(text.replace("_", "").lower().replace(".inf", "Infinity").replace(".nan", "NaN"))
    except InvalidOperation:
        return text


def _integer(loader: Any, node: Any) -> object:  # noqa: ANN401  # as above
    """Whole numbers as written; `007` and `1:30`, which YAML would count in another base, stay text."""
    text = loader.construct_scalar(node)
    return int(text.replace("_", "")) if _WHOLE.fullmatch(text) and len(text) < _TOO_LONG else text


def _truth(loader: Any, node: Any) -> object:  # noqa: ANN401  # as above
    """Only `true` and `false`; `no` is the number of a contract, not a denial."""
    text = loader.construct_scalar(node)
    return {"true": True, "false": False}.get(text.lower(), text)


def _day(loader: Any, node: Any) -> object:  # noqa: ANN401  # as above
    text = loader.construct_scalar(node)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_CaseLoader.add_constructor(_FLOAT_TAG, _decimal)
_CaseLoader.add_constructor(_INT_TAG, _integer)
_CaseLoader.add_constructor(_TRUTH_TAG, _truth)
_CaseLoader.add_constructor(_DAY_TAG, _day)


def read_cases(text: str) -> list[Case]:
    """The cases of a file in their order.

    Args:
        text: a list of cases in YAML; JSON is YAML too. A table with the one key `cases` is taken as its list.

    Raises:
        RuleBroken: `cases-unreadable`, `cases-not-a-list`.
    """
    try:
        loader = _CaseLoader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        raise RuleBroken("cases-unreadable", reason=" ".join(str(error).split())) from error
    if isinstance(root, yaml.MappingNode) and [key.value for key, _ in root.value] == ["cases"]:
        root = root.value[0][1]
    if not isinstance(root, yaml.SequenceNode):
        raise RuleBroken("cases-not-a-list")
    return list(_cases(loader, root))


def _cases(loader: Any, root: yaml.SequenceNode) -> Iterator[Case]:  # noqa: ANN401  # PyYAML's loader has no types
    for number, node in enumerate(root.value, 1):
        name = str(number)
        try:
            content = loader.construct_document(node)
        except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
            loader.constructed_objects, loader.recursive_objects = {}, {}
            reason = " ".join(str(error).split())
            yield Case(_id_in(node) or name, {}, RuleBroken("case-unreadable", reason=reason))
            continue
        if not isinstance(content, dict):
            yield Case(name, {}, RuleBroken("case-not-a-table", number=number))
        else:
            yield Case(str(content.get("id", name)), content)


def _id_in(node: object) -> str:
    """The id of a case that cannot be read, if it can be seen."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if getattr(key, "value", "") == "id"), "")
