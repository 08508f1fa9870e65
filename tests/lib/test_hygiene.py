"""Nothing personal and no key gets into a log, however it was logged."""

from __future__ import annotations

import logging

import pytest

from dekon.lib.hygiene import HIDDEN, CleanFormatter, cleaned

SECRETS = {
    "token": ("call with dekon_aB3dEf6hIj9kLmNoPqRsTuVwXyZ012345", "dekon_aB3"),
    "bearer": ("Authorization: Bearer abcdef.ghijkl.mnopqr", "abcdef"),
    "cookie": ("Cookie: dekon_session=abc123; csrftoken=def456", "abc123"),
    "second cookie": ("Cookie: dekon_session=abc123; csrftoken=def456", "def456"),
    "cookie in a dictionary": ("{'Cookie': 'dekon_session=abc123'}", "abc123"),
    "password": ("POST {'username': 'x', 'password': 'rahasia sekali'}", "rahasia"),
    "password in a form": ("password=rahasia&next=/", "rahasia"),
    "one-time code": ("otp=123456", "123456"),
    "session": ("session_key='a1b2c3d4'", "a1b2"),
    "address of a database": ("postgresql://dekon_app:rahasia@db/dekon", "rahasia"),
    "mail": ("to budi.contoh@dinas.example.go.id sent", "budi"),
    "mail in an address": ("/x/budi%40example.go.id/", "budi"),
    "NIK": ("NIK 3204112233440001 refused", "3204112233440001"),
    "NIK with signs": ("3204.1122.3344.0001", "3344"),
    "NIP": ("NIP 19800101 200501 1 001", "200501"),
    "NPWP": ("09.254.294.3-407.000".replace("-", "."), "254.294"),
    "telephone": ("call 0812-3456-7890", "3456"),
    "telephone abroad": ("call +6281234567890", "81234567890"),
    "query": ("GET /cari/?q=nama+orang HTTP/1.1", "orang"),
    "link of a mail": ("Not Found: /masuk/lupa/aB3dEf6hIj9k/", "aB3dEf"),
    "link of an invitation": ("GET /undangan/aB3dEf6hIj9k/ HTTP/1.1", "aB3dEf"),
    "key of the database": ("DETAIL:  Key (email)=(budi) already exists.", "budi"),
    "row of the database": ("Failing row contains (1, budi, 2026).", "budi"),
}


@pytest.mark.parametrize("case", SECRETS)
def test_what_must_not_stay_is_cleaned(case: str) -> None:
    text, secret = SECRETS[case]
    assert secret in text
    assert secret not in cleaned(text)
    assert HIDDEN in cleaned(text)


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /provinsi/32/",
        "posted 1250000000 rupiah to 012345",
        "2026-11-24 13:02:11,123 WARNING dekon.ops worker stopped after 3 s",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "pos 012345.026.13.DL.2187.BDB.001.051.0A.521211",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert cleaned(text) == text


def record(message: str, *args: object, exc: BaseException | None = None) -> logging.LogRecord:
    info = (type(exc), exc, exc.__traceback__) if exc else None
    return logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, info)


def test_arguments_and_tracebacks_are_cleaned_too() -> None:
    try:
        int("Key (email)=(budi@example.go.id) already exists")
    except ValueError as error:
        line = CleanFormatter("%(message)s").format(record("failed for %s", "budi@example.go.id", exc=error))
    assert "budi" not in line
    assert "ValueError" in line


def test_a_message_cannot_forge_another_record() -> None:
    line = CleanFormatter("%(levelname)s %(message)s").format(record("name %s", "a\nERROR forged"))
    assert line.splitlines() == ["ERROR name a\\nERROR forged"]


def test_the_record_itself_stays_for_other_handlers() -> None:
    original = record("to %s", "budi@example.go.id")
    CleanFormatter("%(message)s").format(original)
    assert original.getMessage() == "to budi@example.go.id"
