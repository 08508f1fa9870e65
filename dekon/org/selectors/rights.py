"""Who may do what, where: `may`, and the places that a person's roles reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import FETCH_PEERS, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dekon.errors import NotAllowed, NotFound, Param
from dekon.org.choices import Action, Role, Standing
from dekon.org.matrix import Reach, Right, matrix
from dekon.org.models import RoleAssignment, Satker, User

SYSTEM_USER = "sistem"
EVERYWHERE = "*"
MINISTRY = "026"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something belongs, as codes: province (Kemendagri), unit, satker. Empty means: to no single one."""

    province: str = ""
    unit: str = ""
    satker: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing that something is done to: where it belongs, how it stands, and who prepared it or whom it concerns.

    `status` is a code, `status_name` what the screen says; `prepared_by` are numbers of accounts.
    """

    place: Place | None = None
    status: str = ""
    status_name: str = ""
    prepared_by: frozenset[int] = frozenset()


type Subject = Place | Matter | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may, and if not, the message that says why.

    Whoever acts in another's place is allowed `on_behalf_of` that office, which the trail says, and signs by that
    `acting_as` (Plt., Plh.).
    """

    allowed: bool
    code: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    on_behalf_of: str = ""
    acting_as: str = ""


def assignments_of(user: User, on: date | None = None) -> list[RoleAssignment]:
    """The roles a person holds on a day (today in Asia/Jakarta if not said), also the last day of each.

    Who answers a request reads them once and keeps them in `held_today` of that one object. `represented_by` of each
    is the assignment of whoever acts in the person's place that day.
    """
    known: list[RoleAssignment] | None = getattr(user, "held_today", None)
    if known is not None and on is None:
        return known
    day = on or timezone.localdate()
    rows = RoleAssignment.objects.on(day).filter(Q(user=user) | Q(for_user=user))
    rows = rows.select_related("province", "unit", "satker__province", "satker__unit").fetch_mode(FETCH_PEERS)
    held = [row for row in rows if row.user_id == user.pk]
    acting = {row.office_key: row for row in rows if row.for_user_id == user.pk}
    for row in held:
        row.represented_by = acting.get(row.office_key) if row.standing == Standing.DEFINITIVE else None
    return held


def ended_between(user: User, roles: Collection[str], first: date, until: date) -> list[RoleAssignment]:
    """Assignments of a person whose last day lay in a span, the newest end first.

    Args:
        user: who held them.
        roles: which roles are asked for.
        first: the first last day; until: the day before which it lay.
    """
    rows = RoleAssignment.objects.counting().filter(user=user, role__in=roles, valid_to__gte=first, valid_to__lt=until)
    return list(rows.select_related("province", "satker").order_by("-valid_to", "pk"))


def with_roles(user: User) -> User:
    """The same person, whose roles of today are read now if they have not been, and not again for this object."""
    if not hasattr(user, "held_today"):
        user.held_today = assignments_of(user)  # type: ignore[attr-defined]  # lives as long as the request
    return user


def may(actor: User, action: Action, subject: Subject = None) -> Verdict:
    """Whether the actor may do it, there. The system account may do everything that the status of the thing allows.

    Args:
        actor: who asks.
        action: what for.
        subject: the place or thing it concerns; None where the action concerns no place or a page only asks whether to
        show itself.
    """
    matter = subject if isinstance(subject, Matter) else Matter(subject)
    if actor.username == SYSTEM_USER:
        return _standing(action, matter, matrix().actions[action].status) or Verdict(True)
    if action in matrix().everyone and actor.is_active:
        return Verdict(True)
    held = assignments_of(actor) if actor.is_active else []
    rights = [(one, right) for one in held if (right := matrix().right(one.role, action))]
    if not rights:
        return Verdict(False, "not-allowed-role", _who_may(action, held))
    verdicts = [_verdict(actor, one, right, action, matter) for one, right in rights]
    return next((one for one in verdicts if one.allowed), max(verdicts, key=_nearness))


STATUS = "not-allowed-status"
NEARNESS = ("not-allowed-place", "not-allowed-represented", "not-allowed-plh", STATUS)
"""Of several refusals the one that comes nearest to a permission is told; any other comes nearer still."""


def _nearness(verdict: Verdict) -> int:
    return NEARNESS.index(verdict.code) if verdict.code in NEARNESS else len(NEARNESS)


def _verdict(actor: User, held: RoleAssignment, right: Right, action: Action, matter: Matter) -> Verdict:
    """Whether one assignment permits it; its checks from the farthest to the nearest."""
    deed = matrix().actions[action]
    acting = held.represented_by
    if matter.place and not covers(held, right.reach, matter.place):
        return Verdict(False, "not-allowed-place", {"place": _words(matter.place)})
    if acting and not deed.reads:
        return Verdict(
            False, "not-allowed-represented", {"who": str(acting), "until": str(acting.valid_to or _("dicabut"))}
        )
    if deed.kpa_act and held.standing == Standing.DAILY and not held.signs_kpa:
        return Verdict(False, "not-allowed-plh", {"action": str(action.label), "decree": held.decree_no or "–"})
    if wrong := _standing(action, matter, right.status or deed.status):
        return wrong
    if deed.not_preparer and actor.pk in matter.prepared_by:
        return Verdict(False, "not-allowed-preparer", {"action": str(action.label)})
    acting_as = "" if held.standing == Standing.DEFINITIVE else str(Standing(held.standing).label)
    return Verdict(True, on_behalf_of=held.behalf, acting_as=acting_as)


def _standing(action: Action, matter: Matter, statuses: frozenset[str]) -> Verdict | None:
    """The refusal where the thing stands so that nobody may do this to it."""
    if not matter.status or not statuses or matter.status in statuses:
        return None
    return Verdict(False, STATUS, {"action": str(action.label), "status": matter.status_name or matter.status})


def _who_may(action: Action, held: Iterable[RoleAssignment]) -> dict[str, Param]:
    """Who could, and what the person is instead."""
    roles = dict.fromkeys(str(Role(one.role).label) for one in held)
    return {
        "action": str(Action(action).label),
        "holders": ", ".join(str(role.label) for role in matrix().holders(action)),
        "roles": ", ".join(roles) or _("tanpa peran"),
    }


def _words(place: Place) -> str:
    return place.name or place.satker or place.province or place.unit or _("nasional")


def covers(held: RoleAssignment, reach: Reach, place: Place) -> bool:
    """An assignment covers a place when each bound it has equals the place's; a place without that code is wider."""
    bounds = bounds_of(held, reach)
    return (
        (not bounds.province or bounds.province == place.province)
        and (not bounds.unit or bounds.unit == place.unit)
        and (not bounds.satker or bounds.satker == place.satker)
    )


def bounds_of(held: RoleAssignment, reach: Reach = Reach.ASSIGNED) -> Place:
    """Where an assignment holds; of the office, the province of its satker, where that is known."""
    office = held.satker.province if held.satker and reach == Reach.OFFICE else None
    if office:
        return Place(province=office.code)
    return Place(
        held.province.code if held.province else "",
        held.unit.code if held.unit else "",
        held.satker.code if held.satker else "",
    )


def scope_of(user: User, on: date | None = None) -> str:
    """The places a person's roles reach, as the database session keeps it.

    `*` for everywhere, or items joined by commas: a province's code, `satker:` or `unit:` with a code; or nothing.
    """
    items: set[str] = set()
    for held in assignments_of(user, on):
        items.update(_scope_items(held))
    return EVERYWHERE if EVERYWHERE in items else ",".join(sorted(items))


def _scope_items(held: RoleAssignment) -> Iterable[str]:
    view = matrix().right(held.role, Action.VIEW_PLACE)
    bounds = bounds_of(held, view.reach if view else Reach.ASSIGNED)
    if bounds.satker:
        return [f"satker:{bounds.satker}"]
    if bounds.province and bounds.unit:
        both = Satker.objects.filter(
            province__code=bounds.province, unit__code=bounds.unit, unit__ba_code=MINISTRY
        )  # fmt: skip
        return [f"satker:{code}" for code in both.values_list("code", flat=True)]
    if bounds.unit:
        return [f"unit:{bounds.unit}"]
    return [bounds.province or EVERYWHERE]


def narrowed(actor: User, action: Action, wanted: Place) -> Place:
    """The part of what is asked for that the actor's roles reach: a province's people get their province.

    Args:
        actor: who asks.
        action: what for.
        wanted: codes asked for; empty ones are open and get filled by the bounds of the role. Of several roles the
        first that reaches anything of it counts; several satker of one office count as the office. Whoever is bound to
        one satker reaches something of a province or unit only where the satker lies in it, and then this satker.

    Raises:
        NotAllowed: no role reaches there.
        NotFound: the satker does not exist.
    """
    verdict = may(actor, action)
    if not verdict.allowed:
        raise NotAllowed(verdict.code, **verdict.params)
    if actor.username == SYSTEM_USER:
        return wanted
    satker = Satker.objects.select_related("unit", "province").filter(code=wanted.satker).first()
    if wanted.satker and satker is None:
        raise NotFound("place-unknown", code=wanted.satker, listing="satker")
    known = satker_place(satker) if satker else None
    reached = _reached(actor, action, wanted, known)
    if not reached:
        raise NotAllowed("not-allowed-place", place=_words(known or wanted))
    bounds = reached[0]
    if len(reached) > 1 and bounds.satker and not wanted.satker:
        bounds = _office_of(actor, action) or bounds
    return Place(
        wanted.province or bounds.province, wanted.unit or bounds.unit, wanted.satker or bounds.satker, wanted.name
    )


def _reached(actor: User, action: Action, wanted: Place, satker: Place | None) -> list[Place]:
    """The bounds of the assignments that reach something of a place, or the whole satker that is asked for."""
    found = []
    for held in assignments_of(actor):
        right = matrix().right(held.role, action)
        if right and (not satker or covers(held, right.reach, satker)) and _touches(held, right.reach, wanted):
            found.append(bounds_of(held, right.reach))
    return found


def _office_of(actor: User, action: Action) -> Place | None:
    """The one office whose satker a person serves, where all that give the right belong to one."""
    held = [one for one in assignments_of(actor) if matrix().right(one.role, action)]
    codes = {
        one.satker.province.code if one.satker and one.satker.province and one.role in matrix().offices.order else ""
        for one in held
    }
    code = codes.pop() if len(codes) == 1 else ""
    return Place(province=code) if code else None


def _touches(held: RoleAssignment, reach: Reach, wanted: Place) -> bool:
    """Whether an assignment reaches any part of a place; a satker belongs to one province and unit and to no other."""
    bounds = bounds_of(held, reach)
    of_one = satker_place(held.satker) if held.satker and bounds.satker else None
    own = of_one or bounds
    pairs = ((own.province, wanted.province), (own.unit, wanted.unit), (own.satker, wanted.satker))
    return all(not code or code == bound or (not bound and not of_one) for bound, code in pairs)


def satker_place(satker: Satker) -> Place:
    """Where a satker belongs."""
    return Place(satker.province.code if satker.province else "", satker.unit.code, satker.code, satker.name)
