"""`make docs`: the pages of docs/generated, made from the code."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from dekon.ops.docs.pages import write_pages


class Command(BaseCommand):
    """Write the generated pages."""

    help = "Writes docs/generated from the code."

    def handle(self, *_args: object, **_options: object) -> None:
        """Write what changed and say so."""
        changed = write_pages()
        self.stdout.write("\n".join(f"docs/generated/{name}" for name in changed) or "docs/generated is up to date")
