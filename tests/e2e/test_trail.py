"""The trail in a real browser: sought, one row, the reading, the steps on the page of a thing."""

from __future__ import annotations

import pytest

from tests.builders.small_year import WEST_JAVA
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_trail_is_sought_and_a_row_is_read(visit: Visit) -> None:
    visit.sign_in("perencana")
    visit.open("/jejak/?aksi=import-applied")
    visit.look("trail")
    visit.page.locator("#t-jejak tbody a").first.click()
    visit.look("row")
    visit.open(f"/satker/{WEST_JAVA}/dipa/?tahun=2022")
    visit.look("steps")
    visit.open("/jejak/pembacaan/")
    visit.look("readings")
