"""What one more signature costs on a document that many have signed, and looking at all of them once and again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from django.conf import settings

from dekon.documents import selectors, services
from dekon.documents.choices import DocumentKind, Method, Openness
from dekon.documents.models import CheckedFile, Document, SignaturePlace
from dekon.documents.services import Draft, PlaceWish, Secret, SigningWish
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.models import Province, User
from dekon.org.selectors import system_user

if TYPE_CHECKING:
    from dekon.documents.models import PlacedSignature

type Result = dict[str, float]

SIGNED: Final = 38
"""How many have signed before the one that is measured."""
PASSPHRASE: Final = "kuda besi makan angin"  # noqa: S105  of people who are made up for the measurement
TEXT: Final = {
    "pembuka": "Kami menyatakan:", "pernyataan": ["Akuntabel.", "Dibina.", "Dilaporkan."], "penutup": "Demikian.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A document that many have signed, and who signs last."""

    document: Document
    last: User
    place: SignaturePlace


@contextmanager
def own_store() -> Iterator[None]:
    """Files and authority of the measurement, which leave nothing behind."""
    usual = settings.MEDIA_ROOT, settings.PKI_FOLDER
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT, settings.PKI_FOLDER = FilePath(folder) / "files", FilePath(folder) / "pki"
        try:
            yield
        finally:
            settings.MEDIA_ROOT, settings.PKI_FOLDER = usual


def signing() -> Result:
    """The last signature and the looks at all of them: seconds, and by how many KB the file grows."""
    with own_store():
        made = signed_by_many(SIGNED)
        before = selectors.newest_revision(made.document).size_bytes
        began = time.perf_counter()
        _sign(made.last, made.place)
        seconds = time.perf_counter() - began
        newest = selectors.newest_revision(made.document)
        pdf = selectors.bytes_of(newest)
        CheckedFile.objects.all().delete()
        first, again = _look(pdf), _look(pdf)
    return {
        "seconds": seconds, "grown_kb": (newest.size_bytes - before) / 1024, "size_kb": newest.size_bytes / 1024,
        "first_seconds": first, "again_seconds": again, "signatures": float(SIGNED + 1),
    }  # fmt: skip


def _look(pdf: bytes) -> float:
    """Seconds until the verdict on a copy is there.

    Raises:
        RuntimeError: it is not a good one, so that a wrong verdict is never measured.
    """
    began = time.perf_counter()
    verdict = selectors.check(pdf, at=datetime.now(UTC))
    seconds = time.perf_counter() - began
    if verdict.standing != "genuine" or not verdict.intact or len(verdict.signers) != SIGNED + 1:
        raise RuntimeError(f"the verdict is {verdict.standing} {verdict.reasons}")
    return seconds


def signed_by_many(many: int) -> Made:
    """A document with a place for the ministry and one for each of so many provinces, signed by all but the last."""
    provinces = list(Province.objects.order_by("code")[:many])
    people = [
        _person("bench-pusat", "pimpinan"),
        *(_person(f"bench-{one.code}", "kadis", one.code) for one in provinces),
    ]
    wishes = [PlaceWish("Sekretaris Jenderal", Action.SIGN_AS_MINISTRY)]
    wishes += [PlaceWish(f"Kepala Dinas, Provinsi {one.name}", Action.SIGN_AS_HEAD, one) for one in provinces]
    draft = Draft(DocumentKind.COMMITMENT, "Komitmen pengukuran", "naskah-bersama.typ", TEXT, openness=Openness.OPEN)
    now = datetime.now(UTC)
    document = services.prepare(actor=system_user(), draft=draft, places=wishes, at=now)
    places = list(SignaturePlace.objects.filter(document=document).order_by("seq"))
    for person, place in list(zip(people, places, strict=True))[:-1]:
        _sign(person, place)
    return Made(document, people[-1], places[-1])


def _person(name: str, role: str, province: str = "") -> User:
    """Somebody with a key, made anew for the measurement."""
    user = User.objects.filter(username=name).first() or org.add_user(
        actor=system_user(), username=name, password="", role=role, province=province, is_demo=True
    )
    now = datetime.now(UTC)
    for key in selectors.keys_of(user):
        if key.revoked_at is None:
            services.revoke_signing_key(actor=user, number=key.pk, reason="Pengukuran baru", at=now)
    services.make_signing_key(actor=user, passphrase=Secret(PASSPHRASE), at=now)
    return user


def _sign(person: User, place: SignaturePlace) -> PlacedSignature:
    wish = SigningWish(place.pk, Method.LOCAL, Secret(PASSPHRASE))
    return services.sign(actor=person, wish=wish, at=datetime.now(UTC))
