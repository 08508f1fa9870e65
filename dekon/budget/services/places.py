"""MonSAKTI refAdmin: the satker with their unit, authority and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dekon.budget.imports.rows import AnyRow, ParsedFile, SatkerRow
from dekon.budget.services.outcome import Job, Outcome
from dekon.lib.findings import Finding, has_errors
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Place

if TYPE_CHECKING:
    from dekon.org.models import Province

PROVINCIAL = frozenset({"3", "4"})


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Make the satker that are new and fill in what is open of those that are known."""
    outcome = Outcome(kind=parsed.kind, fiscal_year=parsed.fiscal_year)
    rows = [row for row in parsed.rows if isinstance(row, SatkerRow)]
    outcome.rows["read"] = len(rows)
    outcome.findings.extend(parsed.findings)
    outcome.findings += [
        Finding("error", "satker-out-of-reach", {"code": row.satker}, parsed.sheet)
        for row in rows
        if not org.may(job.actor, Action.IMPORT_FILES, _place(row)).allowed
    ]
    if has_errors(outcome.findings):
        outcome.rows["refused"] = len(rows)
        return outcome
    known = org_selectors.satker_by_code(row.satker for row in rows)
    for row in rows:
        before = known.get(row.satker)
        after = org.ensure_satker(
            actor=job.actor,
            code=row.satker,
            name=row.name,
            ba_code=row.ba,
            unit_code=row.unit,
            authority=row.authority,
            province=_province(row),
            kppn=row.kppn,
        )
        if before is None:
            outcome.rows["new"] += 1
        else:
            filled = any(
                getattr(before, f"{f}_id") != getattr(after, f"{f}_id") for f in ("province", "authority", "kppn")
            )
            outcome.rows["changed" if filled else "same"] += 1
    outcome.satker_codes = sorted(row.satker for row in rows)
    return outcome


def _place(row: SatkerRow) -> Place:
    province = _province(row)
    return Place(province.code if province else "", row.unit, row.satker, row.name)


def _province(row: SatkerRow) -> Province | None:
    """The province of a provincial office, by the Finance Ministry's location code; a central satker has none."""
    if row.authority not in PROVINCIAL:
        return None
    return org_selectors.province_of_kdlokasi((row.regency_code or row.satker)[:2])
