"""Personal data of people: the national identity number, kept encrypted and shown masked."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.errors import NotFound, Problem, Unfit
from dekon.lib.nik import read_nik
from dekon.lib.sealed import is_newest, seal, unseal
from dekon.org.choices import Action
from dekon.org.models import User
from dekon.org.selectors.personal import nik_of, nik_row
from dekon.org.services.people import require


@transaction.atomic
def record_nik(*, actor: User, username: str, nik: str) -> User:
    """Keep a person's national identity number, encrypted; an empty one takes it away.

    The trail says that it was recorded, never which.

    Args:
        actor: the person, or who manages users.
        username: whose it is.
        nik: sixteen digits, spaces, points and hyphens allowed.

    Raises:
        NotAllowed: it is somebody else's and the actor does not manage users.
        NotFound: no such user.
        Unfit: `nik-wrong`.

    Legal: UU 27/2022 art. 16, 35 (protection of personal data).
    """
    user = _locked(actor, username)
    digits = read_nik(nik) if nik else ""
    if digits is None:
        raise Unfit([Problem("nik", "nik-wrong")])
    user.nik_sealed = seal(digits, nik_row(user.pk), settings.FIELD_KEYS) if digits else ""
    user.save(update_fields=["nik_sealed"])
    audit.record(
        actor=actor, action="nik-recorded" if digits else "nik-removed", subject_type="user", subject_id=user.pk,
        subject_name=user.username,
    )  # fmt: skip
    return user


@transaction.atomic
def show_nik(*, actor: User, username: str) -> str:
    """The whole number, for the one purpose that needs it; that it was read stands in the trail.

    Raises:
        NotAllowed: it is somebody else's and the actor does not manage users.
        NotFound: no such user.
    """
    user = _locked(actor, username)
    audit.record_reading(
        actor=actor, kind=Reading.PERSONAL_DATA, subject_type="user", subject_id=user.pk, subject_name=user.username,
        facts={"field": "nik"},
    )  # fmt: skip
    return nik_of(user)


@transaction.atomic
def reseal_niks(*, actor: User) -> int:
    """Encrypt with the newest key what an older one encrypted. Returns how many there were.

    Raises:
        NotAllowed: the actor does not manage users.
    """
    require(actor, Action.MANAGE_USERS)
    keys, done = settings.FIELD_KEYS, 0
    for user in User.objects.select_for_update().exclude(nik_sealed="").order_by("pk"):
        if is_newest(user.nik_sealed, keys):
            continue
        row = nik_row(user.pk)
        user.nik_sealed = seal(unseal(user.nik_sealed, row, keys), row, keys)
        user.save(update_fields=["nik_sealed"])
        done += 1
    if done:
        audit.record(
            actor=actor, action="niks-resealed", subject_type="user", subject_id="*",
            after={"count": done, "key": keys[0].name},
        )  # fmt: skip
    return done


def _locked(actor: User, username: str) -> User:
    if username != actor.username:
        require(actor, Action.MANAGE_USERS)
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    return user
