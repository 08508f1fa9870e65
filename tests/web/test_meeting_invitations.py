"""The pages of invitations: sending, the letter, the calendar, and answering without signing in."""

from __future__ import annotations

import pytest
from django.test import Client

from dekon.coordination import selectors, services
from dekon.coordination.models import InvitationMail, Meeting, Participant
from dekon.org.models import User
from tests.builders.meetings import BEGINS, invitee, rakor
from tests.web.conftest import SignIn


@pytest.fixture
def meeting(planner: Client) -> Meeting:
    actor = User.objects.get(username="perencana")
    made, _session = rakor(actor)
    services.invite_people(actor=actor, meeting_id=made.pk, people=[invitee(1, email="a@contoh.example"), invitee(2)])
    services.move_meeting(actor=actor, meeting_id=made.pk, to="undangan", at=BEGINS)
    return made


def test_invitations_are_sent_once_and_the_page_says_how_far(
    planner: Client, sign_in: SignIn, meeting: Meeting
) -> None:
    path = f"/rapat/{meeting.pk}/"
    assert planner.get(f"{path}undangan/surat/").status_code == 404
    assert planner.post(f"{path}undangan/kirim/", {"kunci": "u"}).status_code == 302
    assert InvitationMail.objects.count() == 1
    page = planner.get(path).content.decode()
    assert "DEKON/UNDANGAN/" in page
    assert "1 surel menunggu dikirim" in page
    assert "1 peserta tanpa alamat surel" in page
    assert planner.get(f"{path}undangan/surat/").content.startswith(b"%PDF")
    other = sign_in("operator-32")
    assert other.get(f"{path}undangan/surat/").status_code == 403
    assert "a@contoh.example" not in other.get(path).content.decode()
    assert b"BEGIN:VEVENT" in other.get(f"{path}kalender/").content


def test_whoever_is_invited_answers_without_signing_in(visitor: Client, meeting: Meeting) -> None:
    one = Participant.objects.get(email="a@contoh.example")
    path = f"/undangan-rapat/{selectors.token_of(one)}/"
    page = visitor.get(path).content.decode()
    assert "Orang 1 (sintetis)" in page
    assert "Orang 2" not in page
    said = {"kunci": "j", "reply": "wakil", "deputy_name": "", "note": ""}
    refused = visitor.post(path, said)
    assert (refused.status_code, "Sebutkan nama yang mewakili" in refused.content.decode()) == (422, True)
    assert "Jawaban Anda tercatat" in visitor.post(path, {**said, "deputy_name": "Wakil <b>"}).content.decode()
    one.refresh_from_db()
    assert (one.reply, one.deputy_name) == ("wakil", "Wakil <b>")


def test_a_forged_link_shows_nothing_and_guessing_is_slowed(visitor: Client, meeting: Meeting) -> None:
    one = Participant.objects.get(email="a@contoh.example")
    statuses = [visitor.get(f"/undangan-rapat/{one.code}:palsu{number}/").status_code for number in range(12)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
