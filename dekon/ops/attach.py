"""Settings that name a database: the external one of the environment, or the embedded one of the data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from dekon import env
from dekon.ops import postgres


@contextmanager
def database() -> Iterator[None]:
    """For the length of the block the environment names a running database. Call before Django reads its settings.

    Raises:
        RuleBroken: the embedded database does not start, or the external one lacks the app's address.
    """
    env.load_dotenv()
    owner, app = env.database_urls()
    if owner or app:
        yield
        return
    with postgres.use(env.home()) as use:
        os.environ.update(DATABASE_URL=use.owner_url, DATABASE_APP_URL=use.app_url)
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"], os.environ["DATABASE_APP_URL"]


def set_up_django() -> None:
    """Read the settings and load the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")
    django.setup()
