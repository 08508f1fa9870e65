"""The measures of the three promises, and who brings them. A new source is one more line here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from dekon.performance.board import accountability, execution
from dekon.performance.board.measures import Source


def _later(year: int) -> str:  # noqa: ARG001  every source has limits
    return ""


SOURCES: Final[Sequence[Source]] = (
    Source(
        "differences", 1, lambda: _("Selisih rekonsiliasi terbuka"), accountability.difference_limits,
        lambda: _("Belum ada rekonsiliasi."), accountability.differences,
    ),
    Source(
        "pagu-minus", 1, lambda: _("Pagu minus"), accountability.pagu_minus_limits,
        lambda: _("Belum ada pembayaran."), accountability.pagu_minus,
    ),
    Source(
        "evidence", 1, lambda: _("Bukti per RO dan per pembayaran yang diuji petik"), _later,
        lambda: _("Bukti per RO dan hasil uji petik pembayaran belum dikumpulkan di Dekon."),
    ),
    Source(
        "findings", 1, lambda: _("Temuan ditutup tepat waktu"), _later,
        lambda: _("Temuan pengawasan dan tindak lanjutnya belum dicatat di Dekon."),
    ),
    Source(
        "visits", 2, lambda: _("Kunjungan pembinaan dan supervisi terlaksana"), _later,
        lambda: _("Rencana kunjungan pembinaan dan pelaksanaannya belum dicatat di Dekon."),
    ),
    Source(
        "questions", 2, lambda: _("Pertanyaan Dinas dijawab tepat waktu"), _later,
        lambda: _("Pertanyaan Dinas dan waktu menjawabnya belum dicatat di Dekon."),
    ),
    Source(
        "outputs", 3, lambda: _("Progres RO terhadap rencana"), execution.progress_limits,
        lambda: _("Belum ada laporan capaian RO, atau belum ada RPD yang menjadi pembandingnya."), execution.progress,
    ),
    Source(
        "reports", 3, lambda: _("Laporan tepat waktu, lengkap, dan diterima pada kiriman pertama"), _later,
        lambda: _("Kewajiban laporan dan penerimaannya belum dicatat di Dekon."),
    ),
)  # fmt: skip
"""In the order in which a cell shows them; the first with data gives the number of the cell."""
