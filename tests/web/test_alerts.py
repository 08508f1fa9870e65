"""Pages of the early warning: who sees which, what its reason says, what may be done; forecasts with their error."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dekon.org.selectors import system_user
from dekon.performance import services
from dekon.performance.models import Alert
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.fixture
def papua(year: None) -> Alert:
    services.evaluate_warnings(actor=system_user(), year=2022, on=date(2022, 9, 30))
    return Alert.objects.get(rule="pagu-minus")


def test_the_list_counts_and_shows_reasons_and_a_province_only_its_own(
    papua: Alert, planner: Client, sign_in: SignIn
) -> None:
    page = text(planner, "/peringatan/?tahun=2022")
    assert "Pagu minus" in page
    assert "1 pembayaran melebihi pagu" in page
    assert WEST_JAVA in page
    own = text(sign_in("operator-91"), "/peringatan/?tahun=2022")
    assert PAPUA in own
    assert WEST_JAVA not in own
    text(sign_in("operator-32"), f"/peringatan/{papua.pk}/", 404)
    text(sign_in("operator-32"), "/peringatan/?tahun=2022&provinsi=91", 403)


def test_the_menu_says_how_many_wait_at_the_own_place(papua: Alert, planner: Client, sign_in: SignIn) -> None:
    everything, own = Alert.objects.count(), Alert.objects.filter(satker__code=PAPUA).count()
    assert own < everything
    for client, count in ((planner, everything), (sign_in("operator-91"), own)):
        menu = text(client, "/skor/?tahun=2022").partition('id="nav"')[2].partition("</nav>")[0]
        assert f'class="count">{count}<' in menu


def test_filters_by_rule_and_state(papua: Alert, planner: Client) -> None:
    page = text(planner, "/peringatan/?tahun=2022&aturan=pagu-minus").partition("<tbody>")[2]
    assert page.count(f"/peringatan/{papua.pk}/") == 1
    assert WEST_JAVA not in page.partition("</tbody>")[0]
    assert "Tidak ada peringatan di sini." in text(planner, "/peringatan/?tahun=2022&status=selesai")
    assert "Pagu minus" in text(planner, "/peringatan/?tahun=2022&status=apa-saja")


def test_an_alert_is_put_off_with_a_reason_and_its_history_says_by_whom(papua: Alert, sign_in: SignIn) -> None:
    client, until = sign_in("operator-91"), timezone.localdate() + timedelta(days=7)
    said = {"tindakan": "snoozed", "sampai": until.isoformat(), "kata": "Revisi DIPA diajukan", "kunci": "a1"}
    answer = client.post(f"/peringatan/{papua.pk}/tindak/", said)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    page = text(client, f"/peringatan/{papua.pk}/")
    assert "Ditunda sampai" in page
    assert "Revisi DIPA diajukan" in page
    assert "Operator-91" in page
    assert f"/peringatan/{papua.pk}/" in text(client, "/peringatan/?tahun=2022&status=ditunda")
    assert f"/peringatan/{papua.pk}/" not in text(client, "/peringatan/?tahun=2022&status=aktif")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"tindakan": "snoozed", "kata": "sebab"}, "Pilih tanggalnya."),
        ({"tindakan": "snoozed", "sampai": "2001-01-01", "kata": "sebab"}, "Pilih tanggal dari hari ini"),
        ({"tindakan": "noted", "kata": ""}, "Alasan atau catatan belum ditulis"),
        ({"tindakan": "meledak", "kata": "x"}, "Pilihan ini tidak ada"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    papua: Alert, planner: Client, said: dict[str, str], words: str
) -> None:
    answer = planner.post(f"/peringatan/{papua.pk}/tindak/", said | {"kunci": words})
    assert answer.status_code in {400, 409, 422}, answer.status_code
    assert words in answer.content.decode()


def test_notes_and_assignments_stand_in_the_history(papua: Alert, planner: Client) -> None:
    for number, said in enumerate((
        {"tindakan": "noted", "kata": "sudah dihubungi"},
        {"tindakan": "assigned", "peran": "ppk", "sendiri": "on", "kata": "segera"},
    )):  # fmt: skip
        assert planner.post(f"/peringatan/{papua.pk}/tindak/", said | {"kunci": f"k{number}"}).status_code == 302
    page = text(planner, f"/peringatan/{papua.pk}/")
    assert "sudah dihubungi" in page
    assert "Perencana, PPK" in page


def test_the_forecast_page_states_its_method_and_its_error(planner: Client) -> None:
    page = text(planner, "/proyeksi/?tahun=2022&per=2022-09-30")
    assert "Realisasi sampai akhir bulan terakhir, ditambah sisa RPD" in page
    assert "Seberapa tepat cara ini" in page
    assert WEST_JAVA in page
    assert "Belum ada bulan yang berakhir" in text(planner, "/proyeksi/?tahun=2022&per=2022-01-15")


def test_both_tables_come_as_files(papua: Alert, planner: Client) -> None:
    for path, words in (("/peringatan/?unduh=peringatan.csv", "Pagu minus"), ("/proyeksi/?unduh=proyeksi.csv", PAPUA)):
        answer = planner.get(f"{path}&tahun=2022")
        assert words in b"".join(answer).decode("utf-8-sig")
