"""A small fiscal year, brought in through the real importers: two provinces, one of them in trouble."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dekon.budget import services
from dekon.budget.models import FiscalYear
from dekon.budget.services import ImportOptions
from dekon.org import selectors as org
from dekon.org import services as people
from dekon.org.models import Province, Satker, Unit
from tests.builders.files import budget_record, output_record, payment_record, write_json

NOW = datetime(2022, 10, 5, 3, 0, tzinfo=UTC)
PASSWORD = "kata-sandi-percobaan"
WEST_JAVA, PAPUA = "029108", "259113"
"""Two satker: one near its plan, one with a payment above its ceiling."""
PEOPLE = (
    ("perencana", "perencana", ""),
    ("operator-32", "operator", "32"),
    ("operator-91", "operator", "91"),
    ("admin", "admin", ""),
)


def place_satker() -> None:
    """The two satker with their provinces."""
    unit = Unit.objects.get(ba_code="026", code="13")
    for code, province in ((WEST_JAVA, "32"), (PAPUA, "91")):
        place = Province.objects.get(code=province)
        Satker.objects.get_or_create(
            code=code, defaults={"name": f"Dinas Tenaga Kerja {place.name}", "unit": unit, "province": place}
        )


def payments(satker: str, count: int, amount: int) -> list[dict[str, object]]:
    """So many payments of one account, one a month."""
    return [
        payment_record(
            KDSATKER=satker, NO_SPM=f"{n:05}A/{satker}/2022", NO_SP2D=f"2202900{satker}{n:02}",
            TGL_SP2D=f"2022-{n:02}-03", NILAI_RUPIAH=amount,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def add_people() -> None:
    """A planner, two operators of provinces, an administrator; all with one password and, as in the demo, no factor."""
    for name, role, province in PEOPLE:
        people.add_user(
            actor=org.system_user(),
            username=name,
            password=PASSWORD,
            role=role,
            province=province,
            display_name=name.title(),
            is_demo=True,
        )


def build(folder: Path) -> None:
    """Everything: people, satker, ceilings with plan, payments (one parked), output progress; the year is synthetic."""
    place_satker()
    add_people()
    records = [
        [
            budget_record(KDSATKER=satker, KODE_AKUN=akun, CONS_ITEM=300 + i)
            for satker in (WEST_JAVA, PAPUA)
            for i, akun in enumerate(("521211", "524111"))
        ],
        payments(WEST_JAVA, 9, 1_000_000),
        payments(PAPUA, 2, 7_000_000),
        [output_record(KDSATKER=WEST_JAVA), output_record(KDSATKER=PAPUA, TOTAL_PROGRESS_CAPAIAN_RO="5")],
    ]
    for number, content in enumerate(records):
        path = write_json(folder / f"berkas-{number}.json", content)
        run = services.import_file(
            actor=org.system_user(),
            path=path,
            file_name=path.name,
            options=ImportOptions(year=2022, create_missing=True),
            now=NOW,
        )
        assert run.status == "applied", run
    FiscalYear.objects.update_or_create(year=2022, defaults={"synthetic": True})
