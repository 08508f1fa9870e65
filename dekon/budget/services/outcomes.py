"""Outcomes: what an indicator such as the open unemployment rate (TPT) came to, by province and round."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.models import Outcome
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

SMALLEST, LARGEST = Decimal(-9999999999), Decimal(9999999999)


@transaction.atomic
def record_outcome(
    *, actor: User, indicator: str, year: int, round_name: str, value: Decimal, source: str, province: str = ""
) -> Outcome:
    """Record what an indicator came to, or put the recorded value right; the trail keeps what stood there.

    Args:
        indicator: code of the series (`tpt`).
        round_name: round of the survey (`Agustus`).
        value: in the unit of the indicator, for TPT percent.
        source: who published it.
        province: Kemendagri code; empty for the nation.

    Raises:
        NotFound: no such province.
        RuleBroken: indicator, round or source is missing, or the value is none.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    if not (indicator.strip() and round_name.strip() and source.strip()):
        raise RuleBroken("outcome-incomplete")
    if not (value.is_finite() and SMALLEST < value < LARGEST):
        raise RuleBroken("outcome-value-impossible", value=str(value))
    place = org_selectors.province_or_none(province)
    old = Outcome.objects.select_for_update().filter(
        indicator=indicator, province=place, year=year, round=round_name
    ).first()  # fmt: skip
    if old and (old.value, old.source) == (value, source):
        return old
    before = {"value": str(old.value), "source": old.source} if old else {}
    outcome = old or Outcome(indicator=indicator, province=place, year=year, round=round_name)
    outcome.value, outcome.source = value, source
    outcome.save()
    _trail(actor, "outcome-changed" if old else "outcome-recorded", outcome, before)
    return outcome


@transaction.atomic
def remove_outcome(*, actor: User, outcome_id: int) -> None:
    """Take away a value that was recorded by mistake; the trail keeps it.

    Raises:
        NotFound: no such value.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related("province").filter(pk=outcome_id).first()
    if outcome is None:
        raise NotFound("outcome-unknown", number=outcome_id)
    _trail(actor, "outcome-removed", outcome, {"value": str(outcome.value), "source": outcome.source}, removed=True)
    outcome.delete()


def _trail(actor: User, action: str, outcome: Outcome, before: audit.Facts, *, removed: bool = False) -> None:
    place = outcome.province.code if outcome.province else "nasional"
    audit.record(
        actor=actor, action=action, subject_type="outcome", subject_id=outcome.pk,
        subject_name=f"{outcome.indicator} {place} {outcome.year} {outcome.round}", before=before,
        after={} if removed else {"value": str(outcome.value), "source": outcome.source},
    )  # fmt: skip
