"""Documents: numbers, sealed pages, what cannot be changed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from dekon.audit.models import Event
from dekon.documents import selectors, services
from dekon.documents.choices import DocumentKind
from dekon.documents.models import Document
from dekon.errors import Conflict, NotAllowed, NotFound, Unfit
from dekon.gateways import files, heads
from dekon.lib.typst import TemplateBroken
from dekon.org.choices import Action, Role
from dekon.org.matrix import matrix
from dekon.org.selectors import system_user
from tests.builders import accounts

EVENING = datetime(2026, 12, 31, 16, 55, tzinfo=UTC)
"""23.55 of the last day of the year in Jakarta."""
MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HEADS_FILE = tmp_path / "heads.jsonl"


def seal(at: datetime = EVENING) -> Document:
    return services.seal_trail(actor=system_user(), at=at)


@pytest.mark.django_db(transaction=True)
def test_the_daily_seal_states_the_digest_of_the_copy_that_lies_outside(tmp_path: Path) -> None:
    seal()
    document = seal()
    assert document.number == "DEKON/SEGEL/2026/0002"
    verdict = selectors.check(selectors.content(document), at=EVENING)
    assert verdict.intact
    assert verdict.document
    assert (verdict.document.number, verdict.document.revoked_at) == (document.number, None)
    digest = hashlib.sha256(heads.newest_line().encode()).hexdigest()
    if shutil.which("pdftotext"):
        (tmp_path / "seal.pdf").write_bytes(selectors.content(document))
        text = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "seal.pdf", "-"], capture_output=True, text=True, check=True
        )
        assert digest in "".join(text.stdout.split())
        assert text.stdout.count("\f") == 1  # one page
    event = Event.objects.filter(action="document-issued").latest("pk")
    assert event.after["sha256"] == document.sha256


@pytest.mark.django_db
def test_numbers_begin_anew_with_the_year_of_jakarta() -> None:
    assert [seal(at).number for at in (EVENING, MIDNIGHT, EVENING)] == [
        "DEKON/SEGEL/2026/0001", "DEKON/SEGEL/2027/0001", "DEKON/SEGEL/2026/0002",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_fails_gives_its_number_back() -> None:
    seal()
    draft = services.Draft(DocumentKind.TRAIL_SEAL, "Tanpa data", "segel.typ", {})
    with pytest.raises(TemplateBroken):
        services.issue(actor=system_user(), draft=draft, at=EVENING)
    assert seal().number == "DEKON/SEGEL/2026/0002"


@pytest.mark.django_db(transaction=True)
def test_eight_who_issue_at_once_get_numbers_without_gap_or_double() -> None:
    seal()

    def one(_number: int) -> str:
        try:
            return seal().number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(one, range(8)))
    assert numbers == [f"DEKON/SEGEL/2026/{number:04}" for number in range(2, 10)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_document SET title = 'lain'",
        "UPDATE documents_document SET sha256 = ''",
        "DELETE FROM documents_document",
        "TRUNCATE documents_document CASCADE",
    ],
)
def test_an_issued_document_cannot_be_changed(statement: str) -> None:
    seal()
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"never changed|refused"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_a_document_is_revoked_once_with_a_reason() -> None:
    document = seal()
    services.revoke(actor=system_user(), document_id=document.pk, reason="salah tanggal", at=EVENING)
    with pytest.raises(Conflict):
        services.revoke(actor=system_user(), document_id=document.pk, reason="sekali lagi", at=EVENING)
    with pytest.raises(NotFound):
        services.revoke(actor=system_user(), document_id=0, reason="x", at=EVENING)
    assert selectors.content(document)  # still readable


@pytest.mark.django_db
def test_only_whom_the_matrix_lets_revokes_a_document_and_never_without_a_reason() -> None:
    document = seal()
    for role in Role:
        if role in matrix().holders(Action.REVOKE_DOCUMENT) or matrix().roles[role].bound_to not in {
            "nothing",
            "province",
        }:
            continue
        bound = "32" if matrix().roles[role].bound_to == "province" else ""
        person = accounts.person(f"coba-{role}", role, bound)
        with pytest.raises(NotAllowed) as refused:
            services.revoke(actor=person, document_id=document.pk, reason="salah tanggal", at=EVENING)
        assert refused.value.code == "not-allowed-role", role
    admin = accounts.person("pencabut", "admin")
    with pytest.raises(Unfit):
        services.revoke(actor=admin, document_id=document.pk, reason=" ", at=EVENING)
    assert services.revoke(actor=admin, document_id=document.pk, reason="salah tanggal", at=EVENING).revoked_at
    event = Event.objects.get(action="document-revoked")
    assert (event.actor_name, event.reason) == ("pencabut", "salah tanggal")


@pytest.mark.django_db
def test_a_file_that_was_swapped_in_the_store_is_not_given_out() -> None:
    document = seal()
    files.stored(document.sha256, shelf="documents").write_bytes(b"%PDF-1.7 something else")
    with pytest.raises(NotFound):
        selectors.content(document)


@pytest.mark.django_db
def test_a_foreign_pdf_is_not_ours() -> None:
    verdict = selectors.check(b"%PDF-1.7 nothing", at=EVENING)
    assert verdict.document is None
    assert not verdict.intact
