"""Rows of a file in a temporary table: their codes checked against the lists, their positions found or opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from dekon.budget.imports.rows import AnyRow, BudgetRow, CodePlace, Level, ParsedFile, PaymentRow, StatementRow
from dekon.budget.models import Akun, Kegiatan, Kro, Program
from dekon.errors import Param
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Place

if TYPE_CHECKING:
    from dekon.org.models import User

PATH_TYPES = "program text, kegiatan text, kro text, ro text, komponen text, subkomponen text, akun text"
PATH_NAMES = ("program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun")
SAME_PATH = " AND ".join(f"p.{name} = s.{name}" for name in PATH_NAMES)
MAX_REPORTED = 500


@dataclass(frozen=True, slots=True)
class Stage:
    """A temporary table of rows: `row_no, satker, satker_id, <path>, pos_id` and the columns of its kind."""

    table: str
    parsed: ParsedFile[AnyRow]
    spending_only: bool = False

    @property
    def counted(self) -> str:
        """The condition on rows whose budget path must exist."""
        return "s.akun ~ '^5[1-7]'" if self.spending_only else "true"


def place_and_path(r: StatementRow | BudgetRow | PaymentRow) -> tuple[object, ...]:
    """What every staged row begins with: where it stands in the file, its satker, its budget path."""
    return (r.row, r.satker, r.program, r.kegiatan, r.kro, r.ro, r.komponen, r.subkomponen, r.akun)


def fill(stage: Stage, columns: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Make the table and copy the rows into it, each with its satker where that is known. Returns how many."""
    count = 0
    known: dict[object, int] = dict(org_selectors.satker_numbers().items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {stage.table}")
        cursor.execute(
            f"CREATE TEMP TABLE {stage.table} (row_no int, satker text, satker_id bigint, pos_id bigint, {PATH_TYPES},"
            f" {columns}) ON COMMIT DROP"
        )
        into = ", ".join(("row_no", "satker", *PATH_NAMES, *names, "satker_id"))
        with cursor.copy(f"COPY {stage.table} ({into}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, known.get(row[1])))
                count += 1
        ledger.sample(stage.table)
    return count


def finding(stage: Stage, code: str, field: str, row: int, value: str, /, **params: Param) -> Finding:
    """An error in a field of a row, at the cell where its value stands."""
    parsed = stage.parsed
    place = parsed.code_places.get((field, value)) or CodePlace(
        parsed.cell(field, row), row, parsed.columns.get(field, ""), value
    )
    return Finding("error", code, params, parsed.sheet, *place)


def _unknown(stage: Stage, field: str, table: str, condition: str) -> list[tuple[str, int]]:
    """Codes of a field that no list has, each with the first row where it stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.{field}, min(s.row_no) FROM {stage.table} s LEFT JOIN {table} c ON c.code = s.{field}"
            f" WHERE c.id IS NULL AND {condition} GROUP BY 1 ORDER BY 2 LIMIT {MAX_REPORTED}"
        )
        return list(cursor.fetchall())


def resolve_satker(stage: Stage, *, actor: User, create_missing: bool) -> list[Finding]:
    """Find the satker of every row; make the unknown ones where asked and the file knows enough.

    Returns: an error for each satker that is unknown and not made.
    """
    findings = []
    for code, row in _unknown(stage, "satker", "org_satker", "true"):
        facts = stage.parsed.satker_facts.get(code)
        if create_missing and facts and facts.unit:
            province = org_selectors.province_of_kdlokasi(code[:2]) if facts.authority in {"3", "4"} else None
            org.ensure_satker(
                actor=actor, code=code, name=facts.name or f"Satker {code}", ba_code=facts.ba or "026",
                unit_code=facts.unit, unit_name=facts.unit_name, authority=facts.authority, province=province,
                kppn=facts.kppn,
            )  # fmt: skip
        else:
            known = bool(facts and facts.unit)
            findings.append(
                finding(stage, "unknown-satker-known" if known else "unknown-satker", "satker", row, code, code=code)
            )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {stage.table} s SET satker_id = o.id FROM org_satker o WHERE o.code = s.satker"
            " AND s.satker_id IS NULL"
        )
    return findings + _out_of_reach(stage, actor)


def _out_of_reach(stage: Stage, actor: User) -> list[Finding]:
    """An error for each satker for which the actor does not import files; the database would refuse its rows."""
    if org.may(actor, Action.IMPORT_FILES, Place()).allowed:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT satker, min(row_no) FROM {stage.table} GROUP BY 1 ORDER BY 2")
        first = dict(cursor.fetchall())
    known = org_selectors.satker_by_code(first).values()
    foreign = [s for s in known if not org.may(actor, Action.IMPORT_FILES, org_selectors.satker_place(s)).allowed]
    return [finding(stage, "satker-out-of-reach", "satker", first[s.code], s.code, code=s.code) for s in foreign]


def resolve_codes(stage: Stage, *, create_missing: bool) -> list[Finding]:
    """Check program, kegiatan, KRO and akun of every row against the lists; make unknown ones where asked and named.

    Returns: an error for each code that is unknown and not made, naming the list that lacks it.
    """
    findings = []
    for field, table in (
        ("program", "budget_program"),
        ("kegiatan", "budget_kegiatan"),
        ("kro", "budget_kro"),
        ("akun", "budget_akun"),
    ):
        for code, row in _unknown(stage, field, table, stage.counted):
            name = _name_of(stage, field, code)
            if not (create_missing and name and _create(stage, field, code, name, row)):
                findings.append(finding(stage, f"unknown-{field}", field, row, code, code=code))
    return findings


def _name_of(stage: Stage, field: str, code: str) -> str:
    level: Level = field  # type: ignore[assignment]  # the four fields are levels
    if field == "akun":
        return stage.parsed.names.get(("akun", code), "") or f"Akun {code}"
    for (known, path), name in stage.parsed.names.items():
        if known == level and path.rsplit(".", 1)[-1] == code:
            return name
    return f"{field.capitalize()} {code}"


def _create(stage: Stage, field: str, code: str, name: str, row: int) -> bool:
    """Make one code of a list. A kegiatan needs the unit of its satker and its program."""
    if field == "program":
        Program.objects.get_or_create(code=code, defaults={"name": name[:255]})
    elif field == "kro":
        Kro.objects.get_or_create(code=code, defaults={"name": name[:255]})
    elif field == "akun":
        Akun.objects.get_or_create(code=code, defaults={"name": name[:255]})
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT s.program, o.unit_id FROM {stage.table} s JOIN org_satker o ON o.id = s.satker_id"
                " WHERE s.row_no = %s", [row],
            )  # fmt: skip
            found = cursor.fetchone()
        program = Program.objects.filter(code=found[0]).first() if found else None
        if program is None:
            return False
        Kegiatan.objects.get_or_create(
            code=code, defaults={"name": name[:255], "unit_id": found[1], "program": program}
        )
    return True


def resolve_pos(stage: Stage, fiscal_year: int) -> int:
    """Open the positions that are missing and note each row's position. Returns how many are new."""
    _note_pos(stage, fiscal_year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS stage_paths; CREATE TEMP TABLE stage_paths ON COMMIT DROP AS"
            f" SELECT s.satker_id, {', '.join(f's.{n}' for n in PATH_NAMES)} FROM"
            f" {stage.table} s WHERE s.pos_id IS NULL AND {stage.counted}"
        )
        missing = cursor.rowcount
    if not missing:
        return 0
    opened = ledger.open_pos(table="stage_paths", fiscal_year=fiscal_year)
    _note_pos(stage, fiscal_year)
    return opened


def _note_pos(stage: Stage, fiscal_year: int) -> None:
    """Write the position of every row that has none yet beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {stage.table} s SET pos_id = p.id FROM ledger_pos p WHERE s.pos_id IS NULL"
            f" AND p.fiscal_year = %s AND p.satker_id = s.satker_id AND {SAME_PATH} AND {stage.counted}",
            [fiscal_year],
        )


def store_names(stage: Stage, fiscal_year: int) -> None:
    """Keep the names that the file gives to RO, komponen and subkomponen of its satker."""
    levels = {"ro", "komponen", "subkomponen"}
    rows = [(level, path, name[:400]) for (level, path), name in stage.parsed.names.items() if level in levels and name]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS stage_names; CREATE TEMP TABLE stage_names (level text, path text,"
            " name text) ON COMMIT DROP"
        )
        with cursor.copy("COPY stage_names FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"""WITH branches AS MATERIALIZED (
                    SELECT DISTINCT satker_id, program, kegiatan, kro, ro, komponen, subkomponen FROM {stage.table}
                )
                INSERT INTO budget_pathname (fiscal_year, satker_id, level, path, name)
                SELECT %s::smallint, s.satker_id, n.level, n.path, n.name FROM (
                    SELECT satker_id, concat_ws('.', program, kegiatan, kro, ro) AS path FROM branches
                    UNION SELECT satker_id, concat_ws('.', program, kegiatan, kro, ro, komponen) FROM branches
                    UNION SELECT satker_id, concat_ws('.', program, kegiatan, kro, ro, komponen, subkomponen)
                          FROM branches
                ) s JOIN stage_names n ON n.path = s.path
                ON CONFLICT (fiscal_year, satker_id, path) DO UPDATE SET name = excluded.name""",
            [fiscal_year],
        )
