"""Copies of heads outside the database, the command that compares with them, and the verifier for strangers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.audit import offline, selectors, services
from dekon.errors import RuleBroken
from dekon.gateways import heads
from dekon.lib.hygiene import CleanFormatter
from dekon.org.selectors import system_user
from tests.audit.test_chain import REWRITE, forge, tell, three_rows

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_file(settings: Settings, tmp_path: Path) -> None:
    settings.HEADS_FILE = tmp_path / "heads" / "heads.jsonl"


def write_excerpt(path: Path, *, disclosed: bool = True) -> Path:
    rows = selectors.excerpt([head.chain for head in selectors.heads()], disclosed=disclosed)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def verify_alone(*files: Path) -> subprocess.CompletedProcess[str]:
    """The verifier as a stranger runs it: isolated, without any package."""
    command = [sys.executable, "-I", "-S", offline.__file__, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.django_db(transaction=True)
def test_copies_are_appended_only_when_something_is_new() -> None:
    three_rows()
    assert services.copy_heads(at=NOON)
    assert not services.copy_heads(at=NOON)
    tell("later")
    assert services.copy_heads(at=NOON)
    assert len(heads.file().read_text().splitlines()) == 2
    anchors = [selectors.ChainHead(chain, seq, bytes.fromhex(digest)) for chain, seq, digest in heads.copies()]
    assert selectors.prove_trail(anchors).bad is None
    forge(*REWRITE)
    assert selectors.prove_trail(anchors).bad is not None


@pytest.mark.django_db(transaction=True)
def test_the_log_vouches_for_each_copy_in_one_short_line_and_warns_of_none(caplog: pytest.LogCaptureFixture) -> None:
    three_rows()
    with caplog.at_level("INFO", "dekon.heads"):
        services.copy_heads(at=NOON)
        services.copy_heads(at=NOON)  # nothing is new
    (said,) = [record for record in caplog.records if record.name == "dekon.heads"]
    assert said.levelname == "INFO"
    line = CleanFormatter("%(asctime)s %(levelname)s %(name)s %(message)s").format(said)
    assert hashlib.sha256(heads.newest_line().encode()).hexdigest() in line
    assert f"{len(selectors.heads())} chains, {sum(head.seq for head in selectors.heads())} rows" in line
    assert len(line) < 160


@pytest.mark.parametrize(
    "line", ["no json", '{"heads": {"": [1]}}', '{"heads": {"": ["1", "aa"]}}', "[]", '{"at": ""}']
)
def test_a_broken_file_of_copies_is_named_with_its_line(line: str) -> None:
    heads.file().parent.mkdir()
    heads.file().write_text('{"at": "", "heads": {}}\n' + line + "\n")
    with pytest.raises(RuleBroken) as refused:
        list(heads.copies())
    assert refused.value.params["line"] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("disclosed", [True, False])
def test_a_stranger_verifies_an_excerpt_with_nothing_but_python(tmp_path: Path, disclosed: bool) -> None:
    three_rows()
    words = "baris\n\tbaru “ä”"
    services.record(actor=system_user(), action="tested", subject_type="thing", subject_id="ą", reason=words,
                    before={"n": None}, after={"k": ["a", "b"], "x": True})  # fmt: skip
    services.copy_heads(at=NOON)
    done = verify_alone(write_excerpt(tmp_path / "jejak.jsonl", disclosed=disclosed), heads.file())
    assert (done.returncode, done.stderr) == (0, "")
    assert "all hold" in done.stdout


def changed(rows: list[dict[str, object]]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Ways to falsify an excerpt, each with a word of what is said about it."""
    yield "was changed", [{**rows[0], "body": str(rows[0]["body"]) + "x"}, *rows[1:]]
    yield "missing", rows[1:]
    yield "not those that were hashed", [{**rows[0], "details": ["orang lain", "", "", "", "{}", "{}"]}, *rows[1:]]
    yield "says otherwise", [{**rows[0], "body": "y", "hash": "00" * 32}, *rows[1:]]
    yield "the excerpt ends at", [row for row in rows if (row["chain"], row["seq"]) != ("", 2)]


@pytest.mark.django_db(transaction=True)
def test_a_falsified_excerpt_is_told(tmp_path: Path) -> None:
    three_rows()
    services.copy_heads(at=NOON)
    path = write_excerpt(tmp_path / "jejak.jsonl")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for word, false_rows in changed(rows):
        path.write_text("".join(json.dumps(row) + "\n" for row in false_rows), "utf-8")
        done = verify_alone(path, heads.file())
        assert word in done.stdout
        assert done.returncode == 1
