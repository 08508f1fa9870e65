"""A backup, the way back, and the rehearsal of it, on real databases."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from dekon.audit import selectors as audit
from dekon.audit import services as trail
from dekon.documents import selectors as documents
from dekon.errors import RuleBroken
from dekon.gateways import files, heads
from dekon.ledger import services as ledger
from dekon.ledger.choices import EntryKind
from dekon.ops.backup import archive, restore
from dekon.ops.backup.drill import prove, rehearse, working_on
from dekon.ops.backup.make import make_backup
from dekon.org.selectors import system_user
from tests.ledger.test_book import make_pos

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HEADS_FILE = tmp_path / "heads" / "heads.jsonl"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small book with a payment, a file and a trail."""
    pos = make_pos(pagu_rp=100)
    ledger.post(entries=[ledger.NewEntry(pos.pk, EntryKind.REALISE, 40, date(2022, 3, 1), "sp2d-1")])
    files.keep([b"berkas asli"])
    with transaction.atomic():
        trail.record(actor=system_user(), action="tested", subject_type="thing", subject_id=1, satker_code="069011")
    trail.copy_heads(at=NOON)
    path = tmp_path / "backup.zip"
    with path.open("wb") as stream:
        make_backup(stream, now=NOON)
    return path


def realised() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(realised_rp), 0) FROM ledger_pos")
        return int(cursor.fetchone()[0])


def test_what_comes_back_is_what_was_there_and_its_guards_hold(backup: Path) -> None:
    manifest = archive.read_manifest(backup)
    archive.refuse_damaged(backup, manifest)
    with restore.scratch_database(f"{connection.settings_dict['NAME']}_back") as scratch:
        restore.load_dump(backup, scratch)
        proof = prove(scratch, manifest)
        assert (proof.complaint, proof.entries, proof.positions) == ("", 2, 1)
        assert proof.trail_rows == audit.prove_trail().rows
        with working_on(scratch):
            assert realised() == 40
            with pytest.raises(Exception, match="refused"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM ledger_entry")
    assert realised() == 40


def test_a_backup_shows_one_moment_and_may_go_through_a_pipe(backup: Path) -> None:
    class Pipe(io.RawIOBase):
        """Takes bytes and cannot go back."""

        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.taken += memoryview(data)  # type: ignore[arg-type]  # bytes of any kind
            return len(memoryview(data))  # type: ignore[arg-type]  # the same

    pipe = Pipe()
    make_backup(pipe, now=NOON)  # type: ignore[arg-type]  # a stream of bytes
    with zipfile.ZipFile(io.BytesIO(bytes(pipe.taken))) as found, zipfile.ZipFile(backup) as kept:
        assert json.loads(found.read("manifest.json"))["rows"] == json.loads(kept.read("manifest.json"))["rows"]
        assert found.testzip() is None
        assert not [name for name in found.namelist() if name.endswith(".key")]


@pytest.mark.parametrize("part", ["database.dump", "heads/heads.jsonl"])
def test_one_changed_byte_is_named_and_nothing_is_restored(backup: Path, part: str) -> None:
    with zipfile.ZipFile(backup) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    contents[part] = contents[part][:-1] + bytes([contents[part][-1] ^ 1])
    with zipfile.ZipFile(backup, "w") as target:
        for name, content in contents.items():
            target.writestr(name, content)
    with pytest.raises(RuleBroken) as refused:
        archive.refuse_damaged(backup, archive.read_manifest(backup))
    assert refused.value.params["part"] == part


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a backup"])
def test_what_is_no_backup_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(RuleBroken) as refused:
        archive.read_manifest(tmp_path / "x.zip")
    assert refused.value.code == "backup-unreadable"


def test_a_part_that_points_outside_is_put_nowhere(backup: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backup, "a") as target:
        target.writestr("pki/../../evil.pem", b"x")
    manifest = archive.read_manifest(backup)
    with pytest.raises(RuleBroken):
        archive.refuse_damaged(backup, manifest)
    forged = archive.Manifest(NOON, "", 18, {}, {"pki/../../evil.pem": ""})
    assert restore.put_files(backup, forged) == 0
    assert not list(tmp_path.rglob("evil.pem"))


def test_files_and_heads_come_back_where_they_are_missing(backup: Path, settings: Settings, tmp_path: Path) -> None:
    kept = heads.newest_line()
    settings.MEDIA_ROOT, settings.HEADS_FILE = tmp_path / "other", tmp_path / "other" / "heads.jsonl"
    assert restore.put_files(backup, archive.read_manifest(backup)) >= 2
    assert heads.newest_line() == kept
    assert [path.read_bytes() for path in (tmp_path / "other" / "imports").iterdir()] == [b"berkas asli"]


def test_a_rehearsal_is_reported_in_a_sealed_page_and_leaves_nothing_behind(backup: Path) -> None:
    drill = rehearse(actor=system_user(), now=NOON)
    assert drill.proof.holds, drill.proof.complaint
    assert documents.check(documents.content(drill.report), at=drill.report.issued_at).intact
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = 'dekon_drill'")
        assert cursor.fetchone() == (0,)


def test_a_rehearsal_that_finds_a_difference_says_so(backup: Path) -> None:
    manifest = archive.read_manifest(backup)
    wrong = archive.Manifest(NOON, "", 18, {**manifest.rows, "ledger_entry": 7}, manifest.parts)
    with restore.scratch_database(f"{connection.settings_dict['NAME']}_back") as scratch:
        restore.load_dump(backup, scratch)
        assert prove(scratch, wrong).complaint == "rows of ledger_entry: 2, backup says 7"
