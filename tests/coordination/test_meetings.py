"""Preparing meetings: who may, in which order, and what is never lost."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from dekon.audit.models import Event
from dekon.coordination import selectors, services
from dekon.coordination.models import Material, Meeting
from dekon.coordination.selectors import Wanted
from dekon.coordination.services import MaterialFile, SessionFacts
from dekon.errors import Conflict, NotAllowed, NotFound, RuleBroken, Unfit
from dekon.org.models import User
from tests.builders.meetings import BEGINS, ENDS, HOUR, RAKOR, REGISTRATION, rakor, somebody

pytestmark = pytest.mark.django_db
TEXT = b"nomor,judul\n1,Kebijakan\n"


@pytest.fixture
def planner() -> User:
    return somebody("perencana", "perencana")


def test_meetings_of_a_series_count_on(planner: User) -> None:
    first = services.plan_meeting(actor=planner, facts=RAKOR)
    year = 365 * 24 * HOUR
    second = services.plan_meeting(actor=planner, facts=replace(RAKOR, starts_at=BEGINS + year, ends_at=ENDS + year))
    other = services.plan_meeting(actor=planner, facts=replace(RAKOR, kind="dialog", series="Dialog JKP"))
    assert [one.ordinal for one in (first, second, other)] == [1, 2, 1]
    assert (first.fiscal_year, second.fiscal_year) == (2022, 2023)
    assert [one.pk for one in selectors.meetings(Wanted(kind="rakor"))] == [second.pk, first.pk]
    assert [one.pk for one in selectors.meetings(Wanted(year=2022, kind="dialog"))] == [other.pk]


def test_a_unit_plans_its_own_meetings_and_no_others() -> None:
    unit = somebody("unit-13", "unit", unit="13")
    own = services.plan_meeting(actor=unit, facts=replace(RAKOR, unit="13"))
    assert own.unit is not None
    for facts in (RAKOR, replace(RAKOR, unit="05")):
        with pytest.raises(NotAllowed):
            services.plan_meeting(actor=unit, facts=facts)
    national = services.plan_meeting(actor=somebody("perencana", "perencana"), facts=RAKOR)
    with pytest.raises(NotAllowed):
        services.change_meeting(actor=unit, meeting_id=national.pk, facts=RAKOR)


@pytest.mark.parametrize("role", ["kadis", "auditor", "pembina"])
def test_others_plan_nothing(role: str) -> None:
    with pytest.raises(NotAllowed):
        services.plan_meeting(actor=somebody(role, role), facts=RAKOR)


def test_every_problem_is_told_at_once(planner: User) -> None:
    facts = replace(RAKOR, title=" ", city="", ends_at=BEGINS, quorum_percent=0)
    with pytest.raises(Unfit) as refused:
        services.plan_meeting(actor=planner, facts=facts)
    assert {one.field for one in refused.value.problems} == {"title", "city", "ends_at", "quorum_percent"}


def test_sessions_lie_within_the_meeting(planner: User) -> None:
    meeting, first = rakor(planner)
    outside = SessionFacts("Malam", ENDS - HOUR, ENDS + timedelta(minutes=1))
    with pytest.raises(Unfit):
        services.state_session(actor=planner, meeting_id=meeting.pk, facts=outside)
    services.state_session(actor=planner, meeting_id=meeting.pk, facts=replace(outside, ends_at=ENDS))
    with pytest.raises(Unfit, match="1"):
        services.change_meeting(actor=planner, meeting_id=meeting.pk, facts=replace(RAKOR, starts_at=BEGINS + HOUR / 2))
    services.remove_session(actor=planner, meeting_id=meeting.pk, session_id=first.pk)
    with pytest.raises(NotFound):
        services.remove_session(actor=planner, meeting_id=meeting.pk, session_id=first.pk)


def test_a_meeting_goes_its_way_and_no_other(planner: User) -> None:
    bare = services.plan_meeting(actor=planner, facts=RAKOR)
    with pytest.raises(RuleBroken):
        services.move_meeting(actor=planner, meeting_id=bare.pk, to="undangan", at=BEGINS)
    services.state_session(actor=planner, meeting_id=bare.pk, facts=REGISTRATION)
    with pytest.raises(Conflict):
        services.move_meeting(actor=planner, meeting_id=bare.pk, to="selesai", at=BEGINS)
    for to in ("undangan", "berlangsung", "selesai"):
        moved = services.move_meeting(actor=planner, meeting_id=bare.pk, to=to, at=BEGINS)
        assert moved.state == to
    with pytest.raises(Conflict):
        services.change_meeting(actor=planner, meeting_id=bare.pk, facts=RAKOR)


def test_a_cancelled_meeting_stays_with_its_reason(planner: User) -> None:
    meeting, _first = rakor(planner)
    with pytest.raises(Unfit):
        services.move_meeting(actor=planner, meeting_id=meeting.pk, to="batal", at=BEGINS)
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to="batal", at=BEGINS, reason="Gempa")
    assert Meeting.objects.get(pk=meeting.pk).cancelled_reason == "Gempa"
    assert Event.objects.filter(action="meeting-moved", reason="Gempa").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(cancelled_reason="")


def test_a_material_is_kept_once_and_withdrawn_with_a_reason(planner: User) -> None:
    meeting, first = rakor(planner)

    def hand_out() -> Material:
        handed = MaterialFile(io.BytesIO(TEXT), "bahan.csv", "Bahan kebijakan")
        return services.add_material(actor=planner, meeting_id=meeting.pk, handed=handed, session_id=first.pk)

    made = hand_out()
    assert hand_out().pk == made.pk
    assert selectors.material(made.pk)[1].read_bytes() == TEXT
    services.withdraw_material(actor=planner, material_id=made.pk, reason="Angka lama", at=BEGINS)
    assert list(selectors.materials(meeting.pk)) == []
    with pytest.raises(Conflict):
        services.withdraw_material(actor=planner, material_id=made.pk, reason="Lagi", at=BEGINS)
    assert hand_out().pk != made.pk
    with pytest.raises(Conflict):
        services.remove_session(actor=planner, meeting_id=meeting.pk, session_id=first.pk)


def test_an_executable_is_no_material(planner: User) -> None:
    meeting, _first = rakor(planner)
    with pytest.raises(Unfit):
        services.add_material(
            actor=planner, meeting_id=meeting.pk, handed=MaterialFile(io.BytesIO(b"MZ\x90\x00"), "bahan.pdf", "x")
        )
