"""Preparing meetings, inviting people, and taking attendance."""

from dekon.coordination.services.decisions import (
    DecisionFacts,
    Evidence,
    claim_decision,
    matter_for,
    record_decision,
    verify_decision,
    withdraw_decision,
)
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
from dekon.coordination.services.minutes import Saved, add_block, close_minutes, save_text
from dekon.coordination.services.raised_issues import issue_matter, move_issue, raise_issue
from dekon.coordination.services.reporting import issue_report

__all__ = [
    "DecisionFacts",
    "Evidence",
    "Saved",
    "add_block",
    "claim_decision",
    "close_minutes",
    "issue_matter",
    "issue_report",
    "matter_for",
    "move_issue",
    "raise_issue",
    "record_decision",
    "save_text",
    "verify_decision",
    "withdraw_decision",
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
