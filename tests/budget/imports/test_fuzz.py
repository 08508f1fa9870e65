"""Whatever comes in: rows and findings, or a refusal in words; never another exception."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dekon.budget.imports.marked import write_marked_workbook
from dekon.budget.imports.reading import read_file
from dekon.errors import DekonError
from dekon.lib.findings import Finding
from tests.builders.files import (
    DETAIL_HEADER,
    SHEET,
    SP2D_HEADER,
    FaPrint,
    budget_record,
    detail_cells,
    fa_grid,
    output_record,
    payment_record,
    satker_record,
    some_accounts,
    sp2d_cells,
    write_fa_csv,
    write_grid,
    write_table,
)

type Maker = Callable[..., dict[str, object]]

MAKERS: tuple[Maker, ...] = (payment_record, budget_record, output_record, satker_record)

ODD = ("", "-", "=1+1", "'", "NaN", "1e999", "2.2E+14", "31/02/2022", "٣", "9" * 30, "Ω")
written = st.one_of(
    st.booleans(), st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False),
    st.text("ABZ09.,-/ '=", max_size=12), st.sampled_from(ODD),
)  # fmt: skip
scalars = st.one_of(
    written, st.none(), st.integers(), st.floats(), st.text(max_size=12), st.just("\x00"), st.just("\ud800")
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def survives(path: Path) -> None:
    """Reads a file as an import does; every finding can be said in both languages."""
    try:
        parsed = read_file(path)
        rows = list(parsed.rows)
    except DekonError as error:
        refused: DekonError | None = error
    else:
        refused = None
    if refused is not None:
        assert refused.message("id") != refused.message("en")
        return
    for finding in parsed.findings:
        assert finding.message("id") != finding.message("en")
        assert finding.as_record()
    for row in rows:
        assert all("\x00" not in part for part in row if isinstance(part, str))


@given(st.data())
def test_records_with_any_content(tmp_path: Path, data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(MAKERS))()
    for key in data.draw(st.lists(st.sampled_from(sorted(record)), max_size=6)):
        record[key] = data.draw(values)
    path = tmp_path / "f.json"
    path.write_text(json.dumps(data.draw(st.sampled_from([[record], {"data": [record]}, [[record]], record]))), "utf-8")
    survives(path)
    flat = {key: value for key, value in record.items() if not isinstance(value, list | dict)}
    if flat:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=data.draw(st.sampled_from(";,\t|"))).writerows(
            [list(flat), [str(v) for v in flat.values()]]
        )
        path.write_bytes(
            text.getvalue().encode(data.draw(st.sampled_from(["utf-8", "utf-16", "cp1252", "latin-1"])), "replace")
        )
        survives(path)


@given(st.data())
def test_json_cut_and_stirred(tmp_path: Path, data: st.DataObject) -> None:
    text = json.dumps([data.draw(st.sampled_from(MAKERS))() for _ in range(3)])
    place = data.draw(st.integers(0, len(text)))
    middle = data.draw(
        st.sampled_from(["", "NaN", "[", "]", "{", '"', ",", "\x00", "Infinity", "1" * 5000]) | st.text(max_size=5)
    )
    path = tmp_path / "f.json"
    path.write_bytes(
        (text[:place] + middle + text[place + data.draw(st.integers(0, 40)) :]).encode("utf-8", "surrogatepass")
    )
    survives(path)


@given(st.data())
def test_prints_with_any_cells(tmp_path: Path, data: st.DataObject) -> None:
    grid = fa_grid(FaPrint(some_accounts(10), page_rows=6, item_level=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.sampled_from(sorted(grid)))
        column = data.draw(st.sampled_from(sorted(grid[row]) or ["A"]))
        action = data.draw(st.sampled_from(["blank", "value", "move", "row", "swap"]))
        if action == "row":
            del grid[row]
        elif action == "swap":
            other = data.draw(st.sampled_from(sorted(grid)))
            grid[row], grid[other] = grid[other], grid[row]
        elif action == "value":
            grid[row][column] = data.draw(
                st.floats(allow_nan=False, allow_infinity=False) | st.text("AB09.,-*= '", max_size=8)
            )
        elif (value := grid[row].pop(column, None)) and action == "move":
            grid[row][data.draw(st.sampled_from(["A", "B", "E", "Q", "Z", "AD"]))] = value
    survives(write_grid(tmp_path / "f.xlsx", grid))


@given(st.binary(max_size=200), st.integers(0, 10_000), st.sampled_from(["xlsx", "csv", "sp2d", "detail"]))
def test_bytes_overwritten_anywhere(tmp_path: Path, noise: bytes, place: int, kind: str) -> None:
    path = tmp_path / "f"
    if kind == "xlsx":
        write_grid(path, fa_grid(FaPrint(some_accounts(4))))
    elif kind == "csv":
        write_fa_csv(path, FaPrint(some_accounts(4)))
    else:
        header, row = (SP2D_HEADER, sp2d_cells()) if kind == "sp2d" else (DETAIL_HEADER, detail_cells())
        write_table(path, [header, row, row])
    content = path.read_bytes()
    place %= len(content)
    path.write_bytes(content[:place] + noise + content[place + len(noise) :])
    survives(path)


@given(st.integers(0, 2**32))
def test_parts_of_a_workbook_stirred_inside_the_archive(tmp_path: Path, seed: int) -> None:
    source, target, dice = tmp_path / "s.xlsx", tmp_path / "t.xlsx", random.Random(seed)
    write_grid(source, fa_grid(FaPrint(some_accounts(4))))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        victim = dice.choice(old.namelist())
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == victim:
                for _ in range(dice.randint(1, 8)):
                    place = dice.randrange(len(content))
                    content[place : place + dice.randint(0, 30)] = dice.choice(
                        [b"", b"<", b"&x;", b'"', b"99999999", b"\xff", b"A0", b"-1"]
                    )
            if not (name == victim and dice.random() < 0.1):
                new.writestr(name, bytes(content))
    survives(target)
    finding = Finding("error", "value-missing", {"column": "P"}, SHEET, "P12", 12, "P")
    with suppress(DekonError):
        write_marked_workbook(target, [finding], tmp_path / "marked.xlsx")


@given(st.lists(st.lists(scalars, max_size=8), max_size=12))
def test_tables_of_anything_are_not_recognised_or_read(tmp_path: Path, rows: list[list[object]]) -> None:
    path = tmp_path / "f"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8", "replace"))
    survives(path)


@given(st.sampled_from(MAKERS), st.data())
def test_rows_below_a_good_header_may_hold_anything(tmp_path: Path, maker: Maker, data: st.DataObject) -> None:
    record = maker()
    rows = data.draw(st.lists(st.lists(written, min_size=1, max_size=len(record) + 2), max_size=5))
    survives(write_table(tmp_path / "f.xlsx", [list(record), *rows]))
