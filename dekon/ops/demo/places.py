"""The 34 provinces of March 2022 as the demo year knows them, and the satker in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A province: Kemenkeu location, Kemendagri code, name, place of payment, and its share of the money (a weight)."""

    location: str
    province: str
    name: str
    kppn: str
    kppn_name: str
    weight: int

    @property
    def called(self) -> str:
        """The name as it stands in a sentence; DKI and DI stay capitals."""
        return " ".join(word if word in {"DKI", "DI"} else word.capitalize() for word in self.name.split())


@dataclass(frozen=True, slots=True)
class UnitOffice:
    """A directorate general that delegates: code, program, name, and its share of the money (a weight)."""

    code: str
    program: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class DemoSatker:
    """A synthetic satker: a provincial office working for one directorate general."""

    code: str
    place: Place
    unit: UnitOffice

    @property
    def name(self) -> str:
        """The name as the satker master prints it."""
        return f"DINAS TENAGA KERJA PROVINSI {self.place.name}"


PLACES = (
    Place("01", "31", "DKI JAKARTA", "018", "JAKARTA I", 88),
    Place("02", "32", "JAWA BARAT", "022", "BANDUNG I", 175),
    Place("03", "33", "JAWA TENGAH", "026", "SEMARANG I", 158),
    Place("04", "34", "DI YOGYAKARTA", "030", "YOGYAKARTA", 76),
    Place("05", "35", "JAWA TIMUR", "031", "SURABAYA I", 170),
    Place("06", "11", "ACEH", "001", "BANDA ACEH", 92),
    Place("07", "12", "SUMATERA UTARA", "123", "M E D A N II", 124),
    Place("08", "13", "SUMATERA BARAT", "010", "P A D A N G", 88),
    Place("09", "14", "RIAU", "008", "PEKANBARU", 90),
    Place("10", "15", "JAMBI", "012", "J A M B I", 77),
    Place("11", "16", "SUMATERA SELATAN", "014", "PALEMBANG", 102),
    Place("12", "18", "LAMPUNG", "017", "BANDAR LAMPUNG", 97),
    Place("13", "61", "KALIMANTAN BARAT", "042", "PONTIANAK", 84),
    Place("14", "62", "KALIMANTAN TENGAH", "043", "PALANGKARAYA", 74),
    Place("15", "63", "KALIMANTAN SELATAN", "045", "BANJARMASIN", 80),
    Place("16", "64", "KALIMANTAN TIMUR", "046", "SAMARINDA", 82),
    Place("17", "71", "SULAWESI UTARA", "049", "M A N A D O", 78),
    Place("18", "72", "SULAWESI TENGAH", "051", "P A L U", 79),
    Place("19", "73", "SULAWESI SELATAN", "054", "MAKASSAR I", 110),
    Place("20", "74", "SULAWESI TENGGARA", "060", "K E N D A R I", 77),
    Place("21", "81", "MALUKU", "061", "A M B O N", 70),
    Place("22", "51", "BALI", "037", "D E N P A S A R", 85),
    Place("23", "52", "NUSA TENGGARA BARAT", "038", "M A T A R A M", 98),
    Place("24", "53", "NUSA TENGGARA TIMUR", "039", "K U P A N G", 94),
    Place("25", "91", "PAPUA", "063", "JAYAPURA", 82),
    Place("26", "17", "BENGKULU", "016", "B E N G K U L U", 70),
    Place("28", "82", "MALUKU UTARA", "062", "T E R N A T E", 66),
    Place("29", "36", "BANTEN", "020", "S E R A N G", 104),
    Place("30", "19", "KEPULAUAN BANGKA BELITUNG", "015", "PANGKAL PINANG", 64),
    Place("31", "75", "GORONTALO", "050", "GORONTALO", 62),
    Place("32", "21", "KEPULAUAN RIAU", "009", "TANJUNG PINANG", 74),
    Place("33", "92", "PAPUA BARAT", "065", "MANOKWARI", 64),
    Place("34", "76", "SULAWESI BARAT", "178", "MAMUJU", 61),
    Place("35", "65", "KALIMANTAN UTARA", "185", "TANJUNG SELOR", 60),
)

UNITS = (
    UnitOffice("04", "DN", "DITJEN PEMBINAAN PENEMPATAN TENAGA KERJA DAN PERLUASAN KESEMPATAN KERJA", 30),
    UnitOffice("05", "DN", "DITJEN PEMBINAAN HUBUNGAN INDUSTRIAL DAN JAMINAN SOSIAL TENAGA KERJA", 23),
    UnitOffice("08", "DN", "DITJEN PEMBINAAN PENGAWASAN KETENAGAKERJAAN DAN KESELAMATAN DAN KESEHATAN KERJA", 25),
    UnitOffice("13", "DL", "DITJEN PEMBINAAN PELATIHAN VOKASI DAN PRODUKTIVITAS", 22),
)


def satker_code(location: str, unit: str) -> str:
    """The code of a synthetic deconcentration satker: location, 9, and 1 with the unit's code (029104)."""
    return f"{location}91{unit}"


def all_satker() -> tuple[DemoSatker, ...]:
    """The 136 satker, by location and unit."""
    return tuple(DemoSatker(satker_code(place.location, unit.code), place, unit) for place in PLACES for unit in UNITS)
