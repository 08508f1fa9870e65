"""Second factors: an app with codes, passkeys, recovery codes. Each change is told to the owner by mail."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.crypto import constant_time_compare

from dekon.audit import services as audit
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors
from dekon.org.choices import Action, MailKind
from dekon.org.models import User
from dekon.org.selectors.factors import DEMO, PROVING, factors_of, must_have
from dekon.org.services import throttle
from dekon.org.services.mails import order_mail
from dekon.org.services.people import require
from dekon.org.services.signing_in import end_sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

PERIOD_SECONDS = 30
MOST_PASSKEYS = 10
STEP = "step"
"""Where a factor keeps the last period whose code was used, so that no code counts twice."""


def step_of(secret: str, code: str) -> int | None:
    """The period, counted from 1970, in which an app with this secret shows this code; None where it is none of now."""
    typed = "".join(code.split())
    steps: list[int] = list(yield_hotp_counters_from_time())
    for step in steps:
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), typed):
            return step
    return None


@transaction.atomic
def add_app(*, actor: User, secret: str, code: str) -> list[str]:
    """Take up an app that shows codes; it replaces an earlier one. Returns the recovery codes where they are new.

    Args:
        actor: whose.
        secret: base32, as the app was given it.
        code: the six digits that it shows.

    Raises:
        RuleBroken: the code is not that of the app.
    """
    require(actor, Action.OWN_ACCOUNT)
    step = step_of(secret, code)
    if step is None:
        raise RuleBroken("factor-code-wrong")
    Authenticator.objects.filter(user=actor, type=Authenticator.Type.TOTP).delete()
    made = TOTP.activate(actor, secret).instance
    made.data[STEP] = step
    made.save(update_fields=["data"])
    _tell(actor, "factor-added", "totp")
    return _first_codes(actor)


@transaction.atomic
def add_passkey(*, actor: User, name: str, credential: Mapping[str, Any]) -> list[str]:
    """Take up a passkey whose proof has been checked. Returns the recovery codes where they are new.

    Args:
        actor: whose.
        name: by which the owner knows it.
        credential: what the browser has answered.

    Raises:
        RuleBroken: there are enough.
    """
    require(actor, Action.OWN_ACCOUNT)
    if Authenticator.objects.filter(user=actor, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise RuleBroken("factor-too-many", most=MOST_PASSKEYS)
    WebAuthn.add(actor, name.strip()[:60], dict(credential))
    _tell(actor, "factor-added", "webauthn")
    return _first_codes(actor)


@transaction.atomic
def remove_factor(*, actor: User, number: int) -> None:
    """Give up a factor; with the last one the recovery codes go.

    Raises:
        NotFound: it is not the actor's.
        RuleBroken: the role needs one and this is the last.
    """
    require(actor, Action.OWN_ACCOUNT)
    held = list(Authenticator.objects.select_for_update().filter(user=actor, type__in=PROVING))
    found = next((one for one in held if one.pk == number), None)
    if found is None:
        raise NotFound("factor-unknown")
    if len(held) == 1 and must_have(actor):
        raise RuleBroken("factor-needed")
    kind = found.type
    found.delete()
    if len(held) == 1:
        Authenticator.objects.filter(user=actor).delete()
    _tell(actor, "factor-removed", kind)


@transaction.atomic
def renew_codes(*, actor: User) -> list[str]:
    """New recovery codes; the old ones are no longer good.

    Raises:
        RuleBroken: there is no second factor that they could stand in for.
    """
    require(actor, Action.OWN_ACCOUNT)
    if not Authenticator.objects.filter(user=actor, type__in=PROVING).exists():
        raise RuleBroken("factor-first")
    Authenticator.objects.filter(user=actor, type=Authenticator.Type.RECOVERY_CODES).delete()
    _tell(actor, "recovery-codes-renewed", "recovery_codes")
    codes: list[str] = RecoveryCodes.activate(actor).get_unused_codes()
    return codes


@transaction.atomic
def reset_factors(*, actor: User, username: str, reason: str, now: datetime) -> User:
    """Take away every factor of a person who has lost them all; all sessions end, a new one must be set up.

    Raises:
        NotFound: no such user.
        RuleBroken: no reason.
        Conflict: the account is closed.
        NotAllowed: the actor does not reset factors, or they are the actor's own.
    """
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    require(actor, Action.RESET_FACTORS, selectors.matter_of_account(user))
    if len(reason.strip()) < 5:
        raise RuleBroken("entry-reason-missing", length=5)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, now=now)
    order_mail(MailKind.FACTOR, user=user)
    audit.record(
        actor=actor, action="factors-reset", subject_type="user", subject_id=user.pk, subject_name=user.username,
        reason=reason.strip(),
    )  # fmt: skip
    return user


@transaction.atomic
def try_code(*, user: User, code: str, now: datetime) -> tuple[str, int]:
    """Whether a code of the app or a recovery code is good; each is good once.

    Args:
        user: who has given the password already.
        code: as typed in.
        now: the moment.

    Returns:
        `totp`, `recovery` or nothing; and the seconds to wait where there were too many wrong ones.
    """
    key = [("code", str(user.pk))]
    wait = throttle.seconds_to_wait(key, now=now)
    if wait:
        return "", wait
    used = _use_code(user, code, now)
    if used:
        throttle.forget_failures(key)
    else:
        throttle.count_failure(key, now=now)
    return used, 0


def _use_code(user: User, code: str, now: datetime) -> str:
    held = {one.type: one for one in Authenticator.objects.select_for_update().filter(user=user)}
    app = held.get(Authenticator.Type.TOTP)
    step = step_of(decrypt(app.data["secret"]), code) if app else None
    if app and step is not None:
        if step <= app.data.get(STEP, 0):
            return ""
        app.data[STEP], app.last_used_at = step, now
        app.save(update_fields=["data", "last_used_at"])
        return "totp"
    codes = held.get(Authenticator.Type.RECOVERY_CODES)
    if codes and codes.wrap().validate_code("".join(code.split())):
        codes.record_usage()
        _tell(user, "recovery-code-used", "recovery_codes")
        return "recovery"
    return ""


@transaction.atomic
def demo_code(*, user: User) -> str:
    """The code that the app of a person of the demo would show now; an app is made up where there is none.

    Raises:
        RuleBroken: it is no person of the demo.
    """
    if not user.is_demo:
        raise RuleBroken("demo-code-only", username=user.username)
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None:
        app = TOTP.activate(user, generate_totp_secret()).instance
        app.data[DEMO] = True
        app.save(update_fields=["data"])
    code: str = format_hotp_value(hotp_value(decrypt(app.data["secret"]), int(time.time()) // PERIOD_SECONDS))
    return code


def _first_codes(actor: User) -> list[str]:
    """Recovery codes for who has none yet; nothing for who was shown some already."""
    if Authenticator.objects.filter(user=actor, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(actor).get_unused_codes()
    return codes


def _tell(user: User, action: str, kind: str) -> None:
    order_mail(MailKind.FACTOR, user=user)
    left = len(factors_of(user).held)
    audit.record(
        actor=user, action=action, subject_type="user", subject_id=user.pk, after={"kind": str(kind), "held": left}
    )  # fmt: skip
