"""Writing the budget: one function per use case."""

from dekon.budget.imports.marked import write_marked_workbook
from dekon.budget.services.background import (
    ask_to_apply,
    bring_file,
    discard_import,
    give_up_lost_imports,
    stop_applying,
)
from dekon.budget.services.blocks import block_pagu, release_block
from dekon.budget.services.cases import answer_case, step_of
from dekon.budget.services.codes import DATED_LISTS, add_holidays, dated_list, refresh_all_codes, withdraw_holiday
from dekon.budget.services.dipa import record_dipa
from dekon.budget.services.outcome import ImportOptions
from dekon.budget.services.outcomes import record_outcome, remove_outcome
from dekon.budget.services.policies import (
    link_policy,
    remove_policy,
    remove_target,
    state_policy,
    state_target,
    state_year,
    unlink_policy,
)
from dekon.budget.services.records import RecordFacts, record_execution, withdraw_record
from dekon.budget.services.reference import load_reference
from dekon.budget.services.reservations import release_reservation, reserve_pagu
from dekon.budget.services.revisions import AUTHORITIES, describe_revision
from dekon.budget.services.runs import apply_import, check_file, import_file
from dekon.budget.services.themes import remove_theme, state_theme, tag, untag
from dekon.budget.services.undo import undo_import

__all__ = [
    "AUTHORITIES",
    "DATED_LISTS",
    "ImportOptions",
    "RecordFacts",
    "add_holidays",
    "answer_case",
    "step_of",
    "apply_import",
    "ask_to_apply",
    "block_pagu",
    "bring_file",
    "check_file",
    "dated_list",
    "discard_import",
    "give_up_lost_imports",
    "describe_revision",
    "import_file",
    "link_policy",
    "load_reference",
    "record_dipa",
    "record_execution",
    "record_outcome",
    "refresh_all_codes",
    "release_block",
    "release_reservation",
    "remove_outcome",
    "remove_policy",
    "remove_target",
    "remove_theme",
    "reserve_pagu",
    "state_policy",
    "state_target",
    "state_theme",
    "state_year",
    "stop_applying",
    "tag",
    "undo_import",
    "unlink_policy",
    "untag",
    "withdraw_holiday",
    "withdraw_record",
    "write_marked_workbook",
]
