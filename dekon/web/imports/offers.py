"""What the page offers where a file cannot be applied as it is: to create codes, to confirm a version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from dekon.web.imports import listing

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun

NOT_IN_FORCE = "version-not-in-force"


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """A version of a satker's budget, its pagu in rupiah, and whether it is the one that counts now."""

    satker: str
    version: str
    meaning: str
    pagu_rp: int
    counts: bool


def missing_codes(run: ImportRun) -> list[tuple[str, list[str]]]:
    """Codes that no list has and that the file knows enough about to create them, by kind; none where one is beyond it.

    A file with other errors gets no offer either: creating would not make it applicable.
    """
    kinds = {
        "unknown-satker-known": _("Satker"),
        "unknown-program": _("Program"),
        "unknown-kegiatan": _("Kegiatan"),
        "unknown-kro": _("KRO"),
        "unknown-akun": _("Akun"),
    }
    errors = [finding for finding in listing.findings(run) if finding.severity == "error"]
    if run.status != "refused" or any(finding.code not in kinds for finding in errors):
        return []
    found = {code: [str(f.params["code"]) for f in errors if f.code == code] for code in kinds}
    return [(words, found[code]) for code, words in kinds.items() if found[code]]


def open_versions(run: ImportRun) -> list[OpenVersion]:
    """Versions of which the person may choose: those of satker that have several, or none in force."""
    if run.status not in {"refused", "checked"}:
        return []
    held = Counter(str(version["satker"]) for version in run.versions)
    asked = {f.params["satker"] for f in listing.findings(run) if f.code == NOT_IN_FORCE}
    return [
        OpenVersion(
            str(v["satker"]), str(v["version"]), version_meaning(str(v["version"])), int(v["pagu_rp"]),
            bool(v.get("counts")),
        )
        for v in run.versions
        if held[str(v["satker"])] > 1 or v["satker"] in asked
    ]  # fmt: skip


def version_meaning(version: str) -> str:
    """What the letter of a version says."""
    if version[:1] == "B":
        return _("DIPA awal") if version == "B00" else _("revisi DIPA")
    if version[:1] == "C":
        return _("revisi POK")
    if version[:1] == "A":
        return _("usulan revisi, belum disahkan")
    if version[:1] in {"D", "E", "F", "G"}:
        return _("bukan DIPA yang berlaku")
    return _("huruf versi yang belum dikenal")
