"""Writing people and places, and the one answer to "who may"."""

from dekon.org.selectors import Place, Subject, Verdict, may
from dekon.org.services.dated import Stated, add_code, change_code, correct_code, end_code, refresh_codes, void_version
from dekon.org.services.days import NewDay, add_days, withdraw_day
from dekon.org.services.office_checks import Decree
from dekon.org.services.offices import (
    Assigned,
    HandedOver,
    assign,
    delegate,
    end_assignment,
    hand_over,
    open_items,
)
from dekon.org.services.offices import Stated as StatedAssignment
from dekon.org.services.once import Sent, done_before, remember
from dekon.org.services.people import add_user, create_token, disable_user, require
from dekon.org.services.personal import record_nik, reseal_niks, show_nik
from dekon.org.services.reference import ensure_satker, load_reference

__all__ = [
    "Assigned",
    "Decree",
    "HandedOver",
    "NewDay",
    "Place",
    "Sent",
    "Stated",
    "StatedAssignment",
    "Subject",
    "Verdict",
    "add_code",
    "add_days",
    "add_user",
    "assign",
    "change_code",
    "correct_code",
    "create_token",
    "delegate",
    "disable_user",
    "done_before",
    "end_assignment",
    "end_code",
    "ensure_satker",
    "hand_over",
    "load_reference",
    "may",
    "open_items",
    "record_nik",
    "refresh_codes",
    "remember",
    "require",
    "reseal_niks",
    "show_nik",
    "void_version",
    "withdraw_day",
]
