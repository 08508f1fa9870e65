"""Files that are handed in: typed by content, within limits, under a clean name, everything wrong at once."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.errors import Unfit, message_text
from dekon.lib.uploads import EVIDENCE, IMAGES, LETTER, Policy, clean_name, inspect, refuse
from dekon.lib.uploads.names import MAX_NAME, MAX_NAME_BYTES

MEGABYTE = 1024 * 1024


def pdf(body: bytes = b"", tail: bytes = b"startxref\n9\n%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + tail


def packed(head: bytes, content: bytes) -> bytes:
    """An object of a PDF with a packed stream."""
    return b"2 0 obj\n<< " + head + b" /Filter /FlateDecode >>\nstream\n" + zlib.compress(content) + b"\nendstream\n"


def png(width: int, height: int) -> bytes:
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0" + b"crc0"
    return head + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame + b"\xff\xd9"


def webp(width: int, height: int) -> bytes:
    body = b"WEBPVP8X\x0a\0\0\0\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def archive(*parts: tuple[str, bytes], link: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts:
            zipped.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = 0o120777 << 16
            zipped.writestr(info, "/etc/passwd")
    return target.getvalue()


def workbook(**changed: bytes) -> bytes:
    """A workbook whose parts are replaced: `sheet` or `other` get new content."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "satker"
    book.save(made)
    target = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, changed["sheet"] if "sheet" in changed and "sheet1.xml" in name else content)
        if "other" in changed:
            new.writestr("xl/lain.bin", changed["other"])
    return target.getvalue()


def codes(content: bytes, name: str = "berkas", policy: Policy = EVIDENCE) -> set[str]:
    return {found.code for found in inspect(io.BytesIO(content), name, policy).findings if found.severity == "error"}


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (level, b"&lol;" * 10) for level in range(1, 10))
    + b"]><worksheet>&lol9;</worksheet>"
)
GOOD: dict[str, tuple[str, bytes, str]] = {
    "pdf": ("sk.pdf", pdf(packed(b"/Length 9", b"BT (satu) Tj ET")), "application/pdf"),
    "png": ("foto.png", png(800, 600), "image/png"),
    "jpeg": ("foto.jpg", jpeg(800, 600), "image/jpeg"),
    "webp": ("foto.webp", webp(800, 600), "image/webp"),
    "xlsx": ("rincian.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (
        "notula.docx",
        archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "zip": ("bukti.zip", archive(("foto/1.jpg", jpeg(4, 4)), ("daftar.csv", b"a;b")), "application/zip"),
    "csv": ("daftar.csv", b"satker;nama\n012345;Dinas\n", "text/csv; charset=utf-8"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_usual_file_is_known_by_its_content_and_nothing_is_found(kind: str) -> None:
    name, content, media_type = GOOD[kind]
    looked = inspect(io.BytesIO(content), name, EVIDENCE)
    assert (looked.kind, looked.media_type, looked.name, looked.size_bytes) == (kind, media_type, name, len(content))
    assert looked.findings == ()
    assert looked.is_acceptable


@pytest.mark.parametrize("kind", GOOD)
def test_a_false_name_changes_nothing_but_the_name(kind: str) -> None:
    looked = inspect(io.BytesIO(GOOD[kind][1]), "laporan.exe", EVIDENCE)
    assert looked.kind == kind
    assert looked.name.startswith("laporan.exe.")
    assert [found.code for found in looked.findings] == ["upload-name-differs"]


BAD: dict[str, tuple[bytes, Policy, set[str]]] = {
    "empty": (b"", EVIDENCE, {"file-empty"}),
    "program": (b"MZ" + b"\0" * 90, EVIDENCE, {"upload-kind-refused"}),
    "page of the web": (b"<html><script>alert(1)</script>,;", EVIDENCE, {"upload-kind-refused"}),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x,y"/>', EVIDENCE, {"upload-kind-refused"}),
    "gif": (b"GIF89a" + b"\0" * 90, IMAGES, {"upload-kind-refused"}),
    "shell script": (b"#!/bin/sh\nrm -rf a,b\n", EVIDENCE, {"upload-kind-refused"}),
    "workbook as letter": (workbook(), LETTER, {"upload-kind-refused"}),
    "large and of a wrong kind": (GOOD["zip"][1] + b"\0" * 2 * MEGABYTE, Policy(frozenset({"pdf"}), MEGABYTE),
                                  {"upload-too-big", "upload-kind-refused"}),
    "cut pdf": (pdf(tail=b""), LETTER, {"file-truncated"}),
    "locked pdf": (pdf(b"<< /Encrypt 5 0 R >>"), LETTER, {"upload-pdf-locked"}),
    "script in a pdf": (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), LETTER, {"upload-pdf-active"}),
    "script by another spelling": (pdf(b"<< /S /J#61v#61Script >>"), LETTER, {"upload-pdf-active"}),
    "script in a packed object": (pdf(packed(b"/Type /ObjStm", b"<< /OpenAction << /S /Launch >> >>")), LETTER,
                                  {"upload-pdf-active"}),
    "file within a pdf": (pdf(b"<< /EmbeddedFiles 3 0 R >>"), LETTER, {"upload-pdf-active"}),
    "locked, cut and active pdf": (pdf(b"<< /Encrypt 5 0 R /S /JavaScript >>", b""), LETTER,
                                   {"file-truncated", "upload-pdf-locked", "upload-pdf-active"}),
    "pdf that swells": (pdf(packed(b"/Length 9", b"\0" * 101_000_000)), LETTER, {"file-bomb"}),
    "picture of a billion pixels": (png(50_000, 50_000), LETTER, {"upload-image-too-large"}),
    "photo of a billion pixels": (jpeg(60_000, 60_000), LETTER, {"upload-image-too-large"}),
    "web picture of a billion pixels": (webp(16_000, 16_000), IMAGES, {"upload-image-too-large"}),
    "picture without size": (png(0, 5), LETTER, {"file-truncated"}),
    "photo that ends early": (b"\xff\xd8\xff\xe0\x00", LETTER, {"file-truncated"}),
    "web picture that ends early": (b"RIFF\x20\0\0\0WEBPVP8 ", IMAGES, {"file-truncated"}),
    "cut archive": (GOOD["zip"][1][:-30], EVIDENCE, {"file-truncated"}),
    "archive that swells": (archive(("a.csv", b"\0" * 11_000_000)), EVIDENCE, {"file-bomb"}),
    "archive in an archive": (archive(("a.zip", b"PK")), EVIDENCE, {"upload-archive-content"}),
    "program in an archive": (archive(("surat.pdf.exe", b"MZ")), EVIDENCE, {"upload-archive-content"}),
    "page in an archive": (archive(("a.html", b"<script>")), EVIDENCE, {"upload-archive-content"}),
    "way out of an archive": (archive(("../../etc/cron.d/x", b"x")), EVIDENCE, {"upload-archive-path"}),
    "way out by wide signs": (archive(("\uff0e\uff0e\uff0fx", b"x")), EVIDENCE, {"upload-archive-path"}),
    "way out by another slash": (archive(("..\\..\\x", b"x")), EVIDENCE, {"upload-archive-path"}),
    "absolute name": (archive(("/etc/x", b"x")), EVIDENCE, {"upload-archive-path"}),
    "drive": (archive(("C:x", b"x")), EVIDENCE, {"upload-archive-path"}),
    "turned name": (archive(("a\u202efdp.x", b"x")), EVIDENCE, {"upload-archive-path"}),
    "link": (archive(link="a.txt"), EVIDENCE, {"upload-archive-path"}),
    "way out and program": (archive(("../x.exe", b"x")), EVIDENCE, {"upload-archive-path", "upload-archive-content"}),
    "too many parts": (archive(*((f"{n}.csv", b"") for n in range(2001))), EVIDENCE, {"file-bomb"}),
    "billion laughs in a workbook": (workbook(sheet=LAUGHS), EVIDENCE, {"file-xml-definitions"}),
    "laughs in a part of another name": (workbook(other=LAUGHS), EVIDENCE, {"file-xml-definitions"}),
    "laughs in another coding": (workbook(sheet=LAUGHS.decode().encode("utf-16")), EVIDENCE, {"file-xml-definitions"}),
    "laughs in a text document": (archive(("word/document.xml", LAUGHS)), EVIDENCE, {"file-xml-definitions"}),
    "macros in a text document": (archive(("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")), EVIDENCE,
                                  {"file-macros"}),
    "text in another coding": ("nama;r\xe9gion\n".encode("latin-1"), EVIDENCE, {"file-not-text"}),
}  # fmt: skip


@pytest.mark.parametrize("trap", BAD)
def test_a_trap_is_refused_with_everything_that_is_wrong(trap: str) -> None:
    content, policy, expected = BAD[trap]
    assert codes(content, policy=policy) == expected


def test_a_trap_costs_little_memory() -> None:
    trap = archive(("a.csv", b"\0" * 200_000_000))
    tracemalloc.start()
    codes(trap)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_parts_that_share_bytes_are_a_bomb() -> None:
    """The table of contents names the same bytes many times over."""
    whole = archive(("a.csv", bytes(range(256)) * 40))
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry = whole[start:end]
    many = b"".join(entry[:46] + b"%05d" % n + entry[51:] for n in range(50))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(many), start, 0)
    assert "file-bomb" in codes(whole[:start] + many + tail)


def test_refusing_names_the_field_and_every_problem_in_both_languages() -> None:
    content, policy, expected = BAD["locked, cut and active pdf"]
    looked = inspect(io.BytesIO(content), "sk.pdf", policy)
    with pytest.raises(Unfit) as refused:
        refuse(looked, "surat")
    assert {problem.code for problem in refused.value.problems} == expected
    assert {problem.field for problem in refused.value.problems} == {"surat"}
    for problem in refused.value.problems:
        assert message_text(problem.code, problem.params, "en") != problem.message()


def test_a_good_file_is_not_refused_and_stands_at_its_beginning() -> None:
    stream = io.BytesIO(GOOD["pdf"][1])
    refuse(inspect(stream, "sk.pdf", LETTER), "surat")
    assert stream.tell() == 0


NAMES: dict[str, tuple[str, str]] = {
    "plain": ("SK Gubernur 2026.pdf", "SK Gubernur 2026.pdf"),
    "way out": ("../../etc/passwd", "passwd"),
    "way out of Windows": ("..\\..\\windows\\a.pdf", "a.pdf"),
    "wide slash": ("..\uff0f..\uff0fa.pdf", "a.pdf"),
    "only dots": ("../..", "berkas"),
    "nothing": ("", "berkas"),
    "hidden": (".htaccess", "htaccess"),
    "turned": ("sk\u202efdp.exe", "skfdp.exe"),
    "zero width": ("s\u200bk\u2060.pdf", "sk.pdf"),
    "lines": ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
    "null": ("a.pdf\x00.png", "a.pdf.png"),
    "device": ("CON.pdf", "_CON.pdf"),
    "quotes": ('a"b<c>.pdf', "a_b_c_.pdf"),
    "dots behind": ("a.pdf. . ", "a.pdf"),
    "composed": ("re\u0301gion.pdf", "r\u00e9gion.pdf"),
    "piled accents": ("a" + "\u0323\u0316" * 40 + ".pdf", "\u1ea1\u0316\u0323.pdf"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_name_is_cleaned(case: str) -> None:
    raw, clean = NAMES[case]
    if case == "piled accents":
        assert len(clean_name(raw)) <= 8
    else:
        assert clean_name(raw) == clean


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept_and_shown(raw: str) -> None:
    name = clean_name(raw)
    assert 1 <= len(name) <= MAX_NAME
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*\x00')
    assert name == clean_name(name)
    assert not name.startswith(".")


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("a" * 500 + ".pdf").endswith("a.pdf")


@pytest.mark.parametrize("start", [b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"RIFF0000WEBP"])
@given(data=st.binary(max_size=300))
def test_no_bytes_make_the_look_fail(start: bytes, data: bytes) -> None:
    inspect(io.BytesIO(start + data), "x", EVIDENCE)
