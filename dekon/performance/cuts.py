"""How a recap is cut: filters, groupings and the figures that are summed.

Every reading is one statement, so that its figures are of one moment: `chosen` (the positions of the cut), `plan`
(their plan by month) and what is summed of both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from dekon.budget import selectors as budget
from dekon.org.selectors import dated

type Param = str | int | date


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of one cut, whole rupiah. Ratios are None where there is nothing to divide by."""

    pagu_rp: int = 0
    blocked_rp: int = 0
    reserved_rp: int = 0
    realised_rp: int = 0
    parked_rp: int = 0
    planned_rp: int = 0

    def __add__(self, other: Figures) -> Figures:
        """Figure by figure."""
        return Figures(
            self.pagu_rp + other.pagu_rp, self.blocked_rp + other.blocked_rp, self.reserved_rp + other.reserved_rp,
            self.realised_rp + other.realised_rp, self.parked_rp + other.parked_rp, self.planned_rp + other.planned_rp,
        )  # fmt: skip

    @property
    def effective_rp(self) -> int:
        """Pagu less what is blocked."""
        return self.pagu_rp - self.blocked_rp

    @property
    def available_rp(self) -> int:
        """Not yet bound: effective less realised and reserved."""
        return self.effective_rp - self.realised_rp - self.reserved_rp

    @property
    def gap_rp(self) -> int:
        """Planned by now less realised; positive is behind."""
        return self.planned_rp - self.realised_rp

    @property
    def absorption(self) -> Decimal | None:
        """Realised over pagu."""
        return Decimal(self.realised_rp) / self.pagu_rp if self.pagu_rp else None

    @property
    def absorption_effective(self) -> Decimal | None:
        """Realised over pagu efektif."""
        return Decimal(self.realised_rp) / self.effective_rp if self.effective_rp else None

    @property
    def plan_ratio(self) -> Decimal | None:
        """Realised over planned by now."""
        return Decimal(self.realised_rp) / self.planned_rp if self.planned_rp else None


@dataclass(frozen=True, slots=True)
class RecapFilter:
    """Which money: a fiscal year as of a day, and codes that narrow it; empty codes do not."""

    year: int
    as_of: date
    province: str = ""
    unit: str = ""
    satker: str = ""
    authority: str = ""
    theme: str = ""
    program: str = ""
    kegiatan: str = ""
    kro: str = ""
    ro: str = ""
    komponen: str = ""
    subkomponen: str = ""
    akun: str = ""
    spending_type: str = ""

    def on(self, day: date) -> RecapFilter:
        """The same cut on another day."""
        return replace(self, as_of=day)


FIGURES = ("pagu_rp", "blocked_rp", "reserved_rp", "realised_rp", "parked_rp", "planned_rp")
SUMS = ", ".join(f"coalesce(sum(m.{name}), 0)::bigint" for name in FIGURES)
"""As whole numbers: the sum of a nation's rupiah stays far below what 64 bits hold."""

PLACES = {
    "o": "JOIN org_satker o ON o.id = p.satker_id",
    "u": "JOIN org_unit u ON u.id = o.unit_id",
    "v": "LEFT JOIN org_province v ON v.id = o.province_id",
    "a": "LEFT JOIN org_authority a ON a.id = o.authority_id",
}

CONDITIONS = {
    "province": "v.code = %(province)s",
    "unit": "u.code = %(unit)s",
    "satker": "o.code = %(satker)s",
    "authority": "(a.abbreviation = %(authority)s OR a.code = %(authority)s)",
    **{
        level: f"p.{level} = %({level})s"
        for level in ("program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun")
    },
    "spending_type": "left(p.akun, 2) = %(spending_type)s",
    "theme": (
        "EXISTS (SELECT 1 FROM budget_themetag t JOIN budget_theme h ON h.id = t.theme_id WHERE h.name = %(theme)s"
        " AND t.fiscal_year = p.fiscal_year AND t.kegiatan = p.kegiatan AND (t.kro = '' OR (t.kro"
        " = p.kro AND t.ro = p.ro)))"
    ),
}

KEYS = {
    "province": "v.code",
    "satker": "o.code",
    "unit": "u.code",
    "spending_type": "left(p.akun, 2)",
    "month": "p.fiscal_year",  # the months are those of the movements, see `MOVEMENTS`
    **{level: f"p.{level}" for level in ("program", "kegiatan", "kro", "komponen", "subkomponen", "akun")},
}


def key_of(asked: RecapFilter, by: str) -> str:
    """The expression that a recap is grouped by. An RO's code is only unique below its kegiatan and KRO."""
    if by != "ro":
        return KEYS[by]
    above = [level for level in ("kegiatan", "kro") if not getattr(asked, level)]
    return f"concat_ws('.', {', '.join(f'p.{level}' for level in (*above, 'ro'))})"


def condition(asked: RecapFilter) -> tuple[str, dict[str, Param]]:
    """The WHERE of a cut on positions and places, with its parameters."""
    used = [name for name in CONDITIONS if getattr(asked, name)]
    params: dict[str, Param] = {name: getattr(asked, name) for name in used}
    parts = ["p.fiscal_year = %(year)s", *(CONDITIONS[name] for name in used)]
    return " AND ".join(parts), {"year": asked.year, "as_of": asked.as_of, **params}


def is_narrowed(asked: RecapFilter) -> bool:
    """Whether the cut leaves anything of its year out."""
    return any(getattr(asked, name) for name in CONDITIONS)


def places(*expressions: str) -> str:
    """The joins from a position to the places that these expressions name."""
    named = set(re.findall(r"\b([ouva])\.", " ".join(expressions)))
    return " ".join(join for alias, join in PLACES.items() if alias in named or (alias == "o" and named))


def chosen(asked: RecapFilter, key: str) -> tuple[str, dict[str, Param]]:
    """The positions of a cut: number, what they are grouped by (`key`), and their running totals."""
    where, params = condition(asked)
    rows = f"""SELECT p.id, {key} AS key, p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp, p.parked_rp
        FROM ledger_pos p {places(key, where)} WHERE {where}"""
    return rows, params | {"planned_month": planned_months(asked.year, asked.as_of)}


STANDING = """
    SELECT c.key, sum(c.pagu_rp) AS pagu_rp, sum(c.blocked_rp) AS blocked_rp, sum(c.reserved_rp) AS reserved_rp,
           sum(c.realised_rp) AS realised_rp, sum(c.parked_rp) AS parked_rp, 0 AS planned_rp
    FROM chosen c GROUP BY 1
    UNION ALL
    SELECT c.key, -d.pagu_rp, -d.blocked_rp, -d.reserved_rp, -d.realised_rp, 0, 0
    FROM ledger_dailysum d JOIN chosen c ON c.id = d.pos_id
    WHERE d.fiscal_year = %(year)s AND d.effective_on > %(as_of)s
    UNION ALL
    SELECT c.key, 0, 0, 0, 0, -k.amount_rp, 0
    FROM ledger_parked k JOIN chosen c ON c.id = k.pos_id
    WHERE k.state = 'open' AND k.effective_on > %(as_of)s
    UNION ALL
    SELECT n.key, 0, 0, 0, 0, 0, n.planned_rp FROM plan n WHERE n.month <= %(planned_month)s"""
"""How the cut stood at the end of the day, by `key`: the running totals less what the book moved afterwards.

Today's figures, which are asked for most, so need no look at the days at all."""

WITHIN_SATKER = ("theme", "program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun", "spending_type")
"""What tells positions of one satker apart."""


def plan(asked: RecapFilter, key: str) -> str:
    """The plan of the cut by `key` and month. Where satker are taken whole, from their sums."""
    if any(getattr(asked, name) for name in WITHIN_SATKER) or not SATKER_KEY.fullmatch(key):
        return """
            SELECT c.key, n.month, sum(n.planned_rp)::bigint AS planned_rp
            FROM budget_plannedmonth n JOIN chosen c ON c.id = n.pos_id WHERE n.fiscal_year = %(year)s GROUP BY 1, 2"""
    where, _params = condition(asked)
    return f"""
        SELECT {key} AS key, p.month, sum(p.planned_rp)::bigint AS planned_rp
        FROM budget_plannedtotal p {places(key, where)} WHERE {where} GROUP BY 1, 2"""


SATKER_KEY = re.compile(r"[ouva]\.\w+|p\.(fiscal_year|satker_id)")
"""What a whole satker is grouped by."""


def months(asked: RecapFilter) -> str:
    """What each month realised up to the day, and its plan: rows of `month`, `realised_rp`, `planned_rp`."""
    among = "JOIN chosen c ON c.id = d.pos_id" if is_narrowed(asked) else ""
    return f"""
    SELECT date_part('month', s.effective_on)::int AS month, s.realised_rp, 0 AS planned_rp FROM (
        SELECT d.effective_on, sum(d.realised_rp) AS realised_rp FROM ledger_dailysum d {among}
        WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(as_of)s AND d.realised_rp <> 0 GROUP BY 1) s
    UNION ALL
    SELECT n.month, 0, sum(n.planned_rp) FROM plan n GROUP BY 1"""


MOVEMENTS = """
    SELECT lpad(date_part('month', d.effective_on)::text, 2, '0') AS key, d.pagu_rp, d.blocked_rp, d.reserved_rp,
           d.realised_rp, 0::bigint AS parked_rp, 0::bigint AS planned_rp
    FROM ledger_dailysum d JOIN chosen c ON c.id = d.pos_id
    WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(as_of)s
    UNION ALL
    SELECT lpad(date_part('month', k.effective_on)::text, 2, '0'), 0, 0, 0, 0, k.amount_rp, 0
    FROM ledger_parked k JOIN chosen c ON c.id = k.pos_id
    WHERE k.state = 'open' AND k.effective_on <= %(as_of)s
    UNION ALL
    SELECT lpad(n.month::text, 2, '0'), 0, 0, 0, 0, 0, n.planned_rp FROM plan n WHERE n.month <= %(planned_month)s"""
"""Everything that moved up to the day, by `key`: the month."""


def planned_months(year: int, as_of: date) -> int:
    """How many months of the year have ended by a day: the plan is due at the end of its month."""
    if as_of.year != year:
        return 12 if as_of.year > year else 0
    return as_of.month if (as_of + timedelta(days=1)).month != as_of.month else as_of.month - 1


def names(by: str, codes: Sequence[str], asked: RecapFilter) -> dict[str, str]:
    """What the codes of a grouping are called."""
    tables = {
        "province": "org_province", "satker": "org_satker", "unit": "org_unit", "program": "budget_program",
        "kegiatan": "budget_kegiatan", "kro": "budget_kro", "akun": "budget_akun",
    }  # fmt: skip
    if by in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT code, name FROM {tables[by]} WHERE code = ANY(%s) ORDER BY id DESC", [list(codes)])
            return dict(cursor.fetchall()) | names_then(by, asked.as_of)
    return budget.codes_below(
        by, codes, asked.year, asked.satker, (asked.program, asked.kegiatan, asked.kro, asked.ro, asked.komponen)
    )


def names_then(by: str, day: date) -> dict[str, str]:
    """What codes that were renamed were called on a day."""
    listing = "provinsi" if by == "province" else by
    return {code: name for (_listing, code), name in dated.names_on([listing], day).items()}
