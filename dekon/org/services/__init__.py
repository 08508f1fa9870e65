"""Writing people and places, and the one answer to "who may"."""

from dekon.org.selectors import Place, Subject, Verdict, may
from dekon.org.services.closing import close_account, close_idle_accounts, reopen_account
from dekon.org.services.dated import Stated, add_code, change_code, correct_code, end_code, refresh_codes, void_version
from dekon.org.services.dated_checks import require_reason
from dekon.org.services.days import NewDay, add_days, withdraw_day
from dekon.org.services.factors import (
    add_app,
    add_passkey,
    demo_code,
    remove_factor,
    renew_codes,
    reset_factors,
    try_code,
)
from dekon.org.services.leaving import minimise_leavers
from dekon.org.services.links import (
    accept_invitation,
    ask_for_reset,
    change_password,
    invite,
    reset_password,
    weaknesses,
    withdraw_invitation,
)
from dekon.org.services.mails import deliver_waiting, forget_old_mails
from dekon.org.services.office_checks import Decree
from dekon.org.services.offices import (
    Assigned,
    HandedOver,
    assign,
    delegate,
    end_assignment,
    hand_over,
    open_items,
    void_assignment,
)
from dekon.org.services.offices import Stated as StatedAssignment
from dekon.org.services.once import Sent, done_before, remember
from dekon.org.services.people import add_user, create_token, disable_user, require, revoke_token
from dekon.org.services.personal import record_nik, reseal_niks, show_nik
from dekon.org.services.reference import ensure_satker, load_reference
from dekon.org.services.registrations import (
    Applicant,
    Letter,
    approve_registration,
    note_letter_read,
    refuse_registration,
    register,
)
from dekon.org.services.signing_in import (
    Attempt,
    Caller,
    end_other_sign_ins,
    end_sign_in,
    forget_old_sign_ins,
    keep_session,
    leave,
    note_seen,
    note_sign_in,
    try_password,
)
from dekon.org.services.throttle import count_failure, forget_old_failures, seconds_to_wait

__all__ = [
    "Applicant",
    "Assigned",
    "Attempt",
    "Caller",
    "Decree",
    "HandedOver",
    "Letter",
    "NewDay",
    "Place",
    "Sent",
    "Stated",
    "StatedAssignment",
    "Subject",
    "Verdict",
    "accept_invitation",
    "add_app",
    "add_code",
    "add_days",
    "add_passkey",
    "add_user",
    "approve_registration",
    "ask_for_reset",
    "assign",
    "change_code",
    "change_password",
    "close_account",
    "close_idle_accounts",
    "correct_code",
    "count_failure",
    "create_token",
    "delegate",
    "deliver_waiting",
    "demo_code",
    "disable_user",
    "done_before",
    "end_assignment",
    "end_code",
    "end_other_sign_ins",
    "end_sign_in",
    "ensure_satker",
    "forget_old_failures",
    "forget_old_mails",
    "forget_old_sign_ins",
    "hand_over",
    "invite",
    "keep_session",
    "leave",
    "load_reference",
    "may",
    "minimise_leavers",
    "note_letter_read",
    "note_seen",
    "note_sign_in",
    "open_items",
    "record_nik",
    "refresh_codes",
    "refuse_registration",
    "register",
    "remember",
    "remove_factor",
    "renew_codes",
    "reopen_account",
    "require",
    "require_reason",
    "reseal_niks",
    "reset_factors",
    "reset_password",
    "revoke_token",
    "seconds_to_wait",
    "show_nik",
    "try_code",
    "try_password",
    "void_assignment",
    "void_version",
    "weaknesses",
    "withdraw_day",
    "withdraw_invitation",
]
