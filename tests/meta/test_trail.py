"""Every public service that writes reaches the trail, and every action of the trail has its words."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import FunctionType, ModuleType

from dekon.audit import services as audit
from dekon.org.models import Satker, User
from dekon.web.trail import words
from tests.meta.source import PACKAGE

WRITING = frozenset(
    {"create", "bulk_create", "save", "update", "delete", "update_or_create", "get_or_create", "bulk_update"}
)
OURS = ("dekon.", __name__)
WRITING_SQL = re.compile(r"\b(INSERT INTO|UPDATE \w|DELETE FROM|COPY \w+ .*FROM STDIN)", re.IGNORECASE | re.DOTALL)
RECORDS: frozenset[object] = frozenset({audit.record, audit.record_reading})
UNRECORDED: Mapping[str, str] = {
    "dekon.coordination.services.deliver_batch": "what became of mails; that they were ordered is recorded",
    "dekon.coordination.services.read_people": "reads a list of names; who is invited by it is recorded",
    "dekon.coordination.services.retry_mails": "the same, for those that no server took",
    "dekon.history.services.install": "the owner's tables and triggers, at set-up",
    "dekon.org.services.ask_for_reset": "puts a mail into the queue; whether there is such an account nobody may learn",
    "dekon.org.services.count_failure": "counts failed sign-ins, which are slowed down and then recorded",
    "dekon.org.services.demo_code": "a second factor of a demo account, which no real installation has",
    "dekon.org.services.forget_old_failures": "removes counts that slow nobody down any more",
    "dekon.org.services.forget_old_mails": "removes mails that were sent long ago",
    "dekon.org.services.forget_old_sign_ins": "removes sessions that ended long ago; that they began is recorded",
    "dekon.org.services.keep_session": "the same session under another key",
    "dekon.org.services.leave": "somebody signs out; that the session began is recorded",
    "dekon.org.services.note_seen": "when a session was last used",
    "dekon.org.services.remember": "the answer to a form that was sent, so that it counts once; no fact of its own",
    "dekon.org.services.done_before": "claims the key of what was sent; no fact of its own",
    "dekon.org.services.refresh_codes": "puts in force what was recorded when somebody stated it for this day",
    "dekon.org.services.load_reference": "the lists that the software ships with; each version names its source",
    "dekon.budget.services.refresh_all_codes": "puts in force what was recorded when somebody stated it for this day",
    "dekon.scoring.services.take_snapshots": "computed from what is recorded; kept append-only with its cause",
    "dekon.budget.services.load_reference": "the lists that the software ships with",
}
"""Public services that write and record nothing, each with the reason."""


@cache
def facade(app: str) -> ModuleType | None:
    """The services of an app, if it has any."""
    found = PACKAGE / app / "services"
    if not (found.is_dir() or found.with_suffix(".py").exists()):
        return None
    return importlib.import_module(f"dekon.{app}.services")


def public_services() -> Iterator[tuple[str, FunctionType]]:
    """Every function that an app offers to others for writing; the ledger's are called by services only."""
    for folder in sorted(path.name for path in PACKAGE.iterdir() if path.is_dir()):
        module = None if folder in {"audit", "ledger"} else facade(folder)
        if module is None:
            continue
        for name in getattr(module, "__all__", vars(module)):
            thing = inspect.unwrap(getattr(module, name)) if callable(getattr(module, name)) else None
            if (
                isinstance(thing, FunctionType)
                and not name.startswith("_")
                and thing.__module__.startswith(f"dekon.{folder}.")
            ):
                yield f"dekon.{folder}.services.{name}", thing


@cache
def body(function: FunctionType) -> ast.AST:
    """The syntax tree of a function; of one that Python made itself there is none."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except OSError:
        return ast.Module([], [])


def named(function: FunctionType, node: ast.expr) -> object:
    """What a name or dotted name inside a function stands for, as far as the module says it."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(named(function, node.value), node.attr, None)
    return None


def mentioned(function: FunctionType) -> Iterator[FunctionType]:
    """The functions and methods of the project that a function names, called or passed on."""
    for node in ast.walk(body(function)):
        if isinstance(node, ast.Name | ast.Attribute):
            thing = named(function, node)
            if isinstance(thing, type) and thing.__module__.startswith("dekon."):
                yield from (inspect.unwrap(one) for one in vars(thing).values() if isinstance(one, FunctionType))
            elif callable(thing):
                thing = inspect.unwrap(thing)
                if isinstance(thing, FunctionType) and thing.__module__.startswith(OURS):
                    yield thing


def reached(function: FunctionType) -> set[FunctionType]:
    """A function and all that it leads to."""
    found: set[FunctionType] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += mentioned(one) if one not in RECORDS else ()
    return found


def writes(function: FunctionType) -> bool:
    """Whether a function itself changes rows."""
    for node in ast.walk(body(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
            return True
        text = function.__globals__.get(node.id) if isinstance(node, ast.Name) else ""
        if isinstance(text, str) and WRITING_SQL.search(text):
            return True
    return False


READING = frozenset({"dekon.budget.services.write_marked_workbook", "dekon.org.services.open_items"})
"""What only looks like writing: a workbook is saved, a dictionary updated."""


def unrecorded(services: Callable[[], Iterator[tuple[str, FunctionType]]] = public_services) -> list[str]:
    """Services that write and never reach the trail."""
    found = ((name, reached(service)) for name, service in services() if name not in READING)
    return [name for name, all_of in found if not all_of & RECORDS and any(map(writes, all_of))]


def test_every_public_service_that_writes_records_it() -> None:
    assert sorted(unrecorded()) == sorted(UNRECORDED)


def forgets(*, actor: User) -> None:
    """A service that writes and does not say so."""
    Satker.objects.filter(pk=actor.pk).update(name="lupa")


def asks(*, actor: User) -> bool:
    """A service that only reads."""
    return Satker.objects.filter(pk=actor.pk).exists()


def leads_on(*, actor: User) -> None:
    """A service whose helper forgets."""
    if asks(actor=actor):
        forgets(actor=actor)


def offered() -> Iterator[tuple[str, FunctionType]]:
    """Services of which some are wrong."""
    for service in (forgets, asks, leads_on):
        assert isinstance(service, FunctionType)
        yield service.__name__, service


def test_a_service_that_forgets_is_found() -> None:
    assert unrecorded(offered) == ["forgets", "leads_on"]


def test_services_are_many() -> None:
    assert len(list(public_services())) > 30


def actions() -> Iterator[tuple[str, str]]:
    """Every action that the code records as plain text: with the file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or "bench" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"record", "_trail", "_note", "_record", "_tell"}:
                said = [keyword.value for keyword in node.keywords if keyword.arg == "action"] or node.args[1:2]
                for value in (one for part in said for one in ast.walk(part)):
                    if (
                        isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                        and "-" in value.value.strip("-")
                    ):
                        yield value.value, path.relative_to(PACKAGE).as_posix()


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_every_action_has_its_words() -> None:
    found = {(action, path) for action, path in actions() if not action.endswith("-")}
    assert len(found) > 25
    assert sorted(pair for pair in found if pair[0] not in words.ACTIONS) == []
