"""Cases: whoever answered one does not close it; what is possible depends on where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from dekon.budget import services
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.errors import Conflict, NotAllowed
from dekon.org import services as org
from dekon.org.models import Satker, User
from dekon.org.selectors import system_user
from tests.builders import small_year
from tests.builders.small_year import WEST_JAVA


@pytest.fixture
def case(db: None, tmp_path: Path) -> int:
    small_year.build(tmp_path)
    org.add_user(actor=system_user(), username="keuangan-uji", password="", role="keuangan")
    return ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=ImportRun.objects.earliest("pk"), owner_role="ppk",
    ).pk  # fmt: skip


def move(case: int, name: str, status: str) -> str:
    """Move a case as a person. Returns the code of the refusal, or nothing."""
    actor = User.objects.get(username=name)
    try:
        services.answer_case(actor=actor, case_id=case, text="sudah ditelusuri", status=status, now=timezone.now())
    except NotAllowed as refused:
        return refused.code
    except Conflict as refused:
        return refused.code
    return ""


def test_whoever_answered_a_case_does_not_close_it_and_another_does(case: int) -> None:
    assert move(case, "operator-32", "answered") == ""
    assert move(case, "operator-32", "resolved") == "not-allowed-preparer"
    assert move(case, "perencana", "answered") == "", "both have answered now"
    assert move(case, "perencana", "resolved") == "not-allowed-preparer"
    assert move(case, "keuangan-uji", "resolved") == ""


def test_an_open_case_is_answered_before_it_is_closed(case: int) -> None:
    assert move(case, "perencana", "resolved") == "not-allowed-status"
    assert move(case, "perencana", "open") == "", "a question on the way"


def test_opened_again_it_begins_anew(case: int) -> None:
    assert [move(case, "operator-32", "answered"), move(case, "perencana", "resolved")] == ["", ""]
    assert move(case, "perencana", "answered") == "not-allowed-status"
    assert move(case, "perencana", "open") == ""
    assert move(case, "perencana", "answered") == ""
    assert move(case, "operator-32", "resolved") == "", "the answer of before was not the one that is closed"
    assert move(case, "operator-91", "open") in {"not-allowed-place", "case-unknown"}
