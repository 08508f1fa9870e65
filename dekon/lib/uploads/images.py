"""Sizes of pictures from their headers alone: nothing is decoded, so nothing can swell."""

from __future__ import annotations

import struct
from typing import Final

PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_BIG_ENDIAN_SIZE: Final = struct.Struct(">II")
_FRAME_SIZE: Final = struct.Struct(">HH")
MAX_SEGMENTS: Final = 2000

type Size = tuple[int, int]
"""Width and height in pixels."""


def png_size(content: bytes) -> Size | None:
    """Width and height of a PNG; None where it is damaged."""
    if content[12:16] != b"IHDR" or len(content) < 33 or b"IEND" not in content[-64:]:
        return None
    width, height = _BIG_ENDIAN_SIZE.unpack_from(content, 16)
    return (width, height) if width and height else None


def jpeg_size(content: bytes) -> Size | None:
    """Width and height of a JPEG, by its largest frame; None where it is damaged."""
    place = 2
    for _ in range(MAX_SEGMENTS):
        if place + 9 > len(content) or content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _FRAMES:
            height, width = _FRAME_SIZE.unpack_from(content, place + 5)
            return (width, height) if width and height else None
        if marker in _ALONE:
            place += 2
            continue
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return None


def webp_size(content: bytes) -> Size | None:
    """Width and height of a WEBP; None where it is damaged."""
    if len(content) < 30 or int.from_bytes(content[4:8], "little") + 8 > len(content) + 1:
        return None
    form = content[12:16]
    if form == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if form == b"VP8L" and content[20] == 0x2F:
        packed = int.from_bytes(content[21:25], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return (width & 0x3FFF, height & 0x3FFF) if width & 0x3FFF and height & 0x3FFF else None
    return None
