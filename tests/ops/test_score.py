"""`dekon score cases`: one document, and a status that says whether all cases came out as expected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dekon.ops.cli import main

GOOD = "- {id: a, indicator: nilai_efisiensi, inputs: {e: 4}, expected: {ne: 60.00}}\n"
OTHER = "- {id: b, indicator: nilai_efisiensi, inputs: {e: 4}, expected: {ne: 61.00}}\n"
REFUSED = "- {id: c, indicator: penyerapan, inputs: {pagu: -1, realisasi: 0}}\n"


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (GOOD + OTHER, 1), (REFUSED + GOOD, 1), ("a: 1", 1)])
def test_the_status_says_whether_all_came_out_as_expected(tmp_path: Path, text: str, status: int) -> None:
    (tmp_path / "c.yaml").write_text(text, "utf-8")
    assert main(["score", "cases", str(tmp_path / "c.yaml"), "--json"]) == status


def test_the_document_is_as_its_contract_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.yaml").write_text(GOOD + OTHER + REFUSED, "utf-8")
    main(["score", "cases", str(tmp_path / "c.yaml"), "--json"])
    said = capsys.readouterr()
    good, other, refused = json.loads(said.out)["cases"]
    assert {*good} == {"id", "result", "exact", "steps"}
    assert (good["id"], good["result"], good["exact"]) == ("a", {"ne": 60.0}, {"ne": "60"})
    assert other["result"] == {"ne": 60.0}
    assert "b: ne: expected 61.00, computed 60" in said.err
    assert ({*refused}, {*refused["error"]}) == ({"id", "error"}, {"code", "message"})
    assert refused["error"]["code"] == "input-negative"


@pytest.mark.parametrize("words", [["score", "cases"], ["score", "cases", "a", "--colour"]])
def test_wrong_usage_is_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "cases", str(tmp_path / "none.yaml"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "cases-file-missing"
