"""The time machine of the pages: which moment an address asks for, the banner that says so, links that stay there.

Two parameters, since there are two axes. `per` is a day of effect: what held at its end, by what is on record now.
`tercatat` is a moment of record: what the page showed then. `per` with a time means both: that day, as shown then.
What a page makes of each says `history.choices`; what it makes nothing of, its banner does not claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from typing import Literal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from dekon.errors import RuleBroken
from dekon.history import selectors as history
from dekon.history.choices import Effect, Record, Stance, stances
from dekon.history.services import as_at
from dekon.lib.periods import JAKARTA, year_end, year_start
from dekon.web import formats
from dekon.web.address import Address

READING = frozenset({"GET", "HEAD"})
DAY_LENGTH = 10
CARRIED = ("per", "tercatat")
LINK = re.compile(r"<a\b(?P<rest>[^>]*)>(?P<words>.*?)</a>", re.DOTALL)
FORM = re.compile(r"<form\b(?P<rest>[^>]*)>(?P<body>.*?)</form>", re.DOTALL)
HREF = re.compile(r'(?<=\bhref=")(/[^"#]*)(?=["#])')
IN_A_PATH = re.compile(r"<(?:(\w+):)?\w+>")
WORD = {"int": r"\d+", "slug": r"[-\w]+", "str": r"[^/]+"}
ELSEWHERE = ("/static/", "/api/", "/keluar/", "/bahasa/", "/masuk/")


def stance_of(request: HttpRequest) -> Stance:
    """What the page of a request makes of a past moment."""
    match = request.resolver_match
    return stances("pages").get(f"/{match.route}", Stance()) if match else Stance()


def has_time(text: str) -> bool:
    """Whether a value of `per` says a time besides the day."""
    return len(text) > DAY_LENGTH and text[DAY_LENGTH] in "T "


def asked_of(request: HttpRequest) -> datetime | None:
    """The moment of record that an address names; None for now. What is sent is always sent now.

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


def moment_of(request: HttpRequest) -> datetime | None:
    """The moment that a page looks back to; None for now, and on pages that always show what is now.

    Raises:
        RuleBroken: `moment-not-a-time`.
    """
    return None if stance_of(request).record is Record.NOW else asked_of(request)


@contextmanager
def looking(request: HttpRequest) -> Iterator[None]:
    """Everything inside sees what was seen at the moment that the address asks for.

    Raises:
        RuleBroken: it is no time, lies ahead or before the records, or the page only writes.
    """
    moment = moment_of(request)
    if moment and stance_of(request).record is Record.FORM:
        raise RuleBroken("moment-nothing-to-write")
    with as_at(moment):
        yield


def day_of_effect(request: HttpRequest) -> date | None:
    """The day that `per` names, on pages of no fiscal year; None where it names none.

    Raises:
        RuleBroken: `page-day-wrong`.
    """
    text = request.GET.get("per", "")
    try:
        return date.fromisoformat(text[:DAY_LENGTH] if has_time(text) else text) if text else None
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text[:40].replace("\x00", "\ufffd")) from problem


def today(request: HttpRequest) -> date:
    """The day as of which a page of no fiscal year shows things.

    Raises:
        RuleBroken: `page-day-wrong`.
    """
    return day_of_effect(request) or history.today()


@dataclass(frozen=True, slots=True)
class Banner:
    """What the page says of its moment, and the form that asks for another; `words` are empty on a page of now.

    `quiet`: the page shows what is now all the same, and the words say why.
    """

    title: str
    words: str
    quiet: bool
    now_href: str
    path: str
    hidden: tuple[tuple[str, str], ...]
    known_at: str
    day: str


def banner(request: HttpRequest, address: Address, year: int | None = None) -> Banner:
    """The banner and form of a page.

    Args:
        year: the fiscal year within which the page keeps the day.
    """
    stance, asked, day = stance_of(request), _asked(request), _day(request, year)
    claimed = bool(moment_of(request)) or bool(day_kept(request, year))
    local = asked.astimezone(JAKARTA) if asked else None
    return Banner(
        title=_("Mesin waktu:"),
        words=_words(stance, asked, day),
        quiet=not claimed,
        now_href=address.changed(per="", tercatat=""),
        path=address.path,
        hidden=tuple((name, value) for name, value in address.params.items() if name not in (*CARRIED, "unduh")),
        known_at=f"{local:%Y-%m-%dT%H:%M:%S}" if local else "",
        day=day.isoformat() if day else "",
    )


def day_kept(request: HttpRequest, year: int | None = None) -> date | None:
    """The day of effect to which a page keeps; None where none is asked for or the page knows none.

    Args:
        year: the fiscal year within which the page keeps the day.
    """
    return _day(request, year) if stance_of(request).effect is Effect.DAY else None


def _asked(request: HttpRequest) -> datetime | None:
    try:
        return asked_of(request)
    except RuleBroken:
        return None


def _day(request: HttpRequest, year: int | None) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get("per", "")[:DAY_LENGTH])
    except ValueError:
        return None
    return min(max(day, year_start(year)), year_end(year)) if year else day


def _words(stance: Stance, asked: datetime | None, day: date | None) -> str:
    """What of the two the page shows, and why not the rest."""
    if stance.record is Record.NOW:
        return _("%(why)s Yang tampil di sini selalu keadaan sekarang.") % {"why": why_now(stance)} if asked else ""
    if stance.effect is Effect.DAY:
        return _dated(asked, day)
    said = [_dated(asked, None)] if asked else []
    if day and day < history.today():
        said.append(_("Tanggal berlaku tidak menyaring halaman ini: %(why)s") % {"why": why_no_day(stance)})
    return " ".join(said)


def _dated(asked: datetime | None, day: date | None) -> str:
    if asked and day:
        return _("data per %(day)s, sebagaimana tercatat pada %(moment)s. Yang dicatat sesudahnya tidak tampak.") % {
            "day": formats.day(day), "moment": formats.moment(asked),
        }  # fmt: skip
    if asked:
        return _("data sebagaimana tercatat pada %(moment)s. Yang dicatat sesudahnya tidak tampak.") % {
            "moment": formats.moment(asked)
        }
    if day and day < history.today():
        return _("data per %(day)s menurut tanggal berlaku, dari semua catatan sampai sekarang.") % {
            "day": formats.day(day)
        }
    return ""


def why_now(stance: Stance) -> str:
    """Why a page always shows what is now."""
    return {
        "accounts": _("Isian akun tidak disimpan menurut waktu."),
        "rights": _("Hak akses yang berlaku adalah hak hari ini."),
        "contents": _("Halaman ini tidak memuat data yang berubah."),
        "dossier": _("Dosir selalu diambil dari keadaan saat diminta."),
        "verification": _("Pemeriksaan selalu melihat register yang berlaku sekarang."),
        "signing": _("Yang ditandatangani ialah naskah yang berlaku sekarang."),
        "meetings": _("Rapat tampil menurut keadaan sekarang; perubahannya ada dalam riwayat."),
        "register": _("Register selalu memuat naskah menurut keadaan sekarang."),
        "documents": _("Register selalu menunjukkan keadaan sekarang; yang dicabut tetap tampil."),
        "machinery": _("Halaman ini tentang sistemnya sendiri."),
    }[stance.why]


def why_no_day(stance: Stance) -> str:
    """Why a page knows no day of effect."""
    return {
        "whole-year": _("isinya berlaku untuk setahun penuh."),
        "record-only": _("isinya hanya punya waktu pencatatan."),
        "sought": _("pencarian menelusuri semua tanggal."),
    }[stance.without]


def carried(request: HttpRequest, page: str) -> str:
    """The page with every link and every form that reads leading into the same moment; nothing on it writes.

    A form that is sent gives way to a word why, a link to a page that writes to its bare text. Marked with `data-now` a
    link or form keeps what it says. A page of now is left as it is.
    """
    kept = {name: value for name in CARRIED if (value := request.GET.get(name, ""))}
    if not kept:
        return page
    if moment_of(request):
        page = LINK.sub(_unwritten, page)
        words = iter([f'<p class="muted sm">{nothing_to_write()}</p>'])
        page = FORM.sub(lambda form: next(words, "") if _is_sent(form) else form[0], page)
    page = FORM.sub(lambda form: form[0] if _stays(form) else _form(form, kept), page)
    return LINK.sub(lambda link: _link(link, kept), page)


def _is_sent(form: re.Match[str]) -> bool:
    return "data-now" not in form["rest"] and 'method="post"' in form["rest"]


def _stays(form: re.Match[str]) -> bool:
    return "data-now" in form["rest"] or 'method="post"' in form["rest"]


def _form(form: re.Match[str], kept: dict[str, str]) -> str:
    """A form that reads, in the same moment; what it asks for itself it says itself."""
    said = {name: value for name, value in kept.items() if f'name="{name}"' not in form["body"]}
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in said.items())
    return f"<form{form['rest']}>{fields}{form['body']}</form>"


def nothing_to_write() -> str:
    """Why a page of the past has no forms."""
    return _("Ini halaman masa lalu: tidak ada yang dapat dicatat di sini. Kembali ke sekarang untuk mencatat.")


def _unwritten(link: re.Match[str]) -> str:
    href = HREF.search(link["rest"])
    if "data-now" in link["rest"] or not href or not _writing().fullmatch(href[0].partition("?")[0]):
        return link[0]
    return "" if 'class="btn' in link["rest"] else "–" if "rowlink" in link["rest"] else link["words"]


@cache
def _writing() -> re.Pattern[str]:
    """The addresses that write."""
    paths = [path for path, stance in stances("pages").items() if stance.record in {Record.FORM, Record.SENT}]
    return re.compile("|".join(IN_A_PATH.sub(lambda found: WORD[found[1] or "str"], path) for path in paths))


def _link(link: re.Match[str], kept: dict[str, str]) -> str:
    if "data-now" in link["rest"]:
        return link[0]
    return f"<a{HREF.sub(lambda href: led(href[0], kept), link['rest'])}>{link['words']}</a>"


def led(href: str, kept: dict[str, str], ampersand: Literal["&", "&amp;"] = "&amp;") -> str:
    """An address that leads into the same moment."""
    missing = {name: value for name, value in kept.items() if not re.search(rf"[?;&]{name}=", href)}
    if not missing or href.startswith(ELSEWHERE):
        return href
    return f"{href}{ampersand if '?' in href else '?'}{urlencode(missing).replace('&', ampersand)}"


def followed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An answer that sends a reader on, into the same moment."""
    kept = {name: value for name in CARRIED if (value := request.GET.get(name, ""))}
    where = response.headers.get("Location", "")
    if kept and request.method in READING and where.startswith("/"):
        response.headers["Location"] = led(where, kept, "&")
    return response
