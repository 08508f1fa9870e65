"""The page of parameters: what the law sets, since when, on which source."""

from __future__ import annotations

from dekon.ops.docs.markdown import page, table
from dekon.rules.parameter import BOOK, Definition, Entry, Value


def parameters_page() -> str:
    """Every parameter with its history, newest first; what nobody has checked is marked."""
    parts: list[str] = []
    definitions = sorted(BOOK.definitions.values(), key=lambda definition: definition.key)
    for definition in definitions:
        parts += [f"## {definition.key}", described(definition), table(HEAD, map(row, definition.entries))]
    unverified = sum(not entry.verified for definition in definitions for entry in definition.entries)
    lead = (
        f"{len(definitions)} parameters; {unverified} of their dated values are **unverified** and"
        f" shown as such wherever they"
        " are used. A value counts as verified when somebody saw it in a text of the regulation,"
        " or when it is a house rule."
    )
    return page("Parameters", lead, *parts)


HEAD = ("since", "value", "legal", "published", "checked", "confidence", "seen in")


def described(definition: Definition) -> str:
    """What a parameter is, its unit and its notes."""
    by_year = "; goes by fiscal year" if definition.by_fiscal_year else ""
    notes = f"\n\n{' '.join(definition.notes.split())}" if definition.notes else ""
    return f"{definition.description} ({definition.unit}{by_year}).{notes}"


def row(entry: Entry) -> tuple[object, ...]:
    """One dated value as a row."""
    checked = entry.checked or ""
    state = f"{checked}" if entry.verified else f"{checked} **unverified**".strip()
    return (entry.since, shown(entry.value), entry.legal, entry.published or "", state, entry.confidence, entry.seen_in)


def shown(value: Value) -> str:
    """A value as text; lists with commas."""
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)
