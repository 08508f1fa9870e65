"""Pages about what is kept and who may do what: tables, messages, permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml
from django.apps import apps
from django.db import models
from django.utils.translation import override

from dekon.errors import MESSAGES_FOLDER, message_catalogue
from dekon.ops.docs.markdown import code, first_sentence, page, table
from dekon.org.choices import Action, Role
from dekon.org.matrix import Deed, Pair, Reach, Right, matrix

DOMAIN = ("org", "audit", "history", "ledger", "budget")


def tables_page() -> str:
    """All tables of the domain: one diagram an app, then what each table is and its constraints."""
    parts = []
    for label in DOMAIN:
        own = sorted(apps.get_app_config(label).get_models(), key=lambda model: model.__name__)
        parts += [f"## {label}", code("\n".join(_diagram(own)), "mermaid"), *(_described(model) for model in own)]
    return page(
        "Tables", "What the database keeps, by app. Lines show foreign keys; money is integer rupiah (`_rp`).", *parts
    )


def _diagram(own: list[type[models.Model]]) -> Iterator[str]:
    yield "erDiagram"
    for model in own:
        yield f"    {model.__name__} {{"
        for field in model._meta.concrete_fields:
            if not field.is_relation:
                yield f"        {field.get_internal_type().removesuffix('Field')} {field.name}"
        yield "    }"
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                many = "||--o|" if isinstance(field, models.OneToOneField) else "|o--o{" if field.null else "||--o{"
                yield f"    {field.related_model.__name__} {many} {model.__name__} : {field.name}"


def _described(model: type[models.Model]) -> str:
    constraints = ", ".join(f"`{constraint.name}`" for constraint in model._meta.constraints)
    lines = [f"**{model.__name__}** (`{model._meta.db_table}`): {first_sentence(model.__doc__)}"]
    if constraints:
        lines.append(f"Constraints: {constraints}.")
    return "\n".join(lines)


def messages_page() -> str:
    """All codes of errors and findings, by area, in both languages."""
    catalogue = message_catalogue()
    parts = []
    for path in sorted(MESSAGES_FOLDER.glob("*.yaml")):
        codes = sorted(yaml.safe_load(path.read_text("utf-8")) or {})
        rows = [(f"`{name}`", *catalogue[name].texts.values(), catalogue[name].legal) for name in codes]
        parts += [f"## {path.stem}", table(("code", "Indonesia", "English", "legal"), rows)]
    lead = f"The {len(catalogue)} codes of errors and findings; `{{name}}` is filled when the message is shown."
    return page("Messages", lead, *parts)


def permissions_page() -> str:
    """The matrix of rights: role × action × status × scope, and which offices go together."""
    known = matrix()
    with override("en"):
        bound = ("*bound to*", *(known.roles[role].bound_to.value for role in Role))
        rows = [bound, *((f"`{one.value}`", *(_cell(known.right(role, one)) for role in Role)) for one in Action)]
    deeds = [(f"`{one.value}`", *_conditions(known.actions[one])) for one in Action]
    pairs = [*_pairs(known.offices.incompatible, "refused"), *_pairs(known.offices.cautioned, "warned of")]
    lead = (
        "What each role may do, from `dekon/org/matrix.yaml`. ● exactly where the assignment holds, ◐ in the whole"
        " office (province) of its satker. The first line says what an assignment must name. Everybody with an open"
        " account:"
        f" {', '.join(sorted(f'`{one.value}`' for one in known.everyone))}."
    )
    return page(
        "Permissions", lead, table(("action", *(f"`{role.value}`" for role in Role)), rows),
        "## What an action asks beside the role",
        table(("action", "of", "only in status", "never by", "act of the KPA (no Plh)", "only reads"), deeds),
        "## Offices of one satker in one hand",
        f"Confidence of the source: {known.offices.confidence}. One person at a time holds:"
        f" {', '.join(role.value for role in known.offices.order if role in known.offices.single)}.",
        table(("offices", "in one satker", "legal basis"), pairs),
    )  # fmt: skip


def _cell(right: Right | None) -> str:
    if right is None:
        return ""
    mark = "◐" if right.reach == Reach.OFFICE else "●"
    return " ".join((mark, *sorted(right.status)))


def _conditions(deed: Deed) -> tuple[str, ...]:
    flags = (deed.kpa_act, deed.reads)
    return (deed.subject, ", ".join(sorted(deed.status)), deed.not_preparer, *("●" if flag else "" for flag in flags))


def _pairs(pairs: Iterable[Pair], words: str) -> list[tuple[str, str, str]]:
    return [(" and ".join(sorted(f"`{one.value}`" for one in pair.offices)), words, pair.legal) for pair in pairs]
