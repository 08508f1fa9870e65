"""Django's own commands, on the database of this folder (embedded or external)."""

from __future__ import annotations

import sys

from dekon.ops.cli import manage

if __name__ == "__main__":
    sys.exit(manage(sys.argv))
