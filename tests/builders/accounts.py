"""People with accounts, mails and codes for the tests of signing in."""

from __future__ import annotations

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from dekon.gateways import mail
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import MailOrder, User
from dekon.org.services.mails import deliver

PASSWORD = "jalan-kenanga-tujuh-belas"
PDF = b"%PDF-1.7\n% surat tugas percobaan\nstartxref\n9\n%%EOF\n"


def person(name: str, role: str, province: str = "", *, email: str = "", password: str = PASSWORD) -> User:
    """A person with one role; a mail address is made up where none is given."""
    user = org.add_user(
        actor=selectors.system_user(), username=name, password=password, role=role, province=province,
        display_name=name.title(),
    )  # fmt: skip
    User.objects.filter(pk=user.pk).update(email=email or f"{name}@contoh.example")
    user.refresh_from_db()
    return user


def deliver_mails() -> list[mail.Mail]:
    """What the worker sends of everything that waits."""
    mail.SENT.clear()
    for order in MailOrder.objects.filter(done_at__isnull=True):
        deliver.call(order.pk)
    return list(mail.SENT)


def link_in(sent: mail.Mail) -> str:
    """The path of the link that a mail carries."""
    found = re.search(r"https?://[^/\s]+(/(?:undangan|masuk/lupa)/\S+/)", sent.text)
    assert found, sent.text
    return found.group(1)


def token_in(sent: mail.Mail) -> str:
    """The token of the link that a mail carries."""
    return link_in(sent).rstrip("/").rpartition("/")[2]


def code_now(secret: str, ahead: int = 0) -> str:
    """What an app with this secret shows, so many periods from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def with_app(user: User) -> str:
    """Give a person an app; returns its secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def secret_of(user: User) -> str:
    """The secret of a person's app."""
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return str(decrypt(app.data["secret"]))
