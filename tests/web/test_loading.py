"""While a demo year loads, and when that failed, every page says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dekon.ops.models import LoadProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def load() -> LoadProgress:
    return LoadProgress.objects.create(year=2022, seed=1, done=34, total=210, step="20220405-realisasi-13.csv")


def test_progress_stands_above_the_page(planner: Client, visitor: Client, load: LoadProgress) -> None:
    for page in (planner.get("/nasional/"), visitor.get("/publik/")):
        assert "34 dari 210 langkah" in page.content.decode()
    LoadProgress.objects.update(finished_at=timezone.now())
    assert "langkah" not in visitor.get("/publik/").content.decode()


def test_a_failed_load_says_where_and_why_it_stopped(planner: Client, load: LoadProgress) -> None:
    LoadProgress.objects.update(error="Berkas peragaan ditolak: <sel P12>")
    page = planner.get("/impor/").content.decode()
    assert "Pemuatan tahun peragaan 2022 berhenti." in page
    assert "20220405-realisasi-13.csv: Berkas peragaan ditolak: &lt;sel P12&gt;" in page


def test_production_has_no_demo_to_load(planner: Client, load: LoadProgress, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert "langkah" not in planner.get("/impor/").content.decode()
