"""A document that several offices sign, and people with keys."""

from __future__ import annotations

from datetime import UTC, datetime

from dekon.documents import services
from dekon.documents.choices import DocumentKind, Method, Openness
from dekon.documents.models import Document, SignaturePlace
from dekon.gateways.handing import Secret
from dekon.org.choices import Action
from dekon.org.models import Province, User
from tests.builders.accounts import person

NOW = datetime.now(UTC)
PASSPHRASE = "kuda besi makan angin"
CODES = ("32", "33", "35")


def joint_paper(codes: tuple[str, ...] = CODES, openness: Openness = Openness.OPEN) -> Document:
    """A text of three statements with a place for the ministry and one for each province."""
    provinces = [Province.objects.get(code=code) for code in codes]
    places = [services.PlaceWish("Sekretaris Jenderal Kementerian Ketenagakerjaan", Action.SIGN_AS_MINISTRY)]
    places += [services.PlaceWish(f"Kepala Dinas, Provinsi {one.name}", Action.SIGN_AS_HEAD, one) for one in provinces]
    return services.prepare(actor=preparer(), draft=draft(openness), places=places, at=NOW)


def draft(openness: Openness = Openness.OPEN, supersedes: Document | None = None) -> services.Draft:
    said = {
        "pembuka": "Kami menyatakan:",
        "pernyataan": ["Akuntabel.", "Dibina.", "Dilaporkan."],
        "penutup": "Demikian.",
    }
    return services.Draft(
        DocumentKind.COMMITMENT, "Komitmen bersama contoh", "naskah-bersama.typ", said, openness=openness,
        supersedes=supersedes,
    )  # fmt: skip


def preparer() -> User:
    return User.objects.filter(username="penyiap").first() or person("penyiap", "perencana")


def revoker() -> User:
    """Who may declare a document void."""
    return User.objects.filter(username="pencabut").first() or person("pencabut", "admin")


def signer(code: str = "", *, with_key: bool = True) -> User:
    """The head of a province's office, or for the ministry; with a key."""
    name = f"kepala-{code or 'pusat'}"
    user = User.objects.filter(username=name).first()
    if user is None:
        user = person(name, "kadis", code) if code else person(name, "pimpinan")
        if with_key:
            services.make_signing_key(actor=user, passphrase=Secret(PASSPHRASE), at=NOW)
    return user


def place_of(document: Document, code: str = "") -> SignaturePlace:
    found = SignaturePlace.objects.filter(document=document)
    return found.get(province__code=code) if code else found.get(province__isnull=True)


def wish(
    place: SignaturePlace, passphrase: str = PASSPHRASE, method: Method = Method.LOCAL, *, wait: bool = False
) -> services.SigningWish:
    return services.SigningWish(place.pk, method, Secret(passphrase), wait_for_clock=wait)


def sign(document: Document, code: str = "", at: datetime = NOW) -> None:
    services.sign(actor=signer(code), wish=wish(place_of(document, code)), at=at)
