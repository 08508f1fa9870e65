"""What the letters of a DIPA revision say beside its figures, which come from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.models import DipaRevision
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

AUTHORITIES = ("DJA", "DJPb", "KPA")
"""Who approves a revision: the directorates general of budget and of treasury, or the KPA."""


@transaction.atomic
def describe_revision(
    *, actor: User, revision_id: int, document: str, authority: str = "", revision_code: str = "", reason: str = ""
) -> DipaRevision:
    """State the letter behind a version of a DIPA; its figures stay as the file states them.

    Args:
        document: number of the letter or digital stamp.
        authority: who approved it, one of `AUTHORITIES`, or empty.
        revision_code: kind of revision as the Treasury numbers it (`201`), or empty.
        reason: what it was for, or its legal basis.

    Raises:
        NotFound: no such version.
        RuleBroken: the letter is missing, or the authority is none.
        NotAllowed: the actor does not edit the plan there.
    """
    found = DipaRevision.objects.select_for_update(of=("self",)).select_related("dipa__satker__unit")
    version = found.filter(pk=revision_id, withdrawn_at__isnull=True).first()
    if version is None:
        raise NotFound("revision-unknown", number=revision_id)
    org.require(actor, Action.EDIT_PLAN, org_selectors.satker_place(version.dipa.satker))
    if not document.strip() or authority not in {"", *AUTHORITIES}:
        raise RuleBroken("revision-incomplete", known=", ".join(AUTHORITIES))
    after = {"document": document, "authority": authority, "revision_code": revision_code, "reason": reason}
    before = {name: getattr(version, name) for name in after}
    if before == after:
        return version
    for name, value in after.items():
        setattr(version, name, value)
    version.save(update_fields=list(after))
    audit.record(
        actor=actor, action="revision-described", subject_type="dipa-revision", subject_id=version.pk,
        subject_name=str(version)[:255], satker_code=version.dipa.satker.code, before=before, after=after,
    )  # fmt: skip
    return version
