"""What services, checks and formulas say about themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from dekon.errors import message_catalogue
from tests.meta.source import DOMAIN_APPS, Function, Module, call_name, modules, parse

EXPECTED_ERRORS = frozenset({"RuleBroken", "NotAllowed", "NotFound", "Conflict", "GatewayFailed"})
CITATION = re.compile(r"\b(PMK|KMK|PP|PER|UU|Permenaker|Perpres)[- ]?\d+")


def raised_errors(function: Function) -> Iterator[tuple[str, str]]:
    """Kind and code of the expected errors that the function itself raises."""
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            kind, code = call_name(node.exc.func), node.exc.args[:1]
            if kind in EXPECTED_ERRORS:
                literal = code[0] if code else None
                yield kind, str(literal.value) if isinstance(literal, ast.Constant) else ""


def rests_on_law(codes: Iterator[tuple[str, str]]) -> bool:
    """Whether one of the codes has a regulation in the catalogue."""
    catalogue = message_catalogue()
    return any(code in catalogue and catalogue[code].legal for _, code in codes)


def undocumented(module: Module) -> Iterator[str]:
    """Public functions whose docstring lacks the `Raises:` or `Legal:` that their body calls for."""
    for function in module.public_functions():
        docstring = ast.get_docstring(function) or ""
        place = f"{module.name}:{function.lineno} {function.name}"
        kinds = {kind for kind, _ in raised_errors(function)}
        if kinds and "Raises:" not in docstring:
            yield f"{place} raises {', '.join(sorted(kinds))} and does not say so"
        if "Legal:" not in docstring and (rests_on_law(raised_errors(function)) or CITATION.search(docstring)):
            yield f"{place} rests on a regulation without a `Legal:` section"


def is_ruled(module: Module) -> bool:
    """Services, checks and rules are the places where rules live."""
    inside = module.path.parts
    return module.app == "rules" or (
        module.app in DOMAIN_APPS and bool({"services", "services.py", "checks.py"} & set(inside))
    )


def test_services_checks_and_rules_name_what_they_raise_and_rest_on() -> None:
    assert [line for module in modules("dekon") if is_ruled(module) for line in undocumented(module)] == []


def test_a_silent_refusal_would_be_found() -> None:
    source = 'def pay():\n    """Pays."""\n    raise RuleBroken("pagu-exceeded")\n'
    assert list(undocumented(parse(source)))
    assert not list(undocumented(parse(source.replace("Pays.", "Pays.\n\n    Raises:\n        RuleBroken: x."))))


def test_a_formula_without_its_regulation_would_be_found() -> None:
    assert list(undocumented(parse('def nka():\n    """The value after PMK 22/PMK.02/2021."""\n')))


def test_formulas_name_their_regulation() -> None:
    silent = [
        f"{module.name} {function.name}"
        for module in modules("dekon/rules/formulas")
        for function in module.public_functions()
        if "Legal:" not in (ast.get_docstring(function) or "")
    ]
    assert silent == []
