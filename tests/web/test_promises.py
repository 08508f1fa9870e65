"""The promise board: who sees which rows, what a cell says with and without data, where its list leads, files."""

from __future__ import annotations

import pytest
from django.test import Client

from dekon.performance.board import registry
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def body_of(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_ministry_sees_every_province_and_a_province_its_own_row_in_detail(
    planner: Client, sign_in: SignIn
) -> None:
    whole = body_of(text(planner, "/pemenuhan/?tahun=2022"))
    assert "Jawa Barat" in whole
    assert "Papua" in whole
    own = text(sign_in("operator-32"), "/pemenuhan/?tahun=2022")
    assert "Jawa Barat" in body_of(own)
    assert "Papua" not in body_of(own)
    assert "Jawa Barat · 1 Akuntabilitas" in own  # its only row is opened
    text(sign_in("operator-32"), "/pemenuhan/?tahun=2022&provinsi=91", 403)


def test_a_payment_above_the_ceiling_breaks_the_first_promise_and_leads_to_what_is_parked(planner: Client) -> None:
    page = text(planner, "/pemenuhan/?tahun=2022&kotak=91-1")
    assert "Papua · 1 Akuntabilitas" in page
    assert "Pagu minus Rp" in page
    assert f"/diparkir/?tahun=2022&amp;satker={PAPUA}" in page
    assert f"Ajukan revisi DIPA satker {PAPUA}" in page
    assert "Tidak ada pagu minus" in text(planner, "/pemenuhan/?tahun=2022&kotak=32-1")


def test_a_measure_without_data_says_which_data_is_missing_and_makes_no_number(planner: Client) -> None:
    page = text(planner, "/pemenuhan/?tahun=2022&kotak=32-2")
    assert "Rencana kunjungan pembinaan dan pelaksanaannya belum dicatat di Dekon." in page
    assert "Belum ada data" in page


def test_the_output_measure_names_the_ro_behind_and_opens_it(planner: Client) -> None:
    page = text(planner, "/pemenuhan/?tahun=2022&kotak=91-3")
    assert "dari progres yang sudah jatuh tempo" in page
    assert f"/telusur/?tahun=2022&amp;satker={PAPUA}" in page


@pytest.mark.parametrize(
    ("query", "seen", "hidden"),
    [
        ("cari=jawa", "Jawa Barat", "Papua"),
        ("cari=91", "Papua", "Jawa Barat"),
        ("status=unmet&pernyataan=1", "Papua", "Jawa Barat"),
    ],
)
def test_filters_live_in_the_address(planner: Client, query: str, seen: str, hidden: str) -> None:
    page = body_of(text(planner, f"/pemenuhan/?tahun=2022&{query}"))
    assert seen in page
    assert hidden not in page


def test_the_worst_come_first_and_names_on_request(planner: Client) -> None:
    worst = body_of(text(planner, "/pemenuhan/?tahun=2022&urutan=1"))
    assert worst.index("Papua") < worst.index("Jawa Barat")
    named = body_of(text(planner, "/pemenuhan/?tahun=2022&urutan=nama"))
    assert named.index("Jawa Barat") < named.index("Papua")


def test_the_file_has_a_row_for_every_measure_of_every_province_shown(planner: Client) -> None:
    content = planner.get("/pemenuhan/?tahun=2022&unduh=pemenuhan.csv")
    lines = b"".join(content).decode("utf-8-sig").splitlines()
    assert sum("Jawa Barat" in line for line in lines) == len(registry.SOURCES)
    assert any("Pagu minus Rp" in line and "Papua" in line for line in lines)
    only = planner.get("/pemenuhan/?tahun=2022&cari=jawa&unduh=pemenuhan.csv")
    assert "Pagu minus Rp" not in b"".join(only).decode("utf-8-sig")


def test_what_cannot_be_a_cell_opens_none_and_an_empty_year_says_so(planner: Client) -> None:
    assert "Pilih satu kotak" in text(planner, "/pemenuhan/?tahun=2022&kotak=99-7")
    assert "Belum ada provinsi beranggaran pada tahun ini." in text(planner, "/pemenuhan/?tahun=2031")
    assert WEST_JAVA not in body_of(text(planner, "/pemenuhan/?tahun=2022"))


def test_nobody_is_let_in_without_signing_in(visitor: Client) -> None:
    assert visitor.get("/pemenuhan/").status_code == 302
