"""What is made from the code says what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from dekon.ops.docs.pages import FOLDER, OPENAPI, PAGES, openapi_page, same


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert same(FOLDER / name, PAGES[name]()), "run `make docs`"


def test_the_openapi_snapshot_equals_the_api() -> None:
    assert same(FOLDER / OPENAPI, openapi_page()), "run `make openapi` and look at what changed for others"


def test_a_stale_page_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("old", "utf-8")
    assert not same(tmp_path / "page.md", "new")
    assert not same(tmp_path / "missing.md", "new")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
