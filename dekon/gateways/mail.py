"""Mail: through the server that the environment names, else into a folder where the demo's mails can be read.

`DEKON_MAIL_URL` is `smtp://`, `smtp+starttls://` or `smtps://` with user, password, host and port. `memory:` is the
fake: mails are kept in `SENT` and go nowhere.
"""

from __future__ import annotations

import smtplib
import ssl
import time
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from dekon.errors import GatewayFailed

SECONDS = 20
"""How long a mail server may take for one answer."""
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
KEPT_FILES = 500
"""Mails that the folder of the demo holds; the oldest go."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail, such as the seal of a day."""

    name: str
    content: bytes
    subtype: str = "pdf"


@dataclass(frozen=True, slots=True)
class Mail:
    """What is written to whom. Plain text, so that nothing in it is loaded from anywhere."""

    to: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


SENT: list[Mail] = []
"""What the fake has taken."""


def send(mail: Mail) -> None:
    """Hand a mail over to the server, or keep it where there is none.

    Raises:
        GatewayFailed: the server did not take it; it may be tried again.
    """
    url = urlsplit(settings.MAIL_URL)
    if url.scheme == "memory":
        SENT.append(mail)
    elif url.scheme in PORTS:
        _hand_over(_written(mail), url)
    else:
        _keep(_written(mail), Path(settings.MAIL_FOLDER))


def _written(mail: Mail) -> EmailMessage:
    """The mail as it travels.

    Raises:
        GatewayFailed: address or subject hold what no head line may hold.
    """
    made = EmailMessage(policy=SMTP)
    try:
        made["From"], made["To"], made["Subject"] = settings.MAIL_FROM, mail.to, mail.subject
    except ValueError as problem:
        raise GatewayFailed("mail-unwritable") from problem
    made["Date"], made["Message-ID"] = formatdate(localtime=True), make_msgid(domain="dekon.invalid")
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    for file in mail.attachments:
        made.add_attachment(file.content, maintype="application", subtype=file.subtype, filename=file.name)
    return made


def _hand_over(message: EmailMessage, url: SplitResult) -> None:
    host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
    safe = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=safe)
            if url.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=SECONDS)
        ) as server:
            if url.scheme == "smtp+starttls":
                server.starttls(context=safe)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as problem:
        raise GatewayFailed("mail-not-sent", host=host, reason=type(problem).__name__) from problem


def _keep(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
    (folder / name).write_bytes(message.as_bytes())
    (folder / name).chmod(0o600)
    for old in sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime)[:-KEPT_FILES]:
        old.unlink(missing_ok=True)
