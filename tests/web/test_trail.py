"""The pages of the trail: sought, shown at each thing, and who read what; each place sees its own."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.audit.models import Event
from dekon.budget import services
from dekon.budget.models import ImportRun, Policy
from dekon.ledger.models import Pos
from dekon.org.models import User
from dekon.org.selectors import system_user
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def taken(client: Client, path: str) -> str:
    return bytes(client.get(path).getvalue()).decode()


def told(satker: str = WEST_JAVA, *, by: str = "perencana", name: str = "Surat 7/2022", **facts: int | str) -> Event:
    return audit.record(
        actor=User.objects.get(username=by), action="pagu-blocked", subject_type="block", subject_id=7,
        subject_name=name, satker_code=satker, before={"amount_rp": 1_000_000}, after={"amount_rp": 2_500_000, **facts},
        reason="surat kementerian",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("orang=PEREN", True), ("orang=orang-lain", False), ("aksi=pagu-blocked", True),
        ("aksi=user-added", False), ("objek=block", True), ("objek=policy", False), ("objek=block&nomor=7", True),
        ("objek=block&nomor=8", False), ("kata=surat+7", True), ("kata=kementerian", True), ("kata=tidakada", False),
        (f"satker={WEST_JAVA}", True), (f"satker={PAPUA}", False), ("provinsi=32", True), ("provinsi=91", False),
        ("dari=2000-01-01", True), ("sampai=2000-01-01", False), ("dari=2999-01-01", False),
        ("sampai=2999-01-01", True),
    ],
)  # fmt: skip
def test_the_trail_is_sought_by_person_thing_time_and_action(planner: Client, query: str, found: bool) -> None:
    told()
    page = text(planner, f"/jejak/?{query}")
    assert ("Surat 7/2022" in page) is found


def test_a_row_says_before_and_after_in_words_and_its_place_in_the_chain(planner: Client) -> None:
    row = told(on="2022-03-15")
    page = text(planner, f"/jejak/{row.pk}/")
    for words in ("Rp1.000.000", "Rp2.500.000", "15 Maret 2022", "surat kementerian", "Surat 7/2022", WEST_JAVA):
        assert words in page, words
    assert "Rp1.000.000 → Rp2.500.000" in text(planner, "/jejak/?objek=block")


def test_a_place_sees_its_own_rows_and_no_others(sign_in: SignIn) -> None:
    own, foreign = told(WEST_JAVA, name="milik sendiri"), told(PAPUA, name="milik lain")
    centre = told("", name="milik pusat")
    operator = sign_in("operator-32")
    page = text(operator, "/jejak/")
    assert "milik sendiri" in page
    assert "milik lain" not in page
    assert "milik pusat" not in page
    for path in (f"/jejak/?satker={PAPUA}", "/jejak/?provinsi=91", "/jejak/?objek=block&nomor=7", "/jejak/?kata=lain"):
        assert "milik lain" not in text(operator, path), path
    assert operator.get(f"/jejak/{own.pk}/").status_code == 200
    assert operator.get(f"/jejak/{foreign.pk}/").status_code == 404
    assert operator.get(f"/jejak/{centre.pk}/").status_code == 404
    assert "milik lain" not in taken(operator, "/jejak/?unduh=jejak.csv")


def test_an_administrator_sees_people_and_lists_but_not_the_money(sign_in: SignIn) -> None:
    told(name="uang satker")
    page = text(sign_in("admin"), "/jejak/")
    assert "uang satker" not in page
    assert "Pengguna ditambah" in page


def test_a_visitor_is_sent_to_sign_in(visitor: Client) -> None:
    assert visitor.get("/jejak/").status_code == 302


@pytest.mark.parametrize("query", ["dari=kemarin", "sampai=2022-13-01", f"orang={'x' * 101}"])
def test_what_cannot_be_sought_is_said(planner: Client, query: str) -> None:
    assert planner.get(f"/jejak/?{query}").status_code == 422


def test_rows_stay_in_the_database_but_for_a_page(planner: Client) -> None:
    for number in range(120):
        told(name=f"Surat ke-{number}")
    with CaptureQueriesContext(connection) as first:
        page = text(planner, "/jejak/?objek=block")
    assert "Surat ke-119" in page
    assert "Surat ke-69<" not in page
    assert "Surat ke-69<" in text(planner, "/jejak/?objek=block&hal-jejak=2")
    assert len(first) < 20
    lines = taken(planner, "/jejak/?objek=block&unduh=jejak.csv").splitlines()
    assert len(lines) == 121


def test_pages_of_things_show_their_last_steps(planner: Client, tmp_path: object) -> None:
    planner_account = User.objects.get(username="perencana")
    policy = services.state_policy(
        actor=planner_account, fiscal_year=2022, code="K9", name="Pelatihan", description="", source="Renja"
    )
    pos = Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    held = services.reserve_pagu(
        actor=planner_account, pos_id=pos.pk, amount_rp=1, document="SPK 1", on=date(2022, 10, 5), description=""
    )
    run = ImportRun.objects.filter(status="applied").latest("pk")
    for path, words in (
        (f"/kebijakan/{policy.pk}/", "Kebijakan ditambah"),
        (f"/cadangan/{held.pk}/", "Dana dicadangkan"),
        (f"/satker/{WEST_JAVA}/dipa/?tahun=2022", "Dana dicadangkan"),
        ("/provinsi/32/?tahun=2022", "Dana dicadangkan"),
        (f"/telusur/?tahun=2022&satker={WEST_JAVA}", "Dana dicadangkan"),
        (f"/impor/{run.pk}/", "Impor diterapkan"),
    ):
        page = text(planner, path)
        assert "h-jejak-objek" in page, path
        assert words in page, path
    assert Policy.objects.filter(pk=policy.pk).exists()


def test_the_administrator_finds_the_steps_of_a_code(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    for path in ("/rujukan/kppn/018/", "/rujukan/libur/"):
        assert "h-jejak-objek" in text(admin, path), path


def test_an_export_is_seen_by_the_owner_of_the_data_and_by_nobody_else(sign_in: SignIn, planner: Client) -> None:
    planner.get("/provinsi/32/?tahun=2022&unduh=satker.csv")
    planner.get(f"/telusur/?tahun=2022&satker={PAPUA}&unduh=tingkat.csv")
    row = Event.objects.filter(action=Reading.EXPORT).earliest("pk")
    assert (row.actor_name, row.place, row.subject_type, row.after["form"]) == ("perencana", "32", "export", "csv")
    assert row.address == "127.0.0.1"
    own, other = text(sign_in("operator-32"), "/jejak/pembacaan/"), text(sign_in("operator-91"), "/jejak/pembacaan/")
    assert "perencana" in own
    assert "32" in own
    assert f"/jejak/{row.pk}/" not in other


def test_taking_the_whole_nation_is_seen_by_every_place(sign_in: SignIn, planner: Client) -> None:
    planner.get("/nasional/?tahun=2022&unduh=provinsi.csv")
    for name in ("operator-32", "operator-91"):
        assert "Data diunduh" in text(sign_in(name), "/jejak/pembacaan/")


def test_reading_of_evidence_and_personal_data_is_logged_for_its_satker(sign_in: SignIn) -> None:
    for kind in (Reading.EVIDENCE, Reading.PERSONAL_DATA):
        audit.record_reading(
            actor=system_user(), kind=kind, subject_type="attachment", subject_id=5, subject_name="kuitansi.pdf",
            satker_code=WEST_JAVA,
        )  # fmt: skip
    page = text(sign_in("operator-32"), "/jejak/pembacaan/")
    assert "Bukti dibaca" in page
    assert "Data pribadi dibaca" in page
    assert "kuitansi.pdf" not in text(sign_in("operator-91"), "/jejak/pembacaan/")
    assert "kuitansi.pdf" not in text(sign_in("operator-32"), "/jejak/")


def test_whom_somebody_acted_for_is_told(planner: Client) -> None:
    actor = User.objects.get(username="perencana")
    actor.on_behalf_of = "KPA 029108"
    audit.record(actor=actor, action="pagu-blocked", subject_type="block", subject_id=9, satker_code=WEST_JAVA)
    assert "atas nama KPA 029108" in text(planner, "/jejak/?orang=kpa+029108")


def test_a_satker_sees_the_imports_that_changed_its_figures_without_the_sums_of_others(sign_in: SignIn) -> None:
    run = ImportRun.objects.filter(status="applied").latest("pk")
    centre = Event.objects.get(subject_type="import", subject_id=run.pk, action="import-applied", satker_code="")
    own = Event.objects.filter(subject_type="satker", action="import-applied", request_id=centre.request_id)
    own = own.filter(subject_name=run.file_name)
    assert all(row.after["import"] == str(run.pk) for row in own)
    assert sorted(own.values_list("satker_code", flat=True)) == sorted(run.satker_codes)
    assert all(not isinstance(value, int) for row in own for value in row.after.values())
    assert "Impor diterapkan" in text(sign_in("operator-32"), f"/jejak/?satker={WEST_JAVA}")
