"""The register of documents: what was issued, how each stands, and what the register says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import FETCH_PEERS, Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from dekon.documents.choices import RegisterState
from dekon.documents.models import Document, PaperSignature, PlacedSignature, RegisterEntry, Revision
from dekon.documents.selectors.places import unsigned
from dekon.errors import NotFound
from dekon.lib.periods import JAKARTA


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the register is wanted; empty says nothing of it. `words` are sought in numbers, title and subject."""

    kind: str = ""
    year: int | None = None
    state: str = ""
    openness: str = ""
    words: str = ""


ENTRY_FIELDS = ("partner_number", "classification", "subject", "attachments", "copies_to")


def described(document: Document) -> RegisterEntry | None:
    """What the register says of a document now."""
    return RegisterEntry.objects.filter(document=document).order_by("-seq").first()


def descriptions(document: Document) -> list[RegisterEntry]:
    """Everything that the register has said of a document, the newest first."""
    return list(RegisterEntry.objects.filter(document=document).order_by("-seq").fetch_mode(FETCH_PEERS))


def register(sought: Sought) -> QuerySet[Document]:
    """Documents that the reader may see, the newest first, with `state`, `said_…` and `newest_sha256` beside each."""
    newest = RegisterEntry.objects.filter(document=OuterRef("pk")).order_by("-seq")
    revision = Revision.objects.filter(document=OuterRef("pk")).order_by("-seq")
    said: dict[str, Any] = {f"said_{name}": Subquery(newest.values(name)[:1]) for name in ENTRY_FIELDS}
    found = (
        Document.objects.annotate(
            state=_state(), **said, newest_sha256=Subquery(revision.values("sha256")[:1], output_field=CharField())
        )
        .select_related("satker")
        .fetch_mode(FETCH_PEERS)
    )
    return _narrowed(found, sought).order_by("-issued_at", "-pk")


def registered(number: int) -> Document:
    """One document of the register, with what stands beside it.

    Raises:
        NotFound: there is none of that number, or not where the reader may look.
    """
    found = register(Sought()).filter(pk=number).first()
    if found is None:
        raise NotFound("document-unknown", number=number)
    return found


def _state() -> Case:
    """How a document stands: revoked before superseded before waiting."""
    waits = unsigned().filter(document=OuterRef("pk"))
    return Case(
        When(revoked_at__isnull=False, then=Value(RegisterState.REVOKED.value)),
        When(superseded_by__isnull=False, then=Value(RegisterState.SUPERSEDED.value)),
        When(Exists(waits), then=Value(RegisterState.WAITING.value)),
        default=Value(RegisterState.VALID.value), output_field=CharField(),
    )  # fmt: skip


def _narrowed(found: QuerySet[Document], sought: Sought) -> QuerySet[Document]:
    if sought.year:
        first, after = (datetime(year, 1, 1, tzinfo=JAKARTA) for year in (sought.year, sought.year + 1))
        found = found.filter(issued_at__gte=first, issued_at__lt=after)
    for name in ("kind", "state", "openness"):
        if value := getattr(sought, name):
            found = found.filter(**{name: value})
    for word in sought.words.split():
        found = found.filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(said_partner_number__icontains=word)
            | Q(said_subject__icontains=word) | Q(said_classification__icontains=word)
        )  # fmt: skip
    return found


def register_years() -> list[int]:
    """Years in which a document was issued that the reader may see, the newest first."""
    found = Document.objects.dates("issued_at", "year", order="DESC")
    return [day.year for day in found]


def revisions_of(document: Document) -> list[Revision]:
    """Every revision of a document, the oldest first; none for one without places for signatures."""
    return list(Revision.objects.filter(document=document).order_by("seq").fetch_mode(FETCH_PEERS))


def papers_of(document: Document) -> list[PaperSignature]:
    """Signatures by hand, also those that were withdrawn, the oldest first."""
    return list(PaperSignature.objects.filter(document=document).select_related("place").fetch_mode(FETCH_PEERS))


def signatures_of(document: Document) -> list[PlacedSignature]:
    """Signatures with a key, in the order in which they came."""
    found = PlacedSignature.objects.filter(document=document).select_related("place", "revision")
    return list(found.order_by("revision__seq"))


def successor(document: Document) -> Document | None:
    """The document that replaces this one, where the reader may see it."""
    return Document.objects.filter(supersedes_id=document.pk).first()
