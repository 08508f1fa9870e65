"""Reading the budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from dekon.budget.choices import CaseStatus, LineEffect, LineStage
from dekon.budget.models import (
    Akun, Block, Dipa, FiscalYear, ImportRun, Kegiatan, Kro, Outcome, PathName, Policy, Program, ReconciliationCase, Theme,
)  # fmt: skip
from dekon.errors import NotFound
from dekon.org import selectors as org
from dekon.org.models import User

JOINED = {"ro": 4, "komponen": 5, "subkomponen": 6}


@dataclass(frozen=True, slots=True)
class OutputView:
    """An RO of a satker: target and what the newest report up to a day says of it."""

    satker: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    name: str
    target: Decimal | None
    unit: str
    month: int | None
    volume: Decimal | None
    progress: Decimal | None
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class AdvanceBalance:
    """UP/TUP that a satker still has to account for, rupiah."""

    satker: str
    name: str
    balance_rp: int


def fiscal_years() -> list[FiscalYear]:
    """The years that have figures or a name, newest first."""
    known = {year.year: year for year in FiscalYear.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT fiscal_year FROM ledger_pos")
        for (year,) in cursor.fetchall():
            known.setdefault(year, FiscalYear(year=year))
    return [known[year] for year in sorted(known, reverse=True)]


def default_year() -> int | None:
    """The newest year that has figures."""
    known = fiscal_years()
    return known[0].year if known else None


def is_synthetic(year: int) -> bool:
    """Whether the figures of a year are made up."""
    return FiscalYear.objects.filter(year=year, synthetic=True).exists()


def theme_names() -> list[str]:
    """Themes by name."""
    return list(Theme.objects.values_list("name", flat=True))


def programs_in_year(year: int) -> list[tuple[str, str]]:
    """Code and name of the programmes that have money in a year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT program FROM ledger_pos WHERE fiscal_year = %s", [year])
        codes = [row[0] for row in cursor.fetchall()]
    return list(Program.objects.filter(code__in=codes).values_list("code", "name"))


def path_names(
    year: int, satker: str, program: str, kegiatan: str, kro: str, ro: str, komponen: str, akun: str
) -> dict[str, str]:
    """How the codes of a path are called, by level; levels without a code or name are missing."""
    lists = (("program", Program, program), ("kegiatan", Kegiatan, kegiatan), ("kro", Kro, kro), ("akun", Akun, akun))
    names = {
        level: found.name for level, model, code in lists if code and (found := model.objects.filter(code=code).first())
    }
    for level, codes in (("ro", (program, kegiatan, kro, ro)), ("komponen", (program, kegiatan, kro, ro, komponen))):
        if all(codes[1:]):
            found = _names_of(level, year, satker).filter(path__endswith=".".join(filter(None, codes))).first()
            if found:
                names[level] = found.name
    return names


def _names_of(level: str, year: int, satker: str) -> QuerySet[PathName]:
    named = PathName.objects.filter(fiscal_year=year, level=level)
    return named.filter(satker__code=satker) if satker else named


def codes_below(level: str, codes: Sequence[str], year: int, satker: str, above: Sequence[str]) -> dict[str, str]:
    """Names of RO, komponen or subkomponen, by the key a recap gives them.

    Args:
        above: the codes of the path that the recap has fixed (program, kegiatan, KRO, RO, komponen; empty where open).
    """
    if level not in JOINED or not codes:
        return {}
    prefix = ".".join(filter(None, above[: JOINED[level] - 1]))
    named = _names_of(level, year, satker).filter(path__startswith=prefix)
    wanted = set(codes)
    names: dict[str, str] = {}
    for path, name in named.values_list("path", "name"):
        for code in {path.split(".", 1)[-1], *(path.split(".", n)[-1] for n in range(JOINED[level]))} & wanted:
            names.setdefault(code, name)
    return names


def outputs(*, year: int, as_of: date, satker: str = "", province: str = "") -> list[OutputView]:
    """The RO of a satker or province with their newest progress up to a day."""
    month = 12 if as_of.year > year else as_of.month
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.code, r.program, r.kegiatan, r.kro, r.ro,
                      coalesce(nullif(r.name, ''), n.name, ''), r.target_volume, r.unit_name, p.month, p.total_volume,
                      p.total_progress, coalesce(p.status, ''), coalesce(p.note, '')
               FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id LEFT JOIN org_province v ON v.id = o.province_id
               LEFT JOIN budget_pathname n ON n.fiscal_year = r.fiscal_year AND n.satker_id = r.satker_id
                    AND n.path = concat_ws('.', r.program, r.kegiatan, r.kro, r.ro)
               LEFT JOIN LATERAL (SELECT * FROM budget_roprogress g WHERE g.ro_id = r.id AND g.month <= %(month)s
                                  AND g.withdrawn_at IS NULL ORDER BY g.month DESC, g.id DESC LIMIT 1) p ON true
               WHERE r.fiscal_year = %(year)s AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s)
               ORDER BY 1, 2, 3, 4, 5""",
            {"year": year, "month": month, "satker": satker, "province": province},
        )
        return [OutputView(*row) for row in cursor.fetchall()]


def import_runs(actor: User, *, status: str = "", kind: str = "") -> QuerySet[ImportRun]:
    """The history of imports that a person may see, newest first: the ministry's all, a province's own."""
    runs = ImportRun.objects.select_related("created_by", "applied_by", "undone_by").order_by("-id")
    if org.scope_of(actor) != "*" and actor.username != org.SYSTEM_USER:
        runs = runs.filter(created_by=actor)
    wanted = {name: value for name, value in (("status", status), ("kind", kind)) if value}
    return runs.filter(**wanted)


def import_run(actor: User, number: int) -> ImportRun:
    """One import.

    Raises:
        NotFound: there is none with that number for this person.
    """
    run = import_runs(actor).filter(pk=number).first()
    if run is None:
        raise NotFound("import-unknown", number=number)
    return run


def cases(
    *, year: int | None = None, province: str = "", unit: str = "", satker: str = "", status: str = ""
) -> QuerySet[ReconciliationCase]:
    """Reconciliation cases of a place, newest first."""
    found = ReconciliationCase.objects.select_related("satker__province", "satker__unit", "pos", "owner")
    wanted = {
        "fiscal_year": year, "satker__province__code": province, "satker__unit__code": unit, "satker__code": satker,
        "status": status,
    }  # fmt: skip
    return found.filter(**{name: value for name, value in wanted.items() if value})


def case(number: int) -> ReconciliationCase:
    """One case with its notes.

    Raises:
        NotFound: no such case.
    """
    found = cases().prefetch_related("notes__author").filter(pk=number).first()
    if found is None:
        raise NotFound("case-unknown", number=number)
    return found


def satker_with_open_cases(year: int, satker_ids: Iterable[int]) -> set[int]:
    """Which of these satker have a case that is not resolved."""
    open_cases = ReconciliationCase.objects.filter(fiscal_year=year, satker_id__in=list(satker_ids))
    return set(open_cases.exclude(status=CaseStatus.RESOLVED).values_list("satker_id", flat=True))


def advance_balances(*, year: int, province: str = "", satker: str = "") -> list[AdvanceBalance]:
    """UP/TUP not yet accounted for, by satker; those at nil are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.code, o.name, sum(l.advance_rp) FROM budget_paymentline l JOIN org_satker o ON o.id = l.satker_id
               LEFT JOIN org_province v ON v.id = o.province_id
               WHERE l.advance_rp <> 0 AND l.fiscal_year = %(year)s AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s)
               GROUP BY 1, 2 HAVING sum(l.advance_rp) <> 0 ORDER BY 3 DESC""",
            {"year": year, "province": province, "satker": satker},
        )
        return [AdvanceBalance(row[0], row[1], int(row[2])) for row in cursor.fetchall()]


def blocks(*, year: int, province: str = "", satker: str = "") -> QuerySet[Block]:
    """Blocks of a place, newest first."""
    found = Block.objects.filter(pos__fiscal_year=year).select_related("pos__satker__province").order_by("-blocked_on", "-id")
    if province:
        found = found.filter(pos__satker__province__code=province)
    return found.filter(pos__satker__code=satker) if satker else found


def dipa_of(*, year: int, satker: str) -> Dipa | None:
    """The DIPA of a satker with its versions."""
    return Dipa.objects.filter(fiscal_year=year, satker__code=satker).prefetch_related("revisions", "rpd_versions").first()


def policies(year: int) -> list[Policy]:
    """Strategic policies of a year with targets and links."""
    return list(Policy.objects.filter(fiscal_year=year).prefetch_related("targets", "links"))


def outcomes(indicator: str, *, province: str = "") -> list[Outcome]:
    """A series of an indicator, oldest first."""
    found = Outcome.objects.filter(indicator=indicator).select_related("province").order_by("year", "province__code")
    return list(found.filter(Q(province__code=province)) if province else found)


def effect_words(stage: str, effect: str) -> str:
    """What a payment line does, in words."""
    return str(LineEffect(effect).label if stage == LineStage.PAID else LineStage(stage).label)
