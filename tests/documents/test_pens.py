"""Signing by BSrE's service and by a token."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django import Settings

from dekon.documents import selectors, services
from dekon.documents.choices import Method
from dekon.documents.models import PlacedSignature
from dekon.errors import GatewayFailed, NotFound, RuleBroken
from dekon.gateways import keys, signing
from dekon.gateways.authority import ensure_authority
from dekon.gateways.handing import Secret
from dekon.org import services as org
from tests.builders import esign
from tests.builders.signatures import NOW, joint_paper, place_of, sign, signer, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_place")]
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


def official_pen() -> signing.Pen:
    """A key of a provider that the house calls certified: here it is our own root under another name."""
    made = keys.make_key("Kepala 32", "1", Secret("x" * 12), now=NOW)
    return signing.local_pen(made.certificate, made.serial, made.sealed, Secret("x" * 12))


def test_bsre_signs_between_others_and_every_signature_stays_valid(settings: Settings, tmp_path: Path) -> None:
    document = joint_paper()
    sign(document, "33")
    who = signer("32", with_key=False)
    org.record_nik(actor=who, username=who.username, nik=esign.NIK)
    root = tmp_path / "bsre.pem"
    root.write_bytes(ensure_authority().root.certificate.public_bytes(Encoding.PEM))
    settings.CERTIFIED_ROOTS = str(root)
    with esign.service(official_pen()) as running:
        settings.ESIGN_URL = esign.address(running)
        services.sign(actor=who, wish=wish(place_of(document, "32"), esign.PASSPHRASE, Method.BSRE), at=NOW)
    assert {"file", "nik", "passphrase", "tampilan", "imageTTD", "page"} <= running.seen[0]
    sign(document, "35")
    verdict = selectors.check(selectors.bytes_of(selectors.newest_revision(document)), at=NOW)
    assert verdict.intact
    assert [one.method for one in verdict.signers] == ["lokal", "bsre", "lokal"]
    assert PlacedSignature.objects.get(method="bsre").certified


def test_bsre_says_why_not_and_the_document_stays_as_it_was(settings: Settings) -> None:
    document = joint_paper()
    who, place = signer("32", with_key=False), place_of(document, "32")
    org.record_nik(actor=who, username=who.username, nik=esign.NIK)
    before = selectors.newest_revision(document)

    def refusal(phrase: str) -> str:
        with pytest.raises((RuleBroken, GatewayFailed)) as refused:
            services.sign(actor=who, wish=wish(place, phrase, Method.BSRE), at=NOW)
        assert phrase not in str(refused.value)
        return refused.value.code

    with esign.service(official_pen()) as running:
        settings.ESIGN_URL = esign.address(running)
        assert refusal("keliru sama sekali") == "passphrase-wrong"
        org.record_nik(actor=who, username=who.username, nik="3301010101010002")
        assert refusal(esign.PASSPHRASE) == "esign-unregistered"
        settings.ESIGN_URL = settings.ESIGN_URL.replace("rahasia", "lain")
        assert refusal(esign.PASSPHRASE) == "esign-unclear"
    assert refusal(esign.PASSPHRASE) == "esign-unreachable"  # nobody listens there any more
    with esign.service(official_pen(), slow_seconds=2) as running:
        settings.ESIGN_URL, settings.ESIGN_SECONDS = esign.address(running), 0.3
        assert refusal(esign.PASSPHRASE) == "esign-unreachable"
    assert selectors.newest_revision(document) == before


@pytest.fixture
def token(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token of SoftHSM with one key and its certificate; its PIN."""
    if not MODULE.exists() or not shutil.which("softhsm2-util"):
        pytest.skip("apt-get install softhsm2")
    store = tmp_path / "tokens"
    store.mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\n", "ascii")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    settings.PKCS11_MODULE = str(MODULE)
    made = keys.make_key("Kepala 32", "1", Secret("x" * 12), now=NOW)
    (tmp_path / "key.der").write_bytes(keys.open_key(made.sealed, made.serial, Secret("x" * 12)))
    (tmp_path / "own.pem").write_text(made.certificate, "ascii")
    run = ["softhsm2-util", "--init-token", "--free", "--label", "dekon", "--so-pin", "87654321", "--pin", "246813"]
    subprocess.run(run, check=True, capture_output=True, env=os.environ)
    fill(tmp_path)
    return "246813"


def fill(folder: Path) -> None:
    """Puts key and certificate into the token."""
    import pkcs11  # noqa: PLC0415  the module reads its settings when it is loaded
    from asn1crypto import pem  # noqa: PLC0415  as above
    from asn1crypto.keys import PrivateKeyInfo  # noqa: PLC0415  as above
    from pkcs11.util.ec import decode_ec_private_key  # noqa: PLC0415  as above
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415  as above

    library = pkcs11.lib(str(MODULE))
    library.reinitialize()
    with library.get_token(token_label="dekon").open(rw=True, user_pin="246813") as session:
        raw = (folder / "key.der").read_bytes()
        inner = PrivateKeyInfo.load(raw)["private_key"].parsed
        parameters = PrivateKeyInfo.load(raw)["private_key_algorithm"]["parameters"]
        inner["parameters"] = parameters
        key = {**decode_ec_private_key(inner.dump()), pkcs11.Attribute.LABEL: "kunci", pkcs11.Attribute.TOKEN: True}
        session.create_object(key)
        _kind, _heads, der = pem.unarmor((folder / "own.pem").read_bytes())
        held = {**decode_x509_certificate(der), pkcs11.Attribute.LABEL: "kunci", pkcs11.Attribute.TOKEN: True}
        session.create_object(held)


def test_a_key_in_a_token_signs_and_a_wrong_pin_is_told(token: str) -> None:
    document = joint_paper()
    who = signer("32", with_key=False)
    with pytest.raises(RuleBroken) as wrong:
        services.name_token_key(actor=who, token="dekon", key="kunci", pin=Secret("000000"), at=NOW)
    assert wrong.value.code == "passphrase-wrong"
    services.name_token_key(actor=who, token="dekon", key="kunci", pin=Secret(token), at=NOW)
    services.sign(actor=who, wish=wish(place_of(document, "32"), token, Method.TOKEN), at=NOW)
    (told,) = selectors.check(selectors.bytes_of(selectors.newest_revision(document)), at=NOW).signers
    assert (told.method, told.valid, told.level, told.certified) == ("token", True, "B-T", False)


def test_without_a_key_nobody_signs() -> None:
    document = joint_paper()
    with pytest.raises(NotFound):
        services.sign(actor=signer("32", with_key=False), wish=wish(place_of(document, "32")), at=NOW)
