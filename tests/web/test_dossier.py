"""The dossier: opened, checked with nothing but the standard library, and read offline."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import Client

from dekon.audit import services as audit
from dekon.audit.models import Event
from dekon.budget.choices import CaseKind
from dekon.budget.dossier import YEARS_OF_THINGS
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.budget.selectors.attached import TARGETS
from dekon.documents import services as documents
from dekon.documents.models import Attachment
from dekon.gateways import files
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.lib.dossier import Section, Table
from dekon.ops import cli
from dekon.org import selectors as org
from dekon.org import services as people
from dekon.org.choices import Institution
from dekon.org.models import RoleAssignment, Satker, User
from dekon.web.dossier import book
from tests.builders import small_year
from tests.web.conftest import StrictClient

WITHOUT = frozenset({"history", "ops"})
"""Apps whose tables are of the machinery."""


@pytest.fixture
def year(transactional_db: None, tmp_path: Path, settings: LazySettings) -> Path:
    settings.HEADS_FILE = tmp_path / "kepala.jsonl"
    small_year.build(tmp_path)
    for name, province in (("auditor", ""), ("auditor-32", "32")):
        people.add_user(actor=org.system_user(), username=name, password="", role="auditor", province=province)
    audit.copy_heads(at=history.present())
    return tmp_path


def signed_in(name: str) -> Client:
    client = StrictClient()
    client.force_login(User.objects.get(username=name))
    return client


def taken(client: Client, query: str = "tahun=2022") -> zipfile.ZipFile:
    response = client.post(f"/dosir/ambil/?{query}")
    assert response.status_code == 200, response.content.decode()[-3000:]
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def table(dossier: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(dossier.read(name).decode("utf-8-sig"))))


def test_the_manifest_holds_and_names_every_file(year: Path) -> None:
    dossier = taken(signed_in("auditor"))
    assert dossier.testzip() is None
    lines = dossier.read("MANIFEST.sha256").decode().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert {*listed} == {*dossier.namelist()} - {"MANIFEST.sha256"}
    for name, digest in listed.items():
        assert hashlib.sha256(dossier.read(name)).hexdigest() == digest
    index = dossier.read("index.html").decode()
    for name in (name for name in listed if "/" in name and not name.startswith("aset/")):
        assert f'href="{name}"' in index


def test_it_holds_what_the_book_holds(year: Path) -> None:
    dossier = taken(signed_in("auditor"))
    realised = sum(int(row["Realisasi (Rp)"]) for row in table(dossier, "buku/pos.csv"))
    effects = {"realise": 1, "return": -1}
    entries = table(dossier, "buku/entri.csv")
    assert realised == sum(int(row["Jumlah (Rp)"]) * effects.get(row["Jenis"], 0) for row in entries) > 0
    assert {row["Satker"] for row in table(dossier, "anggaran/pembayaran.csv")} == {"029108", "259113"}
    assert table(dossier, "anggaran/rpd.csv")
    assert table(dossier, "anggaran/keluaran.csv")
    files = [name for name in dossier.namelist() if name.startswith("anggaran/berkas-impor/")]
    of_import = {row["SHA-256"] for row in table(dossier, "anggaran/impor.csv")}
    assert {hashlib.sha256(dossier.read(name)).hexdigest() for name in files} <= of_import


def test_a_bare_python_proves_the_trail_and_finds_a_changed_row(year: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dosir"
    taken(signed_in("auditor"), "tahun=2022&satker=029108")
    taken(signed_in("auditor")).extractall(folder)
    words = [sys.executable, "-I", "-S", "verifikasi.py", "jejak/jejak.jsonl", "jejak/kepala.jsonl"]
    good = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    assert "all hold" in good.stdout
    trail = folder / "jejak" / "jejak.jsonl"
    rows = [json.loads(line) for line in trail.read_text("utf-8").splitlines()]
    assert {row["chain"] for row in rows} >= {"", "029108"}
    rows[1]["body"] = rows[1]["body"].replace("a", "b", 1)
    trail.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 1


def test_an_auditor_of_one_province_takes_nothing_of_another(year: Path) -> None:
    client = signed_in("auditor-32")
    dossier = taken(client)
    words = b"\n".join(dossier.read(name) for name in dossier.namelist() if not name.startswith("aset/"))
    assert small_year.WEST_JAVA.encode() in words
    assert small_year.PAPUA.encode() not in words
    assert client.post("/dosir/ambil/?tahun=2022&provinsi=91").status_code == 403
    assert client.post(f"/dosir/ambil/?tahun=2022&satker={small_year.PAPUA}").status_code == 403
    assert client.get("/dosir/?tahun=2022&provinsi=91").status_code == 403


def bpk_auditor(days_to_first: int, days_to_last: int) -> Client:
    """An auditor of BPK, by a letter about one satker, from so many days after today to so many."""
    user, today = User.objects.create(username="bpk"), history.today()
    RoleAssignment.objects.create(
        user=user, role="auditor", institution=Institution.BPK, satker=Satker.objects.get(code=small_year.WEST_JAVA),
        valid_from=today + timedelta(days_to_first), valid_to=today + timedelta(days_to_last),
        decree_no="ST-1/BPK/2022", decree_on=today,
    )  # fmt: skip
    return signed_in("bpk")


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-9, 0), (0, 9)])
def test_an_auditor_of_bpk_takes_the_satker_of_the_letter_and_no_other(year: Path, first: int, last: int) -> None:
    client = bpk_auditor(first, last)
    for place in (
        "",
        f"&satker={small_year.WEST_JAVA}",
        "&provinsi=32",
        "&unit=13",
    ):  # wider places narrow to the letter's
        dossier = taken(client, f"tahun=2022{place}")
        assert {row["Satker"] for row in table(dossier, "buku/pos.csv")} == {small_year.WEST_JAVA}
        words = b"\n".join(dossier.read(name) for name in dossier.namelist() if not name.startswith("aset/"))
        assert small_year.PAPUA.encode() not in words
        chains = {json.loads(line)["chain"] for line in dossier.read("jejak/jejak.jsonl").splitlines()}
        assert chains <= {small_year.WEST_JAVA}
    for query in (f"satker={small_year.PAPUA}", "provinsi=91", "unit=01"):
        for answer in (client.post(f"/dosir/ambil/?tahun=2022&{query}"), client.get(f"/dosir/?tahun=2022&{query}")):
            assert 400 <= answer.status_code < 500, query
            assert not answer.streaming


@pytest.mark.parametrize(("first", "last"), [(1, 9), (-9, -1)])
def test_before_and_after_the_days_of_the_letter_an_auditor_of_bpk_takes_nothing(
    year: Path, first: int, last: int
) -> None:
    client = bpk_auditor(first, last)
    for query in ("tahun=2022", f"tahun=2022&satker={small_year.WEST_JAVA}"):
        assert client.post(f"/dosir/ambil/?{query}").status_code == 403
        assert client.get(f"/dosir/?{query}").status_code == 403
    assert not Event.objects.filter(action="dossier-taken").exists()


def test_a_year_ends_with_what_belongs_to_it(year: Path, settings: LazySettings) -> None:
    """Files by the fiscal year of their thing, documents by their year of issue, and the newest seal always."""
    settings.MEDIA_ROOT = year / "files"
    new_year_in_jakarta = datetime(2022, 12, 31, 18, tzinfo=UTC)
    for moment in (datetime(2022, 6, 1, tzinfo=UTC), new_year_in_jakarta, datetime(2026, 11, 24, tzinfo=UTC)):
        documents.seal_trail(actor=org.system_user(), at=moment)
    satker = Satker.objects.get(code="029108")
    for fiscal_year in (2022, 2023):
        case = ReconciliationCase.objects.create(
            satker=satker, fiscal_year=fiscal_year, span_from=date(fiscal_year, 1, 1),
            span_to=date(fiscal_year, 3, 31), kind=CaseKind.values[0], stated_rp=2, booked_rp=1, owner_role="operator",
            import_run=ImportRun.objects.earliest("pk"),
        )  # fmt: skip
        kept = files.keep([f"bukti {fiscal_year}".encode()], shelf="attachments")
        Attachment.objects.create(
            subject_type="case", subject_id=str(case.pk), kind="bukti", name=f"bukti-{fiscal_year}.txt",
            media_type="text/plain", sha256=kept.sha256, size_bytes=kept.size_bytes, satker=satker,
            uploaded_by=org.system_user(),
        )  # fmt: skip
    Attachment.objects.filter(name="bukti-2023.txt").update(
        withdrawn_at=datetime(2023, 4, 1, tzinfo=UTC), withdrawn_by=org.system_user(), withdrawal_reason="salah berkas"
    )
    for wanted, seals in ((2022, ["2022", "2026"]), (2023, ["2023", "2026"]), (2026, ["2026"])):
        dossier = taken(signed_in("auditor"), f"tahun={wanted}")
        issued = [row["Nomor"].split("/")[2] for row in table(dossier, "dokumen/daftar.csv")]
        assert issued == seals
        assert len([name for name in dossier.namelist() if name.startswith("dokumen/segel/")]) == len(seals)
        attached = [row["Berkas"] for row in table(dossier, "anggaran/lampiran.csv")]
        assert attached == ([] if wanted == 2026 else [f"bukti-{wanted}.txt"])
        withdrawn = [row["Alasan penarikan"] for row in table(dossier, "anggaran/lampiran.csv") if row["Ditarik"]]
        assert withdrawn == (["salah berkas"] if wanted == 2023 else [])
        content = [dossier.read(name) for name in dossier.namelist() if name.startswith("anggaran/lampiran/")]
        assert content == [f"bukti {name[6:10]}".encode() for name in attached]


def test_everything_that_takes_files_has_its_fiscal_year() -> None:
    assert set(YEARS_OF_THINGS) == set(TARGETS), (
        "say in dekon/<app>/dossier.py to which year files of the new thing belong"
    )


@pytest.mark.parametrize("name", ["operator-32", "perencana"])
def test_who_is_no_auditor_takes_none(year: Path, name: str) -> None:
    client = signed_in(name)
    assert client.post("/dosir/ambil/?tahun=2022").status_code == 403
    assert client.get("/dosir/").status_code == 403


def test_taking_it_is_on_the_trail_before_its_first_byte(year: Path) -> None:
    response = signed_in("auditor").post("/dosir/ambil/?tahun=2022&satker=029108")
    event = Event.objects.get(action="dossier-taken")
    assert (event.actor_name, event.satker_code, event.subject_type) == ("auditor", "029108", "dossier")
    assert response.getvalue()


def test_the_same_order_gives_the_same_bytes(year: Path) -> None:
    asked = book.order(year=2022, place=org.Place(satker="029108"), taken_by="a", taken_at=history.present())
    with transaction.atomic():
        first, second = (b"".join(book.pieces(asked)) for _ in range(2))
    assert first == second


def test_it_is_as_at_the_moment_of_taking_although_others_write_meanwhile(year: Path) -> None:
    asked = book.order(year=2022, place=org.Place(), taken_by="a", taken_at=history.present())
    themed = Satker.objects.get(code="029108").name
    Satker.objects.filter(code="029108").update(name="Nama sesudahnya")
    with transaction.atomic(), as_at(asked.taken_at):
        stream = io.BytesIO(b"".join(book.pieces(asked)))
    assert table(zipfile.ZipFile(stream), "tempat/satker.csv")[0]["Nama"] == themed


def test_every_app_with_tables_has_a_section() -> None:
    declared = {section.folder for section in book.sections()}
    assert declared == {"tempat", "buku", "anggaran", "koordinasi", "skor", "dokumen", "jejak"}
    with_tables = {
        config.label for config in apps.get_app_configs()
        if config.name.startswith("dekon.") and config.label not in WITHOUT and list(config.get_models())
    }  # fmt: skip
    assert len(with_tables) == len(declared), "write dekon/<app>/dossier.py for the new app"
    assert [section.order for section in book.sections()] == sorted(section.order for section in book.sections())


def test_every_row_is_read_so_nothing_is_planned_for_the_first_few(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planner expects one row of a view of the past: row by row the demo nation took minutes, now seconds."""
    settings = ", ".join(f"current_setting('{name}') AS \"{name}\"" for name in book.WHOLE_READS)
    said = Section("uji", 1, "Uji", (Table("rencana.csv", "Rencana", f"SELECT {settings}"),))
    monkeypatch.setattr(book, "sections", lambda: [said])
    (row,) = table(taken(signed_in("auditor")), "uji/rencana.csv")
    assert row == {"cursor_tuple_fraction": "1", "enable_nestloop": "off"}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {settings}")
        assert cursor.fetchone() == ("0.1", "on")


def test_the_command_writes_a_whole_file_or_none(year: Path, tmp_path: Path) -> None:
    out = tmp_path / "jabar.zip"
    assert cli.main(["dossier", "--year", "2022", "--province", "32", "--out", str(out)]) == 0
    dossier = zipfile.ZipFile(out)
    assert {row["Satker"] for row in table(dossier, "buku/pos.csv")} == {small_year.WEST_JAVA}
    assert cli.main(["dossier", "--year", "2022", "--satker", "000000", "--out", str(tmp_path / "x.zip")]) == 1
    assert not list(tmp_path.glob("*x.zip*"))


def test_the_command_for_an_account_keeps_to_its_letter(year: Path, tmp_path: Path) -> None:
    bpk_auditor(0, 9)
    words = ["dossier", "--year", "2022", "--user", "bpk", "--out"]
    for number, place in enumerate((["--national"], ["--province", "32"], ["--satker", small_year.WEST_JAVA])):
        out = tmp_path / f"{number}.zip"
        assert cli.main([*words, str(out), *place]) == 0
        dossier = zipfile.ZipFile(out)
        assert {row["Satker"] for row in table(dossier, "buku/pos.csv")} == {small_year.WEST_JAVA}
        content = b"\n".join(dossier.read(name) for name in dossier.namelist() if not name.startswith("aset/"))
        assert small_year.PAPUA.encode() not in content
    taken_by = set(Event.objects.filter(action="dossier-taken").values_list("actor_name", "satker_code"))
    assert taken_by == {("bpk", small_year.WEST_JAVA)}
    for place in (["--satker", small_year.PAPUA], ["--province", "91"]):
        assert cli.main([*words, str(tmp_path / "x.zip"), *place]) == 1
    assert not list(tmp_path.glob("*x.zip*"))


@pytest.mark.parametrize("name", ["operator-32", "nobody", "bpk"])
def test_the_command_refuses_an_account_that_may_take_none(year: Path, tmp_path: Path, name: str) -> None:
    bpk_auditor(-9, -1)
    out = tmp_path / "x.zip"
    assert cli.main(["dossier", "--year", "2022", "--national", "--user", name, "--out", str(out)]) == 1
    assert not list(tmp_path.glob("*x.zip*"))
    assert not Event.objects.filter(action="dossier-taken").exists()


def test_names_of_files_cannot_lead_out_of_the_folder(year: Path) -> None:
    names = taken(signed_in("auditor")).namelist()
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9._/-]+", name) or ".." in name] == []
