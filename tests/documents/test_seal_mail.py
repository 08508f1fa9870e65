"""The daily seal leaves the house: by the job, by the command, whole and on record."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.audit.models import Event
from dekon.documents import jobs, selectors
from dekon.errors import NotFound
from dekon.gateways import mail
from dekon.ops.commands import seal
from tests.builders.worker import work_off
from tests.documents.test_documents import EVENING


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    mail.SENT.clear()


def run_command(*words: str) -> int:
    parser = ArgumentParser()
    seal.add_arguments(parser)
    return seal.run(parser.parse_args(words))


@pytest.mark.django_db(transaction=True)
def test_the_job_mails_the_seal_to_whom_the_settings_name(settings: Settings) -> None:
    settings.SEAL_MAIL = ["itjen@contoh.go.id", "arsip@contoh.go.id"]
    jobs.seal_trail(EVENING)
    assert [task.status for task in work_off()] == ["SUCCESSFUL"]
    newest = selectors.newest_seal()
    assert [one.to for one in mail.SENT] == settings.SEAL_MAIL
    (attached,) = mail.SENT[0].attachments
    assert hashlib.sha256(attached.content).hexdigest() == newest.sha256
    assert newest.sha256 in mail.SENT[0].text
    assert attached.name == "DEKON-SEGEL-2026-0001.pdf"
    told = Event.objects.get(action="document-mailed")
    assert told.after == {"mails": 2, "sha256": newest.sha256}


@pytest.mark.django_db(transaction=True)
def test_without_addresses_the_seal_stays_in_the_store(settings: Settings) -> None:
    settings.SEAL_MAIL = []
    jobs.seal_trail(EVENING)
    assert work_off() == []
    assert mail.SENT == []
    assert selectors.content(selectors.newest_seal())


@pytest.mark.django_db(transaction=True)
def test_the_command_makes_mails_and_writes_a_seal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "segel.pdf"
    assert run_command("--mail", "auditor@contoh.go.id", "--out", str(target), "--json") == 0
    newest = selectors.newest_seal()
    assert newest.sha256 in capsys.readouterr().out
    assert hashlib.sha256(target.read_bytes()).hexdigest() == newest.sha256
    assert run_command("--newest", "--mail", "auditor@contoh.go.id") == 0
    assert selectors.newest_seal() == newest
    assert len(mail.SENT) == 2


@pytest.mark.django_db
def test_no_seal_yet_is_said() -> None:
    with pytest.raises(NotFound, match="Belum ada segel"):
        selectors.newest_seal()
