"""From where a request comes: address, the browser in words, the secret by which it is known."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from dekon.org.services import Caller

DEVICE_COOKIE = "dekon_device"
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def caller_of(request: HttpRequest) -> Caller:
    """Who asks from where."""
    return Caller(address_of(request), device_of(request), request.COOKIES.get(DEVICE_COOKIE, "")[:64])


def address_of(request: HttpRequest) -> str:
    """The network address: what the outermost proxy of ours has seen, else the connection's own."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    trusted = settings.PROXIES
    found = told[-trusted] if trusted and len(told) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return ""


def device_of(request: HttpRequest) -> str:
    """The browser in words, such as `Chrome, Windows`; empty where it says nothing that is known."""
    said = request.headers.get("User-Agent", "")
    words = [next((name for mark, name in known if mark in said), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in words if word)
