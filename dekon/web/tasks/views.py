"""The page of what waits for the person."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.org.choices import Action
from dekon.performance.selectors.tasks import Task, TaskKind, tasks_of
from dekon.web.access import access, person
from dekon.web.address import Address
from dekon.web.filters import Choice
from dekon.web.pages import answer
from dekon.web.tasks import listing


@access(Action.USE_API)
@require_GET
def tasks(request: HttpRequest) -> HttpResponseBase:
    today, kind = timezone.localdate(), Address.of(request).params.get("jenis", "")
    whole = tasks_of(person(request), today)
    found = [one for one in whole if kind not in TaskKind or one.kind == kind]
    return answer(
        request, "tasks/tasks.html.jinja", crumbs=[(_("Beranda"), reverse("start")), (_("Tugas saya"), "")],
        tabled=[listing.task_table(found, today)], count=len(found), kind=kind, late=sum(_late(one) for one in found),
        kinds=[Choice(one.value, listing.kind_words(one)) for one in TaskKind if one in {each.kind for each in whole}],
    )  # fmt: skip


def _late(one: Task) -> bool:
    return one.due_on is not None and one.due_on < timezone.localdate()
