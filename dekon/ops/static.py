"""Files that the web server hands out, gathered once for each edition of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def digest_of_sources() -> str:
    """Changes when a file is added, removed or edited."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def ensure_collected() -> None:
    """Gather the files unless those of the last start are still the same."""
    stamp = Path(settings.STATIC_ROOT) / ".edition"
    digest = digest_of_sources()
    if stamp.exists() and stamp.read_text("utf-8") == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest, "utf-8")
