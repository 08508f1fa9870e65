"""The presentation in a real browser: keys lead from slide to slide; without a script it is a sequence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from dekon.budget.models import Policy, PolicyTarget
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LONG = "Peningkatan kompetensi tenaga kerja melalui pelatihan vokasi berbasis kompetensi di balai latihan kerja daerah"


def test_arrow_keys_lead_through_the_slides_and_the_address_remembers(visit: Visit) -> None:
    policy = Policy.objects.create(fiscal_year=2022, code="K1", name=LONG, description=f"{LONG}; {LONG.lower()}.")
    PolicyTarget.objects.create(
        policy=policy, indicator="x", name="Lulusan", unit="orang", low="1250000", high="1500000"
    )
    visit.sign_in("perencana")
    visit.open("/paparan/?tahun=2022")
    visit.look("paparan")
    page = visit.page
    count = page.locator(".slide").count()
    assert page.locator("[data-deck-at]").inner_text() == f"1 / {count}"
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**#kebijakan-*")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("End")
    page.wait_for_url("**#daerah-1")
    assert page.locator("[data-deck-at]").inner_text() == f"{count} / {count}"
    assert page.locator("[data-deck=next]").is_disabled()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**#tema")


def test_without_a_script_all_slides_stand_in_sequence(browser: Browser, visit: Visit, live_server: LiveServer) -> None:
    visit.sign_in("perencana")
    state = visit.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{live_server.url}/paparan/?tahun=2022")
    assert page.locator(".slide h2").count() >= 4
    assert page.locator(".slide:visible").count() == page.locator(".slide").count()
    assert not page.locator(".deckbar").is_visible()
    context.close()
