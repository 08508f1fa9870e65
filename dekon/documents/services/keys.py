"""Keys with which people sign: made, named, revoked; and how often a passphrase may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.choices import Method
from dekon.documents.models import PassphraseCount, SigningKey
from dekon.errors import Conflict, NotFound, Problem, RuleBroken, Unfit
from dekon.gateways import tokens
from dekon.gateways.handing import Secret
from dekon.gateways.keys import make_key
from dekon.lib.periods import format_time
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.scope import at_once

if TYPE_CHECKING:
    from dekon.org.models import User

MIN_SIGNS: Final = 12
MAX_FAILURES: Final = 10
LOCKED: Final = timedelta(minutes=15)

COUNT: Final = """
    INSERT INTO documents_passphrasecount (user_id, failures, last_at) VALUES (%(user)s, 1, %(now)s)
    ON CONFLICT (user_id) DO UPDATE SET last_at = excluded.last_at,
        failures = CASE WHEN documents_passphrasecount.locked_until <= excluded.last_at THEN 1
                        ELSE documents_passphrasecount.failures + 1 END,
        locked_until = CASE WHEN documents_passphrasecount.locked_until > excluded.last_at
                            THEN documents_passphrasecount.locked_until
                            WHEN documents_passphrasecount.locked_until IS NULL
                                 AND documents_passphrasecount.failures + 1 >= %(most)s THEN %(until)s END
    RETURNING failures, locked_until"""


@transaction.atomic
def make_signing_key(*, actor: User, passphrase: Secret, at: datetime) -> SigningKey:
    """Make a key for oneself, with a certificate of this installation, which is not certified.

    The key is kept only sealed by the passphrase; whoever forgets that makes another key.

    Args:
        actor: whose key it is.
        passphrase: twelve signs or more; kept nowhere.
        at: the moment from which it is good, aware.

    Raises:
        NotAllowed: the account is closed.
        Unfit: `passphrase-short`, `passphrase-weak` (easy to guess), `passphrase-is-password`.
        Conflict: `signing-key-there`: there is one in force; revoke that first.

    Legal: PP 71/2019 Pasal 60 (a certificate of no certified provider is not certified).
    """
    org.require(actor, Action.OWN_ACCOUNT)
    _refuse_weak(actor, passphrase)
    _refuse_second(actor, Method.LOCAL)
    made = make_key(str(actor), str(actor.pk), passphrase, now=at)
    key = SigningKey.objects.create(
        user=actor, method=Method.LOCAL, certificate=made.certificate, serial=f"{made.serial:x}", sealed=made.sealed,
        issued_at=at, expires_at=made.expires_at,
    )  # fmt: skip
    _record(actor, key, "signing-key-made")
    return key


@transaction.atomic
def name_token_key(*, actor: User, token: str, key: str, pin: Secret, at: datetime) -> SigningKey:
    """Say which key in a token is one's own; the PIN proves it.

    Args:
        actor: whose key it is.
        token: label of the token.
        key: label of the key and its certificate.
        pin: opens the token; kept nowhere.
        at: the present moment, aware.

    Raises:
        NotAllowed: the account is closed.
        RuleBroken: the PIN is wrong, or the token is locked.
        GatewayFailed: no such token or key is reached.
        Conflict: `signing-key-there`.
    """
    org.require(actor, Action.OWN_ACCOUNT)
    _refuse_second(actor, Method.TOKEN)
    certificate = tokens.certificate_in_token(token, key, pin)
    made = SigningKey.objects.create(
        user=actor, method=Method.TOKEN, certificate=tokens.pem_of(certificate),
        serial=f"{certificate.serial_number:x}", token_label=token, key_label=key, issued_at=at,
        expires_at=certificate.not_valid_after_utc,
    )  # fmt: skip
    _record(actor, made, "signing-key-made")
    return made


@transaction.atomic
def revoke_signing_key(*, actor: User, number: int, reason: str, at: datetime) -> SigningKey:
    """Make a key void from now on; what it signed before stays good.

    Args:
        actor: whose key it is, or who manages users.
        number: the key.
        reason: why, for the history.
        at: since when, aware.

    Raises:
        NotFound: no such key, or it is not one's own to revoke.
        NotAllowed: it is somebody else's and the actor does not manage users.
        Conflict: `signing-key-revoked`: it is void already.
        Unfit: the reason is missing or too long.
    """
    org.require_reason(reason)
    key = SigningKey.objects.select_for_update().filter(pk=number).first()
    if key is None:
        raise NotFound("signing-key-unknown", number=number)
    org.require(actor, Action.OWN_ACCOUNT if key.user_id == actor.pk else Action.MANAGE_USERS)
    if key.revoked_at is not None:
        raise Conflict("signing-key-revoked", name=str(key.user))
    key.revoked_at, key.revoked_reason = at, reason.strip()
    key.save(update_fields=["revoked_at", "revoked_reason"])
    _record(actor, key, "signing-key-revoked", reason.strip())
    return key


def _refuse_weak(actor: User, passphrase: Secret) -> None:
    """Whoever learns the password of the account must not be able to sign by it."""
    words = passphrase.reveal()
    if len(words) < MIN_SIGNS:
        raise Unfit([Problem("passphrase", "passphrase-short", {"length": MIN_SIGNS})])
    if found := org.weaknesses(actor, words):
        raise Unfit([Problem("passphrase", "passphrase-weak", {"reason": found})])
    if actor.has_usable_password() and actor.check_password(words):
        raise Unfit([Problem("passphrase", "passphrase-is-password")])


def _refuse_second(actor: User, method: Method) -> None:
    if SigningKey.objects.filter(user=actor, method=method, revoked_at__isnull=True).exists():
        raise Conflict("signing-key-there", name=str(actor))


def _record(actor: User, key: SigningKey, action: str, reason: str = "") -> None:
    audit.record(
        actor=actor, action=action, subject_type="signing-key", subject_id=key.pk, subject_name=str(key.user),
        reason=reason, after={"method": key.method, "serial": key.serial},
    )  # fmt: skip


def usable_key(*, actor: User, method: Method, at: datetime) -> SigningKey:
    """The key with which somebody signs now.

    Raises:
        NotFound: `signing-key-missing`.
        RuleBroken: `certificate-expired`.
    """
    key = selectors.key_in_force(actor, method)
    if key.expires_at <= at:
        raise RuleBroken("certificate-expired", name=str(actor), until=key.expires_at.date().isoformat())
    return key


def count_attempt(*, actor: User, at: datetime) -> None:
    """Count a try of a passphrase before it is made, so that nobody tries more often at the same time.

    A right passphrase takes the count away again (`forget_attempts`).

    Args:
        actor: who tries.
        at: the present moment, aware.

    Raises:
        RuleBroken: `passphrase-locked`: it was wrong ten times in a row.
    """
    values: dict[str, int | datetime] = {"user": actor.pk, "now": at, "most": MAX_FAILURES + 1, "until": at + LOCKED}
    with at_once() as cursor:
        cursor.execute(COUNT, values)
        failures, until = cursor.fetchone()
    if until is not None and failures > MAX_FAILURES:
        raise RuleBroken("passphrase-locked", count=MAX_FAILURES, until=format_time(until))


def forget_attempts(*, actor: User) -> None:
    """The passphrase was right."""
    PassphraseCount.objects.filter(user=actor).delete()
