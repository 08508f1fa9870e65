"""A commitment of three statements, and people who write and sign it."""

from __future__ import annotations

from datetime import date, timedelta

from dekon.coordination.choices import Topic
from dekon.coordination.models import Commitment
from dekon.coordination.services import commitments as services
from dekon.documents import services as documents
from dekon.documents.choices import Method
from dekon.documents.models import SignaturePlace
from dekon.gateways.handing import Secret
from dekon.org import services as org
from dekon.org.models import Province, Satker, Unit, User
from dekon.org.selectors import system_user
from tests.builders.accounts import person
from tests.builders.signatures import NOW, PASSPHRASE, revoker, signer

__all__ = ["NOW", "PASSPHRASE", "revoker", "signer"]

STATEMENTS = (
    services.Said(Topic.ACCOUNTABILITY, "Akuntabilitas", "Mengutamakan akuntabilitas dalam pelaksanaan."),
    services.Said(Topic.GUIDANCE, "Pembinaan dan supervisi", "Kementerian membina dan menyupervisi Kepala Dinas."),
    services.Said(Topic.REPORTING, "Pelaksanaan dan pelaporan", "Kepala Dinas melaksanakan dan melaporkan hasilnya."),
)


def words(title: str = "Komitmen Bersama 2022", sign_by: date | None = None) -> services.Words:
    return services.Words(title, "Kami yang bertanda tangan di bawah ini:", "Demikian.", STATEMENTS, sign_by)


def writer() -> User:
    return User.objects.filter(username="penulis").first() or person("penulis", "perencana")


def satker_of_west_java() -> Satker:
    unit = Unit.objects.get(ba_code="026", code="13")
    found, _ = Satker.objects.get_or_create(
        code="029108",
        defaults={"name": "Disnaker Jawa Barat", "unit": unit, "province": Province.objects.get(code="32")},
    )
    return found


def kpa() -> User:
    """The KPA of the satker, with a key."""
    found = User.objects.filter(username="kpa-jabar").first()
    if found is None:
        satker_of_west_java()
        found = org.add_user(actor=system_user(), username="kpa-jabar", password="", role="", display_name="KPA Jabar")
        org.assign(
            actor=system_user(),
            stated=org.StatedAssignment(
                username="kpa-jabar", role="kpa", satker="029108", valid_from=NOW.date() - timedelta(days=30),
                valid_to=None, decree=org.Decree("SK 1", NOW.date() - timedelta(days=40)),
            ),
        )  # fmt: skip
        documents.make_signing_key(actor=found, passphrase=Secret(PASSPHRASE), at=NOW)
    return found


def drafted(satker: Satker | None = None, sign_by: date | None = None) -> Commitment:
    return services.draft_commitment(
        actor=writer(), fiscal_year=2022, words=words(sign_by=sign_by), at=NOW, satker=satker
    )


def prepared(satker: Satker | None = None, sign_by: date | None = None) -> Commitment:
    made = drafted(satker, sign_by)
    return services.approve_commitment(actor=writer(), number=made.pk, basis="Nota dinas 1/2022", at=NOW)


def place(made: Commitment, code: str = "") -> SignaturePlace:
    """The place of a province; that of the ministry where no code is given; `kpa` for the KPA's."""
    found = SignaturePlace.objects.filter(document=made.document)
    if code == "kpa":
        return found.get(satker__isnull=False)
    return found.get(province__code=code) if code else found.get(province__isnull=True, satker__isnull=True)


def sign(made: Commitment, code: str = "", who: User | None = None) -> None:
    documents.sign(
        actor=who or (kpa() if code == "kpa" else signer(code)), at=NOW,
        wish=documents.SigningWish(place(made, code).pk, Method.LOCAL, Secret(PASSPHRASE)),
    )  # fmt: skip
