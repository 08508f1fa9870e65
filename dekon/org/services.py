"""Writing people and places, and the one answer to "who may"."""

from __future__ import annotations

import csv
import hashlib
import secrets
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from dekon.audit import services as audit
from dekon.errors import Conflict, NotAllowed, NotFound
from dekon.org import selectors
from dekon.org.choices import Action, Role, TokenScope
from dekon.org.models import (
    EARLIEST,
    ApiToken,
    Authority,
    FundSource,
    Holiday,
    Kppn,
    Province,
    RoleAssignment,
    Satker,
    Unit,
    User,
)  # fmt: skip
from dekon.org.selectors import Place, Subject, Verdict, may

REFERENCE = Path(__file__).parent / "reference"
TOKEN_BYTES = 32

__all__ = [
    "Place",
    "Subject",
    "Verdict",
    "add_user",
    "create_token",
    "disable_user",
    "ensure_satker",
    "load_reference",
    "may",
    "require",
]


def require(actor: User, action: Action, place: Place | None = None) -> None:
    """Go on only if the actor may.

    Raises:
        NotAllowed: with the reason that `may` gives.
    """
    verdict = may(actor, action, place)
    if not verdict.allowed:
        raise NotAllowed(verdict.code, **verdict.params)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_reference() -> None:
    """Put the shipped lists into an empty database; rows that exist are left as an administrator made them."""
    Authority.objects.bulk_create([Authority(**row) for row in _rows("authorities.csv")], ignore_conflicts=True)
    Kppn.objects.bulk_create([Kppn(**row) for row in _rows("kppn.csv")], ignore_conflicts=True)
    FundSource.objects.bulk_create([FundSource(**row) for row in _rows("fund_sources.csv")], ignore_conflicts=True)
    Unit.objects.bulk_create([Unit(**row) for row in _rows("units.csv")], ignore_conflicts=True)
    _load_provinces()
    Holiday.objects.bulk_create(
        [
            Holiday(
                day=date.fromisoformat(row["day"]), kind=row["kind"], name=row["name"], decree=row["decree"],
                published_on=_day(row["published_on"]), withdrawn_on=_day(row["withdrawn_on"]),
            )
            for row in _rows("libur.csv")
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    User.objects.get_or_create(
        username=selectors.SYSTEM_USER, defaults={"is_active": False, "display_name": "Sistem", "password": "!"}
    )


def _load_provinces() -> None:
    rows = _rows("provinces.csv")
    for row in sorted(rows, key=lambda row: bool(row["parent"])):
        Province.objects.get_or_create(
            code=row["code"],
            defaults={
                **{name: row[name] for name in ("bps_code", "kdlokasi", "iso_code", "name", "short_name")},
                "valid_from": _day(row["valid_from"]) or EARLIEST,
                "valid_to": _day(row["valid_to"]),
                "parent": Province.objects.get(code=row["parent"]) if row["parent"] else None,
            },
        )


@transaction.atomic
def ensure_satker(
    *, actor: User, code: str, name: str, ba_code: str, unit_code: str, unit_name: str = "", authority: str = "",
    province: Province | None = None, kppn: str = "",
) -> Satker:  # fmt: skip
    """The satker with this code, made from what a file knows where it is new; open facts of a known one are filled in.

    Args:
        code: six digits.
        ba_code, unit_code, unit_name: its unit eselon I, made as well where it is new.
        authority: one digit (3 DK), or empty; province, kppn: as far as known.
    """
    unit, _ = Unit.objects.get_or_create(
        ba_code=ba_code,
        code=unit_code,
        defaults={"name": unit_name or unit_code, "short_name": (unit_name or unit_code)[:32]},
    )
    facts = {
        "province": province,
        "authority": Authority.objects.filter(code=authority).first() if authority else None,
        "kppn": Kppn.objects.filter(code=kppn).first() if kppn else None,
    }
    satker, created = Satker.objects.get_or_create(code=code, defaults={"name": name, "unit": unit, **facts})
    missing = {field: value for field, value in facts.items() if value and not getattr(satker, f"{field}_id")}
    if not created and missing:
        Satker.objects.filter(pk=satker.pk).update(**missing)
        satker.refresh_from_db()
    if created or missing:
        audit.record(
            actor=actor, action="satker-created" if created else "satker-completed", subject_type="satker",
            subject_id=code, subject_name=name, satker_code=code,
            after={"unit": f"{ba_code}.{unit_code}", **{field: str(value) for field, value in missing.items()}},
        )  # fmt: skip
    return satker


@transaction.atomic
def add_user(
    *, actor: User, username: str, password: str, role: str, display_name: str = "", province: str = "", unit: str = "",
    satker: str = "", is_demo: bool = False,
) -> User:  # fmt: skip
    """A person with an account and one role, from today on.

    Args:
        password: kept as a salted hash; empty makes an account that cannot sign in.
        role: a code of `Role`; province (Kemendagri), unit (two digits) and satker (six digits) narrow where it holds.

    Raises:
        Conflict: the user name is taken.
        NotFound: role or place is unknown.
        NotAllowed: the actor does not manage users.
    """
    require(actor, Action.MANAGE_USERS)
    if role not in Role.values:
        raise NotFound("role-unknown", role=role, known=", ".join(Role.values))
    if User.objects.filter(username=username).exists():
        raise Conflict("user-exists", username=username)
    user = User(username=username, display_name=display_name or username, is_demo=is_demo)
    user.set_password(password or None)
    user.save()
    RoleAssignment.objects.create(
        user=user, role=role, province=selectors.province_or_none(province), unit=selectors.unit_or_none(unit),
        satker=selectors.satker_or_none(satker),
    )  # fmt: skip
    audit.record(
        actor=actor, action="user-added", subject_type="user", subject_id=user.pk, subject_name=username,
        after={"role": role, "province": province, "unit": unit, "satker": satker},
    )  # fmt: skip
    return user


@transaction.atomic
def disable_user(*, actor: User, username: str) -> User:
    """The person can no longer sign in; what they did stays.

    Raises:
        NotFound: no such user.
        NotAllowed: the actor does not manage users.
    """
    require(actor, Action.MANAGE_USERS)
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=selectors.database_now())
    audit.record(actor=actor, action="user-disabled", subject_type="user", subject_id=user.pk, subject_name=username)
    return user


@transaction.atomic
def create_token(*, actor: User, username: str, scope: str, name: str = "", expires_at: datetime | None = None) -> str:
    """A key for the API, returned once; only its hash is kept.

    Raises:
        NotFound: no such user.
        NotAllowed: it is not the actor's own and the actor does not manage users.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    if user.pk != actor.pk:
        require(actor, Action.MANAGE_USERS)
    key = f"dekon_{secrets.token_urlsafe(TOKEN_BYTES)}"
    token = ApiToken.objects.create(
        user=user, name=name, scope=TokenScope(scope), expires_at=expires_at,
        digest=hashlib.sha256(key.encode()).hexdigest(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="token-created", subject_type="token", subject_id=token.pk, subject_name=username,
        after={"scope": scope},
    )  # fmt: skip
    return key


EDITABLE: dict[str, type[Province | Unit | Satker | Authority | Kppn | FundSource]] = {
    "provinsi": Province,
    "unit": Unit,
    "satker": Satker,
    "kewenangan": Authority,
    "kppn": Kppn,
    "sumber-dana": FundSource,
}
"""Lists whose names and days of validity an administrator may put right."""


@transaction.atomic
def change_reference(
    *, actor: User, listing: str, code: str, name: str, valid_from: date, valid_to: date | None
) -> None:
    """Put right the name of a code and the days on which it holds. Codes themselves never change and are never deleted.

    Args:
        listing: one of `EDITABLE`.
        code: the code in that list.
        name: as it is shown from now on.
        valid_from, valid_to: the first and the last day; without a last day it still holds.

    Raises:
        NotFound: no such list or code.
        Conflict: the period would end before it begins, or the name is empty.
        NotAllowed: the actor does not edit reference data.
    """
    require(actor, Action.EDIT_REFERENCE)
    model = EDITABLE.get(listing)
    row = model.objects.select_for_update().filter(code=code).first() if model else None
    if row is None:
        raise NotFound("reference-unknown", listing=listing, code=code)
    if not name or (valid_to and valid_to < valid_from):
        raise Conflict("reference-impossible", code=code)
    before = {"name": row.name, "valid_from": str(row.valid_from), "valid_to": str(row.valid_to or "")}
    row.name, row.valid_from, row.valid_to = name, valid_from, valid_to
    row.save(update_fields=["name", "valid_from", "valid_to"])
    audit.record(
        actor=actor,
        action="reference-changed",
        subject_type=listing,
        subject_id=code,
        subject_name=name,
        before=before,
        after={"name": name, "valid_from": str(valid_from), "valid_to": str(valid_to or "")},
    )
