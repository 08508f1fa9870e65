"""One catalogue of messages: complete, used, in both languages."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping

import yaml

from dekon.errors import MESSAGES_FOLDER, Message, message_catalogue, message_text
from tests.meta.source import Module, call_name, modules, parse, strings

ERRORS = frozenset({"RuleBroken", "NotAllowed", "NotFound", "Conflict", "GatewayFailed"})
FINDING_CODE_PLACE = 1
"""`Finding(severity, code, …)`."""


def places(text: str) -> set[str]:
    """The `{name}` places of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def codes_used(module: Module) -> Iterator[tuple[str, int, ast.Call]]:
    """Codes that an error or a finding is made with, as far as they stand there as a text."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = call_name(node.func)
        if name in ERRORS and node.args:
            yield from literal(node.args[0], node)
        elif name == "Finding":
            named = [word.value for word in node.keywords if word.arg == "code"]
            for value in named or node.args[FINDING_CODE_PLACE : FINDING_CODE_PLACE + 1]:
                yield from literal(value, node)


def literal(value: ast.expr, call: ast.Call) -> Iterator[tuple[str, int, ast.Call]]:
    """The code, where it is a plain text."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value, call.lineno, call


def missing_places(call: ast.Call, message: Message) -> set[str]:
    """Places of the message that an error is raised without; nothing where values are passed on with `**`."""
    given = {word.arg for word in call.keywords}
    return set() if None in given else places(message.texts["id"]) - {name for name in given if name}


def unequal(catalogue: Mapping[str, Message]) -> list[str]:
    """Codes whose two texts do not have the same places."""
    return [code for code, m in catalogue.items() if places(m.texts["id"]) != places(m.texts["en"])]


def test_every_code_in_the_code_has_a_message() -> None:
    catalogue = message_catalogue()
    used = [(code, f"{m.name}:{line}") for m in modules("dekon") for code, line, _ in codes_used(m)]
    assert [f"{code} at {place}" for code, place in used if code not in catalogue] == []


def composed(tree: ast.AST) -> Iterator[str]:
    """Patterns of codes that are put together in the code: `f"unknown-{field}"` gives `unknown-[a-z0-9-]+`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            if any(part and "-" in part for part in parts):
                yield "".join("[a-z0-9-]+" if part is None else re.escape(part) for part in parts)


def test_every_message_is_used() -> None:
    trees = [module.tree for module in modules("dekon")]
    known = {text for tree in trees for text in strings(tree)}
    patterns = {pattern for tree in trees for pattern in composed(tree)}
    unused = set(message_catalogue()) - known
    assert sorted(code for code in unused if not any(re.fullmatch(pattern, code) for pattern in patterns)) == []


def test_both_languages_have_the_same_places() -> None:
    assert unequal(message_catalogue()) == []
    assert unequal({"a": Message({"id": "{x}", "en": "{y}"})}) == ["a"]


def test_errors_are_raised_with_all_values_that_their_message_shows() -> None:
    catalogue = message_catalogue()
    wrong = [
        f"{module.name}:{line} {code} lacks {sorted(lacking)}"
        for module in modules("dekon")
        for code, line, call in codes_used(module)
        if call_name(call.func) in ERRORS and code in catalogue
        if (lacking := missing_places(call, catalogue[code]))
    ]
    assert wrong == []


def test_a_missing_value_would_be_found() -> None:
    ((_, _, call),) = codes_used(parse('raise RuleBroken("a-b", x=1)\n'))
    assert missing_places(call, Message({"id": "{x} {y}", "en": ""})) == {"y"}


def test_codes_are_kebab_case_and_texts_are_sentences() -> None:
    for code, message in message_catalogue().items():
        assert code == code.lower().replace("_", "-"), code
        for text in message.texts.values():
            assert text[-1] in ".!?}", f"{code}: {text!r} does not end like a sentence"


def test_the_texts_of_a_code_are_not_the_same_in_both_languages() -> None:
    assert [code for code, m in message_catalogue().items() if m.texts["id"] == m.texts["en"]] == []


def test_catalogue_files_hold_nothing_but_texts_and_law() -> None:
    for path in sorted(MESSAGES_FOLDER.glob("*.yaml")):
        for code, entry in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            assert set(entry) <= {"id", "en", "legal"}, f"{path.name} {code}"


def test_money_in_a_message_has_its_thousands_apart() -> None:
    params: dict[str, str | int] = {"path": "2175", "day": "2022-12-01", "amount": 1_250_000, "room": -5}
    assert "Rp1.250.000" in message_text("ledger-no-room-since", params)
    assert "Rp1,250,000" in message_text("ledger-no-room-since", params, "en")
    assert "−Rp5" in message_text("ledger-no-room-since", params)
