"""Documents on which several people sign: made ready, signed in any order, withdrawn.

A signature is made while the signer has the document by a lease, outside of any lock; what is kept goes into one
short transaction that looks once more whether everything still stands as it stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.choices import LeasePurpose, Method, RevisionKind
from dekon.documents.models import Document, PaperSignature, PlacedSignature, Revision, SignaturePlace
from dekon.documents.services import keys, leases
from dekon.documents.services.issuing import TEMPLATES, Draft, filled_in, next_number, revoke
from dekon.documents.services.leases import Claim, Held
from dekon.errors import Conflict, GatewayFailed
from dekon.gateways import checking, esign, files, signing, tokens
from dekon.gateways.handing import Secret
from dekon.lib.codes import new_code
from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.lib.typst import render_face, render_with_boxes
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import Province, Satker, User

FACE = TEMPLATES / "muka.typ"
LEVELS = {
    Method.LOCAL: "Sertifikat lokal, tidak tersertifikasi",
    Method.TOKEN: "Sertifikat pada token",
    Method.BSRE: "Sertifikat elektronik BSrE",
}


@dataclass(frozen=True, slots=True)
class PlaceWish:
    """Who is to sign: the office as it is printed, what one must hold, and where the office belongs."""

    office: str
    action: Action
    province: Province | None = None
    satker: Satker | None = None


@dataclass(frozen=True, slots=True)
class SigningWish:
    """How somebody signs: in which place, by which key, with which passphrase.

    `standing` as it is printed (Plt., Plh.); empty takes what the office says of the signer. `wait_for_clock`: sign
    only with an attested time; else at once, and the time stamp follows.
    """

    place: int
    method: Method
    passphrase: Secret
    standing: str = ""
    wait_for_clock: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A signature that was made and is not kept yet."""

    pdf: bytes
    field: str
    name: str
    method: Method
    level: str
    certified: bool
    trusted_time: bool
    serial: str
    issuer: str
    kind: RevisionKind = RevisionKind.SIGNED
    standing: str = ""


@transaction.atomic
def prepare(*, actor: User, draft: Draft, places: Sequence[PlaceWish], at: datetime) -> Document:
    """Make a document ready to be signed: number, code, PDF/A with a place for each office. It is not signed yet.

    Whether the actor may prepare this document is asked by whoever calls.

    Args:
        actor: who prepares it; somebody else must sign.
        draft: what it says; its template keeps free a place for each entry of `tempat`.
        places: who is to sign, in the order in which the places are printed.
        at: the moment that it bears, aware.
    """
    number, code = next_number(draft.kind, at), new_code()
    seats = [{"kunci": f"TandaTangan{seq}", "jabatan": place.office} for seq, place in enumerate(places, start=1)]
    data = {**filled_in(draft, number, code), "tempat": seats}
    plain, boxes = render_with_boxes(TEMPLATES / draft.template, data, at=at)
    free = [
        signing.Place(box.key, f"Tanda tangan {place.office}", box.page, box.x, box.y, box.width, box.height)
        for box, place in zip(boxes, places, strict=True)
    ]
    kept = files.keep([signing.prepare(plain, free)], shelf="documents")
    document = Document.objects.create(
        number=number, code=code, kind=draft.kind, title=draft.title, satker=draft.satker, issued_at=at,
        issued_by=actor, sha256=kept.sha256, size_bytes=kept.size_bytes, supersedes=draft.supersedes,
        openness=draft.openness,
    )  # fmt: skip
    Revision.objects.create(
        document=document, seq=0, kind=RevisionKind.PREPARED, sha256=kept.sha256, size_bytes=kept.size_bytes,
        made_at=at, made_by=actor,
    )  # fmt: skip
    SignaturePlace.objects.bulk_create(
        SignaturePlace(
            document=document, seq=seq, field=box.field, office=wish.office, action=wish.action.value,
            province=wish.province, satker=wish.satker, page=box.page, x=box.x, y=box.y, width=box.width,
            height=box.height,
        )
        for seq, (wish, box) in enumerate(zip(places, free, strict=True), start=1)
    )  # fmt: skip
    audit.record(
        actor=actor, action="document-prepared", subject_type="document", subject_id=document.pk, subject_name=number,
        satker_code=draft.satker.code if draft.satker else "", after={"sha256": kept.sha256, "places": len(places)},
    )  # fmt: skip
    return document


def sign(*, actor: User, wish: SigningWish, at: datetime) -> PlacedSignature:
    """Sign a document in one place. Two who sign at the same moment come one after the other, and both count.

    Args:
        actor: the signer.
        wish: where and how.
        at: the present moment, aware.

    Raises:
        NotFound: no such place, or no key to sign with.
        NotAllowed: the place is another office's.
        Conflict: it is signed already, the document is void, or somebody has it at the moment.
        RuleBroken: the passphrase is wrong or locked, the certificate expired.
        GatewayFailed: E-Sign or token do not answer, or the time-stamp authority for whoever waits for it.

    Legal: PP 71/2019 Pasal 59 (3) (the signer's consent and sole control: the passphrase lives in this call only).
    """
    place = place_to_sign(actor, wish.place)
    wish = replace(wish, standing=wish.standing or selectors.standing_in(actor, place))
    claim = Claim(LeasePurpose.SIGNING, timedelta(seconds=leases.SIGNING_SECONDS), place.pk)
    with leases.having(actor=actor, document=place.document, claim=claim, at=at) as held:
        refuse_signed(place)
        base = selectors.newest_revision(place.document)
        keys.count_attempt(actor=actor, at=at)
        made = _MAKERS[wish.method](actor, place, wish, selectors.bytes_of(base), at)
        return store(actor=actor, place=place, base=base, made=made, held=held, at=at)


def place_to_sign(actor: User, number: int) -> SignaturePlace:
    """A place, for whoever may sign in it now.

    Raises:
        NotFound: no such place.
        NotAllowed: it is another office's, or the actor prepared the document.
        Conflict: `document-revoked-already`.
    """
    place = selectors.place(number)
    org.require(actor, Action(place.action), selectors.matter_of_place(place))
    if place.document.revoked_at is not None:
        raise Conflict("document-revoked-already", number=place.document.number)
    return place


def refuse_signed(place: SignaturePlace) -> None:
    """Stop where the place is taken.

    Raises:
        Conflict: `place-signed-already`.
    """
    found = (
        PlacedSignature.objects.filter(place=place).first()
        or PaperSignature.objects.filter(place=place, withdrawn_at__isnull=True).first()
    )
    if found is not None:
        raise Conflict("place-signed-already", office=place.office, name=found.name)


def _by_local_key(actor: User, place: SignaturePlace, wish: SigningWish, pdf: bytes, at: datetime) -> Made:
    key = keys.usable_key(actor=actor, method=Method.LOCAL, at=at)
    pen = signing.local_pen(key.certificate, int(key.serial, 16), key.sealed, wish.passphrase)
    face = render_face(FACE, _face(actor, place, wish, at), at=at)
    said = signing.Wish(place.field, place.office, str(actor), face)
    signed = signing.sign(pdf, pen, said, wait_for_clock=wish.wait_for_clock)
    return Made(
        signed.pdf, place.field, str(actor), Method.LOCAL, "B-T" if signed.trusted_time else "B-B", certified=False,
        trusted_time=signed.trusted_time, serial=key.serial, issuer=signing.ISSUER, standing=wish.standing,
    )  # fmt: skip


def _by_token(actor: User, place: SignaturePlace, wish: SigningWish, pdf: bytes, at: datetime) -> Made:
    key = keys.usable_key(actor=actor, method=Method.TOKEN, at=at)
    pen = tokens.token_pen(key.token_label, key.key_label, wish.passphrase)
    face = render_face(FACE, _face(actor, place, wish, at), at=at)
    said = signing.Wish(place.field, place.office, str(actor), face)
    signed = signing.sign(pdf, pen, said, wait_for_clock=wish.wait_for_clock)
    return _looked_at(pdf, signed.pdf, str(actor), wish, at)


def _by_bsre(actor: User, place: SignaturePlace, wish: SigningWish, pdf: bytes, at: datetime) -> Made:
    nik = Secret(org.show_nik(actor=actor, username=actor.username))
    box = signing.Place(place.field, place.office, place.page, place.x, place.y, place.width, place.height)
    face = render_face(FACE, _face(actor, place, wish, at), at=at, form="png")
    signed = esign.sign(esign.Order(pdf, box, face, place.office), nik, wish.passphrase)
    return _looked_at(pdf, signed, str(actor), wish, at)


_MAKERS = {Method.LOCAL: _by_local_key, Method.TOKEN: _by_token, Method.BSRE: _by_bsre}


def _looked_at(before: bytes, after: bytes, name: str, wish: SigningWish, at: datetime) -> Made:
    """What a service outside has made, if it is one good signature and nothing else."""
    added = checking.look_at_added(before, after, revoked=selectors.revoked_serials(), now=at)
    if added.fault or added.found is None:
        raise GatewayFailed("signature-unfit", fault=added.fault)
    found = added.found
    return Made(
        after, found.field, name, wish.method, found.level, found.certified, found.attested, found.serial, found.issuer,
        standing=wish.standing,
    )  # fmt: skip


def _face(actor: User, place: SignaturePlace, wish: SigningWish, at: datetime) -> dict[str, object]:
    moment = f"{format_date(at.astimezone(JAKARTA).date())} {format_time(at)}"
    name = f"{wish.standing} {actor}".strip()
    return {
        "nama": name, "waktu": moment, "tingkat": LEVELS[wish.method], "lebar": place.width, "tinggi": place.height,
    }  # fmt: skip


def store(
    *, actor: User, place: SignaturePlace, base: Revision, made: Made, held: Held, at: datetime
) -> PlacedSignature:
    """Keep a signature that was made: the new revision, what stands in the place, the trail, all at once.

    Args:
        actor: the signer.
        place: where it stands.
        base: the revision that it was made on.
        made: the signature.
        held: the lease under which it was made.
        at: the moment of the signature, aware.

    Raises:
        Conflict: the document was withdrawn or has moved on meanwhile; nothing is kept.
    """
    kept = files.keep([made.pdf], shelf="documents")
    with transaction.atomic():
        revision = add_revision(actor=actor, base=base, kept=kept, kind=made.kind, held=held, at=at)
        refuse_signed(place)
        signature = PlacedSignature.objects.create(
            place=place, revision=revision, document=place.document, field=made.field, signer=actor, name=made.name,
            standing=made.standing, method=made.method, level=made.level, certified=made.certified,
            trusted_time=made.trusted_time, signed_at=at, serial=made.serial, issuer=made.issuer,
        )  # fmt: skip
        if made.method != Method.OUTSIDE:
            keys.forget_attempts(actor=actor)
        audit.record(
            actor=actor, action="document-signed", subject_type="document", subject_id=place.document_id,
            subject_name=place.document.number, satker_code=place.satker.code if place.satker else "",
            after={"place": place.office, "method": made.method, "level": made.level, "sha256": kept.sha256},
        )  # fmt: skip
    return signature


def add_revision(
    *, actor: User, base: Revision, kept: files.StoredFile, kind: RevisionKind, held: Held, at: datetime,
    stamp_until: datetime | None = None,
) -> Revision:  # fmt: skip
    """Put a new revision on the newest one, and give the lease back. Only inside a transaction.

    Args:
        actor: by whom it came about.
        base: the revision that it begins with.
        kept: its bytes.
        kind: how it came about.
        held: the lease.
        at: the moment, aware.
        stamp_until: last moment of the certificate behind its archive time stamp.

    Raises:
        Conflict: the lease was lost, the document is void, or `base` is not the newest any more.
    """
    document = Document.objects.select_for_update().get(pk=base.document_id)
    leases.settle(held)
    if document.revoked_at is not None:
        raise Conflict("document-revoked-already", number=document.number)
    if selectors.newest_revision(document) != base:
        raise Conflict("document-moved-on", number=document.number)
    return Revision.objects.create(
        document=document, seq=base.seq + 1, kind=kind, sha256=kept.sha256, size_bytes=kept.size_bytes, made_at=at,
        made_by=actor, stamp_until=stamp_until,
    )  # fmt: skip


@transaction.atomic
def withdraw(*, actor: User, document_id: int, reason: str, at: datetime, asked: bool = False) -> Document:
    """Withdraw a document on which not everybody has signed yet: it becomes void as a whole and says so.

    Args:
        actor: who withdraws it.
        document_id: which.
        reason: why, for everybody who checks a copy.
        at: the moment, aware.
        asked: whoever calls has asked whether the actor may, by an action of its own.

    Raises:
        NotFound: no such document, or one without places for signatures.
        NotAllowed: the actor does not revoke documents, or issued this one.
        Conflict: everybody has signed (it can only be revoked), or it is void already.
    """
    document = selectors.document(document_id)
    if selectors.progress(document, at=at).is_complete:
        raise Conflict("document-complete", number=document.number)
    return revoke(actor=actor, document_id=document_id, reason=reason, at=at, asked=asked)
