"""Files that go the whole way: written, imported, asked for in the recap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dekon.budget import services
from dekon.budget.models import ImportRun
from dekon.budget.services import ImportOptions
from dekon.org import selectors as org
from dekon.org.models import Satker, Unit
from dekon.performance import selectors as performance
from dekon.performance.selectors import Figures, RecapFilter
from tests.builders import files

type Bring = Callable[..., ImportRun]

NOW = datetime(2022, 4, 5, 3, 0, tzinfo=UTC)


@pytest.fixture
def bring(db: None, tmp_path: Path) -> Bring:
    """Import records as one JSON file, or a file that lies there."""
    unit = Unit.objects.get(ba_code="026", code="13")
    Satker.objects.get_or_create(code="119073", defaults={"name": "Dinas Tenaga Kerja", "unit": unit})
    count = iter(range(1000))

    def import_(*records: object, path: Path | None = None, now: datetime = NOW, **options: object) -> ImportRun:
        file = path or files.write_json(tmp_path / f"{next(count)}.json", list(records))
        asked = ImportOptions(**{"year": 2022, "create_missing": True, **options})  # type: ignore[arg-type]  # test's own
        return services.import_file(actor=org.system_user(), path=file, file_name=file.name, options=asked, now=now)

    return import_


def recap_total(**filters: str) -> Figures:
    """The whole year's figures of a cut."""
    asked = RecapFilter(year=2022, as_of=performance.default_as_of(2022), **filters)
    return performance.recap(asked, "satker").total
