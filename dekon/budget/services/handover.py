"""What a person may have open in the budget, and how it goes over to a successor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from dekon.audit import services as audit
from dekon.budget.choices import CaseStatus
from dekon.budget.models import ImportRun, ReconciliationCase

if TYPE_CHECKING:
    from dekon.org.models import User
    from dekon.org.selectors import Place


class OpenInBudget:
    """Reconciliation cases that a person owns, and the imports that the person looks after."""

    def count(self, user: User, place: Place) -> Mapping[str, int]:
        """How many of each kind the person has open there."""
        return {"cases": _cases(user, place).count(), "imports": _imports(user).count()}

    @transaction.atomic
    def pass_on(self, *, actor: User, user: User, successor: User, place: Place) -> Mapping[str, int]:
        """Give all of them to the successor; how many of each kind.

        Who created and who answered stays as it was recorded.
        """
        cases = list(_cases(user, place).select_for_update(of=("self",)).select_related("satker").order_by("pk"))
        runs = list(_imports(user).select_for_update(of=("self",)).order_by("pk"))
        ReconciliationCase.objects.filter(pk__in=[case.pk for case in cases]).update(owner=successor)
        ImportRun.objects.filter(pk__in=[run.pk for run in runs]).update(keeper=successor)
        for case in cases:
            audit.record(
                actor=actor, action="case-handed-over", subject_type="case", subject_id=case.pk,
                satker_code=case.satker.code, before={"owner": user.username}, after={"owner": successor.username},
            )  # fmt: skip
        return {"cases": len(cases), "imports": len(runs)}


def _cases(user: User, place: Place) -> QuerySet[ReconciliationCase]:
    """The unresolved cases of that satker, province or unit that the person owns."""
    bounds = {
        "satker__code": place.satker, "satker__province__code": place.province, "satker__unit__code": place.unit
    }  # fmt: skip
    owned = ReconciliationCase.objects.filter(owner=user).exclude(status=CaseStatus.RESOLVED)
    return owned.filter(**{name: code for name, code in bounds.items() if code})


def _imports(user: User) -> QuerySet[ImportRun]:
    """The imports that the person brought or took over and has not passed on."""
    return ImportRun.objects.filter(Q(created_by=user, keeper=None) | Q(keeper=user))
