"""The matrix of rights, typed: `matrix.yaml` read once. Whoever asks "who may" asks `selectors.may`, not this.

A word that the file spells wrongly stops the start with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dekon.org.choices import Action, Role

FILE = Path(__file__).with_name("matrix.yaml")


class Reach(StrEnum):
    """How far a right reaches from where the assignment holds."""

    ASSIGNED = "assigned"
    OFFICE = "office"


class Bound(StrEnum):
    """What an assignment of a role must name."""

    NOTHING = "nothing"
    UNIT = "unit"
    PROVINCE = "province"
    SATKER = "satker"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Deed:
    """What an action asks beside the role: see the head of `matrix.yaml`."""

    subject: str = ""
    status: frozenset[str] = frozenset()
    not_preparer: str = ""
    kpa_act: bool = False
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """One cell: how far it reaches, and the statuses in which it holds (empty: any)."""

    reach: Reach
    status: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoleRights:
    """What an assignment of a role must name, and what it gives."""

    bound_to: Bound
    actions: Mapping[Action, Right]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two offices that one person should not or must not hold in one satker."""

    offices: frozenset[Role]
    legal: str


@dataclass(frozen=True, slots=True)
class Offices:
    """The offices of a satker: their order, which of them one person holds alone, and which do not go together."""

    order: tuple[Role, ...]
    single: frozenset[Role]
    incompatible: tuple[Pair, ...]
    cautioned: tuple[Pair, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """All of it. `given_locally` are the roles that whoever manages one office may give there."""

    actions: Mapping[Action, Deed]
    everyone: frozenset[Action]
    given_locally: frozenset[Role]
    roles: Mapping[Role, RoleRights]
    offices: Offices

    def right(self, role: str, action: str) -> Right | None:
        """The cell of a role and an action; None where the role does not cover the action."""
        return self.roles[Role(role)].actions.get(Action(action))

    def actions_of(self, role: str) -> tuple[Action, ...]:
        """What a role gives, in the order of the list of actions."""
        held = self.roles[Role(role)].actions
        return tuple(action for action in Action if action in held)

    def holders(self, action: str) -> tuple[Role, ...]:
        """The roles that cover an action."""
        return tuple(role for role in Role if Action(action) in self.roles[role].actions)


@cache
def matrix() -> Matrix:
    """The matrix as the file says it.

    Raises:
        ValueError: a role, action or word of the file is unknown or missing.
    """
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    _known("matrix", raw, {"actions", "everyone", "given_locally", "roles", "offices"})
    found = Matrix(
        actions={Action(name): _deed(name, entry) for name, entry in raw["actions"].items()},
        everyone=frozenset(Action(name) for name in raw["everyone"]),
        given_locally=frozenset(Role(name) for name in raw["given_locally"]),
        roles={Role(name): _role(name, entry) for name, entry in raw["roles"].items()},
        offices=_offices(raw["offices"]),
    )
    missing = [*(set(Action) - set(found.actions)), *(set(Role) - set(found.roles))]
    if missing:
        raise ValueError(f"matrix.yaml says nothing of {', '.join(sorted(missing))}")
    return found


def _known(place: str, entry: Mapping[str, object], words: set[str]) -> None:
    if unknown := set(entry) - words:
        raise ValueError(f"matrix.yaml, {place}: unknown {', '.join(sorted(unknown))}")


def _deed(name: str, entry: Mapping[str, Any]) -> Deed:
    _known(name, entry, {"subject", "status", "not_preparer", "kpa_act", "reads"})
    if bool(entry.get("subject")) != bool(entry.get("status")):
        raise ValueError(f"matrix.yaml, {name}: a status is that of a subject")
    return Deed(**{**entry, "status": frozenset(entry.get("status", ()))})


def _role(name: str, entry: Mapping[str, Any]) -> RoleRights:
    _known(name, entry, {"bound_to", "actions"})
    return RoleRights(
        Bound(entry["bound_to"]), {Action(action): _right(action, cell) for action, cell in entry["actions"].items()}
    )


def _right(name: str, cell: str | Mapping[str, Any]) -> Right:
    if isinstance(cell, str):
        return Right(Reach(cell))
    _known(name, cell, {"scope", "status"})
    return Right(Reach(cell["scope"]), frozenset(cell.get("status", ())))


def _offices(entry: Mapping[str, Any]) -> Offices:
    _known("offices", entry, {"order", "single", "incompatible", "cautioned", "confidence"})
    return Offices(
        order=tuple(Role(name) for name in entry["order"]),
        single=frozenset(Role(name) for name in entry["single"]),
        incompatible=tuple(_pair(pair) for pair in entry["incompatible"]),
        cautioned=tuple(_pair(pair) for pair in entry["cautioned"]),
        confidence=entry["confidence"],
    )


def _pair(entry: Mapping[str, Any]) -> Pair:
    return Pair(frozenset(Role(name) for name in entry["pair"]), entry["legal"])
