"""The state of a document with signatures: its revisions, its places, who has signed, who has it at the moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import FETCH_PEERS, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from dekon.documents.choices import Method, RevisionKind
from dekon.documents.models import (
    Document,
    Lease,
    PaperSignature,
    PlacedSignature,
    Revision,
    SignaturePlace,
    SigningKey,
)
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.org.selectors import Place, satker_place

if TYPE_CHECKING:
    from dekon.org.models import User


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a document is: its places in their order with what stands in them, its newest revision, its lease.

    Signatures by hand are counted apart (`on_paper`): they protect no bytes.
    """

    document: Document
    places: tuple[SignaturePlace, ...]
    newest: Revision
    lease: Lease | None

    @property
    def signed(self) -> int:
        """How many have signed."""
        return sum(1 for place in self.places if signature_in(place))

    @property
    def on_paper(self) -> int:
        """How many have signed by hand."""
        return sum(1 for place in self.places if paper_in(place))

    @property
    def missing(self) -> int:
        """How many have signed in neither way."""
        return len(self.places) - self.signed - self.on_paper

    @property
    def is_complete(self) -> bool:
        """Whether nobody is missing."""
        return self.missing == 0


def signature_in(place: SignaturePlace) -> PlacedSignature | None:
    """What stands in a place that was read with its signature."""
    return getattr(place, "signature", None)


def paper_in(place: SignaturePlace) -> PaperSignature | None:
    """The signature by hand that stands for a place which was read with `standing_papers`."""
    return next(iter(getattr(place, "standing_papers", ())), None)


def with_what_stands(places: QuerySet[SignaturePlace]) -> QuerySet[SignaturePlace]:
    """Places read together with what stands in them, by key or by hand."""
    papers = PaperSignature.objects.filter(withdrawn_at__isnull=True).fetch_mode(FETCH_PEERS)
    return places.select_related(
        "signature", "document", "province", "satker__unit", "satker__province"
    ).prefetch_related(Prefetch("papers", papers, to_attr="standing_papers"))


def unsigned() -> QuerySet[SignaturePlace]:
    """Places in which nobody has signed, neither with a key nor by hand."""
    papers = PaperSignature.objects.filter(place=OuterRef("pk"), withdrawn_at__isnull=True)
    return SignaturePlace.objects.filter(~Exists(papers), signature__isnull=True)


def progress(document: Document, *, at: datetime) -> Progress:
    """How far a document is.

    Raises:
        NotFound: it has no places for signatures.
    """
    places = with_what_stands(SignaturePlace.objects.filter(document=document))
    lease = Lease.objects.filter(document=document, ends_at__gt=at).first()
    return Progress(document, tuple(places), newest_revision(document), lease)


def newest_revision(document: Document) -> Revision:
    """The revision that the next signature goes into.

    Raises:
        NotFound: the document has no places for signatures.
    """
    found = Revision.objects.filter(document=document).order_by("-seq").first()
    if found is None:
        raise NotFound("document-without-places", number=document.number)
    return found


def bytes_of(revision: Revision) -> bytes:
    """The bytes of a revision.

    Raises:
        NotFound: the store has lost or changed them.
    """
    stored = files.stored(revision.sha256, shelf="documents").read_bytes()
    if hashlib.sha256(stored).hexdigest() != revision.sha256:
        raise NotFound("file-not-stored", sha256=revision.sha256)
    return stored


def place(number: int) -> SignaturePlace:
    """One place for a signature.

    Raises:
        NotFound: none of that number, or not where the reader may look.
    """
    found = with_what_stands(SignaturePlace.objects.filter(pk=number)).first()
    if found is None:
        raise NotFound("place-of-signature-unknown", number=number)
    return found


def where(one: SignaturePlace) -> Place | None:
    """Where the office of a place for a signature belongs; None for the ministry."""
    if one.satker:
        return satker_place(one.satker)
    return Place(province=one.province.code, name=one.province.name) if one.province else None


def key_in_force(user: User, method: Method) -> SigningKey:
    """The key with which somebody signs.

    Raises:
        NotFound: `signing-key-missing`.
    """
    found = SigningKey.objects.filter(user=user, method=method, revoked_at__isnull=True).first()
    if found is None:
        raise NotFound("signing-key-missing", name=str(user))
    return found


def keys_of(user: User) -> list[SigningKey]:
    """A person's keys, the newest first, revoked ones too."""
    return list(SigningKey.objects.filter(user=user))


def signed_since(document: Document, seq: int) -> list[PlacedSignature]:
    """Signatures that came after a revision, oldest first."""
    later = PlacedSignature.objects.filter(document=document, revision__seq__gt=seq)
    return list(later.select_related("place").order_by("revision__seq"))


def revoked_serials() -> dict[int, datetime]:
    """Serial numbers of this installation's certificates that are void, and since when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dekon_revoked_certificates(%s)", [Method.LOCAL.value])
        return {int(serial, 16): since for serial, since in cursor.fetchall()}


def lacking(document: Document) -> RevisionKind | None:
    """By what kind of revision a document is still to be completed; None where nothing is lacking."""
    if document.revoked_at is not None:
        return None
    kinds = dict(Revision.objects.filter(document=document).values_list("kind", "seq").order_by("seq"))
    if RevisionKind.ARCHIVED in kinds:
        return None
    if not unsigned().filter(document=document).exists():
        # what was signed by hand alone has nothing that a time stamp would keep
        return RevisionKind.ARCHIVED if PlacedSignature.objects.filter(document=document).exists() else None
    stamped = kinds.get(RevisionKind.STAMPED, -1)
    bare = PlacedSignature.objects.filter(document=document, trusted_time=False, revision__seq__gt=stamped)
    return RevisionKind.STAMPED if bare.exists() else None


def unfinished() -> list[Document]:
    """Documents that lack something: what archives need once everybody has signed, or an attested time."""
    open_ = Document.objects.filter(places__isnull=False, revoked_at__isnull=True).exclude(
        revisions__kind=RevisionKind.ARCHIVED
    )
    return [one for one in open_.distinct().order_by("pk") if lacking(one) is not None]


def to_renew(before: datetime) -> list[Document]:
    """Archived documents whose newest archive time stamp cannot be checked for long any more.

    Args:
        before: certificates that run out before this moment, aware. Of stamps made before that was noted down it is not
            known: they are looked at.
    """
    lasting = [RevisionKind.ARCHIVED, RevisionKind.RENEWED]
    newest = Revision.objects.filter(document=OuterRef("pk"), kind__in=lasting).order_by("-seq")
    found = Document.objects.filter(revoked_at__isnull=True).annotate(
        lasting=Subquery(newest.values("pk")[:1]), until=Subquery(newest.values("stamp_until")[:1])
    )
    found = found.filter(lasting__isnull=False).filter(Q(until__isnull=True) | Q(until__lt=before))
    return list(found.order_by("until", "pk"))
