"""Pages of decisions, issues, minutes and reports: who sees what, what the forms do, and that no text is lost."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState
from dekon.coordination.models import Decision, Meeting, MeetingReport, MinutesBlock, RaisedIssue
from dekon.coordination.services import DecisionFacts, MaterialFile
from dekon.org.models import User
from tests.builders.meetings import BEGINS, ENDS, rakor, somebody
from tests.lib.test_uploads import GOOD
from tests.web.conftest import SignIn, StrictClient

DECIDED = {
    "kunci": "d-1", "text": "Lengkapi RPD <b>triwulan II</b>", "owner_role": "kadis", "province": "32", "unit": "",
    "owner": "", "due_on": "2022-04-15", "path": "DL.2175.SCH.001", "pasti": "1",
}  # fmt: skip
RAISED = {"kunci": "p-1", "province": "32", "category": "anggaran", "text": "Blokir belum dibuka", "unit": "13"}


@pytest.fixture
def meeting(year: None) -> Meeting:
    planner = User.objects.get(username="perencana")
    made, _session = rakor(planner)
    return services.move_meeting(actor=planner, meeting_id=made.pk, to=MeetingState.RUNNING, at=BEGINS)


def client_of(user: User) -> Client:
    made = StrictClient()
    made.force_login(user)
    return made


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_decision_goes_from_the_meeting_to_the_province_and_back(
    planner: Client, sign_in: SignIn, meeting: Meeting
) -> None:
    done = planner.post(f"/rapat/{meeting.pk}/keputusan/tambah/", DECIDED)
    decision = Decision.objects.get()
    assert done.headers["Location"] == f"/rapat/keputusan/{decision.pk}/"
    operator = sign_in("operator-32")
    seen = page(operator, f"/rapat/keputusan/{decision.pk}/")
    assert "Lengkapi RPD &lt;b&gt;triwulan II&lt;/b&gt;" in seen
    assert "Terlambat" in seen
    file = io.BytesIO(b"nomor,judul\n1,RPD\n")
    file.name = "rpd.csv"
    where = f"/rapat/keputusan/{decision.pk}/lapor/"
    assert operator.post(where, {"kunci": "c-1", "note": "Terkirim", "evidence": file}).status_code == 302
    seen = page(planner, f"/rapat/keputusan/{decision.pk}/")
    assert "rpd.csv" in seen
    event = decision.events.get(state="dilaporkan")
    answer = operator.get(f"/rapat/keputusan/bukti/{event.pk}/")
    assert b"".join(answer.streaming_content) == b"nomor,judul\n1,RPD\n"  # type: ignore[attr-defined]  # a stream
    where = f"/rapat/keputusan/{decision.pk}/verifikasi/"
    assert planner.post(where, {"kunci": "v-1", "done": "tidak", "note": ""}).status_code == 422
    assert planner.post(where, {"kunci": "v-2", "done": "ya", "note": ""}).status_code == 302
    assert Decision.objects.get().state == "selesai"
    assert planner.get(where).status_code == 409


def test_another_province_does_not_find_it(planner: Client, sign_in: SignIn, meeting: Meeting) -> None:
    planner.post(f"/rapat/{meeting.pk}/keputusan/tambah/", DECIDED)
    number = Decision.objects.get().pk
    other = sign_in("operator-91")
    assert "Lengkapi RPD" not in page(other, "/rapat/keputusan/")
    for path in (f"/rapat/keputusan/{number}/", f"/rapat/keputusan/{number}/lapor/"):
        page(other, path, 404)
    raised = sign_in("operator-32").post(f"/rapat/{meeting.pk}/persoalan/tambah/", RAISED)
    assert raised.status_code == 302
    issue = RaisedIssue.objects.get().pk
    assert "Blokir belum dibuka" not in page(other, "/rapat/persoalan/")
    page(other, f"/rapat/persoalan/{issue}/", 404)
    assert other.post(f"/rapat/{meeting.pk}/persoalan/tambah/", {**RAISED, "kunci": "p-9"}).status_code == 422


def test_lists_are_filtered_by_the_address_and_exported(planner: Client, meeting: Meeting) -> None:
    planner.post(f"/rapat/{meeting.pk}/keputusan/tambah/", DECIDED)
    for query, there in (
        ("", True), ("?tahun=2022", True), ("?tahun=2021", False), ("?status=terlambat", True),
        ("?status=selesai", False), ("?status=belum", True), ("?provinsi=32", True), ("?provinsi=91", False),
        (f"?rapat={meeting.pk}", True), ("?rapat=999999&status=zzz", None), ("?cari-keputusan=triwulan", True),
        ("?cari-keputusan=xyz", False), ("?urut=keputusan:-tenggat", True),
    ):  # fmt: skip
        if there is None:
            page(planner, f"/rapat/keputusan/{query}", 404)
        else:
            assert ("triwulan II" in page(planner, f"/rapat/keputusan/{query}")) is there, query
    for form in ("csv", "xlsx"):
        answer = planner.get(f"/rapat/keputusan/?unduh=keputusan.{form}")
        assert answer.status_code == 200
        assert len(b"".join(answer.streaming_content)) > 100  # type: ignore[attr-defined]  # a stream


def test_an_issue_is_answered_and_its_time_measured(planner: Client, sign_in: SignIn, meeting: Meeting) -> None:
    operator = sign_in("operator-32")
    operator.post(f"/rapat/{meeting.pk}/persoalan/tambah/", RAISED)
    number = RaisedIssue.objects.get().pk
    unit = client_of(somebody("unit-13", "unit", unit="13"))
    assert "1 menunggu jawaban" in page(unit, "/rapat/persoalan/?status=belum")
    where = f"/rapat/persoalan/{number}"
    assert unit.post(f"{where}/dijawab/", {"kunci": "j-1", "text": " "}).status_code == 422
    assert unit.post(f"{where}/dijawab/", {"kunci": "j-2", "text": "Diajukan ke DJA"}).status_code == 302
    assert "Separuh jawaban diberikan dalam 0 hari kerja." in page(unit, "/rapat/persoalan/")
    assert page(unit, f"{where}/selesai/", 403)
    assert operator.post(f"{where}/selesai/", {"kunci": "j-3", "text": ""}).status_code == 302
    assert RaisedIssue.objects.get().state == "selesai"
    page(operator, f"{where}/apa/", 404)


@pytest.fixture
def block(meeting: Meeting) -> MinutesBlock:
    planner = User.objects.get(username="perencana")
    made = services.add_block(actor=planner, meeting_id=meeting.pk, heading="Pembukaan")
    services.save_text(actor=planner, block_id=made.pk, base=0, text="Uang rakyat.", at=BEGINS)
    return made


def test_two_writers_without_a_script_lose_nothing(planner: Client, block: MinutesBlock) -> None:
    second = client_of(somebody("pembina", "pembina"))
    where = f"/rapat/notula/{block.pk}/simpan/"
    first = planner.post(where, {"dasar": "1", "naskah": "Uang negara."})
    assert first.headers["Location"].endswith(f"#paragraf-{block.pk}")
    clash = second.post(where, {"dasar": "1", "naskah": "Uang publik."})
    assert clash.headers["Location"] == f"/rapat/notula/{block.pk}/"
    seen = page(second, f"/rapat/notula/{block.pk}/")
    assert "<del>negara.</del>" in seen
    assert "<ins>publik.</ins>" in seen
    number = re.search(r'name="pilih" value="(\d+)"', seen)
    base = re.search(r'name="dasar" value="(\d+)"', seen)
    assert number
    assert base
    settled = {"dasar": base[1], "naskah": "Uang negara dan publik.", "pilih": number[1]}
    assert second.post(where, settled).status_code == 302
    seen = page(planner, f"/rapat/notula/{block.pk}/")
    assert "<ins>" not in seen
    for text in ("Uang rakyat.", "Uang negara.", "Uang publik.", "Uang negara dan publik."):
        assert text in seen, "the history keeps every text"


def test_a_script_learns_what_became_of_its_text(planner: Client, block: MinutesBlock) -> None:
    where, wants = f"/rapat/notula/{block.pk}/simpan/", {"Accept": "application/json"}
    planner.post(where, {"dasar": "1", "naskah": "Semua uang rakyat."})
    merged = planner.post(where, {"dasar": "1", "naskah": "Uang rakyat. Selesai."}, headers=wants)
    told = merged.json()
    assert (told["kind"], told["base"], told["own"]) == ("digabung", 4, 3)
    again = planner.post(
        where, {"dasar": str(told["own"]), "naskah": "Uang rakyat. Selesai. Titik."}, headers=wants
    ).json()
    assert again["kind"] == "digabung"
    assert again["text"].endswith("Selesai. Titik.")
    clash = planner.post(where, {"dasar": "1", "naskah": "Dana rakyat."}, headers=wants).json()
    assert clash["kind"] in {"bertabrakan", "digabung"}
    wrong = planner.post(where, {"dasar": "x", "naskah": "hilang?"}, headers=wants)
    assert wrong.status_code == 409
    kept = planner.post(where, {"dasar": "99", "naskah": "tetap ada"})
    assert kept.status_code == 409
    assert "tetap ada</textarea>" in kept.content.decode(), "what was typed stands in the field"


def picture() -> bytes:
    """A small picture that can be decoded, unlike those of the tests of uploads."""

    def part(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)

    head = part(b"IHDR", (4).to_bytes(4) + (4).to_bytes(4) + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress((b"\0" + bytes(12)) * 4)) + part(b"IEND", b"")


def words_of(pdf: bytes) -> str:
    """What stands in a PDF, by poppler; in the order of the pages."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext found; install it with: apt-get install poppler-utils")
    return subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_minutes_are_approved_and_reported_with_a_register_number(
    planner: Client, sign_in: SignIn, meeting: Meeting, block: MinutesBlock
) -> None:
    actor = User.objects.get(username="perencana")
    facts = DecisionFacts("Lengkapi RPD", "kadis", date(2022, 4, 15), "32")
    services.record_decision(actor=actor, meeting_id=meeting.pk, facts=facts, at=BEGINS)
    for content in (picture(), GOOD["png"][1]):
        photo = MaterialFile(io.BytesIO(content), "foto.png", "Suasana")
        services.add_material(actor=actor, meeting_id=meeting.pk, handed=photo)
    operator = sign_in("operator-32")
    assert "Uang rakyat." not in page(operator, f"/rapat/{meeting.pk}/notula/"), (
        "minutes are the writers' until approved"
    )
    services.move_meeting(actor=actor, meeting_id=meeting.pk, to=MeetingState.FINISHED, at=ENDS)
    early = planner.post(f"/rapat/{meeting.pk}/laporan/", {"kunci": "r-0"})
    assert early.status_code == 422
    assert planner.post(f"/rapat/{meeting.pk}/notula/sahkan/", {"kunci": "s-1"}).status_code == 302
    assert "Uang rakyat." in page(operator, f"/rapat/{meeting.pk}/notula/")
    assert planner.post(f"/rapat/notula/{block.pk}/simpan/", {"dasar": "1", "naskah": "x"}).status_code == 409
    assert planner.post(f"/rapat/{meeting.pk}/laporan/", {"kunci": "r-1"}).status_code == 302
    report = MeetingReport.objects.get()
    assert report.document.number.startswith("DEKON/LAPORAN-RAPAT/")
    assert report.document.number in page(operator, f"/rapat/{meeting.pk}/")
    file = operator.get(f"/rapat/laporan/{report.pk}/")
    text = words_of(file.content)
    for words in ("Uang rakyat.", "Lengkapi RPD", "Kehadiran", "Registrasi", "Foto 1", "1 berkas foto tidak dapat"):
        assert words in text, words
    assert planner.post(f"/rapat/{meeting.pk}/laporan/", {"kunci": "r-2"}).status_code == 302
    newest = selectors.reports_of(meeting.pk)[0].document
    assert newest.supersedes == report.document


def test_a_list_asks_the_database_as_often_for_many_rows(planner: Client, meeting: Meeting) -> None:
    actor = User.objects.get(username="perencana")

    def asked() -> int:
        with connection.execute_wrapper(counting):
            calls.clear()
            page(planner, "/rapat/keputusan/")
            return len(calls)

    calls: list[str] = []

    def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  as Django calls it
        calls.append(sql)
        return execute(sql, params, many, context)

    for number in range(6):
        facts = DecisionFacts(f"Nomor {number}", "kadis", date(2022, 4, 15), "32")
        services.record_decision(actor=actor, meeting_id=meeting.pk, facts=facts, at=BEGINS)
        if number == 1:
            few = asked()
    assert asked() <= few
