"""The pages of officials, people and rights: what they show, to whom, and what their forms do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dekon.budget.models import ImportRun
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import RoleAssignment, Satker, User
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn

TODAY = timezone.localdate()
DECREE = org.Decree("SK Gubernur 821/1", date(2021, 12, 20))
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


def give(name: str, role: str, **place: str) -> RoleAssignment:
    User.objects.get_or_create(username=name, defaults={"display_name": name})
    days = {"valid_from": date(2022, 1, 1), "valid_to": None}
    return org.assign(
        actor=selectors.system_user(), stated=org.StatedAssignment(name, role, decree=DECREE, **days, **place)  # type: ignore[arg-type]  # by name
    ).assignment  # fmt: skip


@pytest.fixture
def local(sign_in: SignIn) -> Client:
    give("admin-dinas-32", "admin-dinas", province="32")
    User.objects.filter(username="admin-dinas-32").update(is_demo=True)  # spared from the second factor
    return sign_in("admin-dinas-32")


def send(client: Client, path: str, **said: object) -> int:
    """A form as a person sends it."""
    return client.post(path, {"kunci": "k-" + path, **said}).status_code


def test_officials_of_the_own_office_with_gaps(sign_in: SignIn) -> None:
    give("ppk", "ppk", satker=WEST_JAVA)
    page = sign_in("operator-32").get("/pejabat/?tahun=2022&per=2022-06-01").content.decode()
    assert "1 dari 4 jabatan terisi, 3 kosong" in page
    assert WEST_JAVA in page
    assert PAPUA not in page


def test_the_page_of_a_satker_shows_the_year_with_its_gap(sign_in: SignIn) -> None:
    give("lama", "ppspm", satker=WEST_JAVA)
    row = RoleAssignment.objects.get(user__username="lama")
    org.end_assignment(
        actor=selectors.system_user(), number=row.pk, last_day=date(2022, 9, 30), reason="pensiun", now=timezone.now()
    )
    give_from("baru", date(2022, 10, 3))
    client = sign_in("operator-32")
    page = client.get(f"/pejabat/{WEST_JAVA}/?tahun=2022").content.decode()
    assert "Kosong 2 hari" in page
    assert "1 Okt 2022" in page or "1 Oktober 2022" in page
    assert client.get(f"/pejabat/{PAPUA}/?tahun=2022").status_code == 403
    assert "PPSPM" in client.get("/pejabat/?tahun=2022").content.decode()


def give_from(name: str, day: date) -> None:
    User.objects.get_or_create(username=name)
    stated = org.StatedAssignment(name, "ppspm", day, satker=WEST_JAVA, decree=DECREE)
    org.assign(actor=selectors.system_user(), stated=stated)


def test_a_local_administrator_sees_the_people_of_the_own_office_only(local: Client) -> None:
    assert "Peran pada 30 Juni 2022" in local.get("/pengguna/?per=2022-06-30").content.decode()
    page = local.get("/pengguna/").content.decode()
    assert "Peran hari ini" in page
    assert "operator-32" in page
    assert "operator-91" not in page
    foreign = User.objects.get(username="operator-91")
    assert local.get(f"/pengguna/{foreign.pk}/").status_code == 404
    row = RoleAssignment.objects.get(user=foreign)
    for path in ("akhiri", "pengganti", "serah-terima"):
        assert local.get(f"/penugasan/{row.pk}/{path}/").status_code == 404


def test_an_office_is_given_with_its_letter_which_the_own_place_reads(local: Client, sign_in: SignIn) -> None:
    of = User.objects.get(username="operator-32")
    said = {
        "role": "ppk", "satker": WEST_JAVA, "province": "", "unit": "", "institution": "", "valid_from": str(TODAY),
        "valid_to": "", "decree_no": "SK 9", "decree_on": "2022-01-03",
        "letter": SimpleUploadedFile("SK 9.pdf", PDF),
    }  # fmt: skip
    assert send(local, f"/pengguna/{of.pk}/peran/", **said) == 302
    row = RoleAssignment.objects.get(role="ppk")
    assert (row.user, row.decree_no, row.letter_name) == (of, "SK 9", "SK 9.pdf")
    assert len(row.letter_digest) == 64
    got = sign_in("operator-32").get(f"/penugasan/{row.pk}/surat/")
    assert b"".join(got) == PDF
    assert sign_in("operator-91").get(f"/penugasan/{row.pk}/surat/").status_code == 404


def test_what_stands_in_the_way_is_told_beside_its_field_with_every_reason(local: Client) -> None:
    of = User.objects.get(username="operator-32")
    said = {"role": "kpa", "valid_from": str(TODAY), "kunci": "x", "letter": SimpleUploadedFile("a.pdf", b"MZ")}
    refused = local.post(f"/pengguna/{of.pk}/peran/", said)
    assert refused.status_code == 422
    refused = local.post(f"/pengguna/{of.pk}/peran/", {key: value for key, value in said.items() if key != "letter"})
    page = refused.content.decode()
    assert "melekat pada satu satker" in page
    assert "Isi nomor SK" in page


def test_the_own_role_is_grey_with_the_reason_and_refused(local: Client) -> None:
    own = User.objects.get(username="admin-dinas-32")
    page = local.get(f"/pengguna/{own.pk}/").content.decode()
    assert "disabled" in page
    assert "orang lain yang harus melakukannya" in page
    said = {"role": "operator", "province": "32", "valid_from": str(TODAY)}
    assert send(local, f"/pengguna/{own.pk}/peran/", **said) == 403


def test_acting_end_and_handover_through_their_forms(local: Client) -> None:
    row = give("ppk", "ppk", satker=WEST_JAVA)
    for name in ("plt", "penerus"):
        User.objects.create(username=name)
    decree = {"decree_no": "SK 2", "decree_on": str(TODAY)}
    acting = {
        "standing": "plt",
        "username": "plt",
        "valid_from": str(TODAY),
        "valid_to": str(TODAY + timedelta(days=3)),
    }
    assert send(local, f"/penugasan/{row.pk}/pengganti/", **acting, **decree) == 302
    assert RoleAssignment.objects.get(standing="plt").for_user == row.user
    assert "menggantikan ppk" in local.get(f"/pejabat/{WEST_JAVA}/?tahun={TODAY.year}").content.decode()
    over = {
        "username": "penerus",
        "last_day": str(TODAY),
        "first_day": str(TODAY + timedelta(days=1)),
        "reason": "mutasi",
    }
    assert "Yang diteruskan" in local.get(f"/penugasan/{row.pk}/serah-terima/").content.decode()
    assert send(local, f"/penugasan/{row.pk}/serah-terima/", **over, **decree) == 302
    new = RoleAssignment.objects.get(user__username="penerus")
    assert (new.satker, new.valid_from) == (Satker.objects.get(code=WEST_JAVA), TODAY + timedelta(days=1))
    assert send(local, f"/penugasan/{new.pk}/akhiri/", last_day=str(new.valid_from), reason="keliru") == 200
    assert send(local, f"/penugasan/{new.pk}/akhiri/", last_day=str(new.valid_from), reason="keliru", pasti="ya") == 302
    new.refresh_from_db()
    assert new.ended_at


def test_a_handover_by_the_local_administrator_passes_on_imports_too(local: Client, sign_in: SignIn) -> None:
    leaver = User.objects.get(username="operator-32")
    run = ImportRun.objects.earliest("pk")
    ImportRun.objects.filter(pk=run.pk).update(created_by=leaver)
    successor = User.objects.create(username="penerus")
    row = RoleAssignment.objects.get(user=leaver)
    assert "Impor yang diurus: 1." in local.get(f"/penugasan/{row.pk}/serah-terima/").content.decode()
    first = str(TODAY + timedelta(days=1))
    said = {"username": "penerus", "last_day": str(TODAY), "first_day": first, "reason": "mutasi"}
    assert send(local, f"/penugasan/{row.pk}/serah-terima/", **said) == 302
    assert ImportRun.objects.get(pk=run.pk).keeper == successor
    assert sign_in("operator-91").get(f"/impor/{run.pk}/").status_code == 404


def test_own_rights_say_why_not(sign_in: SignIn) -> None:
    page = sign_in("operator-32").get("/hak/saya/").content.decode()
    assert "Hanya Kepala Dinas yang berhak menandatangani sebagai Kepala Dinas; peran Anda: Operator" in page
    client = sign_in("operator-32")
    client.post("/bahasa/", {"language": "en"})
    english = client.get("/hak/saya/").content.decode()
    assert "Only Head of the provincial office may do this" in english


def test_the_matrix_is_for_the_administrator(sign_in: SignIn) -> None:
    page = sign_in("admin").get("/hak/").content.decode()
    assert "Matriks hak" in page
    assert "tidak oleh Plh." in page
    assert sign_in("operator-32").get("/hak/").status_code == 403


def test_the_local_administrator_starts_with_the_own_people(local: Client) -> None:
    assert local.get("/").headers["Location"] == "/pengguna/"


def test_the_accounts_of_an_office_include_the_officials_of_its_satker(local: Client) -> None:
    give("ppk-uji", "ppk", satker=WEST_JAVA)
    give("ppk-asing", "ppk", satker=PAPUA)
    page = local.get("/akun/semua/").content.decode()
    assert "ppk-uji" in page
    assert "ppk-asing" not in page


def test_several_satker_of_one_office_are_told_by_their_codes(local: Client) -> None:
    give("ppk-uji", "ppk", satker=WEST_JAVA)
    page = local.get("/pengguna/").content.decode()
    assert f"PPK {WEST_JAVA}" in page


def test_the_page_of_a_satker_tells_what_was_done_with_its_offices(sign_in: SignIn) -> None:
    give("ppk-uji", "ppk", satker=WEST_JAVA)
    page = sign_in("operator-32").get(f"/pejabat/{WEST_JAVA}/?tahun=2022").content.decode()
    assert "Peran atau jabatan diberikan" in page
    assert "Impor diterapkan" not in page


def test_colleagues_of_the_office_are_offered_by_name_where_somebody_is_chosen(local: Client) -> None:
    row = give("ppk-uji", "ppk", satker=WEST_JAVA)
    page = local.get(f"/penugasan/{row.pk}/pengganti/").content.decode()
    offered = page[page.index("<datalist") : page.index("</datalist>")]
    assert 'value="operator-32"' in offered
    assert "operator-91" not in offered
    assert "ppk-uji" not in offered


def test_a_wrong_record_is_declared_void_on_its_page_and_shown_so(local: Client, sign_in: SignIn) -> None:
    give("tetap", "operator", province="32")
    wrong = give("tetap", "ppspm", satker=WEST_JAVA)
    address = f"/penugasan/{wrong.pk}/batalkan/"
    assert address in local.get(f"/pengguna/{wrong.user_id}/").content.decode()
    assert "keliru dicatat ini?" in local.post(address, {"kunci": "a", "reason": "orang lain"}).content.decode()
    assert send(local, address, reason="orang lain yang diangkat", pasti="ya") == 302
    page = local.get(f"/pengguna/{wrong.user_id}/").content.decode()
    assert "<s>PPSPM</s>" in page
    assert "orang lain yang diangkat" in page
    assert address not in page
    satker = sign_in("operator-32").get(f"/pejabat/{WEST_JAVA}/?tahun=2022").content.decode()
    assert "Dibatalkan karena keliru dicatat" in satker
    assert "orang lain yang diangkat" in satker
    assert local.get(address).status_code == 409


def test_nobody_of_another_province_and_no_operator_declares_an_assignment_void(local: Client, sign_in: SignIn) -> None:
    foreign = give("ppk-papua", "ppk", satker=PAPUA)
    own = give("ppk-jabar", "ppk", satker=WEST_JAVA)
    assert send(local, f"/penugasan/{foreign.pk}/batalkan/", reason="keliru dicatat", pasti="ya") in {403, 404}
    refused = send(sign_in("operator-32"), f"/penugasan/{own.pk}/batalkan/", reason="keliru dicatat", pasti="ya")
    assert refused == 403
    assert not RoleAssignment.objects.filter(voided_at__isnull=False).exists()


def test_a_person_whose_only_record_was_void_is_no_longer_of_the_office(local: Client, sign_in: SignIn) -> None:
    wrong = give("nyasar", "ppspm", satker=WEST_JAVA)
    answer = local.post(
        f"/penugasan/{wrong.pk}/batalkan/", {"kunci": "n", "reason": "salah satker", "pasti": "ya"}, follow=True
    )
    assert answer.redirect_chain == [("/pengguna/", 302)]
    assert "nyasar" not in answer.content.decode()
    assert "salah satker" in sign_in("admin").get(f"/pengguna/{wrong.user_id}/").content.decode()
