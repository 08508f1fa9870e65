"""Promise 3, execution and reporting: how far the outputs have come, against what the plan of their money has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dekon.performance import cuts
from dekon.performance import words as said
from dekon.performance.board.measures import BoardFilter, Found, Item
from dekon.rules.formulas.promises import OUTPUTS_LIMITS, share_state

FULL = Decimal(100)

OUTPUTS = """
    WITH money AS (
        SELECT p.satker_id, p.program, p.kegiatan, p.kro, p.ro, sum(d.pagu_rp)::bigint AS pagu_rp,
               sum(d.realised_rp)::bigint AS realised_rp
        FROM ledger_dailysum d JOIN ledger_pos p ON p.id = d.pos_id
        WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(as_of)s GROUP BY 1, 2, 3, 4, 5),
    planned AS (
        SELECT p.satker_id, p.program, p.kegiatan, p.kro, p.ro, sum(n.planned_rp)::bigint AS year_rp,
               coalesce(sum(n.planned_rp) FILTER (WHERE n.month <= %(planned_month)s), 0)::bigint AS planned_rp
        FROM budget_plannedmonth n JOIN ledger_pos p ON p.id = n.pos_id
        WHERE n.fiscal_year = %(year)s GROUP BY 1, 2, 3, 4, 5)
    SELECT coalesce(v.code, ''), o.code, u.code, r.program, r.kegiatan, r.kro, r.ro,
           coalesce(nullif(r.name, ''), n.name, ''), coalesce(m.pagu_rp, 0), coalesce(m.realised_rp, 0),
           coalesce(l.planned_rp, 0), coalesce(l.year_rp, 0), r.target_volume, g.total_volume, g.total_progress, g.month
    FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id JOIN org_unit u ON u.id = o.unit_id
    LEFT JOIN org_province v ON v.id = o.province_id
    LEFT JOIN money m ON (m.satker_id, m.program, m.kegiatan, m.kro, m.ro)
                       = (r.satker_id, r.program, r.kegiatan, r.kro, r.ro)
    LEFT JOIN planned l ON (l.satker_id, l.program, l.kegiatan, l.kro, l.ro)
                         = (r.satker_id, r.program, r.kegiatan, r.kro, r.ro)
    LEFT JOIN budget_pathname n ON n.fiscal_year = r.fiscal_year AND n.satker_id = r.satker_id
         AND n.path = concat_ws('.', r.program, r.kegiatan, r.kro, r.ro)
    LEFT JOIN LATERAL (SELECT total_volume, total_progress, month FROM budget_roprogress g WHERE g.ro_id = r.id
                       AND g.month <= %(month)s AND g.withdrawn_at IS NULL
                       ORDER BY g.month DESC, g.id DESC LIMIT 1) g ON true
    WHERE r.fiscal_year = %(year)s AND (%(province)s = '' OR v.code = %(province)s)
      AND (%(unit)s = '' OR u.code = %(unit)s) AND (%(satker)s = '' OR o.code = %(satker)s)
    ORDER BY 1, 2, 4, 5, 6, 7"""


@dataclass(frozen=True, slots=True)
class OutputStand:
    """An RO on a day: its money, the plan of its money, what was delivered of it."""

    province: str
    satker: str
    unit: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    name: str
    pagu_rp: int
    realised_rp: int
    planned_rp: int
    year_rp: int
    target: Decimal
    volume: Decimal | None
    progress: Decimal | None
    month: int | None

    @property
    def code(self) -> str:
        """`2143.QEI.001`."""
        return f"{self.kegiatan}.{self.kro}.{self.ro}"

    @property
    def expected(self) -> Decimal | None:
        """The share of the year's plan that is due by the day, 0 to 1; None without a plan."""
        return Decimal(self.planned_rp) / self.year_rp if self.year_rp > 0 else None

    @property
    def achieved(self) -> Decimal:
        """What was delivered, 0 to 1: the reported progress, else volume over target; 0 where nothing is reported."""
        if self.progress is not None:
            return min(Decimal(1), max(Decimal(0), self.progress / FULL))
        if self.volume is None or self.target <= 0:
            return Decimal(0)
        return min(Decimal(1), max(Decimal(0), self.volume / self.target))

    @property
    def spent(self) -> Decimal | None:
        """Realised over pagu; None without a pagu."""
        return Decimal(self.realised_rp) / self.pagu_rp if self.pagu_rp > 0 else None


def outputs_on(asked: BoardFilter) -> list[OutputStand]:
    """Every RO of a place as it stands on a day, by province and satker."""
    params: dict[str, Any] = {
        "year": asked.year, "as_of": asked.as_of, "province": asked.province, "unit": asked.unit,
        "satker": asked.satker, "month": 12 if asked.as_of.year > asked.year else asked.as_of.month,
        "planned_month": cuts.planned_months(asked.year, asked.as_of),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OUTPUTS, params)
        return [OutputStand(*row) for row in cursor.fetchall()]


def progress(asked: BoardFilter, provinces: Sequence[str]) -> Mapping[str, Found]:
    """Delivered over due, weighted by pagu; what one RO is ahead does not hide that another is behind.

    Args:
        asked: which board.
        provinces: codes of those to speak of; one of which no RO was reported, or none has a plan, has no data.
    """
    by_province: dict[str, list[OutputStand]] = defaultdict(list)
    for one in outputs_on(asked):
        by_province[one.province].append(one)
    found = {code: _of_outputs(asked.year, by_province.get(code, [])) for code in provinces}
    return {code: one for code, one in found.items() if one}


def _of_outputs(year: int, outputs: list[OutputStand]) -> Found | None:
    due = [one for one in outputs if one.expected and one.pagu_rp > 0]
    if not due or all(one.month is None for one in outputs):
        return None
    expected = sum((one.pagu_rp * (one.expected or 0) for one in due), Decimal(0))
    kept = sum((one.pagu_rp * min(one.achieved, one.expected or Decimal(0)) for one in due), Decimal(0))
    share, limits = kept / expected, OUTPUTS_LIMITS.for_year(year)
    behind = sorted(
        (one for one in due if share_state(one.achieved / (one.expected or 1), limits) != "met"),
        key=lambda one: (one.achieved - (one.expected or 0)) * one.pagu_rp,
    )
    items = tuple(
        Item(
            "output", one.satker, f"{one.code} {one.name}".strip(), _behind_words(one),
            share_state(one.achieved / (one.expected or 1), limits), path=_path(one),
        )
        for one in behind
    )  # fmt: skip
    words = _("%(share)s dari progres yang sudah jatuh tempo") % {"share": said.share(share)}
    return Found(share, share_state(share, limits), words, items, _action(behind))


def _behind_words(one: OutputStand) -> str:
    if one.month is None:
        return _("belum ada laporan capaian; menurut rencana %(due)s") % {"due": said.share(one.expected)}
    return _("capaian %(achieved)s, menurut rencana %(due)s") % {
        "achieved": said.share(one.achieved), "due": said.share(one.expected),
    }  # fmt: skip


def _action(behind: list[OutputStand]) -> str:
    if not behind:
        return ""
    first = behind[0]
    words = {"satker": first.satker, "output": first.code}
    if first.month is None:
        return _("Laporkan capaian RO %(output)s, satker %(satker)s") % words
    return _("Kejar RO %(output)s, satker %(satker)s: selisihnya paling besar") % words


def _path(one: OutputStand) -> dict[str, str]:
    return {"program": one.program, "kegiatan": one.kegiatan, "kro": one.kro, "ro": one.ro}


def progress_limits(year: int) -> str:
    """The limits of output progress in words."""
    kept, broken = OUTPUTS_LIMITS.for_year(year)
    return _("terpenuhi sejak %(kept)s %% dari rencana; belum di bawah %(broken)s %%") % {
        "kept": kept, "broken": broken,
    }  # fmt: skip
