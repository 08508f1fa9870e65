"""Pages and the API with every filter of ours taken away: the database alone keeps the rows of another province."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from dekon.audit.models import Event
from dekon.budget import services as budget
from dekon.budget.choices import CaseKind
from dekon.budget.models import Block, Dipa, ImportRun, PaymentLine, ReconciliationCase, Reservation, RpdVersion
from dekon.budget.services import ImportOptions
from dekon.ledger.models import Pos
from dekon.org.models import Province, User
from dekon.org.selectors import Verdict, system_user
from tests.builders.files import payment_record, write_json
from tests.builders.small_year import NOW, PAPUA, WEST_JAVA
from tests.builders.worker import work_off
from tests.web.conftest import SignIn

SP2D, CONTRACT, LETTER, FILE = f"2202900{PAPUA}", "SPK-RAHASIA-91", "ND-RAHASIA-91", "rahasia-91.json"
SECRETS = (SP2D, CONTRACT, LETTER, FILE, "alasan-rahasia-91")
OF_PAPUA = f"provinsi=91&satker={PAPUA}"
BELOW = "program=DL&kegiatan=2175&kro=SCH&ro=001&komponen=051&akun=521211"
PATH, OWN_PATH = f"{OF_PAPUA}&{BELOW}", f"tahun=2022&provinsi=32&satker={WEST_JAVA}&{BELOW}"
PAGES = (
    "/nasional/", "/provinsi/", "/provinsi/91/", "/telusur/", f"/telusur/?{PATH}", f"/telusur/?{PATH}&unduh=sp2d.csv",
    "/banding/", f"/banding/?{PATH}", "/cari/?q=rahasia", f"/cari/?q={SP2D}01", f"/satker/{PAPUA}/dipa/?tahun=2022",
    "/blokir/?tahun=2022", f"/blokir/?tahun=2022&{OF_PAPUA}", "/cadangan/?tahun=2022", "/rekonsiliasi/", "/diparkir/",
    "/uang-persediaan/", "/impor/", "/jejak/", f"/jejak/?satker={PAPUA}", "/jejak/pembacaan/", "/publik/",
    f"/cadangan/tambah/?tahun=2022&satker={PAPUA}", f"/blokir/tambah/?tahun=2022&satker={PAPUA}",
    "/blokir/?tahun=2022&unduh=blokir.csv", "/cadangan/?tahun=2022&unduh=cadangan.csv",
)  # fmt: skip
LISTS = (
    "/recap?year=2022&by=satker", "/recap/matrix?year=2022", "/recap/gaps?year=2022", "/pos?year=2022",
    "/parked?year=2022", "/advances?year=2022", "/payments?year=2022", "/payments?year=2022&format=csv",
    f"/dipa/revisions?year=2022&satker={PAPUA}", "/blocks?year=2022", f"/rpd?year=2022&satker={PAPUA}",
    "/reservations?year=2022", "/outputs?year=2022", f"/outputs/progress?year=2022&satker={PAPUA}", "/imports",
    "/dipa?year=2022", "/cases?year=2022",
)  # fmt: skip


@pytest.fixture
def secrets(year: None, tmp_path: Path) -> dict[str, int]:
    """Things of Papua: a contract, a block, a case, a file of the ministry, a row of the trail; by what they are."""
    actor, pos = system_user(), Pos.objects.filter(satker__code=PAPUA, pagu_rp__gt=0).earliest("pk")
    day = date(2022, 11, 1)
    block = budget.block_pagu(
        actor=actor, pos_id=pos.pk, amount_rp=11, kind="aa", letter_no=LETTER, letter_on=day, on=day
    )
    held = budget.reserve_pagu(actor=actor, pos_id=pos.pk, amount_rp=13, document=CONTRACT, on=day)
    path = write_json(tmp_path / FILE, [payment_record(KDSATKER=PAPUA, NO_SP2D=f"{SP2D}77", TGL_SP2D="2022-11-03",
                                                       NILAI_RUPIAH=17)])  # fmt: skip
    planner = User.objects.get(username="perencana")
    run = budget.import_file(actor=planner, path=path, file_name=FILE, options=ImportOptions(year=2022), now=NOW)
    case = ReconciliationCase.objects.create(
        kind=CaseKind.values[0], fiscal_year=2022, satker=pos.satker, pos=pos, subject=f"{SP2D}77", span_from=day,
        span_to=day, stated_rp=19, booked_rp=23, import_run=run, owner_role="operator",
    )  # fmt: skip
    event = Event.objects.create(
        actor_id=actor.pk, actor_name="sistem", action="pagu-blocked", subject_type="block", subject_id="1",
        subject_name=LETTER, satker_code=PAPUA, reason="alasan-rahasia-91", origin="cli",
    )  # fmt: skip
    return {
        "pos": pos.pk, "block": block.pk, "reservation": held.pk, "import": run.pk, "case": case.pk, "event": event.pk,
        "rpd": RpdVersion.objects.filter(dipa__satker__code=PAPUA).latest("pk").pk,
        "revision": Dipa.objects.get(satker__code=PAPUA).revisions.latest("pk").pk,
    }  # fmt: skip


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every filter and every refusal of ours is forgotten."""

    def everything(_actor: object, _action: object, wanted: object) -> object:
        return wanted

    def yes(*_asked: object) -> Verdict:
        return Verdict(True)

    monkeypatch.setattr("dekon.org.selectors.narrowed", everything)
    for place in ("dekon.org.selectors", "dekon.org.services", "dekon.org.services.people"):
        monkeypatch.setattr(f"{place}.may", yes)
    monkeypatch.setattr("dekon.budget.selectors.import_runs", lambda *_a, **_k: ImportRun.objects.order_by("-id"))
    monkeypatch.setattr("dekon.audit.selectors.within", lambda _reach: Event.objects.all())


def body(client: Client, path: str) -> str:
    """The whole answer, streamed or not."""
    response = client.get(path)
    assert response.status_code in {200, 302, 403, 404}, (path, response.status_code)
    return streamed(response) if response.streaming else str(response.content.decode())


def streamed(response: object) -> str:
    """A body that is read after its request is over."""
    pieces = cast("Iterable[bytes]", cast("StreamingHttpResponse", response).streaming_content)
    return b"".join(pieces).decode("utf-8-sig")


def leaks(client: Client, paths: Iterable[str]) -> dict[str, list[str]]:
    """Which secrets stand on which pages; an address that names one itself shows nothing by repeating it."""
    found = {path: [secret for secret in SECRETS if secret in body(client, path).replace(f"{SP2D}01", "")]
             for path in paths}  # fmt: skip
    return {path: shown for path, shown in found.items() if shown}


def test_without_any_filter_of_ours_pages_show_nothing_of_another_province(
    secrets: dict[str, int], unfiltered: None, sign_in: SignIn
) -> None:
    told = leaks(sign_in("perencana"), PAGES)
    assert {secret for shown in told.values() for secret in shown} == set(SECRETS), "the test itself has teeth"
    assert not leaks(sign_in("operator-32"), PAGES)
    assert leaks(sign_in("operator-91"), PAGES)


def test_without_any_filter_of_ours_lists_and_streams_of_the_api_show_nothing_of_another_province(
    secrets: dict[str, int], unfiltered: None, sign_in: SignIn
) -> None:
    paths = [f"/api/v1{path}" for path in LISTS]
    outsider, planner = sign_in("operator-32"), sign_in("perencana")
    telling = 0
    for path in paths:
        whole, seen = body(planner, path), body(outsider, path)
        assert PAPUA not in seen, path
        assert not [secret for secret in SECRETS if secret in seen], path
        assert WEST_JAVA in seen or WEST_JAVA not in whole or path.endswith("/imports"), path
        telling += PAPUA in whole
    assert telling >= 10, "the test itself has teeth"
    total = json.loads(body(outsider, "/api/v1/recap?year=2022"))["total"]
    own = json.loads(body(planner, "/api/v1/recap?year=2022&province=32"))["total"]
    assert total == own
    assert total["pagu_rp"] > 0


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("/blokir/{}/", "block"), ("/blokir/{}/buka/", "block"), ("/cadangan/{}/", "reservation"),
        ("/cadangan/{}/lepas/", "reservation"), ("/rekonsiliasi/{}/", "case"), ("/rpd/{}/", "rpd"),
        ("/dipa/versi/{}/", "revision"), ("/impor/{}/", "import"), ("/jejak/{}/", "event"),
        ("/api/v1/pos/{}/entries", "pos"), ("/api/v1/rpd/{}", "rpd"), ("/api/v1/imports/{}", "import"),
        ("/api/v1/imports/{}/progress", "import"),
    ],
)  # fmt: skip
def test_a_row_of_another_province_answers_like_one_that_never_was(
    secrets: dict[str, int], sign_in: SignIn, page: str, kind: str
) -> None:
    outsider, number = sign_in("operator-32"), secrets[kind]

    def answer(shown: int) -> tuple[int, str]:
        response = outsider.get(page.format(shown))
        return response.status_code, re.sub(r'nonce="[^"]+"|value="[^"]{60,}"|\d+', "", response.content.decode())

    assert answer(number) == answer(10**9)
    assert answer(number)[0] in {403, 404}
    assert sign_in("perencana").get(page.format(number)).status_code == 200


@pytest.mark.parametrize("action", ["terapkan", "hentikan", "buang", "periksa-lagi", "batalkan"])
def test_a_file_of_the_ministry_cannot_be_moved_by_a_province_although_nothing_refuses_it(
    secrets: dict[str, int], unfiltered: None, sign_in: SignIn, action: str
) -> None:
    answer = sign_in("operator-32").post(f"/impor/{secrets['import']}/{action}/", {"reason": "x", "pasti": "ya"})
    assert answer.status_code in {404, 422}
    assert ImportRun.objects.get(pk=secrets["import"]).status == "applied"


def test_whatever_is_sent_another_province_s_money_does_not_move(
    secrets: dict[str, int], unfiltered: None, sign_in: SignIn
) -> None:
    outsider = sign_in("operator-32")
    sent = {
        "pasti": "ya", "kunci": "e" * 32, "on": "2022-12-01", "amount_rp": "1", "reason": "x", "letter_no": "x",
        "letter_on": "2022-12-01", "document": "x", "description": "x", "pos": str(secrets["pos"]), "kind": "aa",
    }  # fmt: skip
    for path in (
        f"/cadangan/tambah/?tahun=2022&satker={PAPUA}", f"/blokir/tambah/?tahun=2022&satker={PAPUA}",
        f"/blokir/{secrets['block']}/buka/", f"/cadangan/{secrets['reservation']}/lepas/",
        f"/rekonsiliasi/{secrets['case']}/jawab/",
    ):  # fmt: skip
        assert outsider.post(path, {**sent, "text": "x", "status": "explained"}).status_code in {404, 409, 422}, path
    assert Block.objects.get(pk=secrets["block"]).released_rp == 0
    assert Reservation.objects.get(pk=secrets["reservation"]).released_rp == 0
    assert Reservation.objects.count() == 1
    assert not ReconciliationCase.objects.get(pk=secrets["case"]).notes.exists()


def test_the_published_recap_is_the_nation_s_whoever_looks(year: None, sign_in: SignIn) -> None:
    clients = Client(), sign_in("operator-32"), sign_in("perencana")
    tables = [re.findall(r"<t[dh].*?</t[dh]>", body(one, "/publik/?tahun=2022"), re.DOTALL) for one in clients]
    assert tables[0] == tables[1] == tables[2]
    for code in ("32", "91"):
        assert Province.objects.get(code=code).name in "".join(tables[0])


def test_the_worker_takes_files_of_the_own_satker_only_from_an_operator(
    sign_in: SignIn, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"
    monkeypatch.setattr("dekon.web.imports.waiting.PATIENCE", timedelta(0))
    operator = sign_in("operator-32")
    kept = Pos.objects.filter(satker__code=PAPUA).count()
    for satker, status in ((WEST_JAVA, "checked"), (PAPUA, "refused")):
        path = write_json(tmp_path / f"{satker}.json", [payment_record(KDSATKER=satker, NO_SP2D=f"2202900{satker}88",
                                                                       KODE_AKUN="522191")])  # fmt: skip
        operator.post("/impor/unggah/", {"berkas": [SimpleUploadedFile(path.name, path.read_bytes())], "tahun": "2022"})
        work_off()
        run = ImportRun.objects.latest("pk")
        assert run.status == status, run.findings
        assert ("satker-out-of-reach" in json.dumps(run.findings)) is (satker == PAPUA)
    operator.post(f"/impor/{ImportRun.objects.get(status='checked').pk}/terapkan/")
    work_off()
    assert PaymentLine.objects.get(sp2d_no=f"2202900{WEST_JAVA}88").first_import.status == "applied"
    assert Pos.objects.filter(satker__code=PAPUA).count() == kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path",
    ["/api/v1/payments?year=2022&format=csv", "/api/v1/payments?year=2022", f"/telusur/?{OWN_PATH}&unduh=sp2d.csv"],
)
def test_a_file_that_is_streamed_after_its_request_is_never_silently_empty(sign_in: SignIn, path: str) -> None:
    response = sign_in("operator-32").get(path)
    assert not connection.in_atomic_block, "the request's transaction is over"
    text = streamed(response)
    lines = list(csv.reader(io.StringIO(text))) if "csv" in path else text.splitlines()
    own = PaymentLine.objects.filter(satker__code=WEST_JAVA).count()
    assert own == 9
    assert len(lines) == own + ("csv" in path)
    assert PAPUA not in text
