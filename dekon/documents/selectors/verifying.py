"""Checking a copy that somebody holds: is it ours, is it whole, who signed, what was changed.

A file is ours where its bytes are those of a revision, or begin with them. A file that only says to be ours, by the
code it bears, is compared with what the register knows of that code. For everybody: the database tells what is public
of one document to whoever shows its hash or code, and lists none (docs/row-security.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db import connection

from dekon.documents.choices import Openness
from dekon.documents.models import CheckedFile
from dekon.documents.selectors import places
from dekon.errors import NotFound
from dekon.gateways import checking, files
from dekon.gateways.checking import Found, Report
from dekon.lib.codes import read_code

type Standing = Literal["genuine", "revoked", "superseded", "older", "extended", "changed", "forged", "unknown"]
"""genuine: the newest revision. older: whole, but others signed since. extended: ours, with signatures that the
register does not know. changed: begins as ours, and more than signatures was added. forged: says to be
ours and is not."""

MAX_ENDS: Final = 400
END: Final = b"%%EOF"


@dataclass(frozen=True, slots=True)
class Known:
    """What everybody may learn of a document that was issued.

    `title` is empty where it is secret and only its code is known; `satker` and `superseded_by` where there is none.
    `seq`: the revision that was shown. `placed`: its signatures as the register knows them; `papers` those by
    hand, which the file cannot show. `waiting`: how many places are still empty.
    """

    number: str
    kind: str
    title: str
    code: str
    openness: str
    satker: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str
    superseded_by: str
    seq: int
    newest_sha256: str
    placed: tuple[Placed, ...]
    papers: tuple[Papered, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A signature as the register knows it: the field of the file, who, in which office, and since which revision."""

    field: str
    name: str
    standing: str
    office: str
    method: str
    seq: int


@dataclass(frozen=True, slots=True)
class Papered:
    """A signature by hand (tanda tangan basah) as the register knows it; no file proves it."""

    name: str
    standing: str
    office: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature as it is told to everybody."""

    name: str
    role: str
    level: str
    method: str
    certified: bool
    trusted_time: bool
    signed_at: datetime | None
    valid: bool
    flaw: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about a file or a code.

    `document` is the entry that the file is, or says to be. `reasons`: codes of plain words for what is wrong: forged,
    page-appended, content-changed, stripped, other-authority, signature-broken, uncovered, certificate-revoked,
    certificate-expired. `missing`: how many signed after this copy.
    """

    standing: Standing
    document: Known | None = None
    signers: tuple[Signer, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: int = 0
    waiting: int = 0
    sha256: str = ""
    official_sha256: str = ""

    @property
    def known(self) -> bool:
        """Whether the register knows the file, be it changed since."""
        return self.document is not None and self.standing != "forged"

    @property
    def intact(self) -> bool:
        """Whether nothing was changed after it was signed, and each signature in it is valid."""
        return self.standing in {"genuine", "revoked", "superseded", "older", "extended"} and not self.reasons


def check(pdf: bytes, *, at: datetime) -> Verdict:
    """What is known about a file that somebody holds.

    Args:
        pdf: its bytes; looked at by the caller for its size and kind.
        at: the present moment, aware.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    exact = known_by_hash(digest)
    if exact:
        return _of_revision(exact, checked(digest, pdf, at=at), digest)
    report = checking.look(pdf, revoked=_revoked(), now=at)
    begun = next(filter(None, map(known_by_hash, _prefix_digests(pdf))), None)
    if begun:
        return _of_longer(begun, report, digest)
    return _of_stranger(report, digest)


def by_code(typed: str, *, at: datetime) -> Verdict:
    """What the register says of a code; the file itself is not looked at.

    Args:
        typed: the code as it stands under the QR code, in any case.
        at: the present moment, aware.
    """
    document = _of_code(read_code(typed) or "")
    if document is None:
        return Verdict("unknown")
    report = checked(document.newest_sha256, _bytes_of(document.newest_sha256), at=at)
    return _of_revision(document, report, "")


def official_copy(typed: str) -> tuple[Known, bytes]:
    """The newest revision, for whoever holds the code, where the document is open to them.

    Raises:
        NotFound: no such code, or the document is not open to everybody.
    """
    document = _of_code(read_code(typed) or "")
    if document is None or document.openness != Openness.OPEN:
        raise NotFound("document-code-unknown", code=typed[:20])
    return document, _bytes_of(document.newest_sha256)


def checked(sha256: str, pdf: bytes, *, at: datetime) -> Report:
    """A look at a file that the register knows, kept so that the next one is quick.

    Args:
        sha256: of the file.
        pdf: its bytes.
        at: the present moment, aware.
    """
    revoked = _revoked()
    trust = checking.trust_digest(revoked)
    kept = _asked("SELECT report FROM dekon_checked_file(%s, %s)", sha256, trust)
    if kept is not None:
        return _read(json.loads(kept[0]))
    report = checking.look(pdf, revoked=revoked, now=at)
    CheckedFile.objects.bulk_create(
        [CheckedFile(sha256=sha256, trust=trust, checked_at=at, report=_written(report))], ignore_conflicts=True
    )
    return report


def _revoked() -> dict[int, datetime]:
    return places.revoked_serials()


def known_by_hash(digest: str) -> Known | None:
    """The document of which these are the bytes, in whichever revision, for whoever holds them.

    Args:
        digest: SHA-256 of the bytes, 64 hex digits.
    """
    return _known(_asked("SELECT * FROM dekon_document_by_hash(%s)", digest))


def _of_code(code: str) -> Known | None:
    return _known(_asked("SELECT * FROM dekon_document_by_code(%s)", code))


def _asked(question: str, *keys: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, keys)
        answer: tuple[Any, ...] | None = cursor.fetchone()
    return answer


def _known(row: tuple[Any, ...] | None) -> Known | None:
    if row is None:
        return None
    placed = tuple(Placed(**one) for one in json.loads(row[-3]))
    papers = tuple(Papered(**{**one, "signed_on": date.fromisoformat(one["signed_on"])}) for one in json.loads(row[-2]))
    return Known(*row[:-3], placed, papers, row[-1])  # type: ignore[call-arg]  # the columns of the function, in its order


def _bytes_of(sha256: str) -> bytes:
    return files.stored(sha256, shelf="documents").read_bytes()


def _prefix_digests(pdf: bytes) -> Iterator[str]:
    """Hashes of the file up to each end of a revision in it, the longest first; with and without the line's end."""
    digest, begun = hashlib.sha256(), 0
    found: list[str] = []
    position = pdf.find(END)
    while position >= 0 and len(found) < MAX_ENDS:
        for tail in (b"", b"\n", b"\r\n", b"\r"):
            end = position + len(END) + len(tail)
            if pdf[position + len(END) : end] == tail and end < len(pdf) and end >= begun:
                digest.update(pdf[begun:end])
                begun = end
                found.append(digest.copy().hexdigest())
        position = pdf.find(END, position + 1)
    yield from reversed(found)


def _of_revision(document: Known, report: Report, digest: str) -> Verdict:
    """The verdict on bytes that are exactly those of a revision."""
    later = sum(1 for one in document.placed if one.seq > document.seq)
    standing: Standing = "genuine"
    if document.revoked_at is not None:
        standing = "revoked"
    elif document.superseded_by:
        standing = "superseded"
    elif later:
        standing = "older"
    return Verdict(
        standing, document, _signers(document, report), _flaws(report), later, document.waiting, digest,
        document.newest_sha256,
    )  # fmt: skip


def _of_longer(document: Known, report: Report, digest: str) -> Verdict:
    """The verdict on bytes that begin with a revision and go on."""
    usual = _of_revision(document, report, digest)
    known = {one.field for one in document.placed}
    reasons = set(usual.reasons)
    if report.trailing or not report.readable or not report.signatures:
        reasons.add("page-appended" if report.pages > report.pages_signed > 0 else "content-changed")
    if any(not one.untouched for one in report.signatures):
        reasons.add("page-appended" if report.pages > report.pages_signed else "content-changed")
    changed = bool(reasons)
    extra = any(one.field not in known for one in report.signatures)
    standing: Standing = (
        "changed" if changed else "extended" if extra or usual.standing == "genuine" else usual.standing
    )
    return replace(usual, standing=standing, reasons=tuple(sorted(reasons)))


def _of_stranger(report: Report, digest: str) -> Verdict:
    """The verdict on a file that the register does not know: whether it says to be one of ours."""
    claimed = next(filter(None, (_of_code(code) for code in report.codes if read_code(code))), None)
    signers = tuple(_stranger(one) for one in report.signatures)
    if claimed is None:
        flaws = _flaws(report) if report.signatures else ()
        return Verdict("unknown", signers=signers, reasons=flaws, sha256=digest)
    reasons = {"forged", *_flaws(report)}
    if not report.signatures and claimed.placed:
        reasons.add("stripped")
    return Verdict(
        "forged", claimed, signers, tuple(sorted(reasons)), sha256=digest, official_sha256=claimed.newest_sha256
    )


def _flaws(report: Report) -> tuple[str, ...]:
    """What is wrong with signatures by themselves."""
    found = set()
    for one in report.signatures:
        if not one.intact:
            found.add("signature-broken")
        if one.flaw:
            found.add("other-authority" if one.flaw == "unknown" else f"certificate-{one.flaw}")
    return tuple(sorted(found))


def _signers(document: Known, report: Report) -> tuple[Signer, ...]:
    """Signatures in the file, with the office and name that the register knows."""
    placed = {one.field: one for one in document.placed}
    return tuple(_signer(one, placed.get(one.field)) for one in report.signatures)


def _signer(one: Found, placed: Placed | None) -> Signer:
    if placed is None:
        return _stranger(one)
    name = f"{placed.standing} {placed.name}".strip()
    return Signer(
        name, placed.office, one.level, placed.method, one.certified, one.attested, one.signed_at, one.valid,
        one.flaw,
    )  # fmt: skip


def _stranger(one: Found) -> Signer:
    return Signer(one.name, "", one.level, "", one.certified, one.attested, one.signed_at, one.valid, one.flaw)


def _written(report: Report) -> dict[str, Any]:
    """A report as it is kept."""
    said = asdict(report)
    for one in said["signatures"]:
        one["signed_at"] = one["signed_at"].isoformat() if one["signed_at"] else ""
    return said


def _read(said: dict[str, Any]) -> Report:
    """A report as it was kept."""
    found = tuple(
        Found(**{**one, "signed_at": datetime.fromisoformat(one["signed_at"]) if one["signed_at"] else None})
        for one in said["signatures"]
    )
    return Report(**{**said, "signatures": found, "codes": tuple(said["codes"])})
