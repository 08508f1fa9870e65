"""Time stamps after RFC 3161: from the authority that the environment names, else from this installation's own.

`DEKON_TSA_URL` is its address. `down:` is the fake of one that does not answer.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import datetime
from typing import Final

from asn1crypto import tsp
from django.conf import settings
from pyhanko.sign import timestamps

from dekon.errors import GatewayFailed
from dekon.gateways.authority import ensure_authority, renew_clock
from dekon.gateways.handing import certificate_of, chain_of, key_of, store_of

SECONDS: Final = 8
"""How long an authority may take for one stamp."""
MAX_ANSWER_BYTES: Final = 1 << 20


class Outside(timestamps.TimeStamper):
    """An authority that is asked over HTTP."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Asks for one stamp.

        Raises:
            GatewayFailed: `timestamp-unreachable`: no answer, or none that is a stamp.
        """
        request = urllib.request.Request(  # noqa: S310  the address comes from the settings alone
            settings.TSA_URL, data=req.dump(), headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  as above
                return tsp.TimeStampResp.load(answer.read(MAX_ANSWER_BYTES), strict=True)
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as problem:
            raise GatewayFailed("timestamp-unreachable", reason=type(problem).__name__) from problem


class _Down(timestamps.TimeStamper):
    """The fake of an authority that does not answer."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:  # noqa: ARG002  as the library calls it
        raise GatewayFailed("timestamp-unreachable", reason="down")


def clock() -> timestamps.TimeStamper:
    """Whoever says what time it is; asked only when a signature is made."""
    if settings.TSA_URL == "down:":
        return _Down()  # type: ignore[no-untyped-call]  # ships no types here
    return Outside() if settings.TSA_URL else local_clock()  # type: ignore[no-untyped-call]  # as above


def keep_clock_good(*, before: datetime) -> bool:
    """See to it that this installation's own clock is good until a moment; an authority outside sees to its own.

    Args:
        before: the moment, aware.

    Returns: whether the local clock was given a new certificate.
    """
    return not settings.TSA_URL and renew_clock(before=before)


def local_clock() -> timestamps.TimeStamper:
    """This installation's own time stamps, not certified."""
    authority = ensure_authority()
    return timestamps.DummyTimeStamper(
        tsa_cert=certificate_of(authority.clock), tsa_key=key_of(authority.clock),
        certs_to_embed=store_of(chain_of(authority)),
    )  # fmt: skip
