"""Fills an empty database of the bench server: tables, rights, reference lists. Run as a process of its own."""

from __future__ import annotations

import os

import django
from django.core.management import call_command

from dekon.history import services as history
from dekon.ops.grants import APP_ROLE, grant_app_role
from dekon.ops.prepare import count_anew
from dekon.ops.reference import load_reference_data
from dekon.ops.row_security import lift_policies


def main() -> None:
    """Migrates and loads what every installation has, as the owner under both names of the connection."""
    lift_policies("default")
    history.forget_views("default")
    call_command("migrate", verbosity=0)
    grant_app_role(APP_ROLE, using="default")
    history.install("default", APP_ROLE)
    load_reference_data()
    count_anew("default")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")
    django.setup()
    main()
