"""Mails reach a real server on the loopback address, or lie in the folder of the demo."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from pytest_django import Settings

from dekon.errors import GatewayFailed
from dekon.gateways import mail
from dekon.gateways.mail import Attachment, Mail

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
"""The test's server leaves a writer open when it stops."""
LETTER = Mail(
    "orang@dinas.example", "Segel harian – 2 Maret", "Terlampir segel.\n", (Attachment("segel.pdf", b"%PDF-1.7"),)
)


class Box:
    """What a server has taken."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802  as the library calls it
        assert envelope.content is not None
        content = envelope.content if isinstance(envelope.content, bytes) else envelope.content.encode()
        self.taken.append(message_from_bytes(content, EmailMessage, policy=default))
        return "250 taken"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def box(settings: Settings) -> Iterator[Box]:
    taking = Box()

    def known(server: object, session: object, envelope: object, mechanism: str, said: LoginPassword) -> AuthResult:
        return AuthResult(success=(said.login, said.password) == (b"dekon", b"p@ss/word"), handled=False)

    server = Controller(taking, hostname="127.0.0.1", port=free_port(), authenticator=known, auth_require_tls=False)
    server.start()
    settings.MAIL_URL = f"smtp://dekon:p%40ss%2Fword@127.0.0.1:{server.port}"
    yield taking
    server.stop()


def test_a_mail_reaches_the_server_with_its_attachment(box: Box) -> None:
    mail.send(LETTER)
    [taken] = box.taken
    assert (taken["To"], taken["Subject"]) == (LETTER.to, LETTER.subject)
    assert taken["Auto-Submitted"] == "auto-generated"
    text, file = list(taken.iter_parts())
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert (file.get_filename(), file.get_content()) == ("segel.pdf", b"%PDF-1.7")


def test_a_wrong_password_is_told_without_it(box: Box, settings: Settings) -> None:
    settings.MAIL_URL = settings.MAIL_URL.replace("p%40ss%2Fword", "salah")
    with pytest.raises(GatewayFailed) as refused:
        mail.send(LETTER)
    assert isinstance(refused.value.__cause__, smtplib.SMTPAuthenticationError)
    assert "salah" not in str(refused.value.message())
    assert box.taken == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(box: Box, settings: Settings) -> None:
    settings.MAIL_URL = settings.MAIL_URL.replace("smtp://", "smtp+starttls://")
    with pytest.raises(GatewayFailed):
        mail.send(LETTER)
    assert box.taken == []


def test_a_server_that_is_not_there_is_told(settings: Settings) -> None:
    settings.MAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(GatewayFailed) as refused:
        mail.send(LETTER)
    assert refused.value.code == "mail-not-sent"


@pytest.mark.parametrize("to", ["a@b.example\nBcc: semua@b.example", "a@b.example\r\n\r\nisi"])
def test_no_line_is_smuggled_into_the_head(to: str, settings: Settings, tmp_path: Path) -> None:
    settings.MAIL_URL, settings.MAIL_FOLDER = "", tmp_path
    with pytest.raises(GatewayFailed) as refused:
        mail.send(Mail(to, "Judul", "Isi"))
    assert refused.value.code == "mail-unwritable"
    assert not list(tmp_path.iterdir())


def test_without_a_server_mails_lie_in_a_folder_for_the_owner_only(settings: Settings, tmp_path: Path) -> None:
    settings.MAIL_URL, settings.MAIL_FOLDER = "", tmp_path / "outbox"
    mail.send(LETTER)
    [file] = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == LETTER.to


def test_the_fake_keeps_what_it_is_given() -> None:
    mail.SENT.clear()
    mail.send(LETTER)
    assert mail.SENT == [LETTER]
