"""Every page answers with strict HTML, to whom it should, in both languages, and is light."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import dekon.web
from dekon.org import services
from dekon.org.models import Satker
from dekon.org.selectors import system_user
from dekon.web.access import GUARD, PUBLIC
from dekon.web.urls import urlpatterns
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn

PATH = f"provinsi=32&satker={WEST_JAVA}&program=DL&kegiatan=2175&kro=SCH&ro=001&komponen=051&akun=521211"
PAGES = (
    "/", "/nasional/", "/provinsi/", "/provinsi/32/", "/provinsi/91/", "/telusur/", f"/telusur/?{PATH}",
    "/banding/", f"/banding/?{PATH}", "/cari/?q=dinas",
    f"/satker/{WEST_JAVA}/dipa/", "/kebijakan/", "/tema/", "/blokir/", "/cadangan/",
    "/hasil/2022/", "/kebijakan/tambah/2022/", f"/blokir/tambah/?tahun=2022&satker={WEST_JAVA}",
    "/rekonsiliasi/", "/diparkir/", "/uang-persediaan/", "/impor/", "/publik/", "/gaya/",
    "/?tahun=2022&per=2022-03-31&unit=13&jenis=52&satuan=rupiah",
)  # fmt: skip
ADMIN_PAGES = ("/rujukan/", "/rujukan/satker/", f"/rujukan/satker/{WEST_JAVA}/")
QUERY_CEILING = 42
"""Two of them only because a transaction of the test surrounds that of the request."""
WEIGHT_CEILING = 100_000
STATIC = Path(dekon.web.__file__).parent / "static"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_answers(planner: Client, language: str) -> None:
    planner.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for path in PAGES:
        response = planner.get(path, follow=True)
        assert response.status_code == 200, path
        assert f'<html lang="{language}">' in response.content.decode(), path


def test_reference_data_are_for_the_administrator(sign_in: SignIn) -> None:
    admin, operator = sign_in("admin"), sign_in("operator-32")
    assert [admin.get(path).status_code for path in ADMIN_PAGES] == [200, 200, 200]
    assert [operator.get(path).status_code for path in ADMIN_PAGES] == [403, 403, 403]


PLACE_PAGES = (
    "/telusur/", "/banding/", "/provinsi/", "/nasional/", "/blokir/", "/cadangan/", "/rekonsiliasi/", "/diparkir/",
    "/uang-persediaan/", "/pejabat/", "/dosir/",
)  # fmt: skip


def test_who_is_bound_to_one_satker_finds_it_in_its_places_and_nothing_in_others(sign_in: SignIn) -> None:
    own = Satker.objects.get(code=WEST_JAVA)
    Satker.objects.create(code="029105", name="Dinas Saudara", unit=own.unit, province=own.province)
    services.add_user(
        actor=system_user(), username="bpk", password="", role="auditor", satker=WEST_JAVA, is_demo=True,
        decree_no="ST-1/BPK/2022", decree_on=date(2021, 12, 20),
    )  # fmt: skip
    auditor = sign_in("bpk")
    for path in PLACE_PAGES:
        for query in ("", "&provinsi=32", "&unit=13"):
            response = auditor.get(f"{path}?tahun=2022{query}", follow=True)
            assert response.status_code == 200, (path, query)
            words = response.content.decode()
            assert not [word for word in (PAPUA, "029105", "Dinas Saudara") if word in words], (path, query)
        for query in ("provinsi=91", "unit=05", f"provinsi=91&satker={WEST_JAVA}", f"satker={PAPUA}"):
            assert auditor.get(f"{path}?tahun=2022&{query}").status_code == 403, (path, query)
    assert auditor.get("/provinsi/91/").status_code == 403
    of_province = auditor.get("/provinsi/32/?tahun=2022")
    assert of_province.headers["Location"] == f"/telusur/?tahun=2022&satker={WEST_JAVA}"


def guarded_paths() -> list[str]:
    """An example of every address that is not public."""
    known = {"slug:code": "32", "slug:name": "provinsi", "int:year": "2022"}
    usual = {"int": "1", "slug": "block", "str": "block", "uuid": "00000000-0000-4000-8000-000000000000"}
    guarded = (str(p.pattern) for p in urlpatterns if getattr(p.callback, GUARD, None) != PUBLIC)
    return [
        "/" + re.sub(r"<(\w+):\w+>", lambda found: known.get(found[0][1:-1], usual[found[1]]), path) for path in guarded
    ]


def test_a_visitor_is_sent_to_sign_in(visitor: Client) -> None:
    for path in guarded_paths():
        response = visitor.get(path)
        assert response.status_code == 405 or response.headers["Location"].startswith("/masuk/"), path


def test_an_operator_sees_the_own_province_and_no_other(sign_in: SignIn) -> None:
    operator = sign_in("operator-32")
    assert operator.get("/").headers["Location"] == "/provinsi/32/"
    assert operator.get("/provinsi/32/").status_code == 200
    assert operator.get("/provinsi/91/").status_code == 403
    assert operator.get("/nasional/").status_code == 403
    assert operator.get(f"/telusur/?satker={PAPUA}").status_code == 403
    assert PAPUA not in operator.get("/telusur/").content.decode()


def test_figures_stand_on_the_page_exact_on_hover(planner: Client) -> None:
    page = planner.get("/nasional/?satuan=rupiah").content.decode()
    assert "Rp48.000.000" in page
    assert "Data sintetis." in page


def test_the_nation_adds_up_over_its_provinces(planner: Client) -> None:
    lines = planner.get("/nasional/?unduh=provinsi.csv").getvalue().decode("utf-8-sig").splitlines()
    amounts = [int(line.split(";")[1]) for line in lines[1:] if line]
    assert sum(amounts) == 48_000_000


def test_a_payment_above_the_ceiling_is_shown_as_parked(planner: Client) -> None:
    assert "7,00\u00a0juta diparkir" in planner.get("/provinsi/91/").content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_come_as_files(planner: Client, form: str) -> None:
    for path in ("/nasional/?unduh=provinsi", "/nasional/?unduh=selisih", f"/telusur/?{PATH}&unduh=sp2d"):
        response = planner.get(f"{path}.{form}")
        assert "attachment" in response.headers["Content-Disposition"], path
        assert response.getvalue(), path


def test_a_broken_filter_gets_a_clear_answer(planner: Client) -> None:
    for query in ("tahun=abc", "tahun=99999", "per=2022-13-40", "satker=1234567890", "program=%00", "provinsi=zzz"):
        assert planner.get(f"/nasional/?{query}").status_code in {400, 403, 404, 422}, query


def test_an_unknown_place_is_not_found(planner: Client) -> None:
    assert planner.get("/provinsi/00/").status_code == 404
    assert planner.get("/tidak-ada/").status_code == 404


def test_sign_in_and_out(visitor: Client, year: None) -> None:
    assert visitor.get("/masuk/").status_code == 200
    assert visitor.post("/masuk/", {"username": "perencana", "password": "salah"}).status_code == 401
    response = visitor.post(
        "/masuk/", {"username": "perencana", "password": "kata-sandi-percobaan", "next": "/provinsi/32/"}
    )
    assert response.headers["Location"] == "/provinsi/32/"
    assert visitor.post("/keluar/").headers["Location"] == "/masuk/"


def test_sign_in_leads_to_no_other_site(visitor: Client, year: None) -> None:
    response = visitor.post(
        "/masuk/?next=https://x.invalid/", {"username": "perencana", "password": "kata-sandi-percobaan"}
    )
    assert response.headers["Location"] == "/"


def test_a_page_asks_the_database_few_questions(planner: Client) -> None:
    for path in PAGES:
        with CaptureQueriesContext(connection) as queries:
            planner.get(path)
        assert len(queries) <= QUERY_CEILING, (path, [query["sql"][:150] for query in queries])


def test_a_page_is_light(planner: Client) -> None:
    static = [file.read_bytes() for file in STATIC.iterdir() if file.suffix in {".css", ".js", ".svg"}]
    for path in PAGES:
        parts = [planner.get(path, follow=True).content, *static]
        assert sum(len(gzip.compress(part)) for part in parts) < WEIGHT_CEILING, path


def test_a_page_carries_no_inline_style_and_no_inline_script(planner: Client) -> None:
    for path in PAGES:
        page = planner.get(path, follow=True)
        assert not re.search(r"\sstyle=|\son\w+=|<style", page.content.decode()), path
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"], path
