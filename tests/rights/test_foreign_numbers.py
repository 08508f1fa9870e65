"""Every page and operation × every role with a place, with numbers of things that are another place's.

Everything of Papua bears one number, so that one number in an address names a thing of each kind. Nobody of another
place gets a word of it, and nothing of it changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from dekon.api.document import api
from dekon.audit.models import Event
from dekon.budget import services as budget
from dekon.budget.choices import CaseKind, RecordKind
from dekon.budget.models import Dipa, ImportRun, ReconciliationCase, RpdVersion
from dekon.budget.services import ImportOptions
from dekon.documents.models import Attachment
from dekon.ledger.models import Pos
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Institution, LinkKind, Role
from dekon.org.models import ApiToken, RoleAssignment, Satker, User
from dekon.org.models.accounts import Invitation, MailedLink, Registration, SignedIn
from tests.builders import accounts, small_year
from tests.builders.files import budget_record, payment_record, write_json
from tests.builders.small_year import NOW, PAPUA, WEST_JAVA
from tests.rights.test_every_address import said

NUMBER = 900_001
DAY = date(2022, 11, 1)
WORDS = (
    f"2202900{PAPUA}", "SPK-RAHASIA", "SPM-RAHASIA", "ND-RAHASIA", "rahasia-papua.json", "alasan-rahasia",
    "Pejabat Tersembunyi",
    "tersembunyi@", "bukti-rahasia", "perangkat-rahasia", "kunci-rahasia", "surat-rahasia", "pokok-rahasia",
)  # fmt: skip
"""What only the things of Papua say."""
OF_ONE_PERSON = ("perangkat-rahasia", "kunci-rahasia", "tersembunyi@")
"""Of these not even a role that sees the nation."""
SILENT = re.compile(
    r"django_session|org_signedin|org_submission|org_failedsignin|org_knowndevice|org_apitoken|audit_.*|history_.*|"
    r"django_tasks.*|.*_temp"
)
"""Tables that change by being there; of the thing of Papua in them see `fingerprint`."""
FORM: Mapping[str, object] = {
    "pasti": "ya", "jawaban": "diteliti sekali", "text": "diteliti sekali", "status": "answered",
    "alasan": "sudah selesai", "reason": "sudah selesai", "amount_rp": 1, "document": "SPK-1", "on": "2022-12-01",
    "letter_no": "S-9", "letter_on": "2022-12-01", "kind": "aa", "pos": NUMBER, "satker": PAPUA, "provinsi": "91",
    "province": "91", "peran": "operator", "role": "operator", "orang": NUMBER, "nama": "x",
    "surel": "x@contoh.example",
    "mulai": "2022-12-01", "sampai": "2030-12-01", "last_day": "2030-12-01", "hari": "2030-12-01", "note": "x",
    "description": "x", "decree_no": "SK 9", "decree_on": "2022-01-01",
}  # fmt: skip
QUERY = f"?tahun=2022&provinsi=91&satker={PAPUA}&pos={NUMBER}&nomor={NUMBER}&orang={NUMBER}&cakupan={PAPUA}"
ASKED: Mapping[str, object] = {
    "year": 2022, "province": "91", "satker": PAPUA, "pos": NUMBER, "on": "2022-12-01", "unit": "13", "by": "satker",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One request that names things of Papua."""

    method: str
    address: str
    body: Mapping[str, object]

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/")


def paths(path: str) -> Iterator[str]:
    """An address with Papua's numbers and codes in each of its places."""
    words = ["kasus", "blokir", "cadangan"] if "word>" in path else [""]
    codes = ["91"] if path.startswith("/provinsi/") else [PAPUA]
    for word in words:
        for code in codes:
            given = {"word": word, "code": code, "satker": PAPUA, "year": "2022", "number": str(NUMBER), "name": "kppn",
                     "listing": "kppn", "indicator": "tpt", "session": str(NUMBER), "to": "undangan",
                     "kind": "kontrak"}  # fmt: skip
            yield re.sub(r"<(?:\w+:)?(\w+)>|\{(\w+)\}", lambda hit: given[hit[1] or hit[2]], path)  # noqa: B023  used at once


def calls_of_pages() -> Iterator[Call]:
    for path in said("pages.yaml"):
        if path.startswith(("/akun/sandi", "/akun/pastikan", "/akun/faktor/")) and "<" not in path:
            continue  # of nobody but oneself; they would end the session
        for address in paths(path):
            yield Call("GET", address + QUERY, {})
            if "<" not in path or "satker/" in path:
                yield Call("GET", f"{address}{QUERY}&unduh=x.csv", {})
            if "<" in path or path in {"/akun/undang/", "/blokir/tambah/", "/cadangan/tambah/", "/dosir/ambil/"}:
                yield Call("POST", address + QUERY, FORM)


def calls_of_operations() -> Iterator[Call]:
    entries = said("operations.yaml")
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            query = "&".join(f"{name}={ASKED[name]}" for name in names if name in ASKED)
            entry = entries[f"{method.upper()} {path.removeprefix('/api/v1')}"]
            body = {
                key: NUMBER if value == "{number}" else value if isinstance(value, int) else str(value)
                for key, value in entry.get("body", {}).items()
            }
            for address in paths(path):
                yield Call(
                    method.upper(), f"{address}?{query}", body or {"reason": "sudah selesai", "on": "2022-12-01"}
                )


@pytest.fixture(scope="module")
def world(
    database_server: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The small year once; then everything of Papua with one number; all of it undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        small_year.build(tmp_path_factory.mktemp("year"))
        number_alike()
        things_of_papua(tmp_path_factory.mktemp("papua"))
        with connection.cursor() as cursor:
            cursor.execute("DISCARD TEMP")  # the owner's; those of a request are the app's
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_part(world: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def number_alike() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for schema, name in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{schema}"."{name}" RESTART WITH {NUMBER}')


def things_of_papua(folder: Path) -> None:
    """A person with a key and a session, a file with a line and its positions, a block, a contract, a case, a proof."""
    user = accounts.person("orang-papua", "operator", "91", email="tersembunyi@dinas.example")
    User.objects.filter(pk=user.pk).update(display_name="Pejabat Tersembunyi")
    accounts.with_app(user)
    org.create_token(actor=selectors.system_user(), username=user.username, scope="write")
    ApiToken.objects.filter(user=user).update(name="kunci-rahasia")
    SignedIn.objects.create(user=user, session_key="s", device="perangkat-rahasia")
    satker, planner = Satker.objects.get(code=PAPUA), User.objects.get(username="perencana")
    records = [
        [budget_record(KDSATKER=PAPUA, KODE_AKUN=akun, CONS_ITEM=310 + n)
         for n, akun in enumerate(("521211", "524111", "522111"))],
        [payment_record(KDSATKER=PAPUA, NO_SP2D=f"2202900{PAPUA}77", TGL_SP2D="2022-11-03", NILAI_RUPIAH=17,
                        KODE_AKUN="522111")],
    ]  # fmt: skip
    for content in records:
        path = write_json(folder / "rahasia-papua.json", content)
        budget.import_file(
            actor=planner,
            path=path,
            file_name=path.name,
            options=ImportOptions(year=2022, create_missing=True),
            now=NOW,
        )
    pos = Pos.objects.get(pk=NUMBER)
    budget.block_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=11, kind="aa", letter_no="ND-RAHASIA", letter_on=DAY, on=DAY
    )
    budget.record_execution(
        actor=planner, satker_code=PAPUA, fiscal_year=2022, kind=RecordKind.BILL,
        facts=budget.RecordFacts(number="SPM-RAHASIA", dated_on=DAY), now=NOW.replace(year=2023),
    )  # fmt: skip
    budget.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=13, document="SPK-RAHASIA", on=DAY)
    ReconciliationCase.objects.create(
        pk=NUMBER + 50, kind=CaseKind.values[0], fiscal_year=2022, satker=satker, pos=pos, subject="pokok-rahasia",
        span_from=DAY, span_to=DAY, stated_rp=19, booked_rp=23, import_run_id=NUMBER, owner_role="operator",
    )  # fmt: skip
    renumber("budget_reconciliationcase", NUMBER + 50)
    Attachment.objects.create(
        subject_type="case", subject_id=str(NUMBER), kind="bukti", name="bukti-rahasia.pdf",
        media_type="application/pdf", sha256="a" * 64, size_bytes=9, satker=satker, uploaded_by=user,
    )  # fmt: skip
    letters(satker, user)


def renumber(table: str, number: int) -> None:
    """Give the row the number of all, unless a real one has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET id = {NUMBER} WHERE id = %s AND NOT EXISTS (SELECT FROM {table} WHERE id = {NUMBER})",
            [number],
        )


def letters(satker: Satker, user: User) -> None:
    """A registration, an invitation, a row of the trail, what DIPA and RPD say."""
    assert satker.province is not None
    Registration.objects.create(
        display_name="Pejabat Tersembunyi", email="tersembunyi@dinas.example", job_title="x", role="operator",
        province=satker.province, letter_digest="b" * 64, letter_name="surat-rahasia.pdf",
        letter_type="application/pdf",
    )  # fmt: skip
    link = MailedLink.objects.create(kind=LinkKind.INVITATION, expires_at=NOW.replace(year=2099))
    Invitation.objects.create(
        link=link, display_name="Pejabat Tersembunyi", email="tersembunyi@dinas.example", role="operator",
        province=satker.province,
    )  # fmt: skip
    event = Event.objects.create(
        actor_id=user.pk, actor_name="Pejabat Tersembunyi", action="pagu-blocked", subject_type="block",
        subject_id=str(NUMBER), subject_name="ND-RAHASIA", satker_code=PAPUA, reason="alasan-rahasia", origin="cli",
    )  # fmt: skip
    assert event.pk >= NUMBER


CALLERS: Mapping[Role, Mapping[str, Any]] = {
    Role.KADIS: {"province": "32"}, Role.OPERATOR: {"province": "32"}, Role.BAPPEDA: {"province": "32"},
    Role.ADMIN_DINAS: {"province": "32"}, Role.KPA: {"satker": WEST_JAVA}, Role.PPK: {"satker": WEST_JAVA},
    Role.PPSPM: {"satker": WEST_JAVA}, Role.BENDAHARA: {"satker": WEST_JAVA}, Role.AUDITOR: {"satker": WEST_JAVA},
    Role.UNIT: {"unit": "08"}, Role.PEMBINA: {},
}  # fmt: skip
"""Who asks, from where; the auditor is one of BPK, bound to the satker of the letter; Papua's is of another unit."""


def client_of(role: Role, place: Mapping[str, Any]) -> Client:
    user = org.add_user(
        actor=selectors.system_user(), username=f"asing-{role}", password="", role=role, is_demo=True,
        decree_no="SK 1", decree_on=date(2021, 12, 20), **place,
    )  # fmt: skip
    if role == Role.AUDITOR:
        RoleAssignment.objects.filter(user=user).update(institution=Institution.BPK, valid_to=date(2030, 1, 1))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def answered(client: Client, call: Call, key: str) -> tuple[int, str]:
    """The status, and everything that came, header lines too."""
    if call.is_api:
        sent: Any = {"data": json.dumps(call.body), "content_type": "application/json"} if call.method != "GET" else {}
        answer = client.generic(call.method, call.address, **sent)
    elif call.method == "POST":
        answer = client.post(call.address, {**call.body, "kunci": key})
    else:
        answer = client.get(call.address)
    return answer.status_code, f"{answer.headers}{answer.getvalue().decode('utf-8', 'replace')}"


def fingerprint() -> dict[str, str]:
    """What stands in every table; of keys and sessions only whether those of Papua still hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall() if not SILENT.fullmatch(name)]
        found = {}
        for name in tables:
            cursor.execute(
                f"SELECT count(*) || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM \"{name}\" t"
            )
            (found[name],) = cursor.fetchone()
        cursor.execute(
            "SELECT (SELECT revoked_at IS NULL FROM org_apitoken WHERE id = %s)"
            " AND (SELECT ended_at IS NULL FROM org_signedin WHERE id = %s)", [NUMBER, NUMBER]
        )  # fmt: skip
        found["key and session"] = str(cursor.fetchone()[0])
    return found


def swept(client: Client, words: tuple[str, ...]) -> tuple[list[str], set[str], int]:
    """Send everything. Returns what went wrong, the addresses that told a word, how many calls there were."""
    wrong, told = [], set[str]()
    calls = [*calls_of_pages(), *calls_of_operations()]
    for number, call in enumerate(calls):
        status, text = answered(client, call, f"asing-{number}")
        name = f"{call.method} {call.address}"
        if status >= 500 or status == 401:
            wrong.append(f"{name}: {status}")
        if any(word in text for word in words):
            told.add(f"{name}: {[word for word in words if word in text]}")
    return wrong, told, len(calls)


def test_everything_of_papua_bears_the_number() -> None:
    models = (User, RoleAssignment, ApiToken, SignedIn, Pos, ImportRun, ReconciliationCase, Attachment, Registration,
              Invitation, MailedLink, Event, RpdVersion)  # fmt: skip
    missing = [model.__name__ for model in models if not model._default_manager.filter(pk=NUMBER).exists()]
    assert missing == []
    assert RpdVersion.objects.get(pk=NUMBER).dipa.satker.code == PAPUA
    assert Dipa.objects.get(satker__code=PAPUA).revisions.filter(pk=NUMBER).exists()
    assert Pos.objects.get(pk=NUMBER).satker.code == PAPUA
    with connection.cursor() as cursor:
        for table in ("budget_block", "budget_reservation", "mfa_authenticator"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE id = {NUMBER}")
            assert cursor.fetchone() == (1,), table


@pytest.mark.parametrize("role", CALLERS)
def test_numbers_of_another_place_tell_nothing_and_change_nothing(role: Role) -> None:
    client = client_of(role, CALLERS[role])
    before = fingerprint()
    wrong, told, count = swept(client, OF_ONE_PERSON if role == Role.PEMBINA else WORDS)
    after = fingerprint()
    assert wrong == []
    assert told == set()
    assert {name for name in after if after[name] != before.get(name)} == set()
    assert count > 250


def test_the_same_calls_tell_and_change_for_those_whose_matter_it_is() -> None:
    """So the silence above is not that of calls which do nothing."""
    client = client_of(Role.PERENCANA, {})
    before = fingerprint()
    wrong, told, _ = swept(client, WORDS)
    after = fingerprint()
    assert wrong == []
    assert len(told) > 25
    changed = {name for name in after if after[name] != before.get(name)}
    assert {"budget_reservation", "budget_casenote"} <= changed
