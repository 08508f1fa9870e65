"""Pages, files, the API and the command line as at a past moment: what they showed then, and a banner that says so."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve

from dekon.budget import services
from dekon.budget.models import ImportRun, Policy
from dekon.history import selectors as history
from dekon.history.choices import Effect, stances
from dekon.lib.periods import JAKARTA
from dekon.ops import cli
from dekon.org import selectors as org
from dekon.org import services as people
from dekon.org.models import Province, Satker, User
from dekon.org.services import create_token
from tests.builders import small_year
from tests.builders.files import budget_record, payment_record, write_json
from tests.web.conftest import StrictClient

W = small_year.WEST_JAVA
PAGES = (
    "/nasional/?tahun=2022",
    "/provinsi/?tahun=2022",
    "/provinsi/32/?tahun=2022",
    f"/telusur/?tahun=2022&satker={W}",
    f"/telusur/?tahun=2022&satker={W}&kegiatan=2175&akun=521211",
    f"/banding/?tahun=2022&satker={W}",
    f"/satker/{W}/dipa/?tahun=2022",
    "/kebijakan/?tahun=2022",
    "/tema/?tahun=2022",
    "/blokir/?tahun=2022",
    "/cadangan/?tahun=2022",
    "/rekonsiliasi/?tahun=2022&status=semua",
    "/diparkir/?tahun=2022",
    "/uang-persediaan/?tahun=2022",
    "/cari/?q=Dinas",
    "/pejabat/?tahun=2022",
    "/publik/?tahun=2022",
)
FILES = (
    f"/telusur/?tahun=2022&satker={W}&kegiatan=2175&akun=521211&unduh=sp2d.csv",
    "/provinsi/?tahun=2022&unduh=provinsi.csv",
)
CALLS = (
    "/api/v1/recap?year=2022&by=akun",
    "/api/v1/recap/months?year=2022",
    "/api/v1/payments?year=2022",
    "/api/v1/cases?year=2022",
    "/api/v1/satker?unit=13",
)


def plain(page: str) -> str:
    """What a page says, without what tells of the moment itself."""
    page = re.sub(r'<aside class="synthetic[^"]*" id="mesin-waktu".*?</aside>', "", page, flags=re.DOTALL)
    page = re.sub(r'<details class="moment">.*?</details>', "", page, flags=re.DOTALL)
    page = re.sub(r'<a class="btn" href="/tugas/">.*?</a>', "", page)  # what waits is always that of now
    page = re.sub(r'<input type="hidden" name="(tercatat|per|next|csrfmiddlewaretoken)"[^>]*>', "", page)
    page = re.sub(r"(\?|&amp;)(tercatat|per)=[^&\"]*(&amp;)?", lambda m: m[1] if m[3] else "", page)
    return re.sub(r"\s+", " ", page)


@dataclass
class Seen:
    """What everything said at a moment."""

    moment: datetime
    pages: dict[str, str]
    files: dict[str, bytes]
    calls: dict[str, bytes]


class Reader:
    """Somebody who may look at everything and change nothing."""

    def __init__(self) -> None:
        people.add_user(actor=org.system_user(), username="auditor", password="", role="auditor")
        self.pages = StrictClient()
        self.pages.force_login(User.objects.get(username="auditor"))
        key = create_token(actor=org.system_user(), username="auditor", scope="read")
        self.calls = Client(headers={"authorization": f"Bearer {key}"})

    def page(self, address: str) -> str:
        response = self.pages.get(address)
        assert response.status_code == 200, (address, response.content.decode()[-2000:])
        return str(response.content.decode())

    def body(self, client: Client, address: str) -> bytes:
        response = client.get(address)
        assert response.status_code == 200, (address, response.content[:500])
        return bytes(response.getvalue())

    def look(self, more: str = "", known_at: str = "") -> Seen:
        return Seen(
            history.present(),
            {address: plain(self.page(address + more)) for address in PAGES},
            {address: self.body(self.pages, address + more) for address in FILES},
            {address: self.body(self.calls, address + known_at) for address in CALLS},
        )

    def look_back(self, moment: datetime) -> Seen:
        text = quote(moment.isoformat())
        return self.look(f"&tercatat={text}", f"&known_at={text}")


@pytest.fixture
def reader(transactional_db: None, tmp_path: Path) -> Reader:
    small_year.build(tmp_path)
    return Reader()


@pytest.fixture
def change(tmp_path: Path) -> Callable[[], None]:
    """A year goes on: new ceilings and payments, an import undone, a code renamed, policies come and go."""

    def make() -> None:
        actor = org.system_user()
        options = services.ImportOptions(year=2022, create_missing=True)
        paid = {"NO_SP2D": "220299999", "NO_SPM": "00999A", "TGL_SP2D": "2022-11-03", "NILAI_RUPIAH": 77_000}
        ceilings = enumerate(("521211", "522151"))
        files = (
            [budget_record(KDSATKER=W, KODE_AKUN=akun, CONS_ITEM=300 + i) for i, akun in ceilings],
            [payment_record(KDSATKER=W, **paid)],
        )
        for number, records in enumerate(files):
            path = write_json(tmp_path / f"lanjut-{number}.json", records)
            services.import_file(
                actor=actor, path=path, file_name=path.name, options=options, now=small_year.NOW + timedelta(days=9)
            )
        last = ImportRun.objects.filter(kind="monsakti-realisasi").order_by("id").first()
        assert last
        services.undo_import(actor=actor, import_id=last.pk, reason="salah berkas", now=small_year.NOW)
        services.state_policy(actor=actor, fiscal_year=2022, code="K9", name="Kebijakan baru")
        services.remove_policy(actor=actor, policy_id=Policy.objects.get(code="K9").pk)
        services.state_policy(actor=actor, fiscal_year=2022, code="K1", name="Kebijakan lain")
        services.state_theme(actor=actor, name="PEN", description="baru")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE org_satker SET name = 'Dinas yang berganti nama' WHERE code = %s", [W])

    return make


def test_every_page_file_and_call_answers_as_it_did_at_the_moment(reader: Reader, change: Callable[[], None]) -> None:
    first = reader.look()
    change()
    second = reader.look()
    assert [a for a in PAGES if first.pages[a] == second.pages[a]] != list(PAGES)
    for shown in (first, second):
        asked = reader.look_back(shown.moment)
        assert [a for a in PAGES if asked.pages[a] != shown.pages[a]] == []
        assert asked.files == shown.files
        assert [a for a in CALLS if asked.calls[a] != shown.calls[a]] == []


def test_the_banner_says_the_moment_and_leads_back_and_every_link_stays_there(reader: Reader) -> None:
    moment = history.present().astimezone(JAKARTA)
    page = reader.page(f"/provinsi/32/?tahun=2022&satuan=rupiah&tercatat={moment:%Y-%m-%dT%H:%M:%S.%f}")
    assert 'id="mesin-waktu"' in page
    assert f"{moment:%H.%M}" in page
    assert 'href="/provinsi/32/?tahun=2022&amp;satuan=rupiah" data-now' in page
    outside = ("/api/", "/masuk/", "/static/")
    inside = [h for h in re.findall(r'<a\b[^>]*href="(/[^"#]*)', page) if not h.startswith(outside)]
    assert [h for h in inside if "tercatat=" not in h] == ["/provinsi/32/?tahun=2022&amp;satuan=rupiah"]
    for form in re.findall(r'<form (?:(?!method="post")[^>])*>(?:(?!</form>).)*</form>', page, re.DOTALL):
        assert 'name="tercatat"' in form


def test_a_page_of_now_has_no_banner(reader: Reader) -> None:
    page = reader.page("/nasional/?tahun=2022")
    assert 'id="mesin-waktu"' not in page
    assert "tercatat=" not in page


def test_a_day_of_effect_has_its_banner_too(reader: Reader) -> None:
    page = reader.page("/nasional/?tahun=2022&per=2022-06-30")
    assert "menurut tanggal berlaku" in page
    assert 'href="/nasional/?tahun=2022" data-now' in page


def test_a_day_with_a_time_is_the_page_of_that_moment(reader: Reader, change: Callable[[], None]) -> None:
    moment = history.present().astimezone(JAKARTA)
    shown = plain(reader.page("/nasional/?tahun=2022"))
    change()
    asked = reader.page(f"/nasional/?tahun=2022&per={moment:%Y-%m-%dT%H:%M:%S.%f}")
    assert plain(asked) == shown


def test_rights_are_those_of_now_whatever_they_were_at_the_moment(reader: Reader) -> None:
    """Who was moved to another province sees nothing of the former one, not even as it was then."""
    now = history.present()
    yesterday = now.astimezone(JAKARTA).date() - timedelta(days=1)
    user = User.objects.create(username="pindahan")
    user.assignments.create(role="operator", province=Province.objects.get(code="32"), valid_from=date(2020, 1, 1))
    moment = quote(history.present().isoformat())
    user.assignments.update(valid_to=yesterday, ended_at=now, end_reason="pindah")
    user.assignments.create(role="operator", province=Province.objects.get(code="91"))
    client = StrictClient()
    client.force_login(user)
    assert client.get(f"/provinsi/32/?tahun=2022&tercatat={moment}").status_code == 403
    page = client.get(f"/telusur/?tahun=2022&tercatat={moment}").content.decode()
    assert small_year.PAPUA in page
    assert W not in page


def test_in_the_past_there_is_nothing_to_do(reader: Reader) -> None:
    client = StrictClient()
    client.force_login(User.objects.get(username="perencana"))
    text = quote(history.present().isoformat())
    assert "/kebijakan/tambah/" in client.get("/kebijakan/?tahun=2022").content.decode()
    assert "/kebijakan/tambah/" not in client.get(f"/kebijakan/?tahun=2022&tercatat={text}").content.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2090-01-01", "belum terjadi"),
        ("2001-01-01T00:00", "Catatan Dekon baru dimulai"),
        ("kemarin", "bukan waktu"),
        ("9999-12-31", "belum terjadi"),
        ("2026-13-01", "bukan waktu"),
    ],
)
def test_what_cannot_be_known_is_answered_plainly(reader: Reader, text: str, code: str) -> None:
    response = reader.pages.get(f"/nasional/?tahun=2022&tercatat={text}")
    assert response.status_code == 422
    assert code in response.content.decode()
    call = reader.calls.get(f"/api/v1/recap?year=2022&known_at={text}")
    assert call.status_code == 422
    assert json.loads(call.content)["code"].startswith("moment-")


def test_the_page_after_one_of_the_past_is_of_now_again(reader: Reader, change: Callable[[], None]) -> None:
    moment = quote(history.present().isoformat())
    change()
    now = reader.page("/nasional/?tahun=2022")
    reader.page(f"/nasional/?tahun=2022&tercatat={moment}")
    reader.calls.get(f"/api/v1/recap?year=2022&known_at={moment}")
    assert plain(reader.page("/nasional/?tahun=2022")) == plain(now)


def test_the_command_line_takes_the_moment(
    reader: Reader, change: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def recap(*more: str) -> object:
        assert cli.main(["recap", "--year", "2022", "--by", "akun", "--json", *more]) == 0
        return json.loads(capsys.readouterr().out)

    moment, shown = history.present().isoformat(), recap()
    change()
    assert recap() != shown
    assert recap("--known-at", moment) == shown


def test_a_file_says_of_which_moment_it_is(reader: Reader) -> None:
    moment = history.present().astimezone(JAKARTA)
    response = reader.pages.get(f"{FILES[1]}&tercatat={quote(moment.isoformat())}")
    assert f"tercatat-{moment:%Y%m%dt%H%M%S}" in response["Content-Disposition"].lower()


DAY = "2022-06-30"


def offered(page: str, form: str) -> list[str]:
    """Where the tables of a page come as files."""
    found = re.findall(rf'href="(/[^"]*[?;]unduh=[\w-]+\.{form}[^"]*)"', page)
    return [href.replace("&amp;", "&") for href in found]


def test_every_table_of_a_past_page_comes_as_a_file_of_the_same_moment(
    reader: Reader, change: Callable[[], None]
) -> None:
    """The link on the page leads there, the rows are those of the moment, and the name of the file says it."""
    moment = history.present().astimezone(JAKARTA)
    more = f"&tercatat={quote(moment.isoformat())}"
    links = [href for address in PAGES for href in offered(reader.page(address + more), "csv")]
    assert len(links) >= 16
    assert [href for href in links if "tercatat=" not in href] == []
    then = {href: reader.body(reader.pages, href) for href in links}
    change()
    wrong = [href for href in links if reader.body(reader.pages, href) != then[href]]
    wrong += [
        href for href in links
        if f"tercatat-{moment:%Y%m%dt%H%M%S}" not in reader.pages.get(href)["Content-Disposition"]
    ]  # fmt: skip
    assert wrong == []


def test_a_file_says_the_day_to_which_its_page_keeps_and_no_other(reader: Reader) -> None:
    wrong = []
    for address in PAGES:
        effect = stances("pages")[f"/{resolve(address.partition('?')[0]).route}"].effect
        for href in offered(reader.page(f"{address}&per={DAY}"), "csv"):
            name = reader.pages.get(href)["Content-Disposition"]
            if ("per-20220630" in name) is not (effect is Effect.DAY):
                wrong.append((href, name))
    assert wrong == []


def test_a_workbook_of_the_past_says_its_day_and_moment_above_the_table(reader: Reader) -> None:
    moment = quote(history.present().isoformat())
    for address in ("/blokir/", "/pejabat/", "/provinsi/"):
        page = reader.page(f"{address}?tahun=2022&per={DAY}&tercatat={moment}")
        for href in offered(page, "xlsx"):
            sheet = openpyxl.load_workbook(io.BytesIO(reader.body(reader.pages, href))).worksheets[0]
            above = " ".join(str(row[0].value or "") for row in sheet.iter_rows(max_row=5))
            assert "data per 30 Juni 2022" in above, (href, above)
            assert "Sebagaimana tercatat pada" in above, (href, above)


def test_a_form_that_asks_for_its_own_day_says_it_once(reader: Reader) -> None:
    page = reader.page(f"/nasional/?tahun=2022&per={DAY}")
    form = next(form for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if 'type="date"' in form)
    assert form.count('name="per"') == 1


def test_on_a_day_only_the_gaps_between_officials_that_had_begun_are_told(reader: Reader) -> None:
    """Nobody held the treasurer's office of the satker from 2 to 9 October."""
    user = User.objects.create(username="bendahara-dua")
    satker = Satker.objects.get(code=W)
    for first, last in (((2022, 1, 1), (2022, 10, 1)), ((2022, 10, 10), (2022, 12, 31))):
        user.assignments.create(
            role="bendahara", satker=satker, valid_from=date(*first), valid_to=date(*last), decree_no="SK-1",
            decree_on=date(2022, 1, 1),
        )  # fmt: skip
    gap = "2 Oktober 2022 – 9 Oktober 2022"
    assert gap in told(reader, "2022-12-01")
    assert "2 Oktober 2022 – 5 Oktober 2022" in told(reader, "2022-10-05")
    assert "Oktober" not in told(reader, "2022-10-01")


def told(reader: Reader, day: str) -> str:
    """The gaps that the page of officials tells of on a day."""
    page = reader.page(f"/pejabat/?tahun=2022&satker={W}&per={day}")
    return re.sub(r"\s+", " ", " ".join(re.findall(r"<li><a[^>]*>\d{6}</a>:.*?</li>", page, re.DOTALL)))


def test_print_keeps_the_banner_of_the_past(reader: Reader) -> None:
    """What print hides is one list of selectors; neither the banner nor what holds it is among them."""
    style = Path("dekon/web/static/dekon.css").read_text("utf-8").partition("@media print")[2]
    hidden = {one.strip() for one in re.findall(r"([^{}]*)\{\s*display: none !important", style)[0].split(",")}
    assert {".actions", ".filters", "main form"} <= hidden
    page = reader.page(f"/nasional/?tahun=2022&per={DAY}")
    banner = re.search(r'<aside class="([^"]*)" id="mesin-waktu"', page)
    assert banner
    assert not {"aside", "#mesin-waktu", *(f".{name}" for name in banner[1].split())} & hidden
