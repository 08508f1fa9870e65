"""Writing the budget: one function per use case."""

from dekon.budget.imports.marked import write_marked_workbook
from dekon.budget.services.cases import answer_case
from dekon.budget.services.dipa import block_pagu, record_dipa, release_block
from dekon.budget.services.outcome import ImportOptions
from dekon.budget.services.reference import load_reference
from dekon.budget.services.runs import apply_import, check_file, import_file, undo_import

__all__ = [
    "ImportOptions",
    "answer_case",
    "apply_import",
    "block_pagu",
    "check_file",
    "import_file",
    "load_reference",
    "record_dipa",
    "release_block",
    "undo_import",
    "write_marked_workbook",
]
