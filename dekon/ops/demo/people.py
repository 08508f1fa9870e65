"""The cast of the demo: one login per role, those of a province once for every province. No real person's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dekon.ops.demo.places import PLACES, UNITS

PASSWORD = "dekonsentrasi-2022"  # noqa: S105 - one password for a demo, printed by `make run`, refused in production
"""The password of every demo user."""

CENTRAL = {
    "pimpinan": "Pimpinan Kementerian",
    "perencana": "Biro Perencanaan",
    "keuangan": "Biro Keuangan dan BMN",
    "pembina": "Pembina dan Supervisor",
    "auditor": "Inspektorat Jenderal",
    "admin": "Administrator Aplikasi",
}

PROVINCIAL = {
    "kadis": "Kepala Dinas",
    "kpa": "KPA",
    "ppk": "PPK",
    "ppspm": "PPSPM",
    "bendahara": "Bendahara Pengeluaran",
    "operator": "Operator",
    "bappeda": "Bappeda",
    "admin-dinas": "Admin Dinas",
}

OFFICES = ("kpa", "ppk", "ppspm", "bendahara")
"""Roles that are offices of a satker: the cast gets them with a decree (`officials.py`)."""

OTHERS = {
    "ppspm-32-lama": "PPSPM Terdahulu Jawa Barat (sintetis)",
    "bendahara-32-plh": "Plh. Bendahara Jawa Barat (sintetis)",
    "sekretaris-32": "Sekretaris Dinas Jawa Barat (sintetis)",
}
"""Who held, or holds for a time, an office of one of the satker."""


@dataclass(frozen=True, slots=True)
class Person:
    """A demo login: user name, name on the screen, role (empty: offices only), and the place where the role holds."""

    login: str
    name: str
    role: str
    province: str = ""
    unit: str = ""


def cast() -> Iterator[Person]:
    """All demo logins."""
    for role, name in CENTRAL.items():
        yield Person(role, name, role)
    for unit in UNITS:
        yield Person(f"unit-{unit.code}", f"Unit Eselon I {unit.code}", "unit", unit=unit.code)
    for place in PLACES:
        for role, name in PROVINCIAL.items():
            login, called = f"{role}-{place.province}", f"{name} {place.called}"
            yield Person(login, called, "", "") if role in OFFICES else Person(login, called, role, place.province)
    for login, name in OTHERS.items():
        yield Person(login, name, "")
