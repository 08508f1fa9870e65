"""Tables of the budget, by subject."""

from dekon.budget.models.codes import Akun, FiscalYear, Kegiatan, Kro, PathName, Program
from dekon.budget.models.dipa import (
    Block,
    BlockRelease,
    BudgetItem,
    Dipa,
    DipaRevision,
    PlannedMonth,
    PlannedTotal,
    RpdMonth,
    RpdVersion,
)
from dekon.budget.models.imports import ImportDependency, ImportRun
from dekon.budget.models.payments import PaymentLine, Sp2dHeader
from dekon.budget.models.policy import Outcome, Policy, PolicyLink, PolicyTarget, Ro, RoProgress, Theme, ThemeTag
from dekon.budget.models.reconciliation import (
    CaseNote,
    ReconciliationCase,
    Statement,
    StatementFigure,
    StatementPosting,
)
from dekon.budget.models.records import ExecutionRecord
from dekon.budget.models.reservations import Reservation, ReservationRelease

__all__ = [
    "Akun", "Block", "BlockRelease", "BudgetItem", "CaseNote", "Dipa", "DipaRevision", "ExecutionRecord", "FiscalYear",
    "ImportDependency", "ImportRun", "Kegiatan", "Kro", "Outcome", "PathName", "PaymentLine", "PlannedMonth",
    "PlannedTotal", "Policy", "PolicyLink", "PolicyTarget", "Program", "ReconciliationCase", "Reservation",
    "ReservationRelease", "Ro", "RoProgress", "RpdMonth", "RpdVersion", "Sp2dHeader", "Statement", "StatementFigure",
    "StatementPosting", "Theme", "ThemeTag",
]  # fmt: skip
