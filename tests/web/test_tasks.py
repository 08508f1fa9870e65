"""What waits for somebody: only what the person may do now, from all parts, with late things first."""

from __future__ import annotations

from datetime import date

from django.test import Client
from django.utils import timezone

from dekon.coordination import services
from dekon.coordination.choices import MeetingState
from dekon.coordination.services import DecisionFacts
from dekon.org.models import User
from dekon.performance.selectors.tasks import TaskKind, tasks_of
from tests.builders.meetings import BEGINS, ENDS, rakor, somebody
from tests.web.conftest import SignIn

TODAY = date(2022, 5, 2)


def made(planner: User) -> int:
    meeting, _session = rakor(planner)
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=BEGINS)
    return meeting.pk


def kinds(user: User) -> list[TaskKind]:
    user = User.objects.get(pk=user.pk)
    return [one.kind for one in tasks_of(user, TODAY) if one.kind not in {TaskKind.CASE_ANSWER, TaskKind.CASE_CLOSE}]


def test_a_decision_waits_for_its_owner_then_for_whoever_verifies(year: None) -> None:
    planner, operator = User.objects.get(username="perencana"), User.objects.get(username="operator-32")
    other = User.objects.get(username="operator-91")
    facts = DecisionFacts("Lengkapi RPD", "kadis", date(2022, 4, 15), "32")
    one = services.record_decision(actor=planner, meeting_id=made(planner), facts=facts, at=BEGINS)
    assert (kinds(operator), kinds(other), kinds(planner)) == ([TaskKind.DECISION], [], [])
    services.claim_decision(actor=operator, decision_id=one.pk, note="sudah", at=ENDS)
    assert (kinds(operator), kinds(planner)) == ([], [TaskKind.DECISION_VERIFY])
    services.verify_decision(actor=planner, decision_id=one.pk, done=True, note="", at=ENDS)
    assert (kinds(operator), kinds(planner)) == ([], [])


def test_a_decision_for_one_person_waits_for_that_person(year: None) -> None:
    planner, bureau = User.objects.get(username="perencana"), somebody("keuangan", "keuangan")
    facts = DecisionFacts("Siapkan data", "perencana", date(2022, 4, 15), owner="keuangan")
    services.record_decision(actor=planner, meeting_id=made(planner), facts=facts, at=BEGINS)
    assert (kinds(bureau), kinds(planner)) == ([TaskKind.DECISION], [])


def test_an_issue_waits_for_the_unit_then_for_the_region(year: None) -> None:
    planner, operator = User.objects.get(username="perencana"), User.objects.get(username="operator-32")
    unit, other = somebody("unit-13", "unit", unit="13"), somebody("unit-05", "unit", unit="05")
    one = services.raise_issue(
        actor=operator, meeting_id=made(planner), province="32", category="program", text="Juknis", unit="13", at=BEGINS
    )
    assert (kinds(unit), kinds(other), kinds(operator)) == ([TaskKind.ISSUE], [], [])
    services.move_issue(actor=unit, issue_id=one.pk, to="dijawab", text="Terbit besok", at=ENDS)
    assert (kinds(unit), kinds(operator), kinds(planner)) == ([], [TaskKind.ISSUE_SETTLE], [])


def test_what_is_due_first_comes_first_and_the_page_says_what_is_late(planner: Client, sign_in: SignIn) -> None:
    actor = User.objects.get(username="perencana")
    meeting = made(actor)
    for text, due in (("Kemudian", date(2099, 1, 1)), ("Dahulu", date(2022, 4, 15))):
        facts = DecisionFacts(text, "kadis", due, "32")
        services.record_decision(actor=actor, meeting_id=meeting, facts=facts, at=BEGINS)
    operator = sign_in("operator-32")
    page = operator.get("/tugas/").content.decode()
    assert page.index("Dahulu") < page.index("Kemudian")
    assert "1 terlambat" in page
    assert f"Terlambat {(timezone.localdate() - date(2022, 4, 15)).days} hari" in page
    assert "Dahulu" not in operator.get("/tugas/?jenis=issue").content.decode()
    assert operator.get("/tugas/?jenis=apa").status_code == 200
    home = operator.get("/provinsi/32/?tahun=2022").content.decode()
    assert "tugas saya" in home
    assert (
        "tugas saya"
        not in operator.get(f"/provinsi/32/?tahun=2022&tercatat={timezone.now():%Y-%m-%dT%H:%M}").content.decode()
    )


def test_a_case_of_the_place_waits_in_the_list(year: None) -> None:
    operator = User.objects.get(username="operator-91")
    found = [one for one in tasks_of(operator, TODAY) if one.kind is TaskKind.CASE_ANSWER]
    from_planner = tasks_of(User.objects.get(username="perencana"), TODAY)
    assert {one.number for one in found} <= {one.number for one in from_planner}
