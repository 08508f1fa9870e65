"""Fixtures for every test: the database, and a database of its own for a test that commits or uses many processes.

`django_db` (or `db`) gives a transaction that is rolled back. `django_db(transaction=True)`, `transactional_db` and
`live_server` give a fresh clone of the template, since append-only tables cannot be emptied. In both the connection
is the owner's; a test of rights does `SET LOCAL ROLE dekon_app`. `database_url` is the address for other processes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings

from tests import HOME, databases

_server_url: list[str] = []
_shared_url: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Settings are read here and not by an option, so that this package has set the environment before."""
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The files that this process has stored go."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The server's address as owner."""
    with databases.server() as url:
        _server_url[:] = [url]
        yield url


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: str, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One clone for all tests of this process that roll back."""
    with django_db_blocker.unblock():
        url = databases.clone(database_server)
        _shared_url[:] = [url]
        databases.use(url)
    yield
    with django_db_blocker.unblock():
        connection.close()
        databases.drop(url)


@pytest.fixture
def database_url(_django_db_helper: None) -> str:
    """Address of the database of this test, as owner, for other processes; use it with a database of its own."""
    return databases.named(_server_url[0], str(connection.settings_dict["NAME"]))


def _set_up_clone(case: type[TransactionTestCase]) -> None:
    databases.use(databases.clone(_server_url[0]))


def _drop_clone(case: TransactionTestCase) -> None:
    used = databases.named(_server_url[0], str(connection.settings_dict["NAME"]))
    databases.use(_shared_url[0])
    databases.drop(used)


@pytest.fixture(scope="session", autouse=True)
def _clones_instead_of_truncate() -> None:
    """A test that commits works on a clone.

    The guards of the book refuse the TRUNCATE by which Django would clean up.
    """
    TransactionTestCase._fixture_setup = classmethod(_set_up_clone)  # type: ignore[attr-defined]  # a hook that the stubs leave out
    TransactionTestCase._fixture_teardown = _drop_clone  # type: ignore[attr-defined]  # the other half of it


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One local authority for all tests of signatures: its keys take longer to make than most of them."""
    return tmp_path_factory.mktemp("pki")


@pytest.fixture
def own_place(settings: Settings, tmp_path: Path, authority_folder: Path) -> None:
    """A store of its own, and the shared authority."""
    settings.MEDIA_ROOT, settings.PKI_FOLDER = tmp_path / "files", authority_folder
