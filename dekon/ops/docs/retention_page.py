"""The page about how long what is kept is kept."""

from __future__ import annotations

from dekon.ops.docs.markdown import page, table
from dekon.ops.retention import class_of_table, classes

DELETABLE = {"no": "nobody", "draft": "a service; the trail keeps what it said", "system": "the system"}


def retention_page() -> str:
    """Retention classes, then the class of every table."""
    kinds = classes().values()
    rows = [
        (
            f"`{kind.name}`", f"{kind.what['en']} ({kind.what['id']})",
            "for good" if kind.years is None else str(kind.years), kind.then["en"],
            DELETABLE[kind.deletable], kind.personal["en"], kind.legal, kind.confidence,
        )
        for kind in kinds
    ]  # fmt: skip
    head = ("class", "records", "years", "then", "may remove", "personal data", "legal", "confidence")
    tables = [(f"`{name}`", f"`{kind.name}`") for name, kind in sorted(class_of_table().items())]
    lead = (
        "How long each kind of record is kept after the year it belongs to, and what happens then. Nothing official is "
        "removed by itself. The source is `dekon/ops/retention.yaml`."
    )
    return page("Retention", lead, table(head, rows), "## Tables", table(("table", "class"), tables))
