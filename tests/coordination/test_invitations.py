"""Invitations: one letter, one mail to each, tried again where a server does not answer, answered by a signed link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dekon.coordination import selectors, services
from dekon.coordination.models import InvitationMail, Meeting, Participant
from dekon.coordination.services import Answer
from dekon.documents import selectors as documents
from dekon.errors import Conflict, GatewayFailed, NotFound, RuleBroken, Unfit
from dekon.gateways import mail
from dekon.org.models import User
from tests.builders.meetings import BEGINS, ENDS, invitee, rakor, somebody

pytestmark = pytest.mark.django_db
NOW = BEGINS - timedelta(days=11)


@pytest.fixture
def planner() -> User:
    return somebody("perencana", "perencana")


@pytest.fixture
def meeting(planner: User) -> Iterator[Meeting]:
    """Invitations are open to three people, one of whom has no mail address."""
    made, _session = rakor(planner)
    people = [invitee(one, email=f"orang{one}@contoh.example") for one in (1, 2)]
    services.invite_people(actor=planner, meeting_id=made.pk, people=[*people, invitee(3)])
    services.move_meeting(actor=planner, meeting_id=made.pk, to="undangan", at=NOW)
    mail.SENT.clear()
    yield made
    mail.SENT.clear()


def deliver(meeting: Meeting) -> int:
    return services.deliver_batch(meeting_id=meeting.pk, now=InvitationMail.objects.latest("try_at").try_at)


def test_one_letter_and_one_mail_to_each_also_when_sent_twice(planner: User, meeting: Meeting) -> None:
    assert services.send_invitations(actor=planner, meeting_id=meeting.pk, at=NOW) == 2
    assert services.send_invitations(actor=planner, meeting_id=meeting.pk, at=NOW) == 0
    meeting.refresh_from_db()
    assert meeting.invitation is not None
    assert meeting.invitation.number.startswith("DEKON/UNDANGAN/2022/")
    assert documents.content(meeting.invitation).startswith(b"%PDF")
    assert (deliver(meeting), deliver(meeting)) == (2, 0)
    found = selectors.mail_progress(meeting.pk)
    assert (found.sent, found.waiting, found.without_address, found.silent) == (2, 0, 1, 2)
    first = next(one for one in mail.SENT if one.to == "orang1@contoh.example")
    assert [one.name.rpartition(".")[2] for one in first.attachments] == ["pdf", "ics"]
    assert b"DTSTART:20220315T010000Z" in first.attachments[1].content
    assert selectors.token_of(Participant.objects.get(email=first.to)) in first.text
    late = invitee(4, email="orang4@contoh.example")
    services.invite_people(actor=planner, meeting_id=meeting.pk, people=[late])
    assert services.send_invitations(actor=planner, meeting_id=meeting.pk, at=NOW) == 1


def test_a_server_that_does_not_answer_is_tried_again_and_given_up_at_last(
    planner: User, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.send_invitations(actor=planner, meeting_id=meeting.pk, at=NOW)
    usual = mail.send

    def refuse(one: mail.Mail) -> None:
        if one.to.startswith("orang1"):
            raise GatewayFailed("mail-not-sent", host="contoh.example", reason="OSError")
        usual(one)

    monkeypatch.setattr(mail, "send", refuse)
    assert deliver(meeting) == 1
    assert selectors.mail_progress(meeting.pk).waiting == 1
    for _ in range(5):
        assert deliver(meeting) == 0
    found = selectors.mail_progress(meeting.pk)
    assert (found.sent, found.failed, found.waiting) == (1, 1, 0)


def test_nothing_is_sent_before_the_invitations_are_open_or_to_nobody(planner: User) -> None:
    made, _session = rakor(planner)
    with pytest.raises(Conflict):
        services.send_invitations(actor=planner, meeting_id=made.pk, at=NOW)
    services.move_meeting(actor=planner, meeting_id=made.pk, to="undangan", at=NOW)
    with pytest.raises(RuleBroken):
        services.send_invitations(actor=planner, meeting_id=made.pk, at=NOW)
    with pytest.raises(Conflict):
        services.remind(actor=planner, meeting_id=made.pk)


def test_only_who_has_not_answered_is_reminded(planner: User, meeting: Meeting) -> None:
    services.send_invitations(actor=planner, meeting_id=meeting.pk, at=NOW)
    deliver(meeting)
    one = Participant.objects.get(email="orang1@contoh.example")
    services.reply_by_link(token=selectors.token_of(one), answer=Answer("hadir"), at=NOW)
    mail.SENT.clear()
    assert services.remind(actor=planner, meeting_id=meeting.pk) == 1
    assert services.remind(actor=planner, meeting_id=meeting.pk) == 0
    deliver(meeting)
    assert [sent.to for sent in mail.SENT] == ["orang2@contoh.example"]


def test_the_link_answers_for_its_holder_alone_and_until_the_end(planner: User, meeting: Meeting) -> None:
    one, two, _three = Participant.objects.filter(meeting=meeting)
    token = selectors.token_of(one)
    assert selectors.by_link(token).pk == one.pk
    with pytest.raises(Unfit):
        services.reply_by_link(token=token, answer=Answer("wakil"), at=NOW)
    with pytest.raises(Unfit):
        services.reply_by_link(token=token, answer=Answer("wakil", deputy_name="D", deputy_nip="12"), at=NOW)
    services.reply_by_link(token=token, answer=Answer("wakil", deputy_name="D"), at=NOW)
    services.reply_by_link(token=token, answer=Answer("izin", note="Sakit"), at=NOW)
    one.refresh_from_db()
    assert (one.reply, one.deputy_name, one.reply_note) == ("izin", "", "Sakit")
    forged = f"{two.code}:{token.rpartition(':')[2]}"
    with pytest.raises(NotFound):
        services.reply_by_link(token=forged, answer=Answer("hadir"), at=NOW)
    for to in ("berlangsung", "selesai"):
        services.move_meeting(actor=planner, meeting_id=meeting.pk, to=to, at=ENDS)
    with pytest.raises(Conflict):
        services.reply_by_link(token=token, answer=Answer("hadir"), at=ENDS)
