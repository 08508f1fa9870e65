"""Officials in a real browser: given, acted for, handed over, ended; the rights of each; the people of an office."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import RoleAssignment, User
from tests.builders.accounts import PDF
from tests.builders.small_year import PASSWORD, WEST_JAVA
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate()
DECREE = org.Decree("SK Gubernur 821/1", date(2021, 12, 20))
LONG = "Kepala Subbagian Perencanaan, Evaluasi, dan Pelaporan Dinas Tenaga Kerja dan Transmigrasi"


def person(name: str, role: str = "", display_name: str = "", province: str = "") -> User:
    """Somebody who signs in like the others of the small year."""
    return org.add_user(
        actor=selectors.system_user(), username=name, password=PASSWORD, role=role,
        display_name=display_name or name.title(), is_demo=True, province=province,
    )  # fmt: skip


def give(user: User, role: str, first: date = date(2022, 1, 1)) -> RoleAssignment:
    stated = org.StatedAssignment(user.username, role, first, satker=WEST_JAVA, decree=DECREE)
    return org.assign(actor=selectors.system_user(), stated=stated).assignment


@pytest.fixture
def local(visit: Visit) -> Visit:
    """The local administrator of the office, signed in; one PPK with a long name is there."""
    person("admin-dinas-32", "admin-dinas", province="32")
    give(person("ppk-uji", display_name=LONG), "ppk")
    visit.sign_in("admin-dinas-32")
    return visit


def test_an_office_is_given_and_what_stands_in_the_way_is_told(local: Visit) -> None:
    page = local.page
    local.open("/pengguna/")
    local.look("people")
    page.click(f"text={LONG}")
    local.look("person")
    page.click("text=Beri peran atau jabatan")
    local.look("assignment")
    page.select_option("#i-role", "ppspm")
    page.fill("#i-satker", WEST_JAVA)
    page.fill("#i-valid_from", str(TODAY))
    page.click("main form .primary")
    page.wait_for_selector("#masalah")
    local.complaints.clear()
    local.look("assignment refused")
    assert "PPK" in page.inner_text("#masalah")


def test_somebody_acts_for_a_time(local: Visit, tmp_path: Path) -> None:
    page, row = local.page, RoleAssignment.objects.get(user__username="ppk-uji")
    letter = tmp_path / "SK Gubernur tentang penetapan pejabat perbendaharaan tahun anggaran 2026.pdf"
    letter.write_bytes(PDF)
    acting = person("penerus", "operator", province="32")
    local.open(f"/penugasan/{row.pk}/pengganti/")
    local.look("delegation")
    page.select_option("#i-standing", "plh")
    fill(local, username="penerus", valid_from=TODAY, valid_to=TODAY + timedelta(days=3), decree_no="SK 800/214/2026")
    fill(local, decree_on=TODAY)
    page.set_input_files("#i-letter", str(letter))
    page.click("main form .primary")
    page.wait_for_url(f"**/pengguna/{row.user_id}/")
    local.look("represented")
    local.open(f"/pengguna/{acting.pk}/")
    local.look("acting")
    assert f"menggantikan {LONG}" in page.inner_text("main")


def fill(visit: Visit, **said: object) -> None:
    for name, value in said.items():
        visit.page.fill(f"#i-{name}", str(value))


def test_an_office_is_handed_over_and_ended(local: Visit) -> None:
    page, row = local.page, RoleAssignment.objects.get(user__username="ppk-uji")
    successor = person("penerus", "operator", province="32")
    local.open(f"/penugasan/{row.pk}/serah-terima/")
    local.look("handover")
    fill(local, username="tidak-ada", first_day=TODAY + timedelta(days=5), decree_no="SK 821/112/2026")
    fill(local, decree_on=TODAY, reason="pensiun")
    page.click("main form .primary")
    page.wait_for_selector("#masalah")
    local.complaints.clear()
    local.look("handover refused")
    fill(local, username="penerus", last_day=TODAY + timedelta(days=4))
    page.click("main form .primary")
    page.wait_for_url(f"**/pengguna/{successor.pk}/")
    local.look("handed over")

    new = RoleAssignment.objects.get(user=successor, role="ppk", standing="definitif")
    local.open(f"/penugasan/{new.pk}/akhiri/")
    local.look("end")
    fill(local, last_day=TODAY + timedelta(days=30), reason="mutasi ke kantor lain")
    page.click("main form .danger")
    page.wait_for_selector("text=Akhiri penugasan ini?")
    local.look("end asked")
    page.click("main form .danger")
    page.wait_for_url(f"**/pengguna/{successor.pk}/")
    assert "mutasi ke kantor lain" in page.inner_text("main")


def test_the_offices_of_a_satker_through_the_year_with_gaps(visit: Visit) -> None:
    ends = give(person("ppspm-uji", display_name=LONG), "ppspm")
    org.end_assignment(
        actor=selectors.system_user(), number=ends.pk, last_day=date(2022, 9, 30), reason="pensiun", now=timezone.now()
    )
    give(person("ppspm-baru"), "ppspm", date(2022, 10, 3))
    visit.sign_in("operator-32")
    visit.open("/pejabat/?tahun=2022&per=2022-10-01")
    visit.look("officials")
    visit.page.click(f"main table a >> text={WEST_JAVA}")
    visit.look("satker")
    assert "Kosong 2 hari" in visit.page.inner_text("main")
    visit.open("/pejabat/?tahun=2022&cari-pejabat=tidak-ada-satker-begini")
    visit.look("officials sought in vain")


@pytest.mark.parametrize("name", ["operator-32", "perencana", "admin"])
def test_own_rights_and_the_matrix(visit: Visit, name: str) -> None:
    visit.sign_in(name)
    visit.open("/hak/saya/")
    visit.look(f"own rights of {name}")
    if name == "admin":
        visit.open("/hak/")
        visit.look("matrix")
        visit.open("/pengguna/")
        visit.look("all people")


def test_a_page_of_another_role_and_one_of_another_office_say_so(local: Visit) -> None:
    foreign = User.objects.get(username="operator-91")
    for name, path in (("refused", "/hak/"), ("not found", f"/pengguna/{foreign.pk}/")):
        local.open(path)
        local.complaints.clear()
        local.look(name)
