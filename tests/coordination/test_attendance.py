"""Who is invited, who comes: once for each session, whichever way, and nothing of another meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from dekon.coordination import selectors, services
from dekon.coordination.models import Attendance, Participant
from dekon.coordination.services import Answer, Scan
from dekon.errors import Conflict, NotAllowed, NotFound, RuleBroken, Unfit
from dekon.org import selectors as org_selectors
from dekon.org.models import User
from dekon.scope import scoped_transaction
from tests.builders.meetings import BEGINS, ENDS, RAKOR, invitee, rakor, running, somebody

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
AT = BEGINS + 12 * MINUTE
NIP = "197001011990031001"


@pytest.fixture
def planner() -> User:
    return somebody("perencana", "perencana")


def scan(session: int, person: Participant, key: str, after: timedelta = timedelta()) -> Scan:
    return Scan(session, services.badge_text(person), key, AT + after)


def test_the_same_badge_twice_gives_one_attendance_and_says_when_first(planner: User) -> None:
    meeting, session, people = running(planner)
    first = services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"), now=AT)
    later = scan(session.pk, people[0], "b", 5 * MINUTE)
    second = services.check_in(actor=planner, meeting_id=meeting.pk, scan=later, now=AT + 5 * MINUTE)
    assert (first.new, second.new) == (True, False)
    assert second.attendance.at == AT
    assert Attendance.objects.count() == 1


def test_what_a_page_sends_twice_counts_once_at_the_time_of_the_scan(planner: User) -> None:
    meeting, session, people = running(planner)
    queued = scan(session.pk, people[0], "antre-1")
    for _ in range(2):
        services.check_in(actor=planner, meeting_id=meeting.pk, scan=queued, now=AT + 7 * MINUTE)
    assert [row.at for row in Attendance.objects.all()] == [AT]
    ahead = scan(session.pk, people[1], "c", 60 * MINUTE)
    assert services.check_in(actor=planner, meeting_id=meeting.pk, scan=ahead, now=AT).attendance.at == AT


def test_a_badge_of_another_meeting_is_refused_in_plain_words(planner: User) -> None:
    other, _session, strangers = running(planner, facts=replace(RAKOR, title="Bimtek 2 Maret", series="Bimtek"))
    meeting, session, people = running(planner)
    with pytest.raises(RuleBroken, match="Bimtek 2 Maret"):
        services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, strangers[0], "a"), now=AT)
    typed = Scan(session.pk, strangers[0].code, "b", AT)
    with pytest.raises(NotFound):
        services.check_in(actor=planner, meeting_id=meeting.pk, scan=typed, now=AT)
    for text in ("https://contoh.example/", "DKN.x.y", "", "DKN.999999999999.AAAA"):
        with pytest.raises((RuleBroken, NotFound)):
            services.check_in(actor=planner, meeting_id=meeting.pk, scan=Scan(session.pk, text, "c", AT), now=AT)
    assert not Attendance.objects.filter(participant__meeting__in=[meeting, other]).exists()
    good = Scan(session.pk, people[0].code.lower().replace("-", ""), "d", AT)
    assert services.check_in(actor=planner, meeting_id=meeting.pk, scan=good, now=AT).new


def test_nobody_else_takes_attendance_and_not_before_or_after(planner: User) -> None:
    meeting, session, people = running(planner)
    with pytest.raises(NotAllowed):
        services.check_in(
            actor=somebody("kadis-32", "kadis", province="32"), meeting_id=meeting.pk, now=AT,
            scan=scan(session.pk, people[0], "a"),
        )  # fmt: skip
    with pytest.raises(NotAllowed):  # a unit, in a meeting of the whole ministry
        services.check_in(
            actor=somebody("unit-13", "unit", unit="13"), meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"),
            now=AT,
        )  # fmt: skip
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to="selesai", at=ENDS)
    late = replace(scan(session.pk, people[0], "b"), at=ENDS + MINUTE)
    with pytest.raises(Conflict):
        services.check_in(actor=planner, meeting_id=meeting.pk, scan=late, now=ENDS + MINUTE)
    queued = replace(late, at=ENDS - MINUTE)
    assert services.check_in(actor=planner, meeting_id=meeting.pk, scan=queued, now=ENDS + 5 * MINUTE).new


def test_who_was_excused_and_comes_after_all_is_there(planner: User) -> None:
    meeting, session, people = running(planner)

    def note(presence: str, key: str, **more: str) -> services.Noted:
        return services.note_presence(
            actor=planner,
            participant_id=people[0].pk,
            session_id=session.pk,
            presence=presence,
            key=key,
            now=AT,
            **more,
        )

    assert note("izin", "a", note="Surat 12").new
    assert selectors.quorum(meeting).whole.excused == 1
    assert note("hadir", "b").new
    assert [row.presence for row in Attendance.objects.filter(voided_at=None)] == ["hadir"]
    assert Attendance.objects.count() == 2
    with pytest.raises(Unfit):
        services.note_presence(
            actor=planner, participant_id=people[1].pk, session_id=session.pk, presence="diwakili", key="c", now=AT
        )
    again = services.note_presence(
        actor=planner, participant_id=people[1].pk, session_id=session.pk, presence="diwakili", key="d", now=AT,
        deputy="B",
    )  # fmt: skip
    assert again.attendance.deputy_name == "B"


def test_whoever_named_a_representative_is_represented_by_the_scan(planner: User) -> None:
    meeting, session, people = running(planner)
    answer = Answer("wakil", deputy_name="Wakil Sintetis", deputy_position="Sekretaris")
    services.reply_by_link(token=selectors.token_of(people[0]), answer=answer, at=AT)
    noted = services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"), now=AT)
    assert (noted.attendance.presence, noted.attendance.deputy_name) == ("diwakili", "Wakil Sintetis")


def test_an_attendance_is_void_with_a_reason_and_never_changed(planner: User) -> None:
    meeting, session, people = running(planner)
    made = services.check_in(
        actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"), now=AT
    ).attendance
    with pytest.raises(Unfit):
        services.void_attendance(actor=planner, attendance_id=made.pk, reason="", now=AT)
    services.void_attendance(actor=planner, attendance_id=made.pk, reason="Salah orang", now=AT)
    with pytest.raises(Conflict):
        services.void_attendance(actor=planner, attendance_id=made.pk, reason="Lagi", now=AT)
    for change in ("UPDATE coordination_attendance SET presence = 'izin'", "DELETE FROM coordination_attendance"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "b"), now=AT).new


def test_the_code_of_the_room_lets_in_who_holds_a_badge_and_turns(planner: User) -> None:
    meeting, session, people = running(planner)
    digits = selectors.room_code(session, AT)
    step = timedelta(seconds=selectors.ROOM_CODE_SECONDS)
    assert selectors.room_code(session, AT + step) != digits

    def come(badge: str, said: str, key: str, after: timedelta = timedelta()) -> services.Noted:
        return services.check_in_self(meeting_id=meeting.pk, badge=badge, digits=said, key=key, now=AT + after)

    spaced = f"{digits[:3]} {digits[3:]}"
    noted = come(people[0].code, spaced, "a", step)
    assert (noted.new, noted.attendance.method, noted.attendance.session_id) == (True, "mandiri", session.pk)
    with pytest.raises(RuleBroken):
        come(people[1].code, digits, "b", 2 * step)
    with pytest.raises(RuleBroken):
        come(people[1].code, "٣٤٥٦٧٨", "c")
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to="selesai", at=ENDS)
    with pytest.raises(Conflict):
        come(people[1].code, digits, "d")


def test_the_quorum_is_counted_in_each_category_and_rounded_up(planner: User) -> None:
    meeting, session = rakor(planner)
    heads = [invitee(one, category="kadisnaker") for one in range(4)]
    people = services.invite_people(actor=planner, meeting_id=meeting.pk, people=[*heads, invitee(9)])
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to="berlangsung", at=BEGINS)
    for number in (0, 1, 4):
        services.check_in(
            actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[number], f"k{number}"), now=AT
        )
    found = selectors.quorum(meeting)
    assert [(row.category, row.invited, row.there, row.needed, row.met) for row in found.rows] == [
        ("kadisnaker", 4, 2, 3, False), ("lainnya", 1, 1, 1, True),
    ]  # fmt: skip
    assert not found.met
    services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[2], "k2"), now=AT)
    assert selectors.quorum(meeting).met
    assert selectors.quorum(meeting, session.pk).whole.there == 4


def test_every_problem_of_a_list_is_told_with_its_cell(planner: User, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Daftar undangan"])
    sheet.append(["Kategori", "Nama", "NIP", "Jabatan", "Instansi", "Provinsi", "Surel"])
    sheet.append(["Kepala Disnaker", "A (sintetis)", NIP, "Kepala", "Dinas", "Jawa Barat", "a@contoh.example"])
    sheet.append(["Raja", "", "123", "Kepala", "Dinas", "Atlantis", "tanpa-alamat"])
    sheet.append(["lainnya", "B (sintetis)", NIP, "Staf", "Dinas", "32", ""])
    book.save(tmp_path / "undangan.xlsx")
    read = services.read_people(tmp_path / "undangan.xlsx")
    assert [(one.cell, one.code) for one in read.findings] == [
        ("A4", "category-unknown"), ("B4", "people-file-empty"), ("C4", "nip-impossible"),
        ("F4", "people-file-province"), ("G4", "people-file-email"), ("C5", "people-file-repeated"),
    ]  # fmt: skip
    assert [(one.name, one.province) for one in read.people] == [("A (sintetis)", "32"), ("B (sintetis)", "32")]
    meeting, _session = rakor(planner)
    good = read.people[:1]
    assert len(services.invite_people(actor=planner, meeting_id=meeting.pk, people=good)) == 1
    assert services.invite_people(actor=planner, meeting_id=meeting.pk, people=good) == []
    (tmp_path / "kosong.csv").write_text("a;b\n1;2\n")
    with pytest.raises(RuleBroken):
        services.read_people(tmp_path / "kosong.csv")


def test_the_heads_of_every_province_of_the_day_are_drawn_once(planner: User) -> None:
    somebody("kadis-32", "kadis", province="32")
    meeting, _session = rakor(planner)
    drawn = services.draw_heads(actor=planner, meeting_id=meeting.pk, categories=["kadisnaker", "bappeda"])
    assert len(drawn) == 2 * len(org_selectors.provinces_on(meeting.first_day)) == 68
    assert services.draw_heads(actor=planner, meeting_id=meeting.pk, categories=["kadisnaker"]) == []
    assert len(services.draw_heads(actor=planner, meeting_id=meeting.pk, categories=["sekretaris", "raja"])) == 34


def test_a_province_sees_its_own_people_and_a_mask(planner: User) -> None:
    meeting, _session = rakor(planner)
    people = [invitee(1, province="32", nip=NIP), invitee(2, province="91"), invitee(3)]
    services.invite_people(actor=planner, meeting_id=meeting.pk, people=people)
    kadis = somebody("kadis-32", "kadis", province="32")
    with scoped_transaction(str(kadis.pk), org_selectors.scope_of(kadis)):
        assert [one.number for one in selectors.participants(meeting.pk)] == [1]
        assert services.print_attendance(actor=kadis, meeting_id=meeting.pk, at=AT).startswith(b"%PDF")
    assert selectors.masked_nip(NIP) == "1970••••••••••••01"
    unit = somebody("unit-13", "unit", unit="13")
    with scoped_transaction(str(unit.pk), org_selectors.scope_of(unit)):
        assert list(selectors.participants(meeting.pk)) == []


def test_badges_and_lists_are_printed(planner: User) -> None:
    meeting, session, people = running(planner, count=9)
    services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"), now=AT)
    assert services.print_badges(actor=planner, meeting_id=meeting.pk, at=AT).startswith(b"%PDF")
    assert services.print_attendance(actor=planner, meeting_id=meeting.pk, at=AT, session_id=session.pk).startswith(
        b"%PDF"
    )


def test_a_withdrawn_invitation_lets_nobody_in(planner: User) -> None:
    meeting, session, people = running(planner)
    services.withdraw_invitation(actor=planner, participant_id=people[0].pk, reason="Pindah tugas", at=AT)
    with pytest.raises(NotFound):
        services.check_in(actor=planner, meeting_id=meeting.pk, scan=scan(session.pk, people[0], "a"), now=AT)
    with pytest.raises(NotFound):
        services.reply_by_link(token=selectors.token_of(people[0]), answer=Answer("hadir"), at=AT)
    with pytest.raises(NotFound):
        services.reply_by_link(token=people[1].code + ":palsu", answer=Answer("hadir"), at=AT)


def test_personal_data_go_two_years_after_the_meeting(planner: User) -> None:
    meeting, _session = rakor(planner)
    services.invite_people(actor=planner, meeting_id=meeting.pk, people=[invitee(1, nip=NIP, email="a@contoh.example")])
    system, span = org_selectors.system_user(), timedelta(days=730)
    assert services.minimise_participants(actor=system, now=ENDS + span) == 0
    assert services.minimise_participants(actor=system, now=ENDS + span + MINUTE) == 1
    row = Participant.objects.get(meeting=meeting)
    assert (row.nip, row.email, row.name) == ("", "", "Orang 1 (sintetis)")
