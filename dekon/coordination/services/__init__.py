"""Preparing meetings, inviting people, and taking attendance."""

from dekon.coordination.services.meetings import (
    MaterialFile,
    MeetingFacts,
    SessionFacts,
    add_material,
    change_meeting,
    move_meeting,
    plan_meeting,
    remove_session,
    state_session,
    withdraw_material,
)

__all__ = [
    "MaterialFile",
    "MeetingFacts",
    "SessionFacts",
    "add_material",
    "change_meeting",
    "move_meeting",
    "plan_meeting",
    "remove_session",
    "state_session",
    "withdraw_material",
]
