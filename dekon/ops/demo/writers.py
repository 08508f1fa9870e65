"""Writes MonSAKTI files as the web service gives them: refAdmin, dataAng, realisasi, capaianRO (JSON or CSV)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path as FilePath

from dekon.ops.demo.catalogue import ACCOUNT_NAMES, COMPONENTS
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import Item, Line, Path, Progress, Version

type Cell = str | int | float | None
type Row = dict[str, Cell]

MINISTRY = "026"
DECONCENTRATION = "3"
FUND_SOURCE = "A"
COMPONENT_NAMES = {code: name for code, name, _share in COMPONENTS}


def write_json(path: FilePath, rows: Iterable[Row]) -> int:
    """Writes rows as a JSON list, one row a line, and says how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("[")
        for count, row in enumerate(rows, start=1):
            out.write(",\n" if count > 1 else "\n")
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        out.write("\n]\n")
    return count


def write_csv(path: FilePath, rows: Iterable[Row]) -> int:
    """Writes rows as CSV with semicolons, as the saved answers of the service look in Excel; says how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        for count, row in enumerate(rows, start=1):
            if count == 1:
                writer.writerow(row)
            writer.writerow(row.values())
    return count


def refadmin_rows(satker: Iterable[DemoSatker]) -> Iterator[Row]:
    """The satker master: unit, authority and place of each satker."""
    for one in satker:
        yield {
            "KODE_KEMENTERIAN": MINISTRY, "KODE_UNIT": one.unit.code, "KDSATKER": one.code, "DESKRIPSI": one.name,
            "KODE_KAB_KOTA": f"{one.place.location}00", "URAIAN_KODE_KAB_KOTA": one.place.name,
            "KODE_KEWENANGAN": DECONCENTRATION, "URAIAN_KEWENANGAN": "DEKONSENTRASI", "KODE_KPPN": one.place.kppn,
            "NAMA_KPPN": one.place.kppn_name,
        }  # fmt: skip


def dataang_rows(versions: Iterable[Version]) -> Iterator[Row]:
    """Budget items with their monthly plan. Where an akun has several items, a header row repeats their sum first."""
    for version in versions:
        number = 0
        for _path, group in groupby(version.items, key=lambda item: item.path):
            items = list(group)
            if len(items) > 1:
                number += 1
                yield _header_row(version, items, number)
            for item in items:
                number += 1
                yield _item_row(version, item, number)


def _path_cells(path: Path) -> Row:
    return {
        "KODE_PROGRAM": path.program, "KODE_KEGIATAN": path.kegiatan, "KODE_OUTPUT": path.kro, "KDIB": "00",
    }  # fmt: skip


def _budget_row(version: Version, item: Item, number: int, name: str, header: int) -> Row:
    path = item.path
    return {
        "KDSATKER": version.satker.code, **_path_cells(path), "VOLUME_OUTPUT": item.ro_target,
        "KODE_SUBOUTPUT": path.ro, "VOLUME_SUBOUTPUT": item.ro_target, "KODE_KOMPONEN": path.komponen,
        "KODE_SUBKOMPONEN": path.subkomponen, "URAIAN_SUBKOMPONEN": COMPONENT_NAMES.get(path.komponen, ""),
        "KODE_AKUN": path.akun, "KODE_JENIS_BEBAN": FUND_SOURCE, "KODE_CARA_TARIK": "0", "KODE_JENIS_BANTUAN": "",
        "KODE_REGISTER": "", "HEADER1": header, "HEADER2": 0,
        "KODE_ITEM": "" if header else item.code, "NOMOR_ITEM": number, "CONS_ITEM": "" if header else item.code,
        "URAIAN_ITEM": name, "SUMBER_DANA": FUND_SOURCE,
    }  # fmt: skip


def _volume_cells(item: Item) -> Row:
    cells: Row = {"VOL_KEG_1": item.volume // item.factor, "SAT_KEG_1": item.unit}
    cells |= {
        "VOL_KEG_2": item.factor if item.factor > 1 else 0,
        "SAT_KEG_2": item.factor_unit if item.factor > 1 else "",
    }
    cells |= {"VOL_KEG_3": 0, "SAT_KEG_3": "", "VOL_KEG_4": 0, "SAT_KEG_4": ""}
    return cells | {"VOLKEG": item.volume, "SATKEG": item.unit, "HARGASAT": item.price_rp}


def _item_row(version: Version, item: Item, number: int) -> Row:
    plan: Row = {f"POK_NILAI_{month}": amount for month, amount in enumerate(item.months, start=1)}
    return {
        **_budget_row(version, item, number, item.name, 0), **_volume_cells(item), "TOTAL": item.total_rp,
        "KODE_BLOKIR": "", "NILAI_BLOKIR": item.blocked_rp, "KODE_STS_HISTORY": version.code, **plan,
    }  # fmt: skip


def _header_row(version: Version, items: list[Item], number: int) -> Row:
    total_rp = sum(item.total_rp for item in items)
    empty: Row = dict.fromkeys(_volume_cells(items[0]), 0) | dict.fromkeys((f"SAT_KEG_{n}" for n in range(1, 5)), "")
    months = (sum(amounts) for amounts in zip(*(item.months for item in items), strict=True))
    plan: Row = {f"POK_NILAI_{month}": amount for month, amount in enumerate(months, start=1)}
    name = f"> {ACCOUNT_NAMES[items[0].path.akun]}"
    return {
        **_budget_row(version, items[0], number, name, 1), **empty, "SATKEG": "", "TOTAL": total_rp,
        "KODE_BLOKIR": "", "NILAI_BLOKIR": 0, "KODE_STS_HISTORY": version.code, **plan,
    }  # fmt: skip


def coa(line: Line) -> str:
    """The 16 segments of an account as the Treasury writes them."""
    path, satker = line.path, line.satker
    where = f"{satker.code}.{satker.place.kppn}.{path.akun}.{MINISTRY}{satker.unit.code}{satker.unit.program}"
    place = f"{DECONCENTRATION}.{satker.place.location}00"
    if not path.kegiatan:
        return f"{where}.0000000.A000000001.00000.{place}.0.000000.000000.000.000.00.000000"
    activity = f"{path.kegiatan}{path.kro}"
    rest = f"{path.ro}.{path.komponen}.{path.subkomponen}.{line.item}"
    return f"{where}.{activity}.A000000001.00000.{place}.2.000000.000000.{rest}"


def split_amount(amount_rp: int, parts: int) -> list[int]:
    """An amount in so many nearly equal whole parts of the same sign, none of them zero."""
    parts = min(parts, abs(amount_rp))
    size, extra = divmod(abs(amount_rp), parts)
    sign = 1 if amount_rp > 0 else -1
    return [sign * (size + (index < extra)) for index in range(parts)]


def realisasi_rows(lines: Iterable[Line], scale: int = 1) -> Iterator[Row]:
    """Payments, one row per line of an SPP.

    Args:
        scale: each line becomes so many rows with the same total; lines of the special cases stay whole.
    """
    for line in lines:
        row = _payment_row(line)
        if scale == 1 or line.kept or not line.path.kegiatan:
            yield row
            continue
        for amount_rp in split_amount(line.amount_rp, scale):
            yield row | {"NILAI_RUPIAH": amount_rp}


def _payment_row(line: Line) -> Row:
    path, code = line.path, line.satker.code
    paid_on = line.sp2d_on.isoformat() if line.sp2d_on else ""
    return {
        "KDSATKER": code, "KODE_KEMENTERIAN": MINISTRY, "KD_JNS_SPP": line.kind, "NO_SPP": line.spp_no,
        "TGL_SPP": line.spp_on.isoformat(), "NO_SPM": f"{line.spp_no[:5]}A/{code}/{line.spp_on.year}",
        "TGL_SPM": line.spp_on.isoformat(), "NO_SP2D": line.sp2d_no, "TGL_SP2D": paid_on, "URAIAN": line.text,
        "KODE_COA": coa(line), "KODE_PROGRAM": path.program, "KODE_KEGIATAN": path.kegiatan, "KODE_OUTPUT": path.kro,
        "KODE_SUBOUTPUT": path.ro, "KODE_KOMPONEN": path.komponen, "KODE_SUBKOMPONEN": path.subkomponen,
        "KODE_AKUN": path.akun, "KODE_ITEM": line.item, "MATA_UANG": "IDR", "KURS": 1, "NILAI_VALAS": 0,
        "NILAI_RUPIAH": line.amount_rp, "STATUS_DATA": line.status,
    }  # fmt: skip


def capaian_rows(progress: Iterable[Progress], year: int) -> Iterator[Row]:
    """Output achievement, one row per RO and month; volumes with four decimals."""
    for one in progress:
        output = one.output
        gap = one.total_percent - one.realised_rp * 100 // one.budget_rp
        yield {
            "KODE_KEMENTERIAN": MINISTRY, "KODE_UNIT": output.satker.unit.code, "KDSATKER": output.satker.code,
            "SUB_OUTPUT_KODE": f"{output.program}.{output.kegiatan}.{output.kro}.{output.ro}",
            "KODE_PERIODE": f"{year}-{one.month:02}", "STATUS": "Terkonfirmasi",
            "RENCANA_SUB_OUTPUT": f"{output.target}.0000", "SATUAN_SUB_OUTPUT": output.volume_unit,
            "PENAMBAHAN_REALISASI_VOLUME_RO": f"{one.added_hundredths // 100}.0000",
            "TOTAL_REALISASI_SUB_OUTPUT": f"{one.total_hundredths // 100}.0000",
            "PENAMBAHAN_PROGRESS_CAPAIAN_RO": one.added_percent, "TOTAL_PROGRESS_CAPAIAN_RO": one.total_percent,
            "BUKTI_DOKUMEN": "", "REFERENSI_KETERANGAN": "lainnya" if one.reference else "", "REFERENSI": one.reference,
            "KETERANGAN": one.note, "RO_STRATEGIS": 0, "ANGGARAN_BELANJA": one.budget_rp,
            "REALISASI_BELANJA": one.realised_rp, "PENGEMBALIAN_BELANJA": one.returned_rp, "PERSEN_GAP": gap,
            "REVISI_DIPA_KE": 0,
        }  # fmt: skip
