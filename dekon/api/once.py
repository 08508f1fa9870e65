"""`Idempotency-Key`: a call that is sent again with its key changes nothing and gets the first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from dekon.errors import RuleBroken
from dekon.org.services import Sent, done_before, remember

if TYPE_CHECKING:
    from dekon.org.models import User

HEADER = "Idempotency-Key"
SENT = "dekon_sent"
MAX_LENGTH = 64
JSON = "application/json; charset=utf-8"


class Repeated(Exception):
    """The call was carried out before; carries what it was answered."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__()
        self.status = status
        self.body = body


def claim(request: HttpRequest, user: User) -> None:
    """Take the key of a call that writes, once its caller is known.

    Raises:
        RuleBroken: the key is too long or not plain.
        Conflict: the key was used for another call.
        Repeated: it was carried out before.
    """
    key = request.headers.get(HEADER, "")
    if not key or hasattr(request, SENT):
        return
    if len(key) > MAX_LENGTH or not (key.isascii() and key.isprintable()):
        raise RuleBroken("api-key-unfit", length=MAX_LENGTH)
    body = b"" if request.content_type == "multipart/form-data" else request.body
    sent = Sent(user, key, f"{request.method} {request.path}", body)
    if (before := done_before(sent=sent)) is not None:
        raise Repeated(before.status, before.answer)
    setattr(request, SENT, sent)


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the answer of a call that came with a key."""
    sent = getattr(request, SENT, None)
    if isinstance(sent, Sent):
        remember(sent=sent, status=response.status_code, answer=response.content.decode())


def first_answer(error: Exception | type[Exception]) -> HttpResponse:
    """What the first call was answered."""
    assert isinstance(error, Repeated)
    return HttpResponse(error.body, status=error.status, content_type=JSON, headers={"Idempotent-Replayed": "true"})
