"""What goes wrong while people sign: a killed process, an office that ended, void certificates, many wrong tries."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as house
from django.db import connection
from django.utils import timezone

from dekon.documents import selectors, services
from dekon.documents.models import Lease, PlacedSignature, SigningKey
from dekon.documents.services import keys, leases
from dekon.errors import NotAllowed, RuleBroken
from dekon.gateways import signing
from dekon.gateways.handing import Secret
from dekon.org.models import Province, RoleAssignment
from tests.builders.accounts import person
from tests.builders.signatures import NOW, PASSPHRASE, joint_paper, place_of, sign, signer, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]

KILLED = """
import os, signal, django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT, settings.PKI_FOLDER = os.environ["STORE"], os.environ["PKI"]
from dekon.documents import services
from dekon.documents.services import leases
from tests.builders.signatures import NOW, signer, wish
from dekon.documents.models import SignaturePlace
# the signature is made and stored as a file; the transaction that keeps it has begun
leases.settle = lambda _held: os.kill(os.getpid(), signal.SIGKILL)
services.sign(actor=signer("32"), wish=wish(SignaturePlace.objects.get(pk=int(os.environ["PLACE"]))), at=NOW)
"""


def test_a_process_killed_between_signing_and_storing_leaves_the_document_whole(database_url: str) -> None:
    document = joint_paper()
    place = place_of(document, "32")
    signer("32")
    before = selectors.newest_revision(document)
    told = {
        **os.environ, "DATABASE_URL": database_url, "DATABASE_APP_URL": database_url, "PLACE": str(place.pk),
        "STORE": str(house.MEDIA_ROOT), "PKI": str(house.PKI_FOLDER), "DJANGO_SETTINGS_MODULE": "dekon.settings",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", KILLED], env=told, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert selectors.newest_revision(document) == before
    assert not PlacedSignature.objects.exists()
    lease = Lease.objects.get()
    assert lease.ends_at - lease.taken_at == timedelta(seconds=leases.SIGNING_SECONDS)
    sign(document, "32", at=lease.ends_at)
    verdict = selectors.check(selectors.bytes_of(selectors.newest_revision(document)), at=NOW)
    assert (verdict.standing, len(verdict.signers), verdict.intact) == ("genuine", 1, True)


@pytest.mark.parametrize(("days", "signs"), [(-1, False), (0, True)])
def test_who_signs_on_the_last_day_and_not_on_the_day_after(days: int, signs: bool) -> None:
    document = joint_paper()
    who, last = person("kepala-lama", ""), timezone.localdate() + timedelta(days=days)
    RoleAssignment.objects.create(
        user=who, role="kadis", province=Province.objects.get(code="32"), valid_from=last - timedelta(days=300),
        valid_to=last,
    )  # fmt: skip
    services.make_signing_key(actor=who, passphrase=Secret(PASSPHRASE), at=NOW)
    if signs:
        services.sign(actor=who, wish=wish(place_of(document, "32")), at=NOW)
    else:
        with pytest.raises(NotAllowed):
            services.sign(actor=who, wish=wish(place_of(document, "32")), at=NOW)
    assert PlacedSignature.objects.count() == int(signs)


def test_what_a_revoked_key_signs_elsewhere_is_not_taken_and_what_it_signed_before_stays_good() -> None:
    document = joint_paper()
    sign(document, "32")
    key = SigningKey.objects.get(user=signer("32"))
    services.revoke_signing_key(actor=signer("32"), number=key.pk, reason="Ponsel hilang", at=timezone.now())
    (told,) = selectors.check(selectors.bytes_of(selectors.newest_revision(document)), at=timezone.now()).signers
    assert told.valid
    other = joint_paper()
    place = place_of(other, "32")
    _held, pdf = services.lend(actor=signer("32"), place=place.pk, at=NOW)
    pen = signing.local_pen(key.certificate, int(key.serial, 16), key.sealed, Secret(PASSPHRASE))
    brought = signing.sign(pdf, pen, signing.Wish(place.field, "luar", "luar")).pdf
    with pytest.raises(RuleBroken) as refused:
        services.accept_outside(actor=signer("32"), place=place.pk, pdf=brought, at=timezone.now())
    assert refused.value.code == "outside-certificate-revoked"


def test_nobody_tries_more_than_ten_passphrases_by_trying_at_the_same_time() -> None:
    who = signer("32")

    def tried(_number: int) -> bool:
        try:
            keys.count_attempt(actor=who, at=NOW)
        except RuleBroken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(7) as pool:
        assert sum(pool.map(tried, range(21))) == keys.MAX_FAILURES
