"""Promise 1, accountability: differences between sources that nobody explained, payments above the ceiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dekon.budget import selectors as budget
from dekon.budget.choices import CaseStatus
from dekon.ledger import selectors as ledger
from dekon.org import selectors as org
from dekon.performance import words as said
from dekon.performance.board.measures import BoardFilter, Found, Item
from dekon.rules.formulas.promises import (
    DIFFERENCE_DAYS,
    DIFFERENCES_LIMITS,
    PAGU_MINUS_LIMITS,
    count_state,
    difference_state,
)

if TYPE_CHECKING:
    from dekon.budget.models import ReconciliationCase
    from dekon.ledger.models import Parked


def differences(asked: BoardFilter, provinces: Sequence[str]) -> Mapping[str, Found]:
    """Open reconciliation differences by province, the oldest first.

    Args:
        asked: which board.
        provinces: codes of those to speak of; one without a difference has none.
    """
    at: dict[str, Any] = {"province": asked.province, "unit": asked.unit, "satker": asked.satker}
    by_province: dict[str, list[ReconciliationCase]] = defaultdict(list)
    for case in budget.cases(year=asked.year, on=asked.as_of, **at).exclude(status=CaseStatus.RESOLVED):
        by_province[case.satker.province.code if case.satker.province else ""].append(case)
    return {code: _of_cases(asked, by_province.get(code, [])) for code in provinces}


def _of_cases(asked: BoardFilter, cases: list[ReconciliationCase]) -> Found:
    cases.sort(key=lambda case: (case.span_to, case.pk))
    oldest = _days(asked, cases[0]) if cases else 0
    items = tuple(
        Item(
            "case", case.satker.code, str(case.get_kind_display()),
            _("%(amount)s, terbuka %(days)s hari")
            % {"amount": said.amount(abs(case.stated_rp - case.booked_rp)), "days": _days(asked, case)},
            difference_state(1, _days(asked, case), asked.year), case.pk,
        )
        for case in cases
    )  # fmt: skip
    words = ngettext("%(num)s selisih terbuka", "%(num)s selisih terbuka", len(cases)) % {"num": len(cases)}
    action = _("Jawab selisih tertua, satker %(satker)s") % {"satker": cases[0].satker.code} if cases else ""
    return Found(len(cases), difference_state(len(cases), oldest, asked.year), words, items, action)


def _days(asked: BoardFilter, case: ReconciliationCase) -> int:
    """Calendar days from the end of the money's span: the board looks at effect, not at entry."""
    return max(0, (asked.as_of - min(case.span_to, timezone.localdate(case.opened_at))).days)


def pagu_minus(asked: BoardFilter, provinces: Sequence[str]) -> Mapping[str, Found]:
    """Payments that the Treasury made above what our ceiling holds, by province.

    Args:
        asked: which board.
        provinces: codes of those to speak of.
    """
    satker = org.listed_satker(province=asked.province, unit=asked.unit)
    numbers = {one.code: one.province.code for one in satker if one.province}
    by_province: dict[str, list[Parked]] = defaultdict(list)
    at = {"province": asked.province, "unit": asked.unit, "satker": asked.satker}
    for payment in ledger.listed_parked(year=asked.year, on=asked.as_of, **at):
        by_province[numbers.get(payment.pos.satker.code, "")].append(payment)
    return {code: _of_parked(asked, by_province.get(code, [])) for code in provinces}


def _of_parked(asked: BoardFilter, waiting: list[Parked]) -> Found:
    state = count_state(len(waiting), PAGU_MINUS_LIMITS.for_year(asked.year))
    items = tuple(
        Item(
            "parked", one.pos.satker.code, _("Pembayaran di atas pagu"),
            _("%(amount)s menunggu ruang pagu") % {"amount": said.amount(one.amount_rp)}, state,
        )
        for one in waiting
    )  # fmt: skip
    total = said.amount(sum(one.amount_rp for one in waiting))
    words = _("Pagu minus %(amount)s") % {"amount": total} if waiting else _("Tidak ada pagu minus")
    code = waiting[0].pos.satker.code if waiting else ""
    action = _("Ajukan revisi DIPA satker %(satker)s agar pembayaran mendapat ruang") % {"satker": code}
    return Found(len(waiting), state, words, items, action if waiting else "")


def difference_limits(year: int) -> str:
    """The limits of open differences in words."""
    kept, broken = DIFFERENCES_LIMITS.for_year(year)
    return _("terpenuhi paling banyak %(kept)s; belum sejak %(broken)s, atau bila satu terbuka %(days)s hari") % {
        "kept": kept, "broken": broken, "days": DIFFERENCE_DAYS.for_year(year),
    }  # fmt: skip


def pagu_minus_limits(year: int) -> str:
    """The limits of payments above the ceiling in words."""
    kept, broken = PAGU_MINUS_LIMITS.for_year(year)
    return _("terpenuhi paling banyak %(kept)s pembayaran; belum sejak %(broken)s") % {"kept": kept, "broken": broken}
