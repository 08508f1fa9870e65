"""Every kind of record has a class, and what is official nobody removes: no route, no service, not the app's role."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from dekon.api.document import api
from dekon.ops.retention import kept_tables
from tests.builders import small_year
from tests.meta.source import modules

TAKEN_BACK = {
    "dekon/budget/services/outcomes.py", "dekon/budget/services/policies.py", "dekon/budget/services/themes.py",
    "dekon/coordination/services/meetings.py",
}  # fmt: skip
"""Services that take back a draft of the plan; the trail keeps what it said."""
OF_THE_SYSTEM = {
    "dekon/documents/services/keys.py", "dekon/documents/services/leases.py",
    "dekon/ops/bench/signatures.py", "dekon/ops/jobs.py", "dekon/ops/worker.py",
    "dekon/org/services/factors.py", "dekon/org/services/leaving.py",
    "dekon/org/services/signing_in.py", "dekon/org/services/throttle.py",
    "dekon/web/session/store.py",
}  # fmt: skip
"""Technical state that runs out: sessions, factors, counts of failures, leases."""


@pytest.mark.django_db
def test_the_role_of_the_app_has_no_right_to_remove_what_is_kept() -> None:
    with connection.cursor() as cursor:
        rights = {
            (table, right)
            for table in kept_tables()
            for right in ("DELETE", "TRUNCATE")
            if cursor.execute("SELECT has_table_privilege('dekon_app', %s, %s)", [table, right]).fetchone()[0]
        }
    assert rights == set()
    assert len(kept_tables()) > 30


@pytest.mark.django_db
def test_the_database_refuses_the_app_to_remove_what_is_kept(tmp_path: Path) -> None:
    small_year.build(tmp_path)
    for table in kept_tables():
        with pytest.raises(DatabaseError), transaction.atomic():
            remove_all(table)


def remove_all(table: str) -> None:
    """Try to empty a table as the app."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        cursor.execute(f"DELETE FROM {table}")


def test_only_drafts_of_the_plan_and_passing_state_are_ever_removed() -> None:
    found = {
        module.name
        for module in modules("dekon")
        if "/migrations/" not in module.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"delete", "raw_delete", "_raw_delete"}
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "router")
    }  # fmt: skip
    assert found - TAKEN_BACK - OF_THE_SYSTEM == set()


def test_the_api_removes_nothing_but_drafts_of_the_plan() -> None:
    removing = {path for path, methods in api.get_openapi_schema()["paths"].items() if "delete" in methods}
    areas = ("/policies", "/outcomes", "/themes", "/years")
    assert [path for path in removing if not path.removeprefix("/api/v1").startswith(areas)] == []


def test_no_statement_removes_rows_of_what_is_kept() -> None:
    found = [
        f"{module.name}: {table}"
        for module in modules("dekon")
        if "/migrations/" not in module.name
        for table in re.findall(r"DELETE FROM (?:ONLY )?(\w+)", module.path.read_text("utf-8"))
        if table in kept_tables()
    ]
    assert found == []
