"""How the trail reads: actions, things and facts in words, and where the page of a thing is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dekon.audit.choices import Reading
from dekon.budget.services import DATED_LISTS
from dekon.web import formats

ACTIONS: Mapping[str, Promise] = {
    **{reading.value: reading.label for reading in Reading},
    "account-closed": gettext_lazy("Akun ditutup"),
    "account-reopened": gettext_lazy("Akun dibuka kembali"),
    "closing-announced": gettext_lazy("Penutupan akun diberitahukan"),
    "factor-added": gettext_lazy("Faktor kedua ditambah"),
    "factor-removed": gettext_lazy("Faktor kedua dihapus"),
    "factors-reset": gettext_lazy("Faktor kedua disetel ulang"),
    "invitation-accepted": gettext_lazy("Undangan diterima"),
    "invitation-withdrawn": gettext_lazy("Undangan ditarik"),
    "letter-read": gettext_lazy("Surat pendaftaran dibaca"),
    "password-changed": gettext_lazy("Kata sandi diganti"),
    "person-invited": gettext_lazy("Orang diundang"),
    "recovery-code-used": gettext_lazy("Kode pemulihan dipakai"),
    "recovery-codes-renewed": gettext_lazy("Kode pemulihan diperbarui"),
    "registration-received": gettext_lazy("Pendaftaran diterima"),
    "session-ended": gettext_lazy("Sesi diakhiri"),
    "sign-in-slowed": gettext_lazy("Proses masuk diperlambat"),
    "signed-in": gettext_lazy("Masuk"),
    "token-revoked": gettext_lazy("Kunci API dicabut"),
    "registration-approved": gettext_lazy("Pendaftaran disetujui"),
    "registration-refused": gettext_lazy("Pendaftaran ditolak"),
    "block-released": gettext_lazy("Blokir dibuka"),
    "case-handed-over": gettext_lazy("Kasus diserahterimakan"),
    "alert-snoozed": gettext_lazy("Peringatan ditunda"),
    "alert-assigned": gettext_lazy("Peringatan ditugaskan"),
    "alert-noted": gettext_lazy("Catatan peringatan"),
    "warnings-evaluated": gettext_lazy("Peringatan dini dinilai"),
    "case-answered": gettext_lazy("Kasus dijawab"),
    "dipa-recorded": gettext_lazy("DIPA dicatat"),
    "file-attached": gettext_lazy("Berkas dilampirkan"),
    "meeting-planned": gettext_lazy("Rapat direncanakan"),
    "meeting-changed": gettext_lazy("Rapat diubah"),
    "meeting-moved": gettext_lazy("Tahap rapat diubah"),
    "meeting-session-added": gettext_lazy("Sesi rapat ditambah"),
    "meeting-session-changed": gettext_lazy("Sesi rapat diubah"),
    "meeting-session-removed": gettext_lazy("Sesi rapat dihapus"),
    "decision-recorded": gettext_lazy("Keputusan rapat dicatat"),
    "decision-moved": gettext_lazy("Keputusan rapat dilanjutkan"),
    "issue-raised": gettext_lazy("Persoalan daerah disampaikan"),
    "issue-moved": gettext_lazy("Persoalan daerah dilanjutkan"),
    "minutes-block-added": gettext_lazy("Paragraf notula ditambah"),
    "minutes-saved": gettext_lazy("Naskah notula disimpan"),
    "minutes-closed": gettext_lazy("Notula disahkan"),
    "meeting-report-issued": gettext_lazy("Laporan rapat diterbitkan"),
    "material-added": gettext_lazy("Bahan rapat ditambah"),
    "material-withdrawn": gettext_lazy("Bahan rapat ditarik"),
    "attachment-withdrawn": gettext_lazy("Lampiran ditarik"),
    "person-minimised": gettext_lazy("Data pribadi yang tidak diperlukan lagi dihapus"),
    "nik-recorded": gettext_lazy("NIK dicatat"),
    "nik-removed": gettext_lazy("NIK dihapus"),
    "niks-resealed": gettext_lazy("Kunci NIK diganti"),
    "document-finished": gettext_lazy("Dokumen dilengkapi dengan cap waktu"),
    "document-described": gettext_lazy("Keterangan naskah dicatat"),
    "document-renewed": gettext_lazy("Cap waktu arsip diperbarui"),
    "paper-signature-recorded": gettext_lazy("Tanda tangan basah dicatat"),
    "paper-signature-withdrawn": gettext_lazy("Catatan tanda tangan basah ditarik"),
    "document-issued": gettext_lazy("Dokumen diterbitkan"),
    "document-lent": gettext_lazy("Dokumen diunduh untuk ditandatangani di luar"),
    "document-loan-ended": gettext_lazy("Dokumen dilepas tanpa tanda tangan"),
    "document-prepared": gettext_lazy("Dokumen disiapkan untuk ditandatangani"),
    "document-signed": gettext_lazy("Dokumen ditandatangani"),
    "signing-key-made": gettext_lazy("Kunci tanda tangan dibuat"),
    "signing-key-revoked": gettext_lazy("Kunci tanda tangan dicabut"),
    "document-mailed": gettext_lazy("Dokumen dikirim lewat surel"),
    "document-revoked": gettext_lazy("Dokumen dinyatakan tidak berlaku"),
    "holiday-added": gettext_lazy("Hari libur ditambah"),
    "holiday-withdrawn": gettext_lazy("Hari libur dicabut"),
    "import-applied": gettext_lazy("Impor diterapkan"),
    "import-asked": gettext_lazy("Penerapan impor diminta"),
    "import-brought": gettext_lazy("Berkas dibawa"),
    "import-discarded": gettext_lazy("Impor dibuang"),
    "import-given-up": gettext_lazy("Pekerjaan impor dihentikan"),
    "import-refused": gettext_lazy("Impor ditolak"),
    "import-stopped": gettext_lazy("Penerapan impor ditarik kembali"),
    "import-undone": gettext_lazy("Impor dibatalkan"),
    "outcome-changed": gettext_lazy("Capaian hasil diubah"),
    "outcome-recorded": gettext_lazy("Capaian hasil dicatat"),
    "outcome-removed": gettext_lazy("Capaian hasil dihapus"),
    "pagu-blocked": gettext_lazy("Pagu diblokir"),
    "pagu-reserved": gettext_lazy("Dana dicadangkan"),
    "policy-added": gettext_lazy("Kebijakan ditambah"),
    "policy-changed": gettext_lazy("Kebijakan diubah"),
    "policy-linked": gettext_lazy("Kebijakan dikaitkan dengan anggaran"),
    "policy-removed": gettext_lazy("Kebijakan dihapus"),
    "policy-target-removed": gettext_lazy("Target dihapus"),
    "policy-target-stated": gettext_lazy("Target ditetapkan"),
    "policy-unlinked": gettext_lazy("Kaitan kebijakan dilepas"),
    "record-added": gettext_lazy("Catatan pelaksanaan ditambah"),
    "record-withdrawn": gettext_lazy("Catatan pelaksanaan ditarik"),
    "reference-added": gettext_lazy("Kode ditambah"),
    "reference-changed": gettext_lazy("Kode diubah"),
    "reference-corrected": gettext_lazy("Kode dikoreksi"),
    "reference-ended": gettext_lazy("Kode diakhiri"),
    "reference-voided": gettext_lazy("Catatan kode dibatalkan"),
    "reservation-released": gettext_lazy("Cadangan dilepas"),
    "revision-described": gettext_lazy("Revisi DIPA dijelaskan"),
    "role-assigned": gettext_lazy("Peran atau jabatan diberikan"),
    "role-ended": gettext_lazy("Peran atau jabatan diakhiri"),
    "role-handed-over": gettext_lazy("Serah terima"),
    "assignment-voided": gettext_lazy("Penugasan dibatalkan"),
    "satker-completed": gettext_lazy("Data satker dilengkapi"),
    "satker-created": gettext_lazy("Satker dibuat"),
    "theme-added": gettext_lazy("Tema ditambah"),
    "theme-changed": gettext_lazy("Tema diubah"),
    "theme-removed": gettext_lazy("Tema dihapus"),
    "theme-tagged": gettext_lazy("Tema ditandai pada anggaran"),
    "theme-untagged": gettext_lazy("Tanda tema dilepas"),
    "token-created": gettext_lazy("Kunci API dibuat"),
    "user-added": gettext_lazy("Pengguna ditambah"),
    "user-disabled": gettext_lazy("Pengguna dinonaktifkan"),
    "year-stated": gettext_lazy("Dasar hukum tahun dicatat"),
}
"""What was done, in words; a test names the action that is missing."""

THINGS: Mapping[str, Promise | str] = {
    **{name: listing.title for name, listing in DATED_LISTS.items()},
    "assignment": gettext_lazy("Penugasan"),
    "block": gettext_lazy("Blokir"),
    "alert": gettext_lazy("Peringatan"),
    "alerts": gettext_lazy("Peringatan dini"),
    "case": gettext_lazy("Kasus rekonsiliasi"),
    "dipa": gettext_lazy("DIPA"),
    "dipa-revision": gettext_lazy("Revisi DIPA"),
    "document": gettext_lazy("Dokumen"),
    "export": gettext_lazy("Tabel yang diunduh"),
    "fiscal-year": gettext_lazy("Tahun anggaran"),
    "import": gettext_lazy("Impor"),
    "libur": gettext_lazy("Hari libur"),
    "registration": gettext_lazy("Pendaftaran"),
    "invitation": gettext_lazy("Undangan"),
    "meeting": gettext_lazy("Rapat"),
    "decision": gettext_lazy("Keputusan rapat"),
    "issue": gettext_lazy("Persoalan daerah"),
    "outcome": gettext_lazy("Capaian hasil"),
    "policy": gettext_lazy("Kebijakan"),
    "record": gettext_lazy("Catatan pelaksanaan"),
    "reservation": gettext_lazy("Cadangan"),
    "theme": gettext_lazy("Tema"),
    "token": gettext_lazy("Kunci API"),
    "user": gettext_lazy("Pengguna"),
}
ADMINISTRATION = frozenset(
    {
        "user",
        "token",
        "role",
        "assignment",
        "delegation",
        "session",
        "registration",
        "invitation",
        "libur",
        *DATED_LISTS,
    }
)
"""The things whose trail is for the administrator, who sees no more business data than needed."""

FACTS: Mapping[str, Promise] = {
    "attachments": gettext_lazy("Lampiran"),
    "classification": gettext_lazy("Kode klasifikasi"),
    "copies_to": gettext_lazy("Tembusan"),
    "level": gettext_lazy("Tingkat PAdES"),
    "method": gettext_lazy("Cara tanda tangan"),
    "partner_number": gettext_lazy("Nomor mitra"),
    "place": gettext_lazy("Tempat tanda tangan"),
    "places": gettext_lazy("Banyak tempat tanda tangan"),
    "serial": gettext_lazy("Nomor seri"),
    "subject": gettext_lazy("Hal"),
    "amount_rp": gettext_lazy("Jumlah"),
    "blocked": gettext_lazy("Blokir"),
    "code": gettext_lazy("Kode"),
    "dated_on": gettext_lazy("Tanggal"),
    "decree": gettext_lazy("Dasar"),
    "description": gettext_lazy("Uraian"),
    "filters": gettext_lazy("Saringan"),
    "form": gettext_lazy("Bentuk"),
    "gross": gettext_lazy("Bruto"),
    "import": gettext_lazy("Impor"),
    "kegiatan": gettext_lazy("Kegiatan"),
    "kind": gettext_lazy("Jenis"),
    "left_rp": gettext_lazy("Sisa"),
    "legal_basis": gettext_lazy("Dasar hukum"),
    "name": gettext_lazy("Nama"),
    "net": gettext_lazy("Neto"),
    "note": gettext_lazy("Catatan"),
    "on": gettext_lazy("Tanggal"),
    "pagu": gettext_lazy("Pagu"),
    "parked": gettext_lazy("Diparkir"),
    "planned": gettext_lazy("Rencana"),
    "pos": gettext_lazy("Baris anggaran"),
    "program": gettext_lazy("Program"),
    "province": gettext_lazy("Provinsi"),
    "realised": gettext_lazy("Realisasi"),
    "role": gettext_lazy("Peran"),
    "rows": gettext_lazy("Baris"),
    "satker": gettext_lazy("Satker"),
    "scope": gettext_lazy("Lingkup"),
    "sha256": gettext_lazy("Sidik berkas (SHA-256)"),
    "source": gettext_lazy("Sumber"),
    "status": gettext_lazy("Status"),
    "synthetic": gettext_lazy("Data sintetis"),
    "unit": gettext_lazy("Unit eselon I"),
    "valid_from": gettext_lazy("Berlaku mulai"),
    "valid_to": gettext_lazy("Berlaku sampai"),
    "value": gettext_lazy("Nilai"),
    "decree_on": gettext_lazy("Tanggal SK"),
    "standing": gettext_lazy("Sebagai"),
    "from": gettext_lazy("Hari pertama"),
    "to": gettext_lazy("Hari terakhir"),
    "for": gettext_lazy("Menggantikan"),
    "letter": gettext_lazy("Berkas surat"),
    "successor": gettext_lazy("Penerus"),
    "cases": gettext_lazy("Kasus rekonsiliasi"),
    "imports": gettext_lazy("Impor"),
    "warnings": gettext_lazy("Peringatan"),
    "owner": gettext_lazy("Pemegang"),
    "opened": gettext_lazy("Timbul"),
    "closed": gettext_lazy("Selesai"),
    "until": gettext_lazy("Sampai"),
    "year": gettext_lazy("Tahun"),
    "title": gettext_lazy("Judul"),
    "city": gettext_lazy("Kota"),
    "venue": gettext_lazy("Tempat"),
    "quorum": gettext_lazy("Kuorum (persen)"),
    "starts_at": gettext_lazy("Mulai"),
    "ends_at": gettext_lazy("Selesai"),
    "state": gettext_lazy("Tahap"),
    "room": gettext_lazy("Ruang"),
    "text": gettext_lazy("Isi"),
    "due": gettext_lazy("Tenggat"),
    "category": gettext_lazy("Kategori"),
    "heading": gettext_lazy("Judul paragraf"),
}
FINGERPRINTS = frozenset({"sha256", "letter_digest"})
MONEY = frozenset({"blocked", "gross", "net", "pagu", "parked", "planned", "realised"})
"""Facts in rupiah whose name does not say so."""
ORIGINS: Mapping[str, Promise] = {
    "web": gettext_lazy("halaman"),
    "api": gettext_lazy("API"),
    "cli": gettext_lazy("baris perintah"),
    "job": gettext_lazy("pekerjaan terjadwal"),
}
PAGES: Mapping[str, Callable[[str], str]] = {
    "block": lambda key: reverse("block", args=[key]),
    "alert": lambda key: reverse("alert", args=[key]),
    "case": lambda key: reverse("case", args=[key]),
    "document": lambda key: reverse("document", args=[key]),
    "import": lambda key: reverse("import", args=[key]),
    "meeting": lambda key: reverse("meeting", args=[key]),
    "decision": lambda key: reverse("decision", args=[key]),
    "issue": lambda key: reverse("issue", args=[key]),
    "outcome": lambda _key: reverse("policies"),
    "policy": lambda key: reverse("policy", args=[key]),
    "reservation": lambda key: reverse("reservation", args=[key]),
    "satker": lambda key: reverse("dipa", args=[key]),
    "theme": lambda key: reverse("theme", args=[key]),
    "provinsi": lambda key: reverse("province", args=[key]),
    "libur": lambda _key: reverse("holidays"),
}


def action_words(action: str) -> str:
    """What was done."""
    return str(ACTIONS.get(action, action.replace("-", " ")))


def thing_words(kind: str) -> str:
    """A kind of thing."""
    return str(THINGS.get(kind, kind.replace("-", " ")))


def origin_words(origin: str) -> str:
    """Where a change came from."""
    return str(ORIGINS.get(origin, origin))


def thing_page(kind: str, key: str) -> str:
    """The page of a thing; empty where it has none. A thing that was removed since leads to a page that says so."""
    if kind in PAGES:
        return PAGES[kind](key)
    return reverse("reference-entry", args=[kind, key]) if kind in DATED_LISTS else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a row: its name, what it was, what it became; None where it was not or is no more.

    `long`: a fingerprint, for the page of the row only.
    """

    name: str
    before: str | None
    after: str | None
    long: bool = False

    @property
    def words(self) -> str:
        """The change in one line."""
        if self.before is None or self.after is None:
            return f"{self.name}: {self.after if self.before is None else self.before}"
        return f"{self.name}: {self.before} → {self.after}"


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    """The facts that differ, in the order that the row tells them; a fact that stayed as it was is left out."""
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new or key not in before:
            was, became = (_fact(key, side[key]) if key in side else None for side in (before, after))
            yield Change(_fact_name(key), was, became, key in FINGERPRINTS)


def _fact_name(key: str) -> str:
    return str(FACTS.get(key) or key.removesuffix("_rp").replace("_", " "))


def _fact(key: str, value: object) -> str:
    """A fact as people write it: money, days, yes and no."""
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return _("ya") if value else _("tidak")
        case int() if key.endswith("_rp") or key in MONEY:
            return formats.exact(value)
        case list():
            return ", ".join(map(str, value))
        case str() if len(value) == len("2022-01-31") and value[4] == value[7] == "-":
            return _day(value)
    return str(value)


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:
        return text
