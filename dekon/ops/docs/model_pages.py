"""Pages about what is kept and who may do what: tables, messages, permissions."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from django.apps import apps
from django.db import models
from django.utils.translation import override

from dekon.errors import MESSAGES_FOLDER, message_catalogue
from dekon.ops.docs.markdown import code, first_sentence, page, table
from dekon.org.choices import PERMITTED, Action, Role

DOMAIN = ("org", "audit", "ledger", "budget")


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
    """Which role may do what; the place of the assignment narrows it further."""
    with override("en"):
        rows = [(f"`{role.value}`", *("●" if action in PERMITTED[role] else "" for action in Action)) for role in Role]
    head = ("role", *(f"`{action.value}`" for action in Action))
    lead = "What each role may do (`dekon/org/choices.py`). Province, unit and satker of an assignment narrow where."
    return page("Permissions", lead, table(head, rows))
