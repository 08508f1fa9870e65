"""Templates to PDF/A: the only place that renders documents. The same data gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typst

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""Archive (ISO 19005-2, level A) and accessibility (ISO 14289-1), declared and enforced by the compiler."""


class TemplateBroken(Exception):
    """A template does not compile with its data: a mistake of the programmer, never of the user."""


def render(
    template: Path, data: Mapping[str, object], *, at: datetime, images: Mapping[str, bytes] | None = None
) -> bytes:
    """A PDF/A-2a with tags.

    Args:
        template: a Typst file; it reads `json(bytes(sys.inputs.data))`.
        data: what it shows; texts, numbers, lists and mappings.
        at: the moment the document bears, aware.
        images: name of a file → its bytes, for `image(…)` of the template.

    Raises:
        TemplateBroken: it does not compile.
        ValueError: the moment has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("a document bears an aware moment")
    if images:
        return _with_images(template, data, images, at)
    return _compiled(_compiler(template), template, data, at)


def _with_images(template: Path, data: Mapping[str, object], images: Mapping[str, bytes], at: datetime) -> bytes:
    """Compiled in a folder of its own, where the pictures lie beside the templates."""
    with TemporaryDirectory() as folder:
        for one in template.parent.glob("*.typ"):
            (Path(folder) / one.name).write_bytes(one.read_bytes())
        for name, content in images.items():
            (Path(folder) / name).write_bytes(content)
        main = Path(folder) / template.name
        return _compiled(typst.Compiler(str(main), ignore_system_fonts=True), template, data, at)


def scaled(picture: bytes, suffix: str, *, at: datetime) -> bytes:
    """A photo as a PNG of the size in which a report shows it (75 mm at 150 dpi), without what a camera adds to it.

    Args:
        suffix: what the file is, `jpg`, `png` or `webp`.

    Raises:
        TemplateBroken: it is no picture.
    """
    with TemporaryDirectory() as folder:
        (Path(folder) / f"foto.{suffix}").write_bytes(picture)
        main = Path(folder) / "foto.typ"
        page = '#set page(width: 75mm, height: auto, margin: 0mm)\n#image("foto.{}", width: 75mm)\n'
        main.write_text(page.format(suffix), "utf-8")
        try:
            made = typst.compile(str(main), format="png", ppi=150, timestamp=at.replace(microsecond=0))
        except typst.TypstError as error:
            raise TemplateBroken(f"foto.{suffix}: {error}") from error
    if not isinstance(made, bytes):
        raise TemplateBroken(f"foto.{suffix}: gives no single page")
    return made


def _compiled(compiler: typst.Compiler, template: Path, data: Mapping[str, object], at: datetime) -> bytes:
    try:
        pdf = compiler.compile(
            format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards=[*STANDARDS],
            timestamp=at.replace(microsecond=0),
        )  # fmt: skip
    except typst.TypstError as error:
        raise TemplateBroken(f"{template.name}: {error}") from error
    if not isinstance(pdf, bytes):
        raise TemplateBroken(f"{template.name}: gives no single file")
    return pdf


@dataclass(frozen=True, slots=True)
class Box:
    """A place that a template keeps free: its key, the page from 1, its box in points from the upper left."""

    key: str
    page: int
    x: float
    y: float
    width: float
    height: float


def render_with_boxes(template: Path, data: Mapping[str, object], *, at: datetime) -> tuple[bytes, list[Box]]:
    """A PDF/A-2a with tags, and the places that the template keeps free by `metadata` labelled `<tempat>`.

    Args, Raises: as `render`.
    """
    if at.tzinfo is None:
        raise ValueError("a document bears an aware moment")
    compiler = typst.Compiler(
        str(template), ignore_system_fonts=True, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=at.replace(microsecond=0))
        found = json.loads(compiler.query("<tempat>", field="value"))
    except typst.TypstError as error:
        raise TemplateBroken(f"{template.name}: {error}") from error
    if not isinstance(pdf, bytes):
        raise TemplateBroken(f"{template.name}: gives no single file")
    return pdf, [
        Box(each["kunci"], each["halaman"], each["x"], each["y"], each["lebar"], each["tinggi"]) for each in found
    ]


def render_face(
    template: Path, data: Mapping[str, object], *, at: datetime, form: Literal["pdf", "png"] = "pdf"
) -> bytes:
    """One small page that is drawn into another document: without tags and without claims of its own.

    Args:
        form: `pdf`, or `png` at 300 dpi.

    Raises: as `render`.
    """
    try:
        made = _compiler(template).compile(
            format=form, sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=at.replace(microsecond=0), pdf_tags=False,
            ppi=300,
        )  # fmt: skip
    except typst.TypstError as error:
        raise TemplateBroken(f"{template.name}: {error}") from error
    if not isinstance(made, bytes):
        raise TemplateBroken(f"{template.name}: gives no single page")
    return made


@cache
def _compiler(template: Path) -> typst.Compiler:
    """One compiler for each template: it keeps its fonts."""
    return typst.Compiler(str(template), ignore_system_fonts=True)
