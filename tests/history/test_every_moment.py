"""Every address and a past moment: what was recorded later is not there, and the banner says which moment it is.

`dekon/history/addresses.yaml` says of each address what it makes of a moment of record and of a day of effect. An
address that is missing there, or does otherwise, fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils import timezone
from pytest_django import Settings

from dekon.api.document import api
from dekon.audit.models import Event
from dekon.budget import services as budget
from dekon.budget.choices import RecordKind
from dekon.budget.models import (
    DipaRevision,
    ImportRun,
    ReconciliationCase,
    RpdVersion,
)  # fmt: skip
from dekon.budget.services import dated_list
from dekon.documents.models import Attachment
from dekon.history import selectors as history
from dekon.history.choices import Effect, Record, stances
from dekon.ledger.models import Pos
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import Holiday, RoleAssignment, Satker, User
from dekon.org.services import Stated
from dekon.performance import services as performance
from dekon.performance.models import Alert
from dekon.web.moments import why_no_day, why_now
from tests.builders import small_year
from tests.builders.files import budget_record, payment_record, write_json
from tests.lib.test_uploads import GOOD
from tests.meta.test_routes import operations, views
from tests.web.conftest import StrictClient

W = small_year.WEST_JAVA
DAY_ONE = date(2022, 1, 1)
EARLY = "2022-01-02"
"""A day on which nothing of the small year but its ceilings held."""
PDF = GOOD["pdf"][1]
WORDS = {
    "year": "2022",
    "name": "kppn",
    "kind": "kontrak",
    "word": "blokir",
    "listing": "kppn",
    "provider_id": "x",
    "token": "x",
    "_rest": "x",
    "session": "0",
    "to": "undangan",
}
CODES = {"/provinsi/": "32", "/rujukan/": "022", "/reference/": "022"}
QUERIES = {
    "/peringatan/": "status=semua",
    "/telusur/": "satker=" + W, "/cari/": "q=Dinas", "/rekonsiliasi/": "status=semua", "/jejak/": "kata=a",
    "GET /pagu": "on=2022-12-31", "GET /deadline": "after=2022-12-26&working_days=3",
}  # fmt: skip
NUMBERED = {
    "/rpd/": "rpd", "/blokir/": "block", "/lampiran/berkas/": "attachment", "/lampiran/": "block",
    "/peringatan/": "alert", "/cadangan/": "reservation", "/catatan/": "record", "/rekonsiliasi/": "case",
    "/impor/": "import", "/pengguna/": "person",
    "/penugasan/": "assignment", "/jejak/": "event", "/kebijakan/": "policy", "/tema/": "theme",
    "/rujukan/libur/": "holiday", "/dipa/versi/": "revision", "/pos/": "pos", "/imports/": "import",
    "/blocks/": "block", "/reservations/": "reservation", "/cases/": "case",
}  # fmt: skip
ALSO_THEN = {"/impor/<int:number>/bertanda/": 404, "GET /imports/{number}/workbook": 404}
"""The files of the small year have nothing to mark."""
UNTOUCHED = {
    "/lampiran/berkas/<int:number>/",
    "/penugasan/<int:number>/surat/",
    "/jejak/<int:number>/",
    "GET /rpd/{number}",
    *ALSO_THEN,
}
"""Files, rows of the trail, versions of a plan: once kept they never change, so now and then they are the same."""
WITHOUT_LATER = {"/rpd/<int:number>/", "GET /rpd/{number}", "GET /pos/{number}/entries"}
"""Nothing more of it is made."""

LOCALLY = ("/provinsi/32/?tahun=2022", f"/telusur/?tahun=2022&satker={W}", f"/satker/{W}/dipa/?tahun=2022")
"""What an operator of the province opens, whose queries pass row-level security."""
SAME_ON_EVERY_DAY = {"/rpd/<int:number>/"}
"""The only version of the small year holds from its first day."""
REWRITTEN = (
    *(
        f"UPDATE {table} SET name = left(name, 20) || ' lagi'"
        for table in (
            "org_province",
            "org_unit",
            "org_authority",
            "org_fundsource",
            "budget_program",
            "budget_kegiatan",
            "budget_kro",
            "budget_akun",
            "budget_pathname",
        )
    ),
    "UPDATE budget_fiscalyear SET note = 'ditulis ulang'",
    "UPDATE budget_dipa SET legal_basis = 'ditulis ulang'",
    "UPDATE budget_roprogress SET total_volume = total_volume + 1",
    "UPDATE budget_paymentline SET advance_rp = advance_rp + 5",
    "UPDATE ledger_parked SET state = 'withdrawn', settled_at = now()",
)
"""What the services of these pages would write, table by table."""

type Numbers = Mapping[str, int]


def fixed(page: str) -> str:
    """A page as it can be compared: without what is new each time it is shown."""
    return re.sub(r'<input type="hidden" name="(csrfmiddlewaretoken|kunci|dilihat)"[^>]*>|\s+', " ", page)


def told(page: str) -> str:
    """What a page says in its middle, in words alone."""
    middle = page.partition("<main")[2].partition("</main>")[0] or page
    return re.sub(r"<[^>]*>|\s+", " ", middle)


def banner_of(page: str) -> str:
    found = re.search(r'<aside class="synthetic[^>]*id="mesin-waktu".*?</aside>', page, re.DOTALL)
    return found[0] if found else ""


@dataclass
class World:
    """The small year with one of everything, and somebody who may look at everything and write most of it."""

    folder: Path
    actor: User
    client: Client
    numbers: dict[str, int]
    moment: datetime

    def address(self, path: str, numbers: Numbers, more: str = "") -> str:
        """An address with the codes and numbers of this year in it, and more in its query."""
        bare = path.removeprefix("GET ")
        begun = max((start for start in NUMBERED if bare.startswith(start)), key=len, default="")
        code = next((code for start, code in CODES.items() if bare.startswith(start)), W)
        words = {**WORDS, "code": code, "number": str(numbers.get(NUMBERED.get(begun, ""), 0))}
        filled = re.sub(r"<(?:\w+:)?(\w+)>|\{(\w+)\}", lambda found: words[found[1] or found[2]], bare)
        if path.startswith("GET "):
            satker = f"&satker={W}" if re.search("rpd|revisions|progress", path) else ""
            return f"/api/v1{filled}?year=2022&{QUERIES.get(path, '')}{satker}{more}"
        return f"{filled}?tahun=2022&{QUERIES.get(path, '')}{more}"

    def look(self, path: str, numbers: Numbers, more: str = "") -> tuple[int, str]:
        """Status and body of an address."""
        response = self.client.get(self.address(path, numbers, more))
        body = bytes(response.getvalue())
        return response.status_code, body.decode("utf-8", "replace")

    @property
    def then(self) -> str:
        return quote(self.moment.isoformat())


def paths(kind: str, *records: Record) -> list[str]:
    found = stances("pages" if kind == "pages" else "operations")
    return [path for path, stance in found.items() if stance.record in records]


def one_of_each(world: World, mark: str, on: date) -> dict[str, int]:
    """One more of everything that has a page of its own; returns their numbers."""
    actor, later = world.actor, timedelta(days=1)
    pos = Pos.objects.filter(satker__code=W).earliest("pk")
    block = budget.block_pagu(
        actor=actor, pos_id=pos.pk, amount_rp=1000, kind="aa", letter_no=f"S-{mark}", letter_on=on, on=on
    )
    budget.release_block(
        actor=actor, block_id=block.pk, letter_no=f"B-{mark}", on=on + later, amount_rp=400, letter_on=on
    )
    held = budget.reserve_pagu(actor=actor, pos_id=pos.pk, amount_rp=1000, document=f"SPK-{mark}", on=on)
    budget.release_reservation(actor=actor, reservation_id=held.pk, on=on + later, reason=mark, amount_rp=300)
    policy = budget.state_policy(actor=actor, fiscal_year=2022, code=f"K{mark}"[:8], name=f"Kebijakan {mark}")
    theme = budget.state_theme(actor=actor, name=f"Tema {mark}", description=mark)
    budget.tag(actor=actor, theme=theme.name, fiscal_year=2022, kegiatan="2175")
    satker = Satker.objects.get(code=W)
    case = ReconciliationCase.objects.create(
        satker=satker, subject=mark, kind="total-differs", fiscal_year=2022, span_from=on, span_to=on + later,
        stated_rp=2, booked_rp=1, owner_role="ppk", import_run=ImportRun.objects.earliest("pk"),
    )  # fmt: skip
    alert = Alert.objects.create(
        rule="behind-plan", satker=satker, fiscal_year=2022, subject=mark, severity="high", opened_on=on,
        last_seen_on=on, measured=12, limit=10, owner_role="kpa",
    )  # fmt: skip
    response = world.client.post(
        f"/lampiran/blokir/{block.pk}/",
        {"kind": "surat", "note": mark, "kunci": mark, "berkas": SimpleUploadedFile(f"surat-{mark}.pdf", PDF)},
    )
    assert response.status_code == 302, response.content.decode()[-3000:]
    letter = Attachment.objects.latest("pk")
    person = org.add_user(actor=actor, username=f"orang-{mark}", password="", role="operator", province="32")
    held_role = RoleAssignment.objects.create(
        user=person, role="ppk", satker=satker, valid_from=on, valid_to=date(2022, 12, 31), decree_no=f"SK-{mark}",
        decree_on=on, letter_digest=letter.sha256, letter_name=f"sk-{mark}.pdf",
    )  # fmt: skip
    holiday = Holiday.objects.create(
        day=on + timedelta(days=3), name=f"Libur {mark}", kind="libur_nasional", published_on=on
    )
    revision = DipaRevision.objects.filter(dipa__satker=satker).latest("pk")
    record = budget.record_execution(
        actor=actor, satker_code=W, fiscal_year=2022, kind=RecordKind.BILL,
        facts=budget.RecordFacts(number=f"SPM-{mark}", dated_on=on), now=timezone.now(),
    )  # fmt: skip
    return {
        "record": record.pk,
        "block": block.pk, "reservation": held.pk, "policy": policy.pk, "theme": theme.pk, "case": case.pk,
        "alert": alert.pk,
        "attachment": letter.pk, "person": person.pk, "assignment": held_role.pk, "holiday": holiday.pk,
        "import": ImportRun.objects.latest("pk").pk, "event": Event.objects.latest("pk").pk, "revision": revision.pk,
        "pos": pos.pk, "rpd": RpdVersion.objects.filter(dipa__satker=satker).latest("pk").pk,
    }  # fmt: skip


def go_on(world: World) -> dict[str, int]:
    """The year goes on: something is written about everything, and one more of everything is made."""
    actor, first, on = world.actor, world.numbers, date(2022, 11, 20)
    options = budget.ImportOptions(year=2022, create_missing=True)
    payment = {"NO_SP2D": "220299999", "NO_SPM": "00999A", "TGL_SP2D": "2022-11-03", "NILAI_RUPIAH": 77_000}
    over = {"NO_SP2D": "220299998", "NO_SPM": "00998A", "TGL_SP2D": "2022-11-04", "NILAI_RUPIAH": 9_000_000_000}
    budget.record_outcome(
        actor=actor,
        indicator="tpt",
        year=2022,
        round_name="agustus",
        value=Decimal("8.31"),
        source="BPS",
        province="32",
    )
    for number, records in enumerate((
        [budget_record(KDSATKER=W, KODE_AKUN=akun, CONS_ITEM=300 + i) for i, akun in enumerate(("521211", "522151"))],
        [payment_record(KDSATKER=W, **payment), payment_record(KDSATKER=W, **over)],
    )):  # fmt: skip
        path = write_json(world.folder / f"lanjut-{number}.json", records)
        now = small_year.NOW + timedelta(days=60)
        budget.import_file(actor=actor, path=path, file_name=path.name, options=options, now=now)
    made = one_of_each(world, "baru", date(2022, 11, 1))
    budget.release_block(actor=actor, block_id=first["block"], letter_no="B-2", on=on, amount_rp=100, letter_on=on)
    budget.release_reservation(actor=actor, reservation_id=first["reservation"], on=on, reason="batal", amount_rp=100)
    budget.state_policy(actor=actor, fiscal_year=2022, code="Klama", name="Kebijakan yang berganti nama")
    budget.state_theme(actor=actor, name="Tema lama", description="yang berganti arti")
    budget.answer_case(
        actor=actor, case_id=first["case"], text="diteliti kembali", status="answered", now=small_year.NOW
    )
    performance.assign_alert(
        actor=actor, alert_id=first["alert"], role="ppk", to_self=True, text="ditangani", now=small_year.NOW
    )
    budget.undo_import(actor=actor, import_id=first["import"], reason="salah berkas", now=small_year.NOW)
    for word, kind in {"blokir": "block", "cadangan": "reservation", "kasus": "case"}.items():
        file = SimpleUploadedFile("susulan.pdf", PDF + word.encode())
        said = {"kind": "surat", "note": "susulan", "kunci": f"susulan {word}", "berkas": file}
        assert world.client.post(f"/lampiran/{word}/{first[kind]}/", said).status_code == 302
    said = {"reason": "surat keliru", "kunci": "tarik", "pasti": "ya"}
    assert world.client.post(f"/lampiran/berkas/{first['attachment']}/tarik/", said).status_code == 302
    RoleAssignment.objects.filter(pk=first["assignment"]).update(valid_to=on, end_reason="pindah tugas")
    org.void_assignment(actor=actor, number=first["assignment"], reason="orang yang keliru", at=history.present())
    Satker.objects.filter(code=W).update(name="Dinas yang berganti nama")
    Satker.objects.filter(code=small_year.PAPUA).update(name="Dinas di timur")
    with connection.cursor() as cursor:
        for statement in REWRITTEN:
            cursor.execute(statement)
    stated = Stated(date(2022, 2, 1), {"name": "KPPN yang berganti nama"}, "surat")
    org.change_code(actor=actor, listing=dated_list("kppn"), code="022", stated=stated)
    world.client.get("/")
    return made


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, settings: Settings) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    small_year.build(tmp_path)
    actor = selectors.system_user()
    user = org.add_user(actor=actor, username="serba", password="", role="perencana", is_demo=True)
    user.assignments.create(role="admin", valid_from=date(2020, 1, 1))
    client = StrictClient()
    client.force_login(user)
    made = World(tmp_path, actor, client, {}, small_year.NOW)
    made.numbers = one_of_each(made, "lama", date(2022, 3, 1))
    made.numbers["import"] = ImportRun.objects.filter(kind="monsakti-realisasi").earliest("pk").pk
    client.get("/")  # what was done is told once, here
    made.moment = history.present()
    return made


def test_every_address_is_in_the_table() -> None:
    pages = {f"/{path}" for path, _view in views(get_resolver().url_patterns)}
    shown = {path for path in pages if not path.startswith("/api/v1/") or path.endswith("openapi.json")}
    assert set(stances("pages")) == shown, "mend dekon/history/addresses.yaml"
    reading = {f"GET {one.path}" for one in operations(api) if "GET" in one.methods}
    assert set(stances("operations")) == reading, "mend dekon/history/addresses.yaml"


def test_what_an_address_makes_nothing_of_has_its_reason_in_words() -> None:
    for stance in (*stances("pages").values(), *stances("operations").values()):
        assert stance.record is not Record.NOW or why_now(stance)
        assert not stance.without or why_no_day(stance)
    assert not [
        path for path, one in stances("pages").items()
        if one.record is Record.PAST and one.effect is Effect.NONE and not one.without
    ]  # fmt: skip


def test_a_past_moment_shows_nothing_that_was_recorded_later(world: World) -> None:
    """Byte for byte what it showed before the year went on, on every page and call; and each has a banner."""
    asked = {"pages": f"&tercatat={world.then}", "operations": f"&known_at={world.then}"}
    every = [(kind, path) for kind in asked for path in paths(kind, Record.PAST)]
    now = {path: world.look(path, world.numbers) for _kind, path in every}
    then = {path: world.look(path, world.numbers, asked[kind]) for kind, path in every}
    assert {path: status for path, (status, _body) in then.items() if status != 200} == ALSO_THEN
    local = StrictClient()
    local.force_login(User.objects.get(username="operator-32"))
    seen = {path: local.get(path + asked["pages"]).content.decode() for path in LOCALLY}
    made = go_on(world)
    wrong = [
        f"{path}: another answer to an operator" for path in LOCALLY
        if told(local.get(path + asked["pages"]).content.decode()) != told(seen[path])
    ]  # fmt: skip
    for kind, path in every:
        status, body = world.look(path, world.numbers, asked[kind])
        if (status, fixed(body)) != (then[path][0], fixed(then[path][1])):
            wrong.append(f"{path}: another answer than at the moment")
        shown = kind == "pages" and status == 200 and "<main" in body
        if shown and ("sebagaimana tercatat" not in banner_of(body) or "quiet" in banner_of(body)):
            wrong.append(f"{path}: no banner")
        if path not in UNTOUCHED and told(world.look(path, world.numbers)[1]) == told(now[path][1]):
            wrong.append(f"{path}: the year went on, and now it says the same")
        later = path not in WITHOUT_LATER | set(ALSO_THEN) and re.search(r"<int:number>|{number}", path)
        if later and (world.look(path, made)[0], world.look(path, made, asked[kind])[0]) != (200, 404):
            wrong.append(f"{path}: what was made later is there")
    assert not wrong, "\n".join(wrong)


def test_nothing_on_a_past_page_writes_and_every_link_of_it_stays_there(world: World) -> None:
    wrong = []
    for path in paths("pages", Record.PAST):
        status, page = world.look(path, world.numbers, f"&tercatat={world.then}")
        if status != 200 or "<main" not in page:
            continue
        middle = page.partition("<main")[2]
        wrong += [f"{path}: {form}" for form in re.findall(r'<form[^>]*method="post"[^>]*>', middle)]
        for link in re.findall(r'<a\b[^>]*href="/[^>]*>', page):
            href = re.findall(r'href="(/[^"#]*)', link)[0].replace("&amp;", "&")
            if "data-now" in link or href.startswith(("/api/", "/static/", "/masuk/")):
                continue
            if "tercatat=" not in href:
                wrong.append(f"{path}: {href} leads back to now")
            if stances("pages")[f"/{resolve(href.partition('?')[0]).route}"].record in {Record.FORM, Record.SENT}:
                wrong.append(f"{path}: {href} writes")
    assert not wrong, "\n".join(wrong)


def test_pages_that_write_are_refused_in_the_past_and_pages_of_now_say_that_they_are(world: World) -> None:
    wrong = []
    past = f"&tercatat={world.then}"
    for path in paths("pages", Record.FORM):
        usual, (status, page) = world.look(path, world.numbers)[0], world.look(path, world.numbers, past)
        if status != 422 or "Kembali ke keadaan sekarang" not in page or usual in {403, 405, 500}:
            wrong.append(f"{path}: {usual} now, {status} then")
    for path in paths("pages", Record.NOW):
        usual, (status, page) = world.look(path, world.numbers)[0], world.look(path, world.numbers, past)
        framed = status == 200 and 'id="isi"' in page and "masthead" in page and not path.startswith("/api")
        if usual != status or (framed and "keadaan sekarang" not in banner_of(page)):
            wrong.append(f"{path}: {usual} now, {status} then, banner {banner_of(page)!r}")
    wrong += [path for path in paths("pages", Record.SENT) if world.look(path, world.numbers, past)[0] == 200]
    known_at = f"&known_at={world.then}"
    wrong += [path for path in paths("operations", Record.NOW) if world.look(path, world.numbers, known_at)[0] != 422]
    assert not wrong, "\n".join(wrong)


def test_a_day_of_effect_narrows_the_page_or_is_not_claimed(world: World) -> None:
    wrong = []
    for path in paths("pages", Record.PAST):
        effect = stances("pages")[path].effect
        (_, now), (status, page) = world.look(path, world.numbers), world.look(path, world.numbers, f"&per={EARLY}")
        if status == 200 and "<main" in page and ("quiet" in banner_of(page)) is (effect is Effect.DAY):
            wrong.append(f"{path}: banner {banner_of(page)!r}")
        if effect is Effect.DAY and path not in SAME_ON_EVERY_DAY and told(page) == told(now):
            wrong.append(f"{path}: the day changes nothing")
        if effect is Effect.DAY and status != 200 and (status, "baru berlaku mulai" in page) != (404, True):
            wrong.append(f"{path}: {status}")
    assert not wrong, "\n".join(wrong)
