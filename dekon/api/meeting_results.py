"""What meetings brought about: decisions, issues raised by regions, and what waits for the caller."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.coordination import selectors, services
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.performance.selectors.tasks import tasks_of

router = Router()

PROVINCE = Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])]
UNIT = Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["13"])]
WORDS = Annotated[str, Field(max_length=2000, examples=["RPD triwulan II terkirim dengan surat nomor 12."])]


class StepOut(Schema):
    """A step of a decision or an issue."""

    state: str
    words: str
    by: str = Field(alias="by.username")
    at: datetime

    @staticmethod
    def resolve_words(one: Any) -> str:
        """What was said."""
        return str(getattr(one, "note", "") or getattr(one, "text", ""))


class DecisionOut(Schema):
    """A decision of a meeting, with its owner and how far it is."""

    id: int
    meeting: int = Field(alias="meeting_id")
    number: int = Field(description="within the meeting")
    text: str
    owner_role: str = Field(examples=["kadis"])
    province: str = Field(description="Kemendagri code; empty where the owner is of the ministry", examples=["32"])
    unit: str = Field(examples=["13"])
    due_on: date
    path: str = Field(description="programme or RO that it is about", examples=["DL.2175.SCH.001"])
    state: str = Field(description="terbuka, dilaporkan, dikembalikan, selesai or dicabut")
    overdue: bool = Field(description="its day has passed and nobody reported it as done")
    steps: list[StepOut]

    @staticmethod
    def resolve_province(one: Any) -> str:
        """The province, if it is addressed to one."""
        return one.province.code if one.province else ""

    @staticmethod
    def resolve_unit(one: Any) -> str:
        """The unit, if it is addressed to one."""
        return one.unit.code if one.unit else ""

    @staticmethod
    def resolve_overdue(one: Any) -> bool:
        """Whether it is late today."""
        return one.state in selectors.WAITING and one.due_on < timezone.localdate()

    @staticmethod
    def resolve_steps(one: Any) -> list[Any]:
        """What became of it, oldest first."""
        return list(one.events.all())


class IssueOut(Schema):
    """An issue that a region raised, and what was answered."""

    id: int
    meeting: int = Field(alias="meeting_id")
    province: str = Field(alias="province.code", examples=["32"])
    category: str = Field(examples=["anggaran"])
    text: str
    unit: str = Field(description="who answers; empty: the planning bureau", examples=["13"])
    state: str = Field(description="terbuka, dijawab, ditanya-lagi, selesai or dicabut")
    raised_on: date
    answered_on: date | None = Field(description="day of the first answer")
    working_days: int | None = Field(description="to the first answer, or to today while it waits")
    steps: list[StepOut]

    @staticmethod
    def resolve_unit(one: Any) -> str:
        """The unit that answers, if one is named."""
        return one.unit.code if one.unit else ""

    @staticmethod
    def resolve_working_days(one: Any) -> int | None:
        """How long the answer took."""
        return selectors.days_to_answer(one, org.working_calendar(), timezone.localdate())

    @staticmethod
    def resolve_steps(one: Any) -> list[Any]:
        """What was said, oldest first."""
        return list(one.events.all())


class DecisionQuery(PageQuery):
    """Which decisions."""

    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None
    meeting: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    province: PROVINCE = ""
    unit: UNIT = ""
    state: Literal["", "terbuka", "dilaporkan", "dikembalikan", "selesai", "dicabut"] = ""


class IssueQuery(PageQuery):
    """Which issues."""

    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None
    meeting: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    province: PROVINCE = ""
    unit: UNIT = ""
    state: Literal["", "terbuka", "dijawab", "ditanya-lagi", "selesai", "dicabut"] = ""


class ClaimIn(Schema):
    """What was done."""

    note: WORDS


class VerificationIn(Schema):
    """Whether it is done; if not, what is lacking."""

    done: bool
    note: WORDS = ""


class IssueStepIn(Schema):
    """The next step of an issue."""

    state: Literal["dijawab", "ditanya-lagi", "selesai", "dicabut"]
    text: WORDS = ""


class TaskOut(Schema):
    """Something that waits for the caller."""

    kind: str = Field(examples=["decision"])
    number: int = Field(description="of the thing")
    title: str
    detail: str
    due_on: date | None
    since: date | None


@router.get(
    "/decisions", auth=allow(Action.VIEW_PLACE), response=answers(Page[DecisionOut]), summary="Decisions of meetings"
)
def decisions(request: HttpRequest, query: Query[DecisionQuery]) -> Rows:
    """Decisions that the caller may see, by the day on which they are due."""
    wanted = DecisionsWanted(
        year=query.year, meeting=query.meeting, province=query.province, unit=query.unit, state=query.state
    )
    return paged(selectors.decisions(wanted), query)


@router.post(
    "/decisions/{number}/claim", auth=allow(Action.CLAIM_DECISION), response=answers(DecisionOut),
    summary="Report a decision as done",
)  # fmt: skip
def claim(request: HttpRequest, number: int, body: ClaimIn) -> object:
    """Report a decision as done. A file as evidence is brought on the page."""
    return services.claim_decision(actor=caller(request), decision_id=number, note=body.note, at=timezone.now())


@router.post(
    "/decisions/{number}/verification", auth=allow(Action.VERIFY_DECISION), response=answers(DecisionOut),
    summary="Verify or return a decision",
)  # fmt: skip
def verify(request: HttpRequest, number: int, body: VerificationIn) -> object:
    """Say whether what was reported is done."""
    return services.verify_decision(
        actor=caller(request), decision_id=number, done=body.done, note=body.note, at=timezone.now()
    )


@router.get(
    "/issues", auth=allow(Action.VIEW_PLACE), response=answers(Page[IssueOut]), summary="Issues raised by regions"
)
def issues(request: HttpRequest, query: Query[IssueQuery]) -> Rows:
    """Issues that the caller may see, the oldest first."""
    wanted = IssuesWanted(
        year=query.year, meeting=query.meeting, province=query.province, unit=query.unit, state=query.state
    )
    return paged(selectors.raised_issues(wanted), query)


@router.post(
    "/issues/{number}/steps", auth=allow(Action.VIEW_PLACE), response=answers(IssueOut), summary="Answer an issue"
)
def move_issue(request: HttpRequest, number: int, body: IssueStepIn) -> object:
    """Answer an issue, ask again, settle it or withdraw it."""
    return services.move_issue(
        actor=caller(request), issue_id=number, to=body.state, text=body.text, at=timezone.now()
    )  # fmt: skip


@router.get("/tasks", auth=allow(Action.USE_API), response=answers(list[TaskOut]), summary="What waits for the caller")
def tasks(request: HttpRequest) -> object:
    """Decisions, issues, signatures, cases and registrations that the caller can deal with now; most urgent first."""
    return tasks_of(caller(request), timezone.localdate())
