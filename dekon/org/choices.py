"""The fixed lists of people and places. Which role may do what is in `matrix.yaml`, read by `matrix.py`."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person comes for. The first five are the ministry's, the next the province's, the last look on."""

    PIMPINAN = "pimpinan", _("Pimpinan")
    PERENCANA = "perencana", _("Perencana")
    UNIT = "unit", _("Unit eselon I")
    KEUANGAN = "keuangan", _("Keuangan")
    PEMBINA = "pembina", _("Pembina")
    KADIS = "kadis", _("Kepala Dinas")
    KPA = "kpa", _("KPA")
    PPK = "ppk", _("PPK")
    PPSPM = "ppspm", _("PPSPM")
    BENDAHARA = "bendahara", _("Bendahara Pengeluaran")
    OPERATOR = "operator", _("Operator")
    BAPPEDA = "bappeda", _("Bappeda")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Admin")
    ADMIN_DINAS = "admin-dinas", _("Admin Dinas")


class Action(TextChoices):
    """What can be done. One word for pages, services and the API alike."""

    VIEW_NATIONAL = "view-national", _("melihat rekap nasional")
    VIEW_PLACE = "view-place", _("melihat data satu tempat")
    VIEW_TRAIL = "view-trail", _("membaca jejak audit")
    VIEW_OFFICIALS = "view-officials", _("melihat pejabat satker")
    TAKE_DOSSIER = "take-dossier", _("mengambil dosir")
    IMPORT_FILES = "import-files", _("mengimpor berkas")
    APPLY_IMPORT = "apply-import", _("menerapkan impor")
    STOP_IMPORT = "stop-import", _("menghentikan penerapan impor")
    DISCARD_IMPORT = "discard-import", _("membuang berkas impor")
    UNDO_IMPORT = "undo-import", _("membatalkan impor")
    EDIT_PLAN = "edit-plan", _("mengubah kebijakan, tema, dan DIPA")
    MANAGE_BLOCKS = "manage-blocks", _("mencatat blokir")
    RELEASE_BLOCK = "release-block", _("membuka blokir")
    RESERVE = "reserve", _("mencadangkan untuk kontrak")
    RELEASE_RESERVATION = "release-reservation", _("melepas cadangan")
    RECORD_EXECUTION = "record-execution", _("mencatat kontrak, tagihan, UP, dan laporan capaian")
    WITHDRAW_RECORD = "withdraw-record", _("menarik catatan pelaksanaan")
    ANSWER_CASE = "answer-case", _("menjawab kasus rekonsiliasi")
    CLOSE_CASE = "close-case", _("menyelesaikan kasus rekonsiliasi")
    REOPEN_CASE = "reopen-case", _("membuka lagi kasus rekonsiliasi")
    HANDLE_ALERT = "handle-alert", _("menindaklanjuti peringatan dini")
    EVALUATE_WARNINGS = "evaluate-warnings", _("menilai peringatan dini seluruh satker")
    REVOKE_DOCUMENT = "revoke-document", _("menyatakan dokumen tidak berlaku")
    DESCRIBE_DOCUMENT = "describe-document", _("mencatat keterangan naskah dalam register")
    WITHDRAW_ATTACHMENT = "withdraw-attachment", _("menarik lampiran")
    SIGN_AS_HEAD = "sign-as-head", _("menandatangani sebagai Kepala Dinas")
    SIGN_AS_MINISTRY = "sign-as-ministry", _("menandatangani untuk Kementerian")
    SIGN_AS_KPA = "sign-as-kpa", _("menandatangani sebagai KPA")
    MANAGE_MEETING = "manage-meeting", _("menyiapkan rapat")
    RECORD_DECISION = "record-decision", _("mencatat keputusan rapat")
    CLAIM_DECISION = "claim-decision", _("melaporkan keputusan rapat selesai")
    VERIFY_DECISION = "verify-decision", _("memverifikasi keputusan rapat")
    WITHDRAW_DECISION = "withdraw-decision", _("mencabut keputusan rapat")
    RAISE_ISSUE = "raise-issue", _("menyampaikan persoalan daerah")
    ANSWER_ISSUE = "answer-issue", _("menjawab persoalan daerah")
    SETTLE_ISSUE = "settle-issue", _("menyatakan persoalan daerah selesai")
    WITHDRAW_ISSUE = "withdraw-issue", _("mencabut persoalan daerah")
    WRITE_MINUTES = "write-minutes", _("menulis notula rapat")
    CLOSE_MINUTES = "close-minutes", _("mengesahkan notula dan menerbitkan laporan rapat")
    TAKE_ATTENDANCE = "take-attendance", _("mencatat kehadiran rapat")
    EDIT_REFERENCE = "edit-reference", _("mengubah data rujukan")
    MANAGE_USERS = "manage-users", _("mengelola pengguna")
    MANAGE_OFFICE_USERS = "manage-office-users", _("mengelola pengguna dan pejabat satu Dinas")
    CHANGE_ASSIGNMENT = "change-assignment", _("mengakhiri atau mengalihkan penugasan")
    VOID_ASSIGNMENT = "void-assignment", _("membatalkan penugasan yang keliru dicatat")
    DECIDE_REGISTRATION = "decide-registration", _("memutus pendaftaran")
    WITHDRAW_INVITATION = "withdraw-invitation", _("mencabut undangan")
    CLOSE_ACCOUNT = "close-account", _("menutup akun")
    REOPEN_ACCOUNT = "reopen-account", _("membuka lagi akun")
    RESET_FACTORS = "reset-factors", _("menghapus faktor kedua")
    OWN_ACCOUNT = "own-account", _("mengurus akun sendiri")
    USE_API = "use-api", _("memakai API")


class Standing(TextChoices):
    """By which title somebody holds an office."""

    DEFINITIVE = "definitif", _("Definitif")
    ACTING = "plt", _("Plt.")
    DAILY = "plh", _("Plh.")


class Institution(TextChoices):
    """Whose auditor somebody is."""

    NONE = "", _("Bukan auditor")
    ITJEN = "itjen", _("Inspektorat Jenderal")
    BPK = "bpk", _("BPK")


class DayKind(TextChoices):
    """Why a day is not a working day."""

    HOLIDAY = "libur_nasional", _("Libur nasional")
    COLLECTIVE_LEAVE = "cuti_bersama", _("Cuti bersama")


class VersionKind(TextChoices):
    """What a version of a code says from its day on."""

    FACTS = "facts", _("berlaku")
    END = "end", _("tidak berlaku lagi")
    VOID = "void", _("dibatalkan")


class TokenScope(TextChoices):
    """What a token of the API may do."""

    READ = "read", _("baca")
    WRITE = "write", _("baca dan tulis")


FACTOR_ROLES = frozenset(
    {
        Role.PIMPINAN, Role.PERENCANA, Role.UNIT, Role.KADIS, Role.KPA, Role.PPSPM, Role.ADMIN, Role.ADMIN_DINAS,
    }
)  # fmt: skip
"""Who signs, reviews or administers works with a second factor."""

OPEN_TO_REGISTRATION = (Role.OPERATOR, Role.BAPPEDA, Role.KADIS)
"""Roles that a person may ask for. Officials of a satker begin as operator; their office follows from the decree."""

LOCAL_ROLES = frozenset({Role.OPERATOR})
"""Roles that the local administrator of an office may give; the others are given by the ministry."""


class RegistrationState(TextChoices):
    """What became of a request for an account."""

    WAITING = "waiting", _("Menunggu")
    APPROVED = "approved", _("Disetujui")
    REFUSED = "refused", _("Ditolak")


class InvitationState(TextChoices):
    """What became of an invitation."""

    WAITING = "waiting", _("Menunggu")
    ACCEPTED = "accepted", _("Diterima")
    WITHDRAWN = "withdrawn", _("Dicabut")
    LAPSED = "lapsed", _("Lewat waktu")


class AssignmentState(TextChoices):
    """Where an assignment stands on a day."""

    COMING = "coming", _("Belum mulai")
    HOLDS = "holds", _("Berlaku")
    ENDING = "ending", _("Hari terakhirnya sudah ditetapkan")
    OVER = "over", _("Berakhir")
    VOIDED = "voided", _("Dinyatakan batal")


class AccountState(TextChoices):
    """Whether somebody can sign in."""

    OPEN = "open", _("Terbuka")
    CLOSED = "closed", _("Ditutup")


class LinkKind(TextChoices):
    """What a mailed link is for."""

    INVITATION = "invitation", _("undangan")
    RESET = "reset", _("kata sandi baru")


class MailKind(TextChoices):
    """What a mail says."""

    INVITATION = "invitation", _("undangan")
    RESET = "reset", _("kata sandi baru")
    REGISTRATION = "registration", _("pendaftaran diterima")
    REFUSAL = "refusal", _("pendaftaran ditolak")
    FACTOR = "factor", _("faktor kedua berubah")
    PASSWORD = "password", _("kata sandi berubah")
    CLOSING = "closing", _("akun akan ditutup")
    CLOSED = "closed", _("akun ditutup")
