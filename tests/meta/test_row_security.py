"""Every table with a place has its policies, and nothing leads around them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from dekon.names import PersonKey
from dekon.ops.doors import DOORS
from dekon.ops.row_security import FUNCTION_NAMES, RULES, SEEING_ALL, UNPLACED, table_of
from tests.meta.source import modules

PLACES = frozenset({"org.Satker", "org.Province", "org.Unit", "ledger.Pos"})
PLACE_COLUMNS = frozenset({"satker_code", "satker_codes", "province_code", "unit_code"})


def leads_to_a_place(model: type[models.Model], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a row belongs somewhere: by a column, or by what it refers to, however far."""
    label = model._meta.label
    if label in PLACES and label not in seen and seen:
        return True
    if label in seen:
        return False
    columns = {field.name for field in model._meta.get_fields()}
    return bool(columns & PLACE_COLUMNS) or any(leads_to_a_place(to, seen | {label}) for to in referred(model))


def referred(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
            yield field.related_model


def is_of_a_person(model: type[models.Model]) -> bool:
    """Whether it is the account, or refers to it by a key of its own; also tables of libraries."""
    return model._meta.label == "org.User" or any(to._meta.label == "org.User" for to in referred(model))


def without_policy_or_reason(found: list[type[models.Model]]) -> list[str]:
    stated = RULES.keys() | UNPLACED.keys()
    belonging = [model for model in found if leads_to_a_place(model) or is_of_a_person(model)]
    return [model._meta.label for model in belonging if model._meta.label not in stated]


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def test_every_model_that_leads_to_a_place_or_a_person_has_a_policy_or_a_reason() -> None:
    assert not without_policy_or_reason(apps.get_models(include_auto_created=True)), "say so in RULES or UNPLACED"
    assert not RULES.keys() & UNPLACED.keys()
    assert {apps.get_model(label)._meta.label for label in (*RULES, *UNPLACED)} == RULES.keys() | UNPLACED.keys()


def test_a_new_model_below_a_position_would_be_noticed() -> None:
    class Forgotten(models.Model):
        block = models.ForeignKey("budget.Block", on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "budget"
            managed = False

    try:
        assert without_policy_or_reason([Forgotten]) == ["budget.Forgotten"]
    finally:
        del apps.all_models["budget"]["forgotten"]
        apps.clear_cache()


def test_keys_to_people_lead_to_names_and_no_query_joins_accounts_by_them() -> None:
    """A join would lose the rows of everybody whose account the reader may not see."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("dekon.")]
    keys = {
        field.name: isinstance(field, PersonKey)
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label == "org.User"
    }
    assert len(keys) > 10
    assert all(keys.values()), keys
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("select_related", "prefetch_related")):
                said = {word for one in node.args for word in ast.unparse(one).strip("'").split("__")}
                assert not said & keys.keys(), f"{module.name}: {ast.unparse(node)[:120]}"


KEPT = "history_rowbefore"
"""What rows of all tables said before: it has the policies of each, made with the views of the past."""


@pytest.mark.django_db
def test_the_database_guards_exactly_those_tables_for_every_command_but_not_its_owner() -> None:
    found = rows("SELECT relname, relforcerowsecurity FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')")
    assert dict(found) == dict.fromkeys([*map(table_of, RULES), KEPT], False)
    commands: dict[str, set[str]] = {}
    for table, command, roles in rows("SELECT tablename, cmd, roles::text FROM pg_policies"):
        assert roles == "{public}"
        commands.setdefault(table, set()).update(
            {"SELECT", "INSERT", "UPDATE", "DELETE"} if command == "ALL" else {command}
        )
    assert commands.pop(KEPT) == {"SELECT"}
    assert commands == {table_of(label): {"SELECT", "INSERT", "UPDATE", "DELETE"} for label in RULES}


@pytest.mark.django_db
def test_policies_read_settings_only_through_sub_selects() -> None:
    for table, name, seen, added in rows(
        "SELECT tablename, policyname, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies"
    ):
        outside = re.sub(
            r"SELECT (\(|NULLIF\()*(current_setting|dekon_\w+_in_(scope|care|reach))\(", "", f"{seen} {added}"
        )
        assert not re.search(r"current_setting\(|_in_(scope|care|reach)\(", outside), (table, name, outside)


@pytest.mark.django_db
def test_definer_functions_are_pinned_and_asked_by_the_app_alone() -> None:
    functions = {
        name: (definer, path, by_all, by_app)
        for name, definer, path, by_all, by_app in rows(
            """SELECT proname, prosecdef, coalesce(proconfig::text, ''),
                      EXISTS (SELECT 1 FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0),
                      has_function_privilege('dekon_app', oid, 'EXECUTE')
               FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"""
        )
    }
    for name, (definer, path, _by_all, _by_app) in functions.items():
        assert not definer or "search_path=" in path, f"{name} runs as owner, in whatever schema its caller names"
    for name in (*FUNCTION_NAMES, *DOORS, "dekon_people_in_care"):
        definer, path, *asked_by = functions[name]
        assert "pg_catalog, public, pg_temp" in path, name
        assert (definer, asked_by) == (True, [False, True]), name
    assert all(functions[name][0] for name in SEEING_ALL)


@pytest.mark.django_db
def test_no_view_leads_around_the_policies() -> None:
    views = rows(
        """SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND
           (relkind = 'm' AND has_table_privilege('dekon_app', oid, 'SELECT')
            OR relkind = 'v' AND NOT coalesce(reloptions::text, '') LIKE '%security_invoker=true%')"""
    )
    assert not views


def test_rows_are_copied_into_temporary_tables_only() -> None:
    for module in modules():
        for node in ast.walk(module.tree):
            words = ast.unparse(node) if isinstance(node, ast.Constant | ast.JoinedStr) else ""
            if "COPY " in words and " FROM STDIN" in words:
                assert "stage" in words or "ops.bench" in module.name, f"{module.name}: {words}"


def test_every_task_works_in_a_scope_of_its_own() -> None:
    for module in modules():
        tasks = [one for one in module.functions() if "task" in {ast.unparse(mark) for mark in one.decorator_list}]
        if tasks and module.app:
            assert "scoped_transaction" in ast.unparse(module.tree), f"{module.name}: whose scope does it carry?"
