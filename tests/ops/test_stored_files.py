"""`dekon verify files`: what is lost, changed or nobody's is named; what is whole is not."""

from __future__ import annotations

import json
import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from pytest_django import Settings

from dekon.audit.services import acting_from
from dekon.budget import services as budget
from dekon.documents import services as documents
from dekon.documents.models import Document
from dekon.gateways import files
from dekon.ops import cli, stored_files
from dekon.ops.stored_files import Finding, prove_files
from dekon.org.selectors import system_user

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = 1_600_000_000


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HEADS_FILE = tmp_path / "heads" / "heads.jsonl"


def seal() -> Document:
    return documents.seal_trail(actor=system_user(), at=NOON)


def path_of(document: Document) -> Path:
    return files.stored(document.sha256, shelf="documents")


@pytest.mark.django_db(transaction=True)
def test_a_whole_store_has_no_findings() -> None:
    sealed = path_of(seal())
    proof = prove_files()
    assert (proof.files, proof.size_bytes, proof.findings) == (1, sealed.stat().st_size, [])


@pytest.mark.django_db(transaction=True)
def test_a_lost_a_changed_and_a_nobodys_file_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    document = seal()
    kept = path_of(document)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + b"x")
    nobodys = files.keep([b"berkas"], shelf="attachments")
    os.utime(nobodys.path, (LONG_AGO, LONG_AGO))
    assert cli.main(["verify", "files", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["files"]) == (False, 1)
    assert told["findings"] == [
        {"fault": "changed", "shelf": "documents", "name": document.sha256},
        {"fault": "orphan", "shelf": "attachments", "name": nobodys.sha256},
    ]
    kept.unlink()
    assert cli.main(["verify", "files"]) == 1
    assert f"documents/{document.sha256}: the store has lost it" in capsys.readouterr().out
    kept.write_bytes(whole)
    nobodys.path.unlink()
    assert cli.main(["verify", "files"]) == 0
    assert "every file is what the database says" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_just_arriving_is_nobodys_only_after_an_hour() -> None:
    arriving = files.keep([b"surat"], shelf="attachments")
    assert prove_files().findings == []
    os.utime(arriving.path, (LONG_AGO, LONG_AGO))
    assert prove_files().findings == [Finding("orphan", "attachments", arriving.sha256)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("origin", "fault"), [("web", ["missing"]), ("api", ["missing"]), ("cli", [])])
def test_only_an_import_that_came_by_page_or_api_must_be_in_the_store(
    tmp_path: Path, origin: str, fault: list[str]
) -> None:
    path = tmp_path / "tak-dikenal.csv"
    path.write_text("a;b\n1;2\n")
    kept = files.keep([path.read_bytes()])
    options = budget.ImportOptions(year=2022)
    with acting_from(origin):
        budget.check_file(actor=system_user(), path=path, file_name=path.name, options=options, now=NOON)
    assert prove_files().findings == []
    kept.path.unlink()
    proof = prove_files()
    assert [one.fault for one in proof.findings] == fault
    assert proof.elsewhere == (0 if fault else 1)


@pytest.mark.django_db(transaction=True)
def test_memory_does_not_grow_with_a_file() -> None:
    document = seal()
    with path_of(document).open("ab") as stream:
        stream.truncate(64 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert [one.fault for one in prove_files().findings] == ["changed"]
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_every_column_that_names_a_stored_file_is_looked_at() -> None:
    named = {named for columns in stored_files.NAMED.values() for named in columns}
    found = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and field.column in {"sha256", "letter_digest"}
    }
    assert found == named
