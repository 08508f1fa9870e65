"""Strategic policies of a year with their national targets, the money that serves them, and the year itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.models import FiscalYear, Kegiatan, Policy, PolicyLink, PolicyTarget, Program
from dekon.errors import Conflict, NotFound, RuleBroken
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

YEARS = range(2000, 2101)


@transaction.atomic
def state_year(
    *, actor: User, fiscal_year: int, legal_basis: str, note: str = "", synthetic: bool | None = None
) -> FiscalYear:
    """State the regulation that delegates in a fiscal year.

    Args:
        synthetic: whether the figures of the year are made up; left as it is where not said.

    Raises:
        RuleBroken: no such fiscal year.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    if fiscal_year not in YEARS:
        raise RuleBroken("year-impossible", year=fiscal_year)
    year, _new = FiscalYear.objects.get_or_create(year=fiscal_year)
    before = {"legal_basis": year.legal_basis, "note": year.note}
    year.legal_basis, year.note = legal_basis, note
    year.synthetic = year.synthetic if synthetic is None else synthetic
    year.save()
    audit.record(
        actor=actor, action="year-stated", subject_type="fiscal-year", subject_id=fiscal_year, before=before,
        after={"legal_basis": legal_basis, "note": note, "synthetic": year.synthetic},
    )  # fmt: skip
    return year


@transaction.atomic
def state_policy(
    *, actor: User, fiscal_year: int, code: str, name: str, description: str = "", source: str = ""
) -> Policy:
    """Write down a strategic policy of a year, or change what is written under its code.

    Args:
        code: short and unique within the year (`K1`).
        source: the document that it comes from.

    Raises:
        RuleBroken: code or name is missing, or no such fiscal year.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    if fiscal_year not in YEARS:
        raise RuleBroken("year-impossible", year=fiscal_year)
    if not code.strip() or not name.strip():
        raise RuleBroken("policy-incomplete")
    facts = {"name": name, "description": description, "source": source}
    policy, created = Policy.objects.select_for_update().get_or_create(
        fiscal_year=fiscal_year, code=code, defaults=facts
    )
    before = {} if created else {field: getattr(policy, field) for field in facts}
    if before == facts:
        return policy
    for field, value in facts.items():
        setattr(policy, field, value)
    policy.save(update_fields=list(facts))
    _trail(actor, "policy-added" if created else "policy-changed", policy, before, facts)
    return policy


@transaction.atomic
def remove_policy(*, actor: User, policy_id: int) -> None:
    """Take a policy away that has neither targets nor links, as one written down by mistake.

    Raises:
        NotFound: no such policy.
        Conflict: it has targets or links.
        NotAllowed: the actor does not edit the plan.
    """
    policy = _policy(actor, policy_id)
    if policy.targets.exists() or policy.links.exists():
        raise Conflict("policy-in-use", name=policy.name)
    _trail(actor, "policy-removed", policy, {"name": policy.name, "source": policy.source}, {})
    policy.delete()


@transaction.atomic
def state_target(
    *, actor: User, policy_id: int, indicator: str, name: str, unit: str, low: Decimal, high: Decimal,
    lower_is_better: bool = False,
) -> PolicyTarget:  # fmt: skip
    """Give a policy a national target, or change the one of that indicator.

    Args:
        indicator: code of the series that measures it (`tpt`), unique within the policy.
        low, high: the range in which it should end, in the unit; both the same for a single figure.
        lower_is_better: whether a value below the range is better than one above.

    Raises:
        NotFound: no such policy.
        RuleBroken: indicator or name is missing, or the range runs backwards.
        NotAllowed: the actor does not edit the plan.
    """
    policy = _policy(actor, policy_id)
    if not indicator.strip() or not name.strip() or low > high:
        raise RuleBroken("target-impossible", low=str(low), high=str(high))
    old = PolicyTarget.objects.filter(policy=policy, indicator=indicator).first()
    target, _new = PolicyTarget.objects.update_or_create(
        policy=policy, indicator=indicator,
        defaults={"name": name, "unit": unit, "low": low, "high": high, "lower_is_better": lower_is_better},
    )  # fmt: skip
    _trail(
        actor, "policy-target-stated", policy, _range_of(old) if old else {}, {**_range_of(target), "name": name}
    )  # fmt: skip
    return target


@transaction.atomic
def remove_target(*, actor: User, policy_id: int, indicator: str) -> None:
    """Take a target away from a policy.

    Raises:
        NotFound: no such policy, or it has no target of that indicator.
        NotAllowed: the actor does not edit the plan.
    """
    policy = _policy(actor, policy_id)
    target = PolicyTarget.objects.filter(policy=policy, indicator=indicator).first()
    if target is None:
        raise NotFound("target-unknown", indicator=indicator, name=policy.name)
    _trail(actor, "policy-target-removed", policy, _range_of(target), {})
    target.delete()


@transaction.atomic
def link_policy(*, actor: User, policy_id: int, program: str, kegiatan: str = "") -> PolicyLink:
    """Say that a programme, or one of its kegiatan, serves a policy. Saying it again changes nothing.

    Raises:
        NotFound: no such policy, programme, or kegiatan of that programme.
        NotAllowed: the actor does not edit the plan.
    """
    policy = _policy(actor, policy_id)
    if not Program.objects.filter(code=program).exists():
        raise NotFound("code-unknown", code=program, listing="program")
    if kegiatan and not Kegiatan.objects.filter(code=kegiatan, program__code=program).exists():
        raise NotFound("code-unknown", code=kegiatan, listing=f"kegiatan program {program}")
    link, created = PolicyLink.objects.get_or_create(policy=policy, program=program, kegiatan=kegiatan)
    if created:
        _trail(actor, "policy-linked", policy, {}, {"program": program, "kegiatan": kegiatan})
    return link


@transaction.atomic
def unlink_policy(*, actor: User, policy_id: int, program: str, kegiatan: str = "") -> None:
    """Say that a programme or kegiatan no longer serves a policy.

    Raises:
        NotFound: no such policy, or they are not linked.
        NotAllowed: the actor does not edit the plan.
    """
    policy = _policy(actor, policy_id)
    link = PolicyLink.objects.filter(policy=policy, program=program, kegiatan=kegiatan).first()
    if link is None:
        raise NotFound("link-unknown", code=f"{program}.{kegiatan}".rstrip("."), name=policy.name)
    _trail(actor, "policy-unlinked", policy, {"program": program, "kegiatan": kegiatan}, {})
    link.delete()


def _policy(actor: User, policy_id: int) -> Policy:
    org.require(actor, Action.EDIT_PLAN)
    policy = Policy.objects.select_for_update().filter(pk=policy_id).first()
    if policy is None:
        raise NotFound("policy-unknown", number=policy_id)
    return policy


def _range_of(target: PolicyTarget) -> dict[str, str]:
    return {"indicator": target.indicator, "low": str(target.low), "high": str(target.high), "unit": target.unit}


def _trail(actor: User, action: str, policy: Policy, before: audit.Facts, after: audit.Facts) -> None:
    audit.record(
        actor=actor, action=action, subject_type="policy", subject_id=policy.pk,
        subject_name=f"{policy.fiscal_year} {policy.code} {policy.name}"[:255], before=before, after=after,
    )  # fmt: skip
