"""BSrE's E-Sign client as its public client packages describe it: an HTTP service that signs what it is sent.

Knows one person by NIK and passphrase; answers in its own words; can be slow. Remembers no passphrase.
"""

from __future__ import annotations

import base64
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from dekon.gateways.handing import beside
from dekon.gateways.signing import Pen

NIK, PASSPHRASE, LOGIN = "3201010101010001", "sandi bsre percobaan", ("dekon", "rahasia")


class Service(ThreadingHTTPServer):
    """The service with one official's key."""

    daemon_threads = True

    def __init__(self, pen: Pen, slow_seconds: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pen = pen
        self.slow_seconds = slow_seconds
        self.seen: list[set[str]] = []


class Handler(BaseHTTPRequestHandler):
    """One call."""

    server: Service

    def do_POST(self) -> None:
        """Signs, or says why not."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.slow_seconds)
        wanted = "Basic " + base64.b64encode(":".join(LOGIN).encode()).decode()
        if self.path != "/api/sign/pdf" or self.headers["Authorization"] != wanted:
            self.refuse(401, 0, "Unauthorized")
            return
        said = parts(self.headers["Content-Type"], body)
        self.server.seen.append(set(said))
        if said["nik"].decode() != NIK:
            self.refuse(400, 2011, "User belum terdaftar")
        elif said["passphrase"].decode() != PASSPHRASE:
            self.refuse(400, 2031, "Passphrase anda salah")
        else:
            self.answer(200, "application/pdf", signed(self.server.pen, said))

    def refuse(self, status: int, code: int, words: str) -> None:
        """The service's own form of an error."""
        self.answer(status, "application/json", json.dumps({"status_code": code, "error": words}).encode())

    def answer(self, status: int, kind: str, body: bytes) -> None:
        """One answer; a caller who has gone is no fault of the service."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the library names it
        """Says nothing."""


def parts(kind: str, body: bytes) -> dict[str, bytes]:
    """The fields of a form with files."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_param("name", header="content-disposition"))] = content
    return found


def signed(pen: Pen, said: dict[str, bytes]) -> bytes:
    """A field of its own at the place that was asked for, signed as an incremental update."""
    left, bottom = int(said["xAxis"]), int(said["yAxis"])
    box = (left, bottom, left + int(said["width"]), bottom + int(said["height"]))
    spec = SigFieldSpec("BSrE1", on_page=int(said["page"]) - 1, box=box)
    out = io.BytesIO()
    with pen.open() as signer:
        meta = signers.PdfSignatureMetadata(field_name="BSrE1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        maker = signers.PdfSigner(meta, signer, new_field_spec=spec)
        beside(maker.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(said["file"])), output=out)
    return out.getvalue()


@contextmanager
def service(pen: Pen, slow_seconds: float = 0) -> Iterator[Service]:
    """The service on the loopback address for the length of a block."""
    running = Service(pen, slow_seconds)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()


def address(running: Service) -> str:
    """The address with user and password."""
    return f"http://{LOGIN[0]}:{LOGIN[1]}@127.0.0.1:{running.server_address[1]}"
