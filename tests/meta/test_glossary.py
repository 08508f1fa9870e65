"""One term, one meaning, written down."""

from __future__ import annotations

import re

from django.apps import apps

from tests.meta.source import DOMAIN_APPS, ROOT, modules

ROW = re.compile(r"^\| (?P<term>[^|]+) \| `(?P<name>[^`|]+)` \| (?P<meaning>[^|]+) \|$", re.MULTILINE)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")


def explained() -> dict[str, str]:
    """Name in the code → meaning."""
    return {match["name"]: match["meaning"] for match in ROW.finditer(GLOSSARY)}


def test_every_table_of_the_domain_is_explained() -> None:
    tables = {
        model.__name__
        for config in apps.get_app_configs()
        if config.label in DOMAIN_APPS
        for model in config.get_models()
    }
    assert tables
    assert sorted(tables - set(explained())) == []


def test_every_name_of_the_glossary_exists_in_the_code() -> None:
    code = "\n".join(module.path.read_text("utf-8") for module in modules("dekon"))
    assert [name for name in explained() if not re.search(rf"\b{re.escape(name)}\b", code)] == []


def test_no_term_is_explained_twice() -> None:
    terms = [match["term"] for match in ROW.finditer(GLOSSARY)]
    assert len(terms) == len(set(terms))
    names = [match["name"] for match in ROW.finditer(GLOSSARY)]
    assert len(names) == len(set(names))
