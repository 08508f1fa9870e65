"""Mails about accounts: ordered in the transaction that needs them, written and sent by the worker after it.

Whoever asks for a mail learns nothing by waiting: whether there is a reader is looked up by the worker alone. A link's
token is made when its mail is written, so that nothing but the mail ever holds it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.tasks import task
from django.utils import timezone

from dekon.errors import DekonError, Param, message_text
from dekon.gateways import mail
from dekon.org.choices import LinkKind, MailKind
from dekon.org.models import MailedLink, MailOrder, User
from dekon.org.selectors.sign_in import user_by_name
from dekon.org.services.unseen import write_unseen
from dekon.scope import scoped_transaction

MOST_TRIES = 8
LINK_LIFE = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=1)}
"""How long a mailed link is good."""
LINK_PATHS = {LinkKind.INVITATION: "/undangan/", LinkKind.RESET: "/masuk/lupa/"}
FORGOTTEN = timedelta(days=30)


def order_mail(
    kind: MailKind, *, user: User | None = None, to_whom: str = "", language: str = "", link: MailedLink | None = None,
    facts: dict[str, Param] | None = None,
) -> MailOrder:  # fmt: skip
    """Note that a mail has to leave once this transaction has committed.

    Args:
        kind: what it says.
        user: its reader, where known.
        to_whom: a mail address or what was typed in; the worker looks for its reader.
        language: `id` or `en`; the reader's own where empty.
        link: the link that it carries.
        facts: what its text shows.
    """
    order = MailOrder(
        kind=kind, user=user, to_whom=to_whom, link=link, facts=facts or {},
        language=language or (user.language if user else "id"),
    )  # fmt: skip
    write_unseen(order)
    deliver.enqueue(order.pk)
    return order


@task
def deliver(order_id: int) -> None:
    """Write a mail and send it; a server that does not answer is tried again later, with growing pauses."""
    now = timezone.now()
    with scoped_transaction("", "*"):
        written = _write(order_id, now)
    if written is None:
        return
    try:
        mail.send(written)
    except DekonError:
        return
    with scoped_transaction("", "*"):
        MailOrder.objects.filter(pk=order_id).update(done_at=timezone.now(), to_whom="")


def deliver_waiting(*, now: datetime) -> int:
    """Try again what has not left yet. Returns how many mails that concerns."""
    waiting = MailOrder.objects.filter(done_at__isnull=True, try_at__lte=now, tries__lt=MOST_TRIES)
    numbers = list(waiting.values_list("pk", flat=True)[:500])
    for number in numbers:
        deliver.enqueue(number)
    return len(numbers)


def forget_old_mails(*, now: datetime) -> None:
    """Addresses of mails that could not leave within a month go."""
    MailOrder.objects.filter(Q(ordered_at__lt=now - FORGOTTEN) & ~Q(to_whom="")).update(to_whom="")


def _write(order_id: int, now: datetime) -> mail.Mail | None:
    """Claim the order and write its mail; nothing where it left already, is not due or has no reader."""
    order = (
        MailOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=order_id, done_at__isnull=True, try_at__lte=now)
        .first()
    )
    if order is None or order.tries >= MOST_TRIES:
        return None
    pause = timedelta(minutes=2**order.tries)
    MailOrder.objects.filter(pk=order.pk).update(tries=F("tries") + 1, try_at=now + pause)
    made = _composed(order, now)
    if made is None:
        MailOrder.objects.filter(pk=order.pk).update(done_at=now, to_whom="")
    return made


def _composed(order: MailOrder, now: datetime) -> mail.Mail | None:
    reader = order.user or (user_by_name(order.to_whom) if order.to_whom else None)
    kind = MailKind(order.kind)
    if kind is MailKind.RESET:
        return _reset(reader, now)
    if kind is MailKind.REGISTRATION and reader is not None:
        return _letter("mail-registration-known", reader.email, reader.language, {})
    if kind is MailKind.INVITATION and reader is not None:
        return _letter("mail-invitation-known", reader.email, reader.language, {})
    to = reader.email if reader else order.to_whom
    if not to:
        return None
    facts: dict[str, Param] = dict(order.facts)
    if order.link_id:
        facts["link"] = _new_token(order.link_id)
    return _letter(f"mail-{kind}", to, order.language, facts)


def _reset(reader: User | None, now: datetime) -> mail.Mail | None:
    """A link for a new password, if there is an open account with a mail address behind what was typed in."""
    if reader is None or not reader.is_active or not reader.email:
        return None
    MailedLink.objects.filter(user=reader, kind=LinkKind.RESET, used_at=None, revoked_at=None).update(revoked_at=now)
    link = MailedLink.objects.create(user=reader, kind=LinkKind.RESET, expires_at=now + LINK_LIFE[LinkKind.RESET])
    return _letter("mail-reset", reader.email, reader.language, {"link": _new_token(link.pk)})


def _new_token(link_id: int) -> str:
    """A fresh token for a link; an earlier one (of a mail that may have got lost) is no longer good."""
    link = MailedLink.objects.get(pk=link_id)
    token = secrets.token_urlsafe(32)
    MailedLink.objects.filter(pk=link_id).update(digest=digest_of(token))
    return f"{settings.PUBLIC_URL}{LINK_PATHS[LinkKind(link.kind)]}{token}/"


def _letter(code: str, to: str, language: str, facts: dict[str, Param]) -> mail.Mail:
    """The text of the catalogue: its first line is the subject."""
    text = message_text(code, {"site": settings.PUBLIC_URL, **facts}, language)
    subject, _, body = text.partition("\n")
    return mail.Mail(to=to, subject=subject.strip(), text=body.strip() + "\n")


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
