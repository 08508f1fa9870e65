"""Who I am and what I may do."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller
from dekon.api.envelope import answers
from dekon.org import selectors
from dekon.org.choices import Action

router = Router()


class AssignmentOut(Schema):
    """A role that somebody holds, somewhere, for a time."""

    role: str = Field(examples=["operator"])
    province: str | None = Field(None, alias="province.code", examples=["32"])
    unit: str | None = Field(None, alias="unit.code")
    satker: str | None = Field(None, alias="satker.code")
    valid_from: date
    valid_to: date | None
    actions: list[str] = Field(description="what the role may do there", examples=[["view-place", "use-api"]])

    @staticmethod
    def resolve_actions(assignment: object) -> list[str]:
        """The actions of the role, in the order of their list."""
        return [action.value for action in selectors.matrix().actions_of(getattr(assignment, "role", ""))]


class MeOut(Schema):
    """The caller."""

    username: str
    name: str = Field(alias="display_name")
    language: str
    assignments: list[AssignmentOut]


@router.get("/me", auth=allow(Action.USE_API), response=answers(MeOut), summary="Who I am")
def me(request: HttpRequest) -> dict[str, object]:
    """The caller's name, roles and rights as of today."""
    user = caller(request)
    return {
        "username": user.username, "display_name": str(user), "language": user.language,
        "assignments": selectors.assignments_of(user),
    }  # fmt: skip
