"""What the verdict on a document is called, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dekon.documents.selectors import Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict's colour, sign, headline and sentence."""

    tone: str
    sign: str
    title: str
    words: str


def told(verdict: Verdict) -> Told:
    """The verdict as its reader meets it."""
    return {
        "genuine": Told("ok", "shield", _("Asli dan utuh"), _("Dokumen ini diterbitkan Dekon dan tidak berubah sejak itu.")),
        "older": Told("warn", "warn", _("Asli, tetapi ada versi lebih baru"), _("Sesudah salinan ini dibuat, pihak lain ikut menandatangani. Isinya tidak berubah.")),
        "extended": Told("warn", "warn", _("Asli, dengan tanda tangan yang belum tercatat"), _("Isinya tidak berubah, tetapi ada tanda tangan yang tidak dikenal register. Percayai hanya yang tercatat.")),
        "revoked": Told("warn", "warn", _("Asli, tetapi sudah dicabut"), _("Dokumen ini pernah berlaku dan sekarang tidak lagi.")),
        "superseded": Told("warn", "warn", _("Asli, tetapi sudah diganti"), _("Dokumen yang lebih baru menggantikan dokumen ini.")),
        "changed": Told("bad", "stop", _("Berubah setelah diterbitkan"), _("Berkas ini berawal dari dokumen yang diterbitkan, lalu isinya diubah. Jangan gunakan berkas ini.")),
        "forged": Told("bad", "stop", _("Palsu"), _("Berkas ini mengaku sebagai dokumen di bawah, tetapi bukan. Jangan gunakan berkas ini.")),
        "unknown": Told("mute", "help", _("Tidak dikenal"), _("Tidak ada dokumen dengan kode atau sidik ini. Periksa kembali kodenya, atau unggah berkasnya.")),
    }[verdict.standing]  # fmt: skip


def reasons_in_words(verdict: Verdict) -> list[str]:
    """Everything that is wrong, each in a sentence."""
    words = {
        "forged": _("Isinya ditulis ulang: tidak satu pun versi dalam register sama dengan berkas ini."),
        "page-appended": _("Halaman ditambahkan setelah dokumen ditandatangani."),
        "content-changed": _("Isi yang terlihat diubah setelah dokumen ditandatangani, misalnya dengan menampilkan bagian yang semula tersembunyi."),
        "stripped": _("Tanda tangan dihilangkan: dokumen yang asli ditandatangani, berkas ini tidak."),
        "other-authority": _("Ada tanda tangan dengan sertifikat dari penerbit yang tidak dikenal."),
        "signature-broken": _("Ada tanda tangan yang rusak: isi yang dilindunginya berubah."),
        "certificate-revoked": _("Ada tanda tangan dengan sertifikat yang sudah dicabut ketika dipakai."),
        "certificate-expired": _("Ada tanda tangan dengan sertifikat yang sudah berakhir ketika dipakai."),
    }  # fmt: skip
    return [words[reason] for reason in verdict.reasons]
