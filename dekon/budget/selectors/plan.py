"""Single things of the plan, for the pages that edit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dekon.budget.models import Block, DipaRevision, FiscalYear, Policy, PolicyTarget, Reservation, RpdVersion, Theme
from dekon.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dekon.budget.models import BlockRelease


def policy(number: int) -> Policy:
    """A policy with its targets and links.

    Raises:
        NotFound: there is none.
    """
    found = Policy.objects.prefetch_related("targets", "links").filter(pk=number).first()
    if found is None:
        raise NotFound("policy-unknown", number=number)
    return found


def target(of: Policy, indicator: str) -> PolicyTarget:
    """The target that a policy has for an indicator.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in of.targets.all() if one.indicator == indicator), None)
    if found is None:
        raise NotFound("target-unknown", indicator=indicator, name=of.name)
    return found


def theme(number: int) -> Theme:
    """A theme with what it tags.

    Raises:
        NotFound: there is none.
    """
    found = Theme.objects.prefetch_related("tags").filter(pk=number).first()
    if found is None:
        raise NotFound("theme-unknown", name=str(number))
    return found


def block(number: int) -> Block:
    """A block that holds, with its position and satker.

    Raises:
        NotFound: there is none.
    """
    found = Block.objects.select_related("pos__satker__unit", "pos__satker__province")
    one = found.filter(pk=number, withdrawn_at__isnull=True).first()
    if one is None:
        raise NotFound("block-unknown", number=number)
    return one


def releases(of: Block) -> Sequence[BlockRelease]:
    """The releases of a block that hold, oldest first."""
    return list(of.releases.filter(withdrawn_at__isnull=True))


def reservation(number: int) -> Reservation:
    """A reservation with its position, satker and releases.

    Raises:
        NotFound: there is none.
    """
    found = Reservation.objects.select_related("pos__satker__unit", "pos__satker__province")
    one = found.prefetch_related("releases").filter(pk=number).first()
    if one is None:
        raise NotFound("reservation-unknown", number=number)
    return one


def revision(number: int) -> DipaRevision:
    """A version of a DIPA with its satker.

    Raises:
        NotFound: there is none.
    """
    found = DipaRevision.objects.select_related("dipa__satker__unit", "dipa__satker__province")
    one = found.filter(pk=number, withdrawn_at__isnull=True).first()
    if one is None:
        raise NotFound("revision-unknown", number=number)
    return one


def fiscal_year(year: int) -> FiscalYear | None:
    """A fiscal year as it is written down, or None."""
    return FiscalYear.objects.filter(year=year).first()


def rpd_version(number: int) -> RpdVersion:
    """A version of the monthly plan with its DIPA.

    Raises:
        NotFound: there is none.
    """
    found = RpdVersion.objects.select_related("dipa__satker").filter(pk=number, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound("rpd-version-unknown", number=number)
    return found
