"""Reading the budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import FETCH_PEERS, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Left

from dekon.budget.choices import IMPORT_WAITING, CaseStatus, LineEffect, LineStage
from dekon.budget.models import (
    Akun,
    Block,
    Dipa,
    DipaRevision,
    FiscalYear,
    ImportRun,
    Kegiatan,
    Kro,
    Outcome,
    PathName,
    PaymentLine,
    Policy,
    Program,
    ReconciliationCase,
    Reservation,
    Ro,
    RoProgress,
    RpdMonth,
    RpdVersion,
    Theme,
)  # fmt: skip
from dekon.errors import NotFound
from dekon.org import selectors as org

if TYPE_CHECKING:
    from dekon.org.models import User

YEARS_OF_BOOK = """
    WITH RECURSIVE years AS (
        SELECT min(fiscal_year) AS year FROM ledger_pos
        UNION ALL
        SELECT (SELECT min(fiscal_year) FROM ledger_pos WHERE fiscal_year > year) FROM years WHERE year IS NOT NULL
    )
    SELECT year FROM years WHERE year IS NOT NULL"""
"""From year to year through the index: a DISTINCT would read every position, and every page asks."""

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
        cursor.execute(YEARS_OF_BOOK)
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
        cursor.execute(
            """SELECT code, name FROM budget_program g
               WHERE EXISTS (SELECT 1 FROM ledger_pos p WHERE p.fiscal_year = %s AND p.program = g.code)
               ORDER BY code""",
            [year],
        )
        return list(cursor.fetchall())


def path_names(  # noqa: PLR0917  one path, coarse to fine
    year: int, satker: str, program: str, kegiatan: str, kro: str, ro: str, komponen: str, akun: str
) -> dict[str, str]:
    """How the codes of a path are called, by level; levels without a code or name are missing."""
    lists = (("program", Program, program), ("kegiatan", Kegiatan, kegiatan), ("kro", Kro, kro), ("akun", Akun, akun))
    names = {
        level: found.name for level, model, code in lists if code and (found := model.objects.filter(code=code).first())
    }
    for level, codes in (("ro", (program, kegiatan, kro, ro)), ("komponen", (program, kegiatan, kro, ro, komponen))):
        if all(codes[1:]):
            ending = ".".join(filter(None, codes))
            named = [name for path, name in _names_of(level, year, satker, ending) if path.endswith(ending)]
            if named:
                names[level] = named[0]
    return names


def _names_of(level: str, year: int, satker: str, ending: str = "") -> list[tuple[str, str]]:
    """Paths and their names: as files spell them first, then as the list of RO of the year does."""
    at = {"satker__code": satker} if satker else {}
    named = PathName.objects.filter(fiscal_year=year, level=level, path__endswith=ending, **at).order_by("path", "id")
    found = list(named.values_list("path", "name"))
    if level == "ro":
        listed = Ro.objects.filter(fiscal_year=year, **at).exclude(name="").order_by("id")
        found += [
            (".".join(codes), name) for *codes, name in listed.values_list("program", "kegiatan", "kro", "ro", "name")
        ]
    return found


def codes_below(level: str, codes: Sequence[str], year: int, satker: str, above: Sequence[str]) -> dict[str, str]:
    """Names of RO, komponen or subkomponen, by the key a recap gives them.

    Args:
        above: the codes of the path that the recap has fixed (program, kegiatan, KRO, RO, komponen; empty where open).
    """
    if level not in JOINED or not codes:
        return {}
    prefix = ".".join(filter(None, above[: JOINED[level] - 1]))
    named = [(path, name) for path, name in _names_of(level, year, satker) if path.startswith(prefix)]
    wanted = set(codes)
    names: dict[str, str] = {}
    for path, name in named:
        for code in {path.split(".", 1)[-1], *(path.split(".", n)[-1] for n in range(JOINED[level]))} & wanted:
            names.setdefault(code, name)
    return names


def outputs(*, year: int, as_of: date, satker: str = "", province: str = "", unit: str = "") -> list[OutputView]:
    """The RO of a satker, unit or province with their newest progress up to a day."""
    month = 12 if as_of.year > year else as_of.month
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.code, r.program, r.kegiatan, r.kro, r.ro,
                      coalesce(nullif(r.name, ''), n.name, ''), r.target_volume, r.unit_name, p.month, p.total_volume,
                      p.total_progress, coalesce(p.status, ''), coalesce(p.note, '')
               FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id JOIN org_unit u ON u.id = o.unit_id
               LEFT JOIN org_province v ON v.id = o.province_id
               LEFT JOIN budget_pathname n ON n.fiscal_year = r.fiscal_year AND n.satker_id = r.satker_id
                    AND n.path = concat_ws('.', r.program, r.kegiatan, r.kro, r.ro)
               LEFT JOIN LATERAL (SELECT * FROM budget_roprogress g WHERE g.ro_id = r.id AND g.month <= %(month)s
                                  AND g.withdrawn_at IS NULL ORDER BY g.month DESC, g.id DESC LIMIT 1) p ON true
               WHERE r.fiscal_year = %(year)s AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s) AND (%(unit)s = '' OR u.code = %(unit)s)
               ORDER BY 1, 2, 3, 4, 5""",
            {"year": year, "month": month, "satker": satker, "province": province, "unit": unit},
        )
        return [OutputView(*row) for row in cursor.fetchall()]


def import_runs(actor: User, *, status: str = "", kind: str = "") -> QuerySet[ImportRun]:
    """The history of imports that a person may see, newest first: the ministry's all, others' own."""
    runs = ImportRun.objects.order_by("-id").fetch_mode(FETCH_PEERS)
    if org.scope_of(actor) != "*" and actor.username != org.SYSTEM_USER:
        runs = runs.filter(Q(created_by=actor, keeper=None) | Q(keeper=actor))
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


def lines_of_import(number: int) -> QuerySet[PaymentLine]:
    """The payment lines that an import brought first, also those that its undoing withdrew, in its order."""
    lines = PaymentLine.objects.filter(first_import_id=number)
    return lines.select_related("satker").order_by("id")


def waiting_imports(actor: User) -> list[ImportRun]:
    """The imports that a person may see whose check or application was asked for and is not finished, oldest first."""
    return list(import_runs(actor).filter(status__in=IMPORT_WAITING).order_by("asked_at", "id"))


def cases(
    *, year: int | None = None, province: str = "", unit: str = "", satker: str = "", status: str = "",
    on: date | None = None,
) -> QuerySet[ReconciliationCase]:  # fmt: skip
    """Reconciliation cases of a place, newest first; those about money up to a day, where one is said."""
    found = ReconciliationCase.objects.select_related("satker__province", "satker__unit", "pos").fetch_mode(FETCH_PEERS)
    wanted = {
        "fiscal_year": year, "satker__province__code": province, "satker__unit__code": unit, "satker__code": satker,
        "status": status, "span_to__lte": on,
    }  # fmt: skip
    return found.filter(**{name: value for name, value in wanted.items() if value})


def case(number: int) -> ReconciliationCase:
    """One case with its notes.

    Raises:
        NotFound: no such case.
    """
    found = cases().prefetch_related("notes").filter(pk=number).first()
    if found is None:
        raise NotFound("case-unknown", number=number)
    return found


def satker_with_open_cases(year: int, satker_ids: Iterable[int]) -> set[int]:
    """Which of these satker have a case that is not resolved."""
    open_cases = ReconciliationCase.objects.filter(fiscal_year=year, satker_id__in=list(satker_ids))
    return set(open_cases.exclude(status=CaseStatus.RESOLVED).values_list("satker_id", flat=True))


def advance_balances(
    *, year: int, province: str = "", unit: str = "", satker: str = "", on: date | None = None
) -> list[AdvanceBalance]:
    """UP/TUP not yet accounted for, by satker, now or at the end of a day; those at nil are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.code, o.name, sum(l.advance_rp) FROM budget_paymentline l JOIN org_satker o ON o.id =
                    l.satker_id
               JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_province v ON v.id = o.province_id
               WHERE l.advance_rp <> 0 AND l.withdrawn_at IS NULL
                 AND (%(on)s::date IS NULL OR l.sp2d_on <= %(on)s::date)
                 AND l.fiscal_year = %(year)s AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s) AND (%(unit)s = '' OR u.code = %(unit)s)
               GROUP BY 1, 2 HAVING sum(l.advance_rp) <> 0 ORDER BY 3 DESC""",
            {"year": year, "province": province, "unit": unit, "satker": satker, "on": on},
        )
        return [AdvanceBalance(row[0], row[1], int(row[2])) for row in cursor.fetchall()]


def blocks(*, year: int, province: str = "", unit: str = "", satker: str = "") -> QuerySet[Block]:
    """Blocks of a place, newest first."""
    at = _at_place("pos__satker", province, unit, satker)
    found = Block.objects.filter(pos__fiscal_year=year, withdrawn_at__isnull=True, **at)
    return found.select_related("pos__satker__province").order_by("-blocked_on", "-id")


def reservations(*, year: int, province: str = "", unit: str = "", satker: str = "") -> QuerySet[Reservation]:
    """What is set aside for contracts and orders of a place, newest first, with its releases (`releases`)."""
    at = _at_place("pos__satker", province, unit, satker)
    found = Reservation.objects.filter(pos__fiscal_year=year, **at).select_related("pos__satker__province")
    return found.prefetch_related("releases").order_by("-reserved_on", "-id")


def dipa_of(*, year: int, satker: str) -> Dipa | None:
    """The DIPA of a satker with its versions."""
    return (
        Dipa.objects.filter(fiscal_year=year, satker__code=satker).prefetch_related("revisions", "rpd_versions").first()
    )


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


def _at_place(prefix: str, province: str, unit: str, satker: str) -> dict[str, str]:
    """Conditions on the satker behind a relation; empty codes ask for nothing."""
    wanted = {"province__code": province, "unit__code": unit, "code": satker}
    return {f"{prefix}__{name}": code for name, code in wanted.items() if code}


def listed_outcomes(*, indicator: str = "", province: str = "", year: int | None = None) -> QuerySet[Outcome]:
    """What indicators came to; the nation's rows have no province."""
    wanted = {"indicator": indicator, "province__code": province, "year": year}
    asked = {name: value for name, value in wanted.items() if value}
    return (
        Outcome.objects.filter(**asked)
        .select_related("province")
        .order_by("indicator", "year", "round", "province__code")
    )


def listed_themes() -> QuerySet[Theme]:
    """All themes with what they tag."""
    return Theme.objects.prefetch_related("tags")


def listed_dipa(*, year: int, province: str = "", unit: str = "", satker: str = "") -> QuerySet[Dipa]:
    """The DIPA of a year, by satker."""
    at = _at_place("satker", province, unit, satker)
    return Dipa.objects.filter(fiscal_year=year, **at).select_related("satker").order_by("satker__code")


def listed_revisions(*, year: int, satker: str) -> QuerySet[DipaRevision]:
    """The versions of a satker's DIPA that hold (those of undone imports do not), oldest first."""
    return DipaRevision.objects.filter(dipa__fiscal_year=year, dipa__satker__code=satker, withdrawn_at__isnull=True)


def listed_rpd_versions(*, year: int, satker: str) -> QuerySet[RpdVersion]:
    """The versions of a satker's monthly plan that hold, each with its total (`total_rp`), oldest first."""
    found = RpdVersion.objects.filter(dipa__fiscal_year=year, dipa__satker__code=satker, withdrawn_at__isnull=True)
    return found.select_related("dipa__satker").annotate(total_rp=Coalesce(Sum("months__planned_rp"), 0))


def rpd_months(*, version_id: int) -> list[dict[str, Any]]:
    """The plan of one version by spending type and month: `spending_type`, `month`, `planned_rp`.

    Raises:
        NotFound: no such version.
    """
    if not RpdVersion.objects.filter(pk=version_id).exists():
        raise NotFound("rpd-version-unknown", number=version_id)
    rows = RpdMonth.objects.filter(version_id=version_id).annotate(spending_type=Left("pos__akun", 2))
    sums = rows.values("spending_type", "month").annotate(planned_rp=Sum("planned_rp"))
    return [dict(row) for row in sums.order_by("spending_type", "month")]


def satker_of_rpd_version(version_id: int) -> str:
    """Whose plan it is, six digits.

    Raises:
        NotFound: no such version.
    """
    code = RpdVersion.objects.filter(pk=version_id).values_list("dipa__satker__code", flat=True).first()
    if code is None:
        raise NotFound("rpd-version-unknown", number=version_id)
    return code


def listed_progress(*, year: int, satker: str) -> QuerySet[RoProgress]:
    """What was stated of the RO of a satker, month by month, the newest statement of each month first."""
    found = RoProgress.objects.filter(ro__fiscal_year=year, ro__satker__code=satker, withdrawn_at__isnull=True)
    return found.select_related("ro").order_by("ro_id", "month", "-id")


@dataclass(frozen=True, slots=True)
class RpdView:
    """A version of the monthly plan: what it plans for each quarter, rupiah, and which quarters it was locked for."""

    sequence: int
    valid_from: date
    quarters_rp: tuple[int, int, int, int]
    locked_for: tuple[int, ...]
    number: int


def rpd_versions(*, year: int, satker: str, on: date | None = None) -> list[RpdView]:
    """The versions of the plan of a satker, oldest first; those that began by a day, where one is said."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT w.sequence, w.valid_from,
                      coalesce(sum(m.planned_rp) FILTER (WHERE m.month BETWEEN 1 AND 3), 0),
                      coalesce(sum(m.planned_rp) FILTER (WHERE m.month BETWEEN 4 AND 6), 0),
                      coalesce(sum(m.planned_rp) FILTER (WHERE m.month BETWEEN 7 AND 9), 0),
                      coalesce(sum(m.planned_rp) FILTER (WHERE m.month BETWEEN 10 AND 12), 0),
                      (SELECT array_agg(DISTINCT (n.month + 2) / 3 ORDER BY (n.month + 2) / 3)
                       FROM budget_plannedmonth n WHERE n.version_id = w.id), w.id
               FROM budget_rpdversion w JOIN budget_dipa d ON d.id = w.dipa_id JOIN org_satker o ON o.id = d.satker_id
               LEFT JOIN budget_rpdmonth m ON m.version_id = w.id
               WHERE d.fiscal_year = %s AND o.code = %s AND w.withdrawn_at IS NULL
                 AND (%s::date IS NULL OR w.valid_from <= %s::date)
               GROUP BY w.id, w.sequence, w.valid_from ORDER BY w.sequence""",
            [year, satker, on, on],
        )
        return [
            RpdView(row[0], row[1], (int(row[2]), int(row[3]), int(row[4]), int(row[5])), tuple(row[6] or ()), row[7])
            for row in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class PaymentFound:
    """A payment found by its number."""

    sp2d_no: str
    sp2d_on: date | None
    satker: str
    satker_name: str
    description: str
    amount_rp: int
    path: tuple[str, ...]


def find_payments(
    text: str, *, province: str = "", unit: str = "", satker: str = "", limit: int = 20
) -> list[PaymentFound]:
    """Payments whose SP2D number begins so, newest first, within a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.sp2d_no, l.sp2d_on, o.code, o.name, l.description, l.amount_rp,
                      p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.akun
               FROM budget_paymentline l JOIN org_satker o ON o.id = l.satker_id JOIN org_unit u ON u.id = o.unit_id
               LEFT JOIN org_province v ON v.id = o.province_id LEFT JOIN ledger_pos p ON p.id = l.pos_id
               WHERE l.sp2d_no >= %(low)s AND l.sp2d_no < %(high)s AND l.withdrawn_at IS NULL
                 AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s) AND (%(unit)s = '' OR u.code = %(unit)s)
               ORDER BY l.sp2d_on DESC, l.id DESC LIMIT %(limit)s""",
            {
                "low": text,
                "high": f"{text}\U0010ffff",
                "province": province,
                "unit": unit,
                "satker": satker,
                "limit": limit,
            },
        )
        return [PaymentFound(*(*row[:6], tuple(code or "" for code in row[6:]))) for row in cursor.fetchall()]


def find_outputs(
    text: str, *, year: int, province: str = "", unit: str = "", satker: str = "", limit: int = 20
) -> list[OutputView]:
    """RO of a year whose name or code carries the text, within a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.code, r.program, r.kegiatan, r.kro, r.ro, coalesce(nullif(r.name, ''), n.name, ''),
                      r.target_volume, r.unit_name, NULL::int, NULL::numeric, NULL::numeric, '', ''
               FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id JOIN org_unit u ON u.id = o.unit_id
               LEFT JOIN org_province v ON v.id = o.province_id
               LEFT JOIN budget_pathname n ON n.fiscal_year = r.fiscal_year AND n.satker_id = r.satker_id
                    AND n.path = concat_ws('.', r.program, r.kegiatan, r.kro, r.ro)
               WHERE r.fiscal_year = %(year)s AND (%(satker)s = '' OR o.code = %(satker)s)
                 AND (%(province)s = '' OR v.code = %(province)s) AND (%(unit)s = '' OR u.code = %(unit)s)
                 AND (position(lower(%(text)s) IN lower(coalesce(nullif(r.name, ''), n.name, ''))) > 0
                      OR position(%(text)s IN concat_ws('.', r.kegiatan, r.kro, r.ro)) > 0)
               ORDER BY 1, 3, 4, 5 LIMIT %(limit)s""",
            {"text": text, "year": year, "province": province, "unit": unit, "satker": satker, "limit": limit},
        )
        return [OutputView(*row) for row in cursor.fetchall()]
