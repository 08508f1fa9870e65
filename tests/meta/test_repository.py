"""What may not stand in the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.source import ROOT, texts

HERE = Path(__file__).name
FOREIGN = re.compile(
    r"/work/|/root/|/home/[a-z]|/Users/[A-Za-z]|files\.pythonhosted\.org|registry\.npmjs\.org|pypi\.org/simple|--(?:extra-)?index-url"
)
"""Paths of one machine and addresses of registries."""
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def places_of(pattern: re.Pattern[str]) -> list[str]:
    """File and line of every hit outside of this test."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        if path.name != HERE
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert places_of(FOREIGN) == []


@pytest.mark.parametrize("line", ["cd /work/main", "see /home/ani/x", "https://files.pythonhosted.org/a.whl"])
def test_such_a_line_would_be_found(line: str) -> None:
    assert FOREIGN.search(line)


def test_nothing_is_left_for_later() -> None:
    assert places_of(UNFINISHED) == []


def test_lock_files_pin_every_package_by_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        packages = re.findall(r"^[a-z0-9][^=\s]*==", text, re.MULTILINE)
        hashed = re.findall(r"^[a-z0-9][^=\s]*==[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE)
        assert packages
        assert len(packages) == len(hashed), name


def test_every_silenced_check_says_why() -> None:
    bare = re.compile(
        r"(# noqa(?!: [A-Z]+\d+)|# type: ignore(?!\[)|# (?:noqa: [A-Z\d, ]+|type: ignore\[[a-z, -]+\])\s*$)"
    )
    assert [place for place in places_of(bare) if place.split(":")[0].endswith(".py")] == []
