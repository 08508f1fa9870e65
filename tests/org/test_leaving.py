"""Personal data of who has left: what is no longer needed goes, the record stays and still verifies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dekon.audit import selectors as audit
from dekon.audit.models import Event
from dekon.lib.schedule import Daily
from dekon.ops.worker import load_jobs
from dekon.org import selectors, services
from dekon.org.models import RoleAssignment, User
from tests.builders import small_year

NIK = "3204116203440001"
MAIL = "budi.contoh@dinas.example.go.id"


@pytest.fixture
def leaver(db: None) -> User:
    small_year.place_satker()
    small_year.add_people()
    user = User.objects.get(username="operator-32")
    user.email, user.first_name = MAIL, "Budi"
    user.save()
    services.record_nik(actor=user, username=user.username, nik=NIK)
    services.close_account(
        actor=selectors.system_user(), username=user.username, reason="pindah tugas", now=timezone.now()
    )
    user.refresh_from_db()
    return user


def test_the_day_before_everything_stays_and_on_the_day_it_goes(leaver: User) -> None:
    assert leaver.closed_at
    assert services.minimise_leavers(now=leaver.closed_at + timedelta(days=89, hours=23)) == 0
    leaver.refresh_from_db()
    assert leaver.email == MAIL
    assert services.minimise_leavers(now=leaver.closed_at + timedelta(days=90)) == 1
    leaver.refresh_from_db()
    assert (leaver.email, leaver.nik_sealed, leaver.first_name) == ("", "", "")
    assert not leaver.has_usable_password()
    assert services.minimise_leavers(now=leaver.closed_at + timedelta(days=91)) == 0


def test_name_offices_and_trail_stay_and_the_trail_verifies(leaver: User) -> None:
    before = list(Event.objects.filter(actor_id=leaver.pk).values_list("pk", "actor_name"))
    services.minimise_leavers(now=timezone.now() + timedelta(days=91))
    leaver.refresh_from_db()
    assert leaver.display_name
    assert RoleAssignment.objects.filter(user=leaver).exists()
    assert list(Event.objects.filter(actor_id=leaver.pk).values_list("pk", "actor_name")) == before
    assert before
    told = Event.objects.get(action="person-minimised")
    assert MAIL not in str(told.after)
    assert NIK not in str(told.after)


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_after_people_were_minimised() -> None:
    small_year.place_satker()
    small_year.add_people()
    services.close_account(actor=selectors.system_user(), username="operator-91", reason="pensiun", now=timezone.now())
    User.objects.filter(username="operator-91").update(email=MAIL)
    heads = audit.heads()
    assert services.minimise_leavers(now=timezone.now() + timedelta(days=91)) == 1
    proof = audit.prove_trail(heads)
    assert proof.bad is None
    assert proof.rows > 0


def test_who_is_active_or_was_closed_yesterday_stays(leaver: User) -> None:
    User.objects.filter(username="operator-91").update(email="lain@example.go.id")
    services.minimise_leavers(now=timezone.now() + timedelta(days=1))
    assert User.objects.get(username="operator-91").email == "lain@example.go.id"
    assert User.objects.get(username="operator-32").email == MAIL


def test_it_is_done_every_night() -> None:
    assert any(job.name == "minimise-leavers" and isinstance(job.every, Daily) for job in load_jobs())
