"""Files attached to things: who may bring and read them, how they are handed out, and that reading is logged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from dekon.audit.models import Event
from dekon.budget import dossier
from dekon.budget.choices import CaseKind
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.documents.models import Attachment
from dekon.lib.dossier import Wanted
from dekon.org.models import Satker
from tests.builders import accounts
from tests.builders.clamd import EICAR, clamd
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.lib.test_uploads import BAD, GOOD
from tests.web.conftest import SignIn

PDF = GOOD["pdf"][1]


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def case_of(province: str) -> int:
    """A disagreement of the province's satker."""
    satker = Satker.objects.get(code={"32": WEST_JAVA, "91": PAPUA}[province])
    made, _ = ReconciliationCase.objects.get_or_create(
        satker=satker, fiscal_year=2022, span_from=date(2022, 1, 1), span_to=date(2022, 3, 31),
        defaults={
            "kind": CaseKind.values[0], "stated_rp": 2, "booked_rp": 1, "owner_role": "operator",
            "import_run": ImportRun.objects.earliest("pk"),
        },
    )  # fmt: skip
    return made.pk


def bring(client: Client, number: int, content: bytes = PDF, name: str = "bukti.pdf", **said: str) -> int:
    form = {"kunci": "k", "kind": "bukti", "note": "", **said, "berkas": SimpleUploadedFile(name, content)}
    return client.post(f"/lampiran/kasus/{number}/", form).status_code


def test_a_file_is_attached_listed_and_handed_out_as_it_came(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    assert bring(client, number, name="../../surat\u202e.pdf", note="surat balasan") == 302
    made = Attachment.objects.get()
    assert (made.name, made.media_type, made.satker.code) == ("surat.pdf", "application/pdf", "259113")
    page = client.get(f"/lampiran/kasus/{number}/").content.decode()
    assert "surat.pdf" in page
    assert "surat balasan" in page
    answer = client.get(f"/lampiran/berkas/{made.pk}/")
    assert answer.getvalue() == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="surat.pdf"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    read = Event.objects.get(action="evidence-read")
    assert (read.actor_name, read.satker_code, read.after["attachment"]) == ("operator-91", "259113", made.pk)
    assert Event.objects.filter(action="file-attached").count() == 1


def test_the_page_of_the_thing_leads_to_its_files(sign_in: SignIn) -> None:
    number = case_of("91")
    assert f"/lampiran/kasus/{number}/" in sign_in("perencana").get(f"/rekonsiliasi/{number}/").content.decode()


def test_another_province_neither_sees_nor_brings_nor_reads(sign_in: SignIn) -> None:
    number = case_of("91")
    bring(sign_in("operator-91"), number)
    made = Attachment.objects.get()
    stranger = sign_in("operator-32")
    assert stranger.get(f"/lampiran/kasus/{number}/").status_code in {403, 404}
    assert bring(stranger, number, b"%PDF-x") in {403, 404}
    assert stranger.get(f"/lampiran/berkas/{made.pk}/").status_code in {403, 404}
    assert Attachment.objects.count() == 1
    assert not Event.objects.filter(action="evidence-read").exists()
    assert Client().get(f"/lampiran/berkas/{made.pk}/").status_code == 302


def test_the_same_file_twice_is_kept_once(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    assert [bring(client, number), bring(client, number, kunci="l")] == [302, 302]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("trap", ["script in a pdf", "program", "archive that swells", "billion laughs in a workbook"])
def test_a_trap_is_refused_beside_its_field_and_leaves_nothing(sign_in: SignIn, tmp_path: Path, trap: str) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    assert bring(client, number, BAD[trap][0]) == 422
    assert not Attachment.objects.exists()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_virus_is_refused_in_words(sign_in: SignIn, settings: Settings, tmp_path: Path) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    with clamd(tmp_path) as settings.CLAMD:
        form = {"kunci": "k", "kind": "bukti", "berkas": SimpleUploadedFile("a.csv", b"a;b\n" + EICAR)}
        answer = client.post(f"/lampiran/kasus/{number}/", form)
    assert answer.status_code == 422
    assert "Eicar-Test-Signature" in answer.content.decode()


def withdraw(client: Client, number: int, reason: str = "berkas keliru", **said: str) -> int:
    form = {"kunci": "tarik", "reason": reason, "pasti": "ya", **said}
    return client.post(f"/lampiran/berkas/{number}/tarik/", form).status_code


def test_a_withdrawn_file_stays_and_says_by_whom_when_and_why(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    bring(client, number)
    made = Attachment.objects.get()
    page = client.get(f"/lampiran/kasus/{number}/").content.decode()
    assert f"/lampiran/berkas/{made.pk}/tarik/" in page
    assert client.get(f"/lampiran/berkas/{made.pk}/tarik/").status_code == 200
    asked = client.post(f"/lampiran/berkas/{made.pk}/tarik/", {"kunci": "a", "reason": "berkas keliru"})
    assert "Tarik lampiran ini?" in asked.content.decode()
    assert not Attachment.objects.get().withdrawn_at
    assert withdraw(client, made.pk) == 302
    now = Attachment.objects.get()
    assert now.withdrawn_at
    assert (now.withdrawn_by, now.withdrawal_reason) == (made.uploaded_by, "berkas keliru")
    page = client.get(f"/lampiran/kasus/{number}/").content.decode()
    assert "<s>bukti.pdf</s>" in page
    assert "berkas keliru" in page
    assert "/tarik/" not in page
    assert client.get(f"/lampiran/berkas/{made.pk}/").getvalue() == PDF
    event = Event.objects.get(action="attachment-withdrawn")
    assert (event.subject_type, event.subject_id, event.satker_code) == ("case", str(number), PAPUA)
    assert (event.reason, event.after["attachment"]) == ("berkas keliru", made.pk)


def test_a_second_withdrawal_is_told_of_the_first(sign_in: SignIn) -> None:
    bring(sign_in("operator-91"), case_of("91"))
    made = Attachment.objects.get()
    assert withdraw(sign_in("operator-91"), made.pk) == 302
    second = sign_in("perencana").get(f"/lampiran/berkas/{made.pk}/tarik/")
    assert second.status_code == 409
    assert "Ditarik oleh Operator-91" in second.content.decode()
    assert withdraw(sign_in("perencana"), made.pk, "alasan lain") == 409
    assert Attachment.objects.get().withdrawal_reason == "berkas keliru"
    assert Event.objects.filter(action="attachment-withdrawn").count() == 1


def test_the_same_file_may_be_attached_anew_once_withdrawn(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    bring(client, number)
    withdraw(client, Attachment.objects.get().pk)
    assert [bring(client, number, kunci="l"), bring(client, number, kunci="m")] == [302, 302]
    assert Attachment.objects.count() == 2
    assert Attachment.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_a_withdrawal_needs_a_reason_and_the_right_to_attach(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    bring(client, number)
    made = Attachment.objects.get()
    assert withdraw(client, made.pk, " x ") == 422
    accounts.person("pelihat", "bappeda", "91")
    assert withdraw(sign_in("pelihat"), made.pk) == 403
    assert withdraw(sign_in("operator-32"), made.pk) in {403, 404}
    assert not Attachment.objects.get().withdrawn_at
    assert "/tarik/" not in sign_in("pelihat").get(f"/lampiran/kasus/{number}/").content.decode()


def test_the_api_lists_files_and_withdraws_one_once(sign_in: SignIn) -> None:
    client, number = sign_in("operator-91"), case_of("91")
    bring(client, number)
    made = Attachment.objects.get()
    address, sent = f"/api/v1/attachments/{made.pk}/withdraw", {"reason": "berkas keliru"}
    assert sign_in("operator-32").post(address, sent, "application/json").status_code in {403, 404}
    assert client.post(address, sent, "application/json").json()["withdrawn_by"] == "operator-91"
    again = client.post(address, sent, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "not-allowed-status")
    (listed,) = client.get(f"/api/v1/cases/{number}/attachments").json()["items"]
    assert (listed["name"], listed["withdrawal_reason"]) == ("bukti.pdf", "berkas keliru")
    assert sign_in("operator-32").get(f"/api/v1/cases/{number}/attachments").status_code in {403, 404}


def test_the_database_lets_nothing_change_but_one_withdrawal(sign_in: SignIn) -> None:
    client = sign_in("operator-91")
    bring(client, case_of("91"))
    withdraw(client, Attachment.objects.get().pk)
    for change in ("withdrawn_at = NULL, withdrawn_by_id = NULL, withdrawal_reason = ''", "withdrawal_reason = 'lain'",
                   "withdrawn_at = now()", "satker_id = satker_id + 1", "sha256 = repeat('0', 64)"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(f"UPDATE documents_attachment SET {change}")


def test_the_dossier_keeps_a_withdrawn_file_and_marks_it(sign_in: SignIn) -> None:
    client = sign_in("operator-91")
    bring(client, case_of("91"))
    wanted = Wanted(2022, (PAPUA,), national=False)
    assert [one.title for one in dossier.evidence(wanted)] == ["bukti.pdf"]
    withdraw(client, Attachment.objects.get().pk)
    assert [one.title for one in dossier.evidence(wanted)] == ["bukti.pdf (DITARIK)"]
    (table,) = (one for one in dossier.TABLES if one.path == "lampiran.csv")
    with connection.cursor() as cursor:
        cursor.execute(table.sql, {"satker": [PAPUA], "year": 2022})
        assert cursor.description
        (row,) = cursor.fetchall()
        said = dict(zip([column.name for column in cursor.description], row, strict=True))
    assert (said["Ditarik oleh"], said["Alasan penarikan"]) == ("Operator-91", "berkas keliru")


def test_what_was_attached_is_never_changed_or_removed(sign_in: SignIn) -> None:
    bring(sign_in("operator-91"), case_of("91"))
    for statement in ("UPDATE documents_attachment SET name = 'x'", "DELETE FROM documents_attachment"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_changed_file_is_not_handed_out(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("operator-91")
    bring(client, case_of("91"))
    made = Attachment.objects.get()
    (tmp_path / "files" / "attachments" / made.sha256).write_bytes(b"%PDF-forged")
    assert client.get(f"/lampiran/berkas/{made.pk}/").status_code == 404
    assert not Event.objects.filter(action="evidence-read").exists()


def test_things_that_take_no_files_and_numbers_of_none_are_not_found(planner: Client) -> None:
    for address in ("/lampiran/rahasia/1/", "/lampiran/kasus/999999/", "/lampiran/berkas/999999/"):
        assert planner.get(address).status_code == 404


def test_a_stored_file_lies_outside_the_web_root(sign_in: SignIn, settings: Settings, tmp_path: Path) -> None:
    bring(sign_in("operator-91"), case_of("91"))
    stored = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert not stored.is_relative_to(settings.STATIC_ROOT)
    assert oct(stored.stat().st_mode & 0o777) == "0o600"
    client = sign_in("perencana")
    for address in (f"/static/{stored.name}", f"/files/attachments/{stored.name}", f"/media/{stored.name}",
                    f"/static/../files/attachments/{stored.name}"):  # fmt: skip
        assert client.get(address).status_code == 404
