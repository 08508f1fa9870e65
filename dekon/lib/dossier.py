"""What a dossier is made of, as data, and the ZIP that is sent while it is made. Knows no database.

Each app declares its part in a module `dossier.py` as `SECTION`; whoever gathers finds it there (`dekon.web.dossier`).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same content gives the same bytes."""
MANIFEST = "MANIFEST.sha256"
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of what: a year, and codes of satker in order; `national` where it is everything.

    `disclosed`: with names, reasons and facts of the trail.
    """

    year: int
    satker: tuple[str, ...]
    national: bool
    disclosed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one query as a CSV file; `sql` may use `%(year)s` and `%(satker)s` (codes); its columns are the heads."""

    path: str
    title: str
    sql: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of a section, read piece by piece when its turn comes."""

    path: str
    title: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Files:
    """Files that are found when the dossier is made, in a fixed order."""

    found: Callable[[Wanted], Iterator[File]]


@dataclass(frozen=True, slots=True)
class Section:
    """What one app puts in: a folder, its place among the others, and what lies there.

    `top`: files that lie above all folders and are sent first of all.
    """

    folder: str
    order: int
    title: str
    parts: tuple[Table | Files, ...]
    top: Files | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that lies in the ZIP."""

    path: str
    title: str
    size_bytes: int
    sha256: str


@dataclass(slots=True)
class Archive:
    """A ZIP written from front to back, handed out while it grows; remembers what lies in it."""

    entries: list[Entry] = field(default_factory=list)
    _sink: _Sink = field(init=False)
    _zip: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4)

    def add(self, file: File) -> Iterator[bytes]:
        """One member, piece by piece; gives what of the ZIP can be sent."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(zipfile.ZipInfo(file.path, EPOCH), "w", force_zip64=True) as member:
            yield self._sink.taken()
            for piece in file.pieces:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
                if self._sink.waiting >= PIECE:
                    yield self._sink.taken()
        self.entries.append(Entry(file.path, file.title, size, digest.hexdigest()))
        yield self._sink.taken()

    def close(self) -> Iterator[bytes]:
        """The manifest of everything before, as `sha256sum -c` reads it, and the end."""
        lines = "".join(f"{entry.sha256}  {entry.path}\n" for entry in self.entries)
        yield from self.add(File(MANIFEST, "", (lines.encode(),)))
        self._zip.close()
        yield self._sink.taken()


class _Sink(io.RawIOBase):
    """Takes what the ZIP writes until it is fetched; cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """No: what was sent is gone."""
        return False

    def write(self, data: bytes) -> int:  # type: ignore[override]  # of all buffers a ZIP writes only bytes
        """Keep it until `taken`."""
        self._pieces.append(bytes(data))
        self.waiting += len(data)
        return len(data)

    def taken(self) -> bytes:
        """Everything that waits."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return data
