"""How people's things stand, for `may`: assignments, registrations, invitations, accounts."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.org.choices import AccountState, AssignmentState, InvitationState, RegistrationState
from dekon.org.models import Invitation, Province, Registration, RoleAssignment, User
from dekon.org.selectors.rights import Matter, Place, satker_place


def assignment_state(row: RoleAssignment, on: date) -> AssignmentState:
    """Where an assignment stands on a day."""
    if row.voided_at:
        return AssignmentState.VOIDED
    if row.valid_to and row.valid_to < on:
        return AssignmentState.OVER
    if row.ended_at:
        return AssignmentState.ENDING
    return AssignmentState.COMING if row.valid_from > on else AssignmentState.HOLDS


def matter_of_assignment(row: RoleAssignment, on: date) -> Matter:
    """An assignment as something that is done to; it concerns its holder."""
    state = assignment_state(row, on)
    words = str(state.label)
    if row.voided_at:
        words = _("%(state)s oleh %(who)s, %(when)s (%(reason)s)") % {
            "state": words, "who": row.voided_by, "when": _when(row.voided_at), "reason": row.void_reason,
        }  # fmt: skip
    elif row.ended_at:
        words = f"{words}: {row.valid_to}, {row.end_reason}"
    if row.satker:
        place = satker_place(row.satker)
    else:
        names = str(row.province or row.unit or "")
        place = Place(row.province.code if row.province else "", row.unit.code if row.unit else "", "", names)
    return Matter(place, state, words, frozenset({row.user_id}))


def matter_of_registration(asked: Registration) -> Matter:
    """A request for an account; who asked may have an account with the same mail address already."""
    state = RegistrationState(asked.state)
    words = str(state.label)
    if asked.decided_at:
        words = _("%(state)s oleh %(who)s, %(when)s") % {
            "state": words, "who": asked.decided_by, "when": _when(asked.decided_at)
        }  # fmt: skip
    return Matter(_in(asked.province), state, words, people_at(asked.email))


def _when(at: datetime) -> str:
    """A moment in Jakarta, in words."""
    local = at.astimezone(JAKARTA)
    return _("%(day)s pukul %(time)s") % {"day": format_date(local.date()), "time": format_time(local)}


def invitation_state(made: Invitation, now: datetime) -> InvitationState:
    """What became of an invitation."""
    if made.link.used_at:
        return InvitationState.ACCEPTED
    if made.link.revoked_at:
        return InvitationState.WITHDRAWN
    return InvitationState.WAITING if made.link.expires_at > now else InvitationState.LAPSED


def matter_of_invitation(made: Invitation, now: datetime) -> Matter:
    """An invitation as something that is done to."""
    state = invitation_state(made, now)
    return Matter(_in(made.province) if made.province else None, state, str(state.label))


def matter_of_account(user: User) -> Matter:
    """An account; it concerns its owner."""
    state = AccountState.OPEN if user.is_active else AccountState.CLOSED
    return Matter(None, state, str(state.label), frozenset({user.pk}))


def people_at(email: str) -> frozenset[int]:
    """The accounts with a mail address."""
    return (
        frozenset(User.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True))
        if email
        else frozenset()
    )


def _in(province: Province) -> Place:
    return Place(province=province.code, name=province.name)
