"""Every kind of record says how long it is kept: `dekon/ops/retention.yaml`."""

from __future__ import annotations

from django.apps import apps

from dekon.ops.retention import class_of_table, classes


def domain_tables() -> set[str]:
    return {
        model._meta.db_table for model in apps.get_models() if model.__module__.startswith("dekon.")
    }  # fmt: skip


def test_every_table_has_a_retention_class() -> None:
    missing = sorted(domain_tables() - set(class_of_table()))
    assert missing == [], "write a line for each into `tables` of dekon/ops/retention.yaml"


def test_no_class_is_given_to_a_table_that_is_not_there() -> None:
    assert sorted(set(class_of_table()) - domain_tables()) == []


def test_every_class_says_its_law_its_years_and_what_happens_then() -> None:
    for kind in classes().values():
        assert kind.legal
        assert kind.what["id"]
        assert kind.what["en"]
        assert kind.then["id"]
        assert kind.years is None or kind.years >= 0
    assert set(classes()) == {kind.name for kind in class_of_table().values()}
