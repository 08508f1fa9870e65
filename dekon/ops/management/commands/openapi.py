"""`make openapi`: the committed snapshot of the API's document."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from dekon.ops.docs.pages import FOLDER, OPENAPI, openapi_page, write


class Command(BaseCommand):
    """Write the OpenAPI document."""

    help = "Writes docs/generated/openapi.json from the API."

    def handle(self, *_args: object, **_options: object) -> None:
        """Write it if it changed and say so."""
        changed = write(FOLDER / OPENAPI, openapi_page())
        self.stdout.write(f"docs/generated/{OPENAPI}{'' if changed else ' is up to date'}")
