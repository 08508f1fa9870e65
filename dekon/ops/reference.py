"""Reference data of every app, in the order in which they need each other. Repeating it changes nothing."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

APPS = ("org", "budget")


def load_reference_data() -> None:
    """Provinces, units, calendar, budget codes: what the set-up puts into an empty database."""
    for name in (f"dekon.{app}.services" for app in APPS):
        load = getattr(import_module(name), "load_reference", None) if find_spec(name) else None
        if load is not None:
            load()
