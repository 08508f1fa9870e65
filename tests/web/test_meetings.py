"""The pages of meetings: what they show, to whom, and what their forms do."""

from __future__ import annotations

import pytest
from django.test import Client

from dekon.coordination.models import Meeting, MeetingSession
from dekon.org.models import User
from tests.builders.meetings import RAKOR, rakor, somebody
from tests.web.conftest import SignIn, StrictClient

SAID = {
    "kunci": "k-1", "title": "Dialog JKP <b>2022</b>", "kind": "dialog", "series": "Dialog JKP", "unit": "",
    "starts_at": "2022-06-01T09:00", "ends_at": "2022-06-01T12:00", "city": "Bandung", "venue": "Aula",
    "quorum_percent": "50",
}  # fmt: skip


def client_of(user: User) -> Client:
    made = StrictClient()
    made.force_login(user)
    return made


def test_a_meeting_is_planned_with_its_agenda_and_shown_to_a_province(planner: Client, sign_in: SignIn) -> None:
    done = planner.post("/rapat/tambah/", SAID, follow=True)
    meeting = Meeting.objects.get()
    assert done.redirect_chain[-1][0] == f"/rapat/{meeting.pk}/"
    session = {
        "kunci": "k-2",
        "title": "Pembukaan",
        "starts_at": "2022-06-01T09:00",
        "ends_at": "2022-06-01T10:00",
        "counted": "on",
    }
    assert planner.post(f"/rapat/{meeting.pk}/sesi/tambah/", session).status_code == 302
    page = sign_in("operator-32").get(f"/rapat/{meeting.pk}/").content.decode()
    assert "Dialog JKP &lt;b&gt;2022&lt;/b&gt;" in page
    assert "09.00–10.00" in page
    assert "Tambah sesi" not in page
    assert sign_in("operator-32").get(f"/rapat/{meeting.pk}/ubah/").status_code == 403


def test_what_is_wrong_stands_beside_its_field(planner: Client) -> None:
    page = planner.post("/rapat/tambah/", {**SAID, "ends_at": "2022-06-01T09:00"})
    assert page.status_code == 422
    assert "Waktu selesai harus sesudah waktu mulai." in page.content.decode()
    assert not Meeting.objects.exists()


def test_the_list_is_filtered_and_exported_by_its_address(planner: Client) -> None:
    rakor(User.objects.get(username="perencana"))
    assert RAKOR.title in planner.get("/rapat/?tahun=2022&jenis=rakor&tahap=rencana").content.decode()
    assert RAKOR.title not in planner.get("/rapat/?jenis=dialog").content.decode()
    assert "Tidak ada rapat yang cocok" in planner.get("/rapat/?tahun=2021").content.decode()
    assert planner.get("/rapat/?jenis=x&tahap=zzz&unit=../").status_code == 200
    file = planner.get("/rapat/?unduh=rapat.csv")
    assert RAKOR.title in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]  # a stream


def test_a_unit_is_offered_its_own_meetings_only(year: None) -> None:
    client = client_of(somebody("unit-13", "unit", unit="13"))
    page = client.get("/rapat/tambah/").content.decode()
    assert 'value="13"' in page
    assert 'value="05"' not in page
    assert client.post("/rapat/tambah/", {**SAID, "unit": "05"}).status_code == 422
    assert client.post("/rapat/tambah/", {**SAID, "kunci": "k-9", "unit": "13"}).status_code == 302


def test_steps_lead_on_and_a_step_backwards_is_refused(planner: Client) -> None:
    meeting, _first = rakor(User.objects.get(username="perencana"))
    for number, to in enumerate(("undangan", "berlangsung", "selesai")):
        page = planner.get(f"/rapat/{meeting.pk}/").content.decode()
        assert f"/rapat/{meeting.pk}/tahap/{to}/" in page
        assert planner.post(f"/rapat/{meeting.pk}/tahap/{to}/", {"kunci": f"s-{number}"}).status_code == 302
    assert planner.post(f"/rapat/{meeting.pk}/tahap/undangan/", {"kunci": "s-9"}).status_code == 409
    assert planner.get(f"/rapat/{meeting.pk}/tahap/rencana/").status_code == 409


def test_a_session_is_changed_and_removed(planner: Client) -> None:
    meeting, first = rakor(User.objects.get(username="perencana"))
    page = planner.get(f"/rapat/{meeting.pk}/sesi/{first.pk}/ubah/").content.decode()
    assert 'value="2022-03-15T08:00"' in page
    assert planner.post(f"/rapat/{meeting.pk}/sesi/{first.pk}/hapus/", {"kunci": "h-1"}).status_code == 302
    assert not MeetingSession.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize("path", ["/rapat/999/", "/rapat/999/ubah/", "/rapat/bahan/999/"])
def test_what_is_not_there_is_not_found(planner: Client, path: str) -> None:
    assert planner.get(path).status_code == 404
