"""What the demo's coordination meeting brought about: some done, some open, some late; by the services."""

from __future__ import annotations

import pytest

from dekon.coordination.models import Decision, MinutesClosing, RaisedIssue
from dekon.ops.demo import results
from dekon.ops.demo.load import add_people


@pytest.mark.django_db
def test_the_meeting_leaves_decisions_and_issues_in_every_stage() -> None:
    add_people()
    results.hold()
    results.follow()
    assert set(Decision.objects.values_list("state", flat=True)) == {
        "selesai", "dilaporkan", "terbuka", "dikembalikan"
    }  # fmt: skip
    assert set(RaisedIssue.objects.values_list("state", flat=True)) == {"selesai", "dijawab", "terbuka"}
    assert MinutesClosing.objects.count() == 1
