"""BSrE's E-Sign client: an HTTP service of the agency that signs a PDF with the official's certified certificate.

`DEKON_ESIGN_URL` is its address with user and password (https://user:password@esign.example.go.id). The passphrase goes
into the body of one request and nowhere else. What comes back is looked at like a file that was signed outside.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from dekon.errors import GatewayFailed, RuleBroken
from dekon.gateways.handing import Secret
from dekon.gateways.signing import Place

MAX_ANSWER_BYTES: Final = 100 * 1024 * 1024
WRONG_PASSPHRASE: Final = frozenset({2031})
NOT_REGISTERED: Final = frozenset({2011, 2021})
"""Codes of the service, as its client packages name them; the words are looked at too."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is signed: the PDF, where the signature stands, its face as PNG, and why."""

    pdf: bytes
    place: Place
    face: bytes
    reason: str


def is_configured() -> bool:
    """Whether this installation reaches the service."""
    return bool(settings.ESIGN_URL)


def sign(order: Order, nik: Secret, passphrase: Secret) -> bytes:
    """The PDF with the official's signature, as the service gives it back.

    Args:
        order: what is signed.
        nik: the official's national identity number, by which the service knows the person.
        passphrase: the official's.

    Raises:
        RuleBroken: `passphrase-wrong`, `esign-unregistered` (no certificate for this person), or `esign-refused`.
        GatewayFailed: `esign-unreachable` or `esign-unclear`: nothing was signed as far as can be known.
    """
    left, bottom, right, top = order.place.box()
    fields = {
        "nik": nik.reveal(), "passphrase": passphrase.reveal(), "tampilan": "visible", "image": "true",
        "page": str(order.place.page), "xAxis": str(left), "yAxis": str(bottom), "width": str(right - left),
        "height": str(top - bottom), "reason": order.reason,
    }  # fmt: skip
    files = (("file", "dokumen.pdf", "application/pdf", order.pdf), ("imageTTD", "ttd.png", "image/png", order.face))
    boundary = secrets.token_hex(16)
    answer = _ask("/api/sign/pdf", _multipart(fields, files, boundary), boundary)
    if not answer.startswith(b"%PDF-"):
        raise GatewayFailed("esign-unclear", said="-")
    return answer


def _ask(path: str, body: bytes, boundary: str) -> bytes:
    where = urlsplit(settings.ESIGN_URL)
    request = urllib.request.Request(  # noqa: S310  the address comes from the settings alone
        _bare(where) + path, data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}", "Authorization": _basic(where)},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=settings.ESIGN_SECONDS) as answer:  # noqa: S310  as above
            whole: bytes = answer.read(MAX_ANSWER_BYTES)
            return whole
    except urllib.error.HTTPError as problem:
        raise _refusal(problem.code, problem.read(1 << 16)) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as problem:
        raise GatewayFailed("esign-unreachable", reason=type(problem).__name__) from None


def _refusal(status: int, body: bytes) -> RuleBroken | GatewayFailed:
    """What the service's refusal means. Its words never carry the passphrase on: they are cut to what we know."""
    try:
        said: dict[str, Any] = json.loads(body)
        code, words = int(said.get("status_code", 0)), str(said.get("error", ""))
    except (ValueError, TypeError, AttributeError):
        return GatewayFailed("esign-unclear", said=str(status))
    if code in WRONG_PASSPHRASE or "passphrase" in words.lower():
        return RuleBroken("passphrase-wrong")
    if code in NOT_REGISTERED:
        return RuleBroken("esign-unregistered")
    if status >= http.client.INTERNAL_SERVER_ERROR or status in {401, 403, 404}:
        return GatewayFailed("esign-unclear", said=f"{status}/{code}")
    return RuleBroken("esign-refused", number=code or status)


def _multipart(fields: dict[str, str], files: tuple[tuple[str, str, str, bytes], ...], boundary: str) -> bytes:
    mark = f"--{boundary}\r\n".encode("ascii")
    parts = [
        mark + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        mark + f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\n'.encode()
        + f"Content-Type: {kind}\r\n\r\n".encode()
        + content + b"\r\n"
        for name, file, kind, content in files
    ]  # fmt: skip
    return b"".join(parts) + f"--{boundary}--\r\n".encode("ascii")


def _bare(where: SplitResult) -> str:
    host = where.netloc.rpartition("@")[2]
    return f"{where.scheme}://{host}{where.path.rstrip('/')}"


def _basic(where: SplitResult) -> str:
    pair = f"{unquote(where.username or '')}:{unquote(where.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
