"""One local authority for all tests of documents: its keys take longer to make than most of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture
def own_place(settings: Settings, tmp_path: Path, authority_folder: Path) -> None:
    """A store of its own, and the shared authority."""
    settings.MEDIA_ROOT, settings.PKI_FOLDER = tmp_path / "files", authority_folder
