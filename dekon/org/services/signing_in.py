"""Signing in: the password, the devices that are known, and where a person is signed in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.sessions.models import Session
from django.db import transaction

from dekon.audit import services as audit
from dekon.errors import NotFound
from dekon.lib.spelling import typed_account
from dekon.org.choices import Action
from dekon.org.models import KnownDevice, SignedIn, User
from dekon.org.selectors import system_user
from dekon.org.selectors.sign_in import knows_device, user_by_name
from dekon.org.services import throttle
from dekon.org.services.people import require
from dekon.scope import become

KEPT = timedelta(days=90)
"""How long ended sign-ins and devices that are no longer used stay listed."""


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody asks.

    Args:
        address: network address.
        device: what the browser says it is, in words.
        token: the secret of a browser that has been used before; empty for a new one.
    """

    address: str
    device: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt: who it is, or how many seconds the next one has to wait."""

    user: User | None = None
    wait_seconds: int = 0


@transaction.atomic
def try_password(*, name: str, password: str, caller: Caller, now: datetime) -> Attempt:
    """Whether the password is that of the account. A wrong one, an unknown name and a closed account look alike.

    Who has given the right one is from here on the person whose own things can be seen.

    Args:
        name: user name or mail address as typed in.
        password: as typed in.
        caller: from where.
        now: the moment.
    """
    user = user_by_name(name)
    keys = keys_of(name, user, caller)
    wait = throttle.seconds_to_wait(keys, now=now)
    if wait:
        return Attempt(wait_seconds=wait)
    if _fits(user, password):
        throttle.forget_failures(key for key in keys if key[0] != "address")
        return Attempt(user)
    counts = throttle.count_failure(keys, now=now)
    if counts.get("account") == throttle.FREE["account"]:
        nobody = system_user()  # of a name that nobody has the same is written, so that the time says nothing
        whom = user or nobody
        audit.record(actor=whom, action="sign-in-slowed", subject_type="user", subject_id=user.pk if user else 0)
    return Attempt(wait_seconds=0)


def keys_of(name: str, user: User | None, caller: Caller) -> list[throttle.Key]:
    """What failures are counted by: a known device by itself, everybody else by account and by address."""
    if knows_device(user, caller.token):
        return [("device", f"{caller.token}\0{user.pk if user else 0}")]
    return [("account", str(user.pk) if user else f"?{typed_account(name).casefold()}"), ("address", caller.address)]


def _fits(user: User | None, password: str) -> bool:
    """Hashes once in every case, so that the time says nothing; a hash of an older kind is made anew for its owner."""
    if user is None:
        make_password(password)
        return False
    fits, out_of_date = verify_password(password, user.password)
    if not (fits and user.is_active):
        return False
    become(str(user.pk))
    if out_of_date:
        user.set_password(password)
        user.save(update_fields=["password"])
    return True


@transaction.atomic
def note_sign_in(*, user: User, session_key: str, factor: str, caller: Caller, now: datetime) -> tuple[SignedIn, str]:
    """List the new session; returns it and the secret by which the browser will be known.

    Args:
        user: who has signed in.
        session_key: key of the session.
        factor: what proved it: `password`, `totp`, `recovery`, `passkey` or `sso`.
        caller: from where.
        now: the moment.
    """
    made = SignedIn.objects.create(
        user=user, session_key=session_key, device=caller.device[:96], address=caller.address or None, factor=factor,
        began_at=now, seen_at=now,
    )  # fmt: skip
    token = caller.token if knows_device(user, caller.token) else secrets.token_urlsafe(24)
    KnownDevice.objects.update_or_create(
        digest=hashlib.sha256(token.encode()).hexdigest(), defaults={"user": user, "used_at": now}
    )
    User.objects.filter(pk=user.pk).update(warned_at=None)
    audit.record(
        actor=user, action="signed-in", subject_type="user", subject_id=user.pk, after={"factor": factor}
    )  # fmt: skip
    return made, token


def note_seen(*, number: int, address: str, now: datetime) -> None:
    """The session was used just now."""
    SignedIn.objects.filter(pk=number, ended_at__isnull=True).update(seen_at=now, address=address or None)


def leave(*, session_key: str, now: datetime) -> None:
    """The person signs out: the session leaves the list of open ones."""
    SignedIn.objects.filter(session_key=session_key).exclude(session_key=None).update(ended_at=now, session_key=None)


def keep_session(*, old_key: str, new_key: str) -> None:
    """The present session goes on under another key, as after a change of the password."""
    SignedIn.objects.filter(session_key=old_key).exclude(session_key=None).update(session_key=new_key)


@transaction.atomic
def end_sign_in(*, actor: User, number: int, now: datetime) -> None:
    """End one of the actor's own sessions; whoever uses it must sign in again.

    Raises:
        NotFound: it is not the actor's, or has ended.
    """
    require(actor, Action.OWN_ACCOUNT)
    found = SignedIn.objects.select_for_update().filter(pk=number, user=actor, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("session-unknown")
    end_sessions(actor, only=number, now=now)
    audit.record(actor=actor, action="session-ended", subject_type="user", subject_id=actor.pk, after={"count": 1})


@transaction.atomic
def end_other_sign_ins(*, actor: User, session_key: str, now: datetime) -> int:
    """End all of the actor's sessions but the present one. Browsers that were known are strangers again.

    Returns how many ended.
    """
    require(actor, Action.OWN_ACCOUNT)
    ended = end_sessions(actor, but=session_key, now=now)
    audit.record(actor=actor, action="session-ended", subject_type="user", subject_id=actor.pk, after={"count": ended})
    return ended


def end_sessions(user: User, *, now: datetime, only: int | None = None, but: str = "") -> int:
    """End sessions of a person, without asking: one, all but one, or all. For services that have asked already."""
    found = SignedIn.objects.filter(user=user, ended_at__isnull=True)
    found = found.filter(pk=only) if only is not None else found.exclude(session_key=but)
    Session.objects.filter(session_key__in=list(found.values_list("session_key", flat=True))).delete()
    if only is None:
        KnownDevice.objects.filter(user=user).delete()
    return found.update(ended_at=now, session_key=None)


def forget_old_sign_ins(*, now: datetime) -> None:
    """Sessions that are over leave the list after a while, with their addresses; so do browsers no longer used."""
    Session.objects.filter(expire_date__lt=now).delete()
    SignedIn.objects.filter(ended_at__isnull=True, seen_at__lt=now - timedelta(days=1)).update(
        ended_at=now, session_key=None
    )
    SignedIn.objects.filter(ended_at__lt=now - KEPT).delete()
    KnownDevice.objects.filter(used_at__lt=now - KEPT).delete()
