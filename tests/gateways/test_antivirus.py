"""The virus scanner: nothing infected and nothing unscanned is kept where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from dekon import env
from dekon.errors import GatewayFailed, NotFound, RuleBroken
from dekon.gateways import antivirus, files
from tests.builders.clamd import EICAR, MAX_STREAM_BYTES, Odd, clamd


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def kept(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize("tcp", [False, True])
def test_a_clean_file_is_kept_and_an_infected_one_leaves_nothing(settings: Settings, tmp_path: Path, tcp: bool) -> None:
    with clamd(tmp_path, tcp=tcp) as settings.CLAMD:
        clean = files.keep([b"satker;", b"pagu"], shelf="attachments")
        with pytest.raises(RuleBroken, match="Eicar-Test-Signature") as refused:
            files.keep([b"x" * 70_000, EICAR, b"y"], shelf="attachments")
    assert refused.value.code == "upload-infected"
    assert kept(tmp_path) == [clean.sha256]


def test_a_scanner_that_does_not_answer_keeps_everything_out(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMD = f"unix:{tmp_path}/nobody"
    with pytest.raises(GatewayFailed) as failed:
        files.keep([b"satker"])
    assert failed.value.code == "antivirus-unreachable"
    assert kept(tmp_path) == []


def test_an_answer_that_nobody_understands_keeps_the_file_out(settings: Settings, tmp_path: Path) -> None:
    with clamd(tmp_path, session=Odd) as settings.CLAMD, pytest.raises(GatewayFailed) as failed:
        files.keep([b"satker"])
    assert failed.value.code == "antivirus-unclear"
    assert kept(tmp_path) == []


def test_a_file_beyond_the_scanner_is_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    with clamd(tmp_path) as settings.CLAMD, pytest.raises(RuleBroken) as refused:
        files.keep([b"x" * 60_000] * (MAX_STREAM_BYTES // 60_000 + 2))
    assert refused.value.code == "upload-beyond-scanner"


def test_without_a_scanner_files_are_kept(settings: Settings) -> None:
    settings.CLAMD = ""
    assert not antivirus.is_configured()
    assert files.keep([EICAR]).size_bytes == len(EICAR)


def test_what_was_made_here_is_not_scanned(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMD = f"unix:{tmp_path}/nobody"
    assert files.keep([b"%PDF-"], shelf="documents").size_bytes == 5


@pytest.mark.parametrize("wrong", ["clamd:3310", "http://x/", "unix:relative", "tcp://"])
def test_a_wrong_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("DEKON_CLAMD", wrong)
    with pytest.raises(RuleBroken) as refused:
        env.clamd()
    assert refused.value.code == "setup-clamd-wrong"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "", "incoming-x"])
def test_the_store_gives_no_path_for_what_is_no_digest(name: str) -> None:
    with pytest.raises(NotFound):
        files.stored(name)
