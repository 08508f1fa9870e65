"""Templates to PDF/A: the only place that renders documents. The same data gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""Archive (ISO 19005-2, level A) and accessibility (ISO 14289-1), declared and enforced by the compiler."""


class TemplateBroken(Exception):
    """A template does not compile with its data: a mistake of the programmer, never of the user."""


def render(template: Path, data: Mapping[str, object], *, at: datetime) -> bytes:
    """A PDF/A-2a with tags.

    Args:
        template: a Typst file; it reads `json(bytes(sys.inputs.data))`.
        data: what it shows; texts, numbers, lists and mappings.
        at: the moment the document bears, aware.

    Raises:
        TemplateBroken: it does not compile.
        ValueError: the moment has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a document bears an aware moment")
    try:
        pdf = _compiler(template).compile(
            format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards=[*STANDARDS],
            timestamp=at,
        )  # fmt: skip
    except typst.TypstError as error:
        raise TemplateBroken(f"{template.name}: {error}") from error
    if not isinstance(pdf, bytes):
        raise TemplateBroken(f"{template.name}: gives no single file")
    return pdf


@cache
def _compiler(template: Path) -> typst.Compiler:
    """One compiler for each template: it keeps its fonts."""
    return typst.Compiler(str(template), ignore_system_fonts=True)
