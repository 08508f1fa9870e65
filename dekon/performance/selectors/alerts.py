"""Alerts: lists, one by its number, how many wait, and their reason in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import FETCH_PEERS, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dekon.errors import NotFound
from dekon.history import selectors as history
from dekon.org.selectors import Matter, satker_place
from dekon.performance import words as said
from dekon.performance.choices import AlertState
from dekon.performance.early.rules import WarningRule, rules
from dekon.performance.models import Alert, AlertEvent

STATES: Final = ("aktif", "ditunda", "selesai", "semua")


def alerts(
    *, year: int, province: str = "", unit: str = "", satker: str = "", rule: str = "", state: str = "semua",
    today: date | None = None,
) -> QuerySet[Alert]:  # fmt: skip
    """Alerts of a year and place, the pressing and newest first.

    Args:
        year: fiscal year.
        province, unit, satker: codes; empty for all.
        rule: name of a rule; empty for all.
        state: `aktif` (open and not put off), `ditunda` (put off), `selesai`, `semua`.
        today: the day by which something is put off; today where not said.
    """
    found = Alert.objects.filter(fiscal_year=year).select_related("satker__province", "satker__unit")
    wanted = {
        "satker__province__code": province, "satker__unit__code": unit, "satker__code": satker, "rule": rule,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    quiet = Q(snoozed_until__gte=today or history.today())
    if state == "aktif":
        found = found.filter(state=AlertState.OPEN).exclude(quiet)
    elif state == "ditunda":
        found = found.filter(quiet, state=AlertState.OPEN)
    elif state == "selesai":
        found = found.filter(state=AlertState.CLOSED)
    return found.order_by("state", "severity", "-opened_on", "-id").fetch_mode(FETCH_PEERS)


def waiting(year: int, today: date) -> int:
    """How many alerts of a year are open and not put off, as far as the asker's scope reaches."""
    return alerts(year=year, state="aktif", today=today).order_by().count()


def alert(number: int) -> Alert:
    """One alert.

    Raises:
        NotFound: there is none of that number at the asker's place.
    """
    found = Alert.objects.select_related("satker__province", "satker__unit").fetch_mode(FETCH_PEERS)
    one = found.filter(pk=number).first()
    if one is None:
        raise NotFound("alert-unknown", number=number)
    return one


def events_of(one: Alert) -> list[AlertEvent]:
    """What happened to an alert, oldest first."""
    return list(AlertEvent.objects.filter(alert=one).order_by("id").fetch_mode(FETCH_PEERS))


def matter_of_alert(one: Alert) -> Matter:
    """How an alert stands, for `may`."""
    return Matter(satker_place(one.satker), one.state, str(AlertState(one.state).label))


def is_quiet(one: Alert, now: datetime) -> bool:
    """Whether it is put off at a moment."""
    return bool(one.snoozed_until and one.snoozed_until >= timezone.localdate(now))


def rule_words(name: str) -> str:
    """What a rule is called; its name where the house has it no more."""
    return {
        "behind-plan": _("Penyerapan di bawah rencana"),
        "output-behind-money": _("Uang mendahului output"),
        "money-behind-output": _("Output mendahului uang"),
        "rpd-lock-near": _("RPD segera terkunci"),
        "forecast-low": _("Proyeksi akhir tahun rendah"),
        "pagu-minus": _("Pagu minus"),
        "nothing-spent": _("Belum ada realisasi"),
    }.get(name, name)


def known_rules() -> tuple[WarningRule, ...]:
    """The rules of the house, in their order."""
    return rules()


def reason_words(one: Alert) -> str:
    """Why it is there, with its numbers."""
    words = {
        "behind-plan": _(
            "Realisasi %(measured)s poin pagu efektif di bawah rencana, %(compared)s bulan berturut-turut"
            " (batas %(limit)s poin); kurang %(amount)s."
        ),
        "output-behind-money": _(
            "RO %(subject)s: uang terpakai %(measured)s %%, output baru %(compared)s %% (batas selisih %(limit)s poin)."
        ),
        "money-behind-output": _(
            "RO %(subject)s: output %(compared)s %%, uang baru terpakai %(measured)s %% (batas selisih %(limit)s poin)."
        ),
        "rpd-lock-near": _(
            "Realisasi menyimpang %(measured)s %% dari RPD (toleransi %(limit)s %%); RPD triwulan ini terkunci"
            " sesudah %(due)s."
        ),
        "forecast-low": _(
            "Proyeksi akhir tahun %(measured)s %% dari pagu efektif (batas %(limit)s %%); kurang %(amount)s."
        ),
        "pagu-minus": _("%(measured)s pembayaran melebihi pagu, seluruhnya %(amount)s."),
        "nothing-spent": _("Belum ada realisasi sampai akhir bulan ke-%(limit)s dari pagu efektif %(amount)s."),
    }.get(one.rule, _("%(measured)s terhadap batas %(limit)s."))
    return words % {
        "measured": _number(one.measured), "compared": _number(one.compared), "limit": _number(one.limit),
        "amount": said.amount(one.amount_rp or 0), "subject": one.subject,
        "due": said.day(one.due_on) if one.due_on else "–",
    }  # fmt: skip


def _number(value: Decimal | None) -> str:
    """Without decimals where it is whole, else with one."""
    if value is None:
        return "–"
    return said.number(value, 0 if value == int(value) else 1)
