"""The shapes of the demo year: plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dekon.ops.demo.places import DemoSatker


class Path(NamedTuple):
    """A budget path down to akun."""

    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str


@dataclass(frozen=True, slots=True)
class Output:
    """An RO of a satker with its target."""

    satker: DemoSatker
    program: str
    kegiatan: str
    kro: str
    ro: str
    name: str
    volume_unit: str
    target: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item under an akun: volume (in `factor` portions) × price = total, and its plan by month, in rupiah."""

    path: Path
    code: str
    name: str
    volume: int
    unit: str
    factor: int
    factor_unit: str
    price_rp: int
    months: tuple[int, ...]
    ro_target: int
    kept: bool = False
    blocked_rp: int = 0

    @property
    def total_rp(self) -> int:
        """What the item costs."""
        return self.volume * self.price_rp


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the DIPA of one satker with all its items."""

    satker: DemoSatker
    code: str
    effective_on: date
    items: tuple[Item, ...]

    @property
    def pagu_rp(self) -> int:
        """Sum of the items."""
        return sum(item.total_rp for item in self.items)


@dataclass(frozen=True, slots=True)
class Block:
    """Part of a position that may not be used for a while."""

    satker: str
    path: Path
    kind: str
    amount_rp: int
    on: date
    letter: str
    released_rp: int
    released_on: date | None
    release_letter: str


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money of a position set aside for a contract."""

    satker: str
    path: Path
    amount_rp: int
    on: date
    document: str
    released_on: date | None


class Line(NamedTuple):
    """One line of a payment. `path` is empty for transito accounts; `kept` lines are never split by `--scale`."""

    satker: DemoSatker
    kind: str
    spp_no: str
    spp_on: date
    sp2d_no: str
    sp2d_on: date | None
    text: str
    path: Path
    item: str
    amount_rp: int
    status: str
    kept: bool
    imported_on: date

    @property
    def spends(self) -> bool:
        """Whether the line changes what is realised."""
        return self.path.akun < "58" and self.status == "Upload SP2D" and self.kind != "RETUR"


class Progress(NamedTuple):
    """How far an RO of a satker had come at the end of a month; volumes in hundredths, progress in percent."""

    output: Output
    month: int
    added_hundredths: int
    total_hundredths: int
    added_percent: int
    total_percent: int
    reference: str
    note: str
    budget_rp: int
    realised_rp: int
    returned_rp: int


@dataclass(frozen=True, slots=True)
class DemoYear:
    """Everything that happens in the demo year, in order of time where order matters."""

    year: int
    seed: int
    satker: tuple[DemoSatker, ...]
    outputs: tuple[Output, ...]
    versions: tuple[Version, ...]
    blocks: tuple[Block, ...]
    reservations: tuple[Reservation, ...]
    lines: tuple[Line, ...]
    progress: tuple[Progress, ...]

    def version_on(self, satker: str, day: date) -> Version:
        """The version of a satker's DIPA in force on a day (the first one before that)."""
        mine = [version for version in self.versions if version.satker.code == satker]
        in_force = [version for version in mine if version.effective_on <= day]
        return in_force[-1] if in_force else mine[0]
