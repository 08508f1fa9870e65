"""What somebody is to sign, by which ways, and why not: what the pages of signing ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from django.db.models import Count, Q
from django.utils import timezone

from dekon.documents.choices import Method, Openness
from dekon.documents.models import Document, SignaturePlace, SigningKey
from dekon.documents.selectors.places import paper_in, signature_in, unsigned, where, with_what_stands
from dekon.errors import NotAllowed
from dekon.gateways import esign, tokens
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Matter

if TYPE_CHECKING:
    from dekon.org.models import RoleAssignment, User

SIGNING: Final = (Action.SIGN_AS_HEAD, Action.SIGN_AS_MINISTRY, Action.SIGN_AS_KPA)
REMEMBERED: Final = timedelta(days=30)
"""How long after the end of an office its former holder is told that what waited there waits for the successor."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in which somebody is to sign, and how far its document is; its page is `signing-place` by `place.pk`.

    `signed` counts signatures with a key; those by hand are counted apart.
    """

    place: SignaturePlace
    signed: int
    on_paper: int
    places: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way to sign. `trouble` says what stands in it: no key, an expired one, no NIK; empty where nothing does."""

    method: Method
    key: SigningKey | None = None
    trouble: Literal["", "no-key", "expired", "no-nik"] = ""


def matter_of_place(place: SignaturePlace) -> Matter:
    """A place for a signature, for `may`: where its office belongs, and who prepared the document."""
    return Matter(where(place), prepared_by=frozenset({place.document.issued_by_id}))


def may_record(actor: User, place: SignaturePlace) -> bool:
    """Whether somebody may record a signature by hand: who signs there, or who prepared the document."""
    own = place.document.issued_by_id == actor.pk
    return own or org.may(actor, Action(place.action), matter_of_place(place)).allowed


def standing_in(actor: User, place: SignaturePlace) -> str:
    """By which title somebody signs who acts in the office of a place (Plt., Plh.); empty for its holder."""
    return org.may(actor, Action(place.action), matter_of_place(place)).acting_as


def waiting_for(actor: User) -> list[Waiting]:
    """What waits for somebody's signature, the oldest document first; empty for who signs nothing.

    Args:
        actor: the signer, as the roles of today say.
    """
    actions = [one for one in SIGNING if org.may(actor, one).allowed]
    if not actions:
        return []
    free = unsigned().filter(document__revoked_at__isnull=True, action__in=actions)
    free = free.select_related("document", "province", "satker__unit", "satker__province")
    own = [
        one for one in free.order_by("document__issued_at", "document_id", "seq")
        if org.may(actor, Action(one.action), matter_of_place(one)).allowed
    ]  # fmt: skip
    signed = _counts({one.document_id for one in own})
    return [Waiting(one, *signed[one.document_id]) for one in own]


def _counts(numbers: set[int]) -> dict[int, tuple[int, int, int]]:
    """How many have signed with a key, how many by hand, and how many places there are, by document."""
    by_hand = Count("places__papers", filter=Q(places__papers__withdrawn_at__isnull=True), distinct=True)
    counted = Document.objects.filter(pk__in=numbers).annotate(
        filled=Count("places__signature", distinct=True), by_hand=by_hand, whole=Count("places", distinct=True)
    )
    return {one.pk: (one.filled, one.by_hand, one.whole) for one in counted}


def own_place(actor: User, document: Document) -> SignaturePlace | None:
    """The place of a document in which somebody may sign and nobody has yet; None where there is none."""
    if document.revoked_at is not None:
        return None
    places = with_what_stands(SignaturePlace.objects.filter(document=document))
    free = (one for one in places if signature_in(one) is None and paper_in(one) is None)
    return next((one for one in free if org.may(actor, Action(one.action), matter_of_place(one)).allowed), None)


def ways_of(user: User, *, at: datetime) -> list[Way]:
    """The ways to sign here that this installation offers, and what stands in each for this person.

    Args:
        user: the signer.
        at: the present moment, aware.
    """
    held = {key.method: key for key in SigningKey.objects.filter(user=user, revoked_at__isnull=True)}
    ways = [_by_key(Method.LOCAL, held.get(Method.LOCAL), at)]
    if tokens.is_configured():
        ways.append(_by_key(Method.TOKEN, held.get(Method.TOKEN), at))
    if esign.is_configured():
        ways.append(Way(Method.BSRE, trouble="" if org.masked_nik(user) else "no-nik"))
    return ways


def _by_key(method: Method, key: SigningKey | None, at: datetime) -> Way:
    if key is None:
        return Way(method, trouble="no-key")
    return Way(method, key, "expired" if key.expires_at <= at else "")


def readable(actor: User, document: Document) -> None:
    """Go on only if somebody may read the text itself; a secret one is for its makers and signers.

    Raises:
        NotAllowed: `document-secret`.
    """
    if document.openness != Openness.SECRET or document.issued_by_id == actor.pk:
        return
    places = with_what_stands(SignaturePlace.objects.filter(document=document))
    if not any(org.may(actor, Action(one.action), Matter(where(one))).allowed for one in places):
        raise NotAllowed("document-secret", number=document.number)


def offices_ended(user: User, *, at: datetime) -> list[RoleAssignment]:
    """Offices that sign and ended a short while ago, so that their former holder understands why nothing waits.

    Args:
        user: the former holder.
        at: the present moment, aware.
    """
    today = timezone.localdate(at)
    roles = [role for role in org.matrix().roles if any(org.matrix().right(role, one) for one in SIGNING)]
    return org.ended_between(user, roles, today - REMEMBERED, today)
