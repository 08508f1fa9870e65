"""The quick reading of usual lines says exactly what the close look says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dekon.budget.imports.fa_detail import FaReader, Line
from dekon.lib.sheets import Cell
from tests.budget.imports.reading import read
from tests.builders.files import FaPrint, fa_grid, some_accounts, write_fa_csv, write_grid

HEADING_ROWS = 12
ODD_CELLS = st.sampled_from([
    0.5, -1.0, 1e16, "1.000", "'123456", "12345", " 521211", "521211", "2026", "", "\u0410EA", "Nama\tlain", "(5)",
    True,
])  # fmt: skip


def both_ways(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Rows, findings, names, counts and columns, read quickly and looked at closely."""
    said = []
    for quick in (True, False):
        with monkeypatch.context() as patch:
            if not quick:
                patch.setattr(FaReader, "plain", lambda *_: None)
            parsed, rows = read(path)
        findings = [finding.as_record() for finding in parsed.findings]
        said.append((rows, findings, parsed.names, parsed.counts, parsed.columns, parsed.declared_totals_rp))
    return said


@given(
    odd=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), ODD_CELLS), max_size=6),
    page_rows=st.sampled_from([7, 9, 1000]),
)
@example(odd=[(4, 0, "\u0410EA")], page_rows=7)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_quick_and_close_reading_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: list[tuple[int, int, Any]], page_rows: int
) -> None:
    grid = fa_grid(FaPrint(some_accounts(14), page_rows=page_rows))
    rows = sorted(grid)[HEADING_ROWS:]
    for row, column, value in odd:
        cells = grid[rows[row % len(rows)]]
        if cells:
            cells[sorted(cells)[column % len(cells)]] = value
    quick, close = both_ways(write_grid(tmp_path / "fa.xlsx", grid), monkeypatch)
    assert quick == close


def test_usual_lines_are_read_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    cut = FaReader.cut

    def watched(reader: FaReader, number: int, tokens: list[tuple[int, Cell]]) -> Line | None:
        looked_at.append(number)
        return cut(reader, number, tokens)

    monkeypatch.setattr(FaReader, "cut", watched)
    parsed, rows = read(write_grid(tmp_path / "fa.xlsx", fa_grid(FaPrint(some_accounts(14), page_rows=1000))))
    assert not parsed.findings
    assert parsed.counts["read"] - len(looked_at) == len(rows) - 1  # all accounts but the one that taught the shape


def test_a_line_of_a_csv_print_that_is_cut_short_is_looked_at_closely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_fa_csv(tmp_path / "fa.csv", FaPrint(some_accounts(6)))
    lines = path.read_text("utf-8").splitlines()
    lines[-1] = ";".join(lines[-1].split(";")[:10])
    path.write_text("\n".join([*lines, ";" * 10, "521211"]), "utf-8")
    quick, close = both_ways(path, monkeypatch)
    assert quick == close
