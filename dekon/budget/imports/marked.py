"""What has to be mended in a file, as the user's own workbook with marks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dekon.errors import DEFAULT_LANGUAGE, message_catalogue
from dekon.lib.findings import Finding
from dekon.lib.sheets.marking import Mark, write_marked

TITLES = {"id": "Yang harus diperbaiki", "en": "What to mend"}
HEADS = {
    "id": ("No", "Tingkat", "Lembar", "Sel", "Isi", "Masalah", "Cara memperbaiki"),
    "en": ("No", "Severity", "Sheet", "Cell", "Value", "Problem", "What to do"),
}
SEVERITIES = {"id": {"error": "Kesalahan", "warning": "Peringatan"}, "en": {"error": "Error", "warning": "Warning"}}


def write_marked_workbook(
    source: Path, findings: Sequence[Finding], target: Path, language: str = DEFAULT_LANGUAGE
) -> None:
    """Writes the marked workbook of a file: the list of findings in front, the bad cells coloured and explained.

    Args:
        source: the file as it was uploaded.
        target: where the workbook (xlsx) goes.

    Raises:
        RuleBroken: the file cannot be opened at all, so that there is nothing to mark.
    """
    known = language if language in TITLES else DEFAULT_LANGUAGE
    write_marked(source, target, [mark_of(finding, known) for finding in findings], TITLES[known], HEADS[known])


def mark_of(finding: Finding, language: str) -> Mark:
    """A finding as a mark of its cell."""
    problem, advice = problem_and_advice(finding, language)
    return Mark(
        severity=finding.severity,
        severity_name=SEVERITIES[language][finding.severity],
        sheet=finding.sheet,
        cell=finding.cell,
        value=finding.value,
        problem=problem,
        advice=advice,
    )


def problem_and_advice(finding: Finding, language: str) -> tuple[str, str]:
    """What is wrong and what to do: the first sentence of the message and the rest."""
    texts = message_catalogue()[finding.code].texts
    problem, stop, advice = texts.get(language, texts[DEFAULT_LANGUAGE]).partition(". ")
    return (problem + stop.strip()).format(**finding.params), advice.format(**finding.params)
