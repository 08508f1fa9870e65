"""Who is invited and who comes, as the pages show and record it."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dekon.coordination import selectors, services
from dekon.coordination.models import Attendance, Meeting, MeetingSession, Participant
from dekon.org.models import User
from tests.builders.meetings import Running, invitee, rakor, running, somebody
from tests.web.conftest import SignIn, StrictClient

NIP = "197001011990031001"


@pytest.fixture
def hall(planner: Client) -> Running:
    return running(User.objects.get(username="perencana"))


def scan(client: Client, meeting: Meeting, session: MeetingSession, text: str, key: str) -> dict[str, str]:
    said = {"sesi": session.pk, "teks": text, "kunci": key, "saat": timezone.now().isoformat()}
    found: dict[str, str] = json.loads(client.post(f"/rapat/{meeting.pk}/hadir/pindai/", said).content)
    return found


def test_a_scan_is_recorded_once_and_told(planner: Client, hall: Running) -> None:
    meeting, session, people = hall
    text = services.badge_text(people[0])
    assert scan(planner, meeting, session, text, "a")["tone"] == "ok"
    again = scan(planner, meeting, session, text, "b")
    assert (again["tone"], "sudah tercatat" in again["words"]) == ("warn", True)
    foreign = scan(planner, meeting, session, f"DKN.{meeting.pk + 1}.{people[1].code}", "c")
    assert (foreign["tone"], "rapat lain" in foreign["words"]) == ("bad", True)
    assert scan(planner, meeting, session, "\x00<script>", "d")["tone"] == "bad"
    assert Attendance.objects.count() == 1


def test_the_desk_works_without_a_script(planner: Client, hall: Running) -> None:
    meeting, session, people = hall
    page = planner.get(f"/rapat/{meeting.pk}/hadir/?cari=Orang 2&sesi={session.pk}")
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "Orang 2 (sintetis)" in page.content.decode()
    assert "Orang 1 (sintetis)" not in page.content.decode()
    said = {"sesi": session.pk, "peserta": people[1].pk, "kunci": "k", "cara": "diwakili", "wakil": "Wakil B"}
    for _ in range(2):
        planner.post(f"/rapat/{meeting.pk}/hadir/catat/", said)
    planner.post(f"/rapat/{meeting.pk}/hadir/catat/", {"sesi": session.pk, "teks": people[0].code, "kunci": "l"})
    assert sorted(Attendance.objects.values_list("presence", flat=True)) == ["diwakili", "hadir"]
    page = planner.post(f"/rapat/{meeting.pk}/hadir/catat/", {"sesi": session.pk, "teks": "xx"}, follow=True)
    assert "bukan kode tanda pengenal" in page.content.decode()
    assert "camera=()" in planner.get("/rapat/").headers["Permissions-Policy"]


def test_a_province_takes_no_attendance_and_sees_its_own(sign_in: SignIn, hall: Running) -> None:
    meeting, session, people = hall
    planner = User.objects.get(username="perencana")
    own = [invitee(8, province="32", nip=NIP), invitee(9, province="91")]
    services.invite_people(actor=planner, meeting_id=meeting.pk, people=own)
    client = sign_in("operator-32")
    assert client.get(f"/rapat/{meeting.pk}/hadir/").status_code == 403
    assert (
        client.post(f"/rapat/{meeting.pk}/hadir/pindai/", {"sesi": session.pk, "teks": people[0].code}).status_code
        == 403
    )
    page = client.get(f"/rapat/{meeting.pk}/peserta/").content.decode()
    assert "Orang 8 (sintetis)" in page
    assert "Orang 9 (sintetis)" not in page
    assert NIP not in page
    file = b"".join(client.get(f"/rapat/{meeting.pk}/peserta/?unduh=peserta.csv").streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert "1970" in file
    assert NIP not in file
    assert client.get(f"/rapat/{meeting.pk}/daftar-hadir/").content.startswith(b"%PDF")
    assert client.get(f"/rapat/{meeting.pk}/tanda-pengenal/").status_code == 403


def test_a_list_is_shown_first_and_applied_as_shown(planner: Client) -> None:
    meeting, _session = rakor(User.objects.get(username="perencana"))
    path = f"/rapat/{meeting.pk}/peserta/impor/"
    bad = planner.post(path, {"berkas": _workbook([["Raja", "A", "Kepala", "Dinas"]])})
    assert (bad.status_code, "A2" in bad.content.decode()) == (422, True)
    page = planner.post(path, {"berkas": _workbook([["lainnya", "A <i>", "Kepala", "Dinas"]])}).content.decode()
    assert "A &lt;i&gt;" in page
    assert not Participant.objects.exists()
    sealed = page.split('name="isi" value="')[1].split('"')[0]
    for _ in range(2):
        assert planner.post(path, {"isi": sealed}).status_code == 302
    assert Participant.objects.count() == 1
    assert planner.post(path, {"isi": sealed[:-2]}).status_code in {400, 422}


def _workbook(rows: list[list[str]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Kategori", "Nama", "Jabatan", "Instansi"], *rows]:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("undangan.xlsx", kept.getvalue())


def test_people_are_added_drawn_answered_and_withdrawn(planner: Client) -> None:
    meeting, _session = rakor(User.objects.get(username="perencana"))
    said = {"kunci": "p", "category": "lainnya", "name": "C", "position": "Staf", "office": "Dinas", "nip": "12"}
    assert planner.post(f"/rapat/{meeting.pk}/peserta/tambah/", said).status_code == 422
    assert planner.post(f"/rapat/{meeting.pk}/peserta/tambah/", {**said, "nip": NIP}).status_code == 302
    draw = {"kunci": "d", "categories": ["kadisnaker"]}
    assert planner.post(f"/rapat/{meeting.pk}/peserta/provinsi/", draw).status_code == 302
    assert Participant.objects.count() == 35
    one = Participant.objects.get(name="C")
    answered = {"kunci": "j", "reply": "wakil", "deputy_name": ""}
    assert planner.post(f"/rapat/peserta/{one.pk}/", answered).status_code == 422
    assert planner.post(f"/rapat/peserta/{one.pk}/", {**answered, "deputy_name": "D"}).status_code == 302
    page = planner.get(f"/rapat/{meeting.pk}/peserta/?jawaban=wakil").content.decode()
    assert "1 peserta" in page
    assert planner.post(f"/rapat/peserta/{one.pk}/tarik/", {"kunci": "t", "reason": "Pindah"}).status_code == 302
    assert planner.get(f"/rapat/{meeting.pk}/tanda-pengenal/").content.startswith(b"%PDF")


def test_whoever_holds_a_badge_and_sees_the_screen_comes_in_without_signing_in(
    planner: Client, visitor: Client, hall: Running
) -> None:
    meeting, session, people = hall
    page = planner.get(f"/rapat/{meeting.pk}/layar/?sesi={session.pk}").content.decode()
    digits = selectors.room_code(session, timezone.now())
    assert f"{digits[:3]} {digits[3:]}" in page
    assert visitor.get(f"/hadir/{meeting.pk}/?kode={digits}").status_code == 200
    said = {"tanda": people[0].code, "kode": digits, "kunci": "x"}
    assert "hadir" in visitor.post(f"/hadir/{meeting.pk}/", said).content.decode()
    assert Attendance.objects.get().method == "mandiri"
    assert visitor.post(f"/hadir/{meeting.pk}/", {**said, "kode": "000000"}).status_code == 422
    assert visitor.post("/hadir/99999/", said).status_code == 422


def test_guessing_at_the_code_of_the_room_is_slowed(visitor: Client, planner: Client, hall: Running) -> None:
    meeting, _session, people = hall
    statuses = [
        visitor.post(f"/hadir/{meeting.pk}/", {"tanda": people[0].code, "kode": f"{n:06}"}).status_code
        for n in range(62)
    ]
    assert statuses[-1] == 429
    assert not Attendance.objects.exists()


def test_the_quorum_can_be_asked_for_by_whoever_looks(sign_in: SignIn, hall: Running) -> None:
    meeting, _session, _people = hall
    assert "data-quorum" in sign_in("perencana").get(f"/rapat/{meeting.pk}/kuorum/").content.decode()
    client = StrictClient()
    client.force_login(somebody("pembina", "pembina"))
    assert client.get(f"/rapat/{meeting.pk}/hadir/").status_code == 200
