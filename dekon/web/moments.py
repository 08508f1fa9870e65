"""The time machine of the pages: which moment an address asks for, the banner that says so, links that stay there.

Two parameters, since there are two axes. `per` is a day of effect: what held at its end, by what is on record now.
`tercatat` is a moment of record: what the page showed then. `per` with a time means both: that day, as shown then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dekon.errors import RuleBroken
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.lib.periods import JAKARTA
from dekon.web import formats
from dekon.web.address import Address

READING = frozenset({"GET", "HEAD"})
DAY_LENGTH = 10
CARRIED = ("per", "tercatat")
OPENING = re.compile(r"<(?P<tag>a|form)\b(?P<rest>[^>]*)>")
HREF = re.compile(r'(?<=\bhref=")(/[^"#]*)(?=["#])')
ELSEWHERE = ("/static/", "/api/", "/keluar/", "/bahasa/", "/masuk/")


def has_time(text: str) -> bool:
    """Whether a value of `per` says a time besides the day."""
    return len(text) > DAY_LENGTH and text[DAY_LENGTH] in "T "


def moment_of(request: HttpRequest) -> datetime | None:
    """The moment of record that a page is asked for; None for now. What is sent is always sent now.

    Raises:
        RuleBroken: `moment-not-a-time`.
    """
    if request.method not in READING:
        return None
    per = request.GET.get("per", "")
    text = request.GET.get("tercatat", "") or (per if has_time(per) else "")
    if not text:
        return None
    moment = history.parsed(text)
    if moment is None:
        raise RuleBroken("moment-not-a-time", value=text[:40].replace("\x00", "\ufffd"))
    return moment


@contextmanager
def looking(request: HttpRequest) -> Iterator[None]:
    """Everything inside sees what was seen at the moment that the address asks for.

    Raises:
        RuleBroken: it is no time, lies ahead or before the records.
    """
    with as_at(moment_of(request)):
        yield


@dataclass(frozen=True, slots=True)
class Banner:
    """What the page says of its moment, and the form that asks for another; `words` are empty on a page of now."""

    title: str
    words: str
    now_href: str
    path: str
    hidden: tuple[tuple[str, str], ...]
    known_at: str
    day: str


def banner(request: HttpRequest, address: Address) -> Banner:
    """The banner and form of a page."""
    known_at, day = history.moment(), _day(request)
    hidden = tuple((name, value) for name, value in address.params.items() if name not in (*CARRIED, "unduh"))
    local = known_at.astimezone(JAKARTA) if known_at else None
    return Banner(
        title=_("Mesin waktu:"),
        words=_words(known_at, day),
        now_href=address.changed(per="", tercatat=""),
        path=address.path,
        hidden=hidden,
        known_at=f"{local:%Y-%m-%dT%H:%M:%S}" if local else "",
        day=day.isoformat() if day else "",
    )


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("per", "")[:DAY_LENGTH])
    except ValueError:
        return None


def _words(known_at: datetime | None, day: date | None) -> str:
    if known_at and day:
        return _("data per %(day)s, sebagaimana tercatat pada %(moment)s. Yang dicatat sesudahnya tidak tampak.") % {
            "day": formats.day(day), "moment": formats.moment(known_at),
        }  # fmt: skip
    if known_at:
        return _("data sebagaimana tercatat pada %(moment)s. Yang dicatat sesudahnya tidak tampak.") % {
            "moment": formats.moment(known_at)
        }
    if day and day < history.today():
        return _("data per %(day)s menurut tanggal berlaku, dari semua catatan sampai sekarang.") % {
            "day": formats.day(day)
        }
    return ""


def carried(request: HttpRequest, page: str) -> str:
    """The page with every link and every form that reads leading into the same moment.

    Marked with `data-now` a link or form keeps what it says. A page of now is left as it is.
    """
    if history.moment() is None:
        return page
    kept = {name: value for name in CARRIED if (value := request.GET.get(name, ""))}
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())

    def led(found: re.Match[str]) -> str:
        rest = found["rest"]
        if "data-now" in rest:
            return found[0]
        if found["tag"] == "form":
            return found[0] if 'method="post"' in rest else found[0] + fields
        return f"<a{HREF.sub(lambda href: _led(href[0], kept), rest)}>"

    return OPENING.sub(led, page)


def _led(href: str, kept: dict[str, str]) -> str:
    missing = {name: value for name, value in kept.items() if not re.search(rf"[?;&]{name}=", href)}
    if not missing or href.startswith(ELSEWHERE):
        return href
    return f"{href}{'&amp;' if '?' in href else '?'}{escape(urlencode(missing))}"
