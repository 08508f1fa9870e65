"""The page of parameters: what the law sets, since when, on which source."""

from __future__ import annotations

from collections.abc import Mapping

from dekon.ops.docs.markdown import page, table
from dekon.rules.entry import Definition, Entry, Value
from dekon.rules.overrides import Override, overrides
from dekon.rules.parameter import BOOK
from dekon.rules.regulations import Regulation, regulations

REGULATION_HEAD = (
    "subject", "regulation", "applied from", "until", "revoked by", "published", "passage", "confidence", "seen in",
)  # fmt: skip
OVERRIDE_HEAD = ("year", "quarter", "indicators", "counts as", "reason", "letter", "confidence", "seen in")
HEAD = ("since", "until", "value", "legal", "published", "checked", "confidence", "seen in")


def parameters_page() -> str:
    """Every regulation, period override and parameter with its history; what nobody has checked is marked."""
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
    in_order = sorted(regulations().values(), key=lambda one: (one.subject, -one.since.toordinal()))
    return page(
        "Parameters", lead, "## Regulations", table(REGULATION_HEAD, map(regulation_row, in_order)),
        "## Period overrides", table(OVERRIDE_HEAD, map(override_row, overrides())), *parts,
    )  # fmt: skip


def regulation_row(one: Regulation) -> tuple[object, ...]:
    """One regulation as a row."""
    passage = f"**unverified**: {one.transition_note}" if one.transition_unverified else one.transition_note
    name = f"{one.id} (amended by {one.amended_by})" if one.amended_by else one.id
    return (
        one.subject, name, one.since, one.until or "", one.revoked_by, one.published or "", passage, one.confidence,
        one.seen_in,
    )  # fmt: skip


def override_row(one: Override) -> tuple[object, ...]:
    """One override as a row."""
    counts = "left out" if one.value is None else one.value
    indicators = ", ".join(sorted(one.indicators))
    return (one.year, one.quarter, indicators, counts, one.reason, one.letter, one.confidence, one.seen_in)


def described(definition: Definition) -> str:
    """What a parameter is, its unit and its notes."""
    by_year = "; goes by fiscal year" if definition.by_fiscal_year else ""
    notes = f"\n\n{' '.join(definition.notes.split())}" if definition.notes else ""
    return f"{definition.description} ({definition.unit}{by_year}).{notes}"


def row(entry: Entry) -> tuple[object, ...]:
    """One dated value as a row."""
    checked = f"{entry.checked or ''}" + (f" ({entry.checked_by})" if entry.checked_by else "")
    state = checked if entry.verified else f"{checked} **unverified**".strip()
    return (
        entry.since, entry.until or "", shown(entry.value), entry.legal, entry.published or "", state,
        entry.confidence, entry.seen_in,
    )  # fmt: skip


def shown(value: Value) -> str:
    """A value as text; lists with commas, tables with their names."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {shown(item)}" for name, item in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value)
