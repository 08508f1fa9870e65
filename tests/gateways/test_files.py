"""The store of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.errors import NotFound, RuleBroken
from dekon.gateways import files


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_lies_under_its_digest_and_is_found_again() -> None:
    kept = files.keep([b"satker;", b"pagu"])
    assert kept.sha256 == hashlib.sha256(b"satker;pagu").hexdigest()
    assert kept.size_bytes == 11
    assert files.stored(kept.sha256).read_bytes() == b"satker;pagu"


def test_the_same_file_twice_is_kept_once(tmp_path: Path) -> None:
    assert files.keep([b"x"]).path == files.keep([b"x"]).path
    assert len(list((tmp_path / "imports").iterdir())) == 1


@pytest.mark.parametrize(("size", "taken"), [(9, True), (10, True), (11, False)])
def test_a_file_above_the_limit_leaves_nothing_behind(tmp_path: Path, size: int, taken: bool) -> None:
    if taken:
        files.keep([b"x" * size], limit_bytes=10)
    else:
        with pytest.raises(RuleBroken, match="MB"):
            files.keep([b"x" * size], limit_bytes=10)
    assert len(list((tmp_path / "imports").iterdir())) == int(taken)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound):
        files.stored("0" * 64)
