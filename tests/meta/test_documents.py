"""Documents that people read: links lead somewhere, the changelog has its headings, decisions are listed."""

from __future__ import annotations

import re
from pathlib import Path

from tests.meta.source import ROOT, texts

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
CODE = re.compile(r"`[^`\n]*`")
PICTURES = frozenset({".png"})
"""Taken from a running Dekon; their absence is no broken text."""


def documents() -> list[tuple[Path, str]]:
    return [(path, text) for path, text in texts() if path.suffix == ".md"]


def broken_links(path: Path, text: str) -> list[str]:
    """Relative links of a document that lead nowhere."""
    return [
        f"{path.relative_to(ROOT)}: {target}"
        for target in LINK.findall(CODE.sub("", text))
        if Path(target).suffix not in PICTURES and not target.startswith("/") and not (path.parent / target).exists()
    ]


def test_links_between_documents_lead_somewhere() -> None:
    assert [link for path, text in documents() for link in broken_links(path, text)] == []
    assert broken_links(ROOT / "README.md", "[x](docs/nothing.md)") == ["README.md: docs/nothing.md"]


def test_the_changelog_has_its_three_headings() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for version in text.split("\n## ")[1:]:
        headings = re.findall(r"^### (\w+)", version, re.MULTILINE)
        assert headings
        assert set(headings) <= {"Added", "Changed", "Rules"}
    assert "### Rules" in text


def test_every_decision_is_listed_and_one_page_long() -> None:
    listing = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    for path in sorted((ROOT / "docs" / "adr").glob("0*.md")):
        assert f"({path.name})" in listing
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 60, path.name
        assert "**Decision.**" in text, path.name


def test_the_readme_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 60


def test_the_rules_that_the_architecture_names_are_checked_by_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
