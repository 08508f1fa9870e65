"""The local authority and the system's seal."""

from __future__ import annotations

import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from dekon.gateways import sealing
from dekon.gateways.authority import ensure_authority
from dekon.lib.typst import TemplateBroken, render

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEMPLATE = """#set document(title: "Contoh")
#set text(lang: "id")
= Contoh
#json(bytes(sys.inputs.data)).at("kata")
"""


@pytest.fixture(autouse=True)
def _own_authority(settings: Settings, tmp_path: Path) -> None:
    settings.PKI_FOLDER = tmp_path / "pki"


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    template = tmp_path / "contoh.typ"
    template.write_text(TEMPLATE, "utf-8")
    return render(template, {"kata": "Rp128,9 miliar — uji “ä”"}, at=NOON)


def test_the_same_data_gives_the_same_bytes_and_declares_its_standards(tmp_path: Path, pdf: bytes) -> None:
    assert render(tmp_path / "contoh.typ", {"kata": "Rp128,9 miliar — uji “ä”"}, at=NOON) == pdf
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfuaid:part>1<" in pdf


def test_a_broken_template_and_a_moment_without_zone_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#unknown()", "utf-8")
    with pytest.raises(TemplateBroken, match=r"broken\.typ"):
        render(broken, {}, at=NOON)
    with pytest.raises(ValueError, match="aware"):
        render(broken, {}, at=NOON.replace(tzinfo=None))


def test_a_sealed_pdf_is_intact_trusted_and_names_what_it_is(pdf: bytes) -> None:
    sealed = sealing.seal(pdf, reason="Segel harian jejak")
    (signature,) = sealing.signatures(sealed)
    assert sealed.startswith(pdf)  # an incremental update: the document itself is untouched
    assert signature.intact
    assert signature.trusted
    assert signature.covers_all
    assert "tidak tersertifikasi" in signature.name
    assert signature.signed_at is not None


def test_one_changed_byte_breaks_the_seal(pdf: bytes) -> None:
    sealed = bytearray(sealing.seal(pdf, reason="uji"))
    sealed[sealed.index(b"pdfaid:part>2<") + len(b"pdfaid:part>")] = ord("3")
    (signature,) = sealing.signatures(bytes(sealed))
    assert not signature.intact


def test_a_seal_of_another_authority_is_not_trusted(settings: Settings, tmp_path: Path, pdf: bytes) -> None:
    sealed = sealing.seal(pdf, reason="uji")
    settings.PKI_FOLDER = tmp_path / "other"
    (signature,) = sealing.signatures(sealed)
    assert signature.intact
    assert not signature.trusted


def test_what_is_no_pdf_has_no_signatures() -> None:
    assert sealing.signatures(b"PK\x03\x04 not a pdf") == []
    assert sealing.signatures(b"") == []


def test_keys_are_for_their_owner_only_and_stay_the_same(tmp_path: Path) -> None:
    first, second = ensure_authority(), ensure_authority()
    assert first.seal.certificate == second.seal.certificate
    for key in (tmp_path / "pki").glob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not list((tmp_path / "pki").glob("*.draft"))


def test_several_who_miss_the_authority_at_once_make_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ensure_authority(), range(8)))
    for part in ("root", "issuer", "seal", "clock"):
        holders = [getattr(one, part) for one in made]
        assert len({one.certificate.serial_number for one in holders}) == 1
        assert all(one.certificate.public_key() == one.key.public_key() for one in holders)


def test_an_authority_that_was_interrupted_is_completed(tmp_path: Path) -> None:
    ensure_authority()
    (tmp_path / "pki" / "seal.pem").unlink()
    authority = ensure_authority()
    assert authority.seal.certificate.public_key() == authority.seal.key.public_key()


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="apt-get install poppler-utils")
def test_another_program_accepts_the_seal(tmp_path: Path, pdf: bytes) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealing.seal(pdf, reason="uji"))
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
