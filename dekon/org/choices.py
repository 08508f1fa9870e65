"""The fixed lists of people and places, and which role may do what."""

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


class Action(TextChoices):
    """What can be done. One word for pages, services and the API alike."""

    VIEW_NATIONAL = "view-national", _("melihat rekap nasional")
    VIEW_PLACE = "view-place", _("melihat data satu tempat")
    IMPORT_FILES = "import-files", _("mengimpor berkas")
    UNDO_IMPORT = "undo-import", _("membatalkan impor")
    EDIT_PLAN = "edit-plan", _("mengubah kebijakan, tema, dan DIPA")
    MANAGE_BLOCKS = "manage-blocks", _("mencatat dan membuka blokir")
    RESERVE = "reserve", _("mencadangkan untuk kontrak")
    ANSWER_CASE = "answer-case", _("menjawab kasus rekonsiliasi")
    EDIT_REFERENCE = "edit-reference", _("mengubah data rujukan")
    MANAGE_USERS = "manage-users", _("mengelola pengguna")
    USE_API = "use-api", _("memakai API")


NATIONAL_ROLES = frozenset(
    {Role.PIMPINAN, Role.PERENCANA, Role.UNIT, Role.KEUANGAN, Role.PEMBINA, Role.AUDITOR, Role.ADMIN}
)
"""Roles that are not bound to one province."""

PERMITTED: dict[Role, frozenset[Action]] = {
    Role.PIMPINAN: frozenset({Action.VIEW_NATIONAL, Action.VIEW_PLACE, Action.USE_API}),
    Role.PERENCANA: frozenset(Action) - {Action.EDIT_REFERENCE, Action.MANAGE_USERS},
    Role.UNIT: frozenset({Action.VIEW_NATIONAL, Action.VIEW_PLACE, Action.ANSWER_CASE, Action.USE_API}),
    Role.KEUANGAN: frozenset(
        {
            Action.VIEW_NATIONAL,
            Action.VIEW_PLACE,
            Action.IMPORT_FILES,
            Action.UNDO_IMPORT,
            Action.ANSWER_CASE,
            Action.MANAGE_BLOCKS,
            Action.USE_API,
        }
    ),
    Role.PEMBINA: frozenset({Action.VIEW_NATIONAL, Action.VIEW_PLACE, Action.USE_API}),
    Role.KADIS: frozenset({Action.VIEW_PLACE, Action.ANSWER_CASE, Action.USE_API}),
    Role.KPA: frozenset({Action.VIEW_PLACE, Action.ANSWER_CASE, Action.USE_API}),
    Role.PPK: frozenset({Action.VIEW_PLACE, Action.RESERVE, Action.ANSWER_CASE, Action.USE_API}),
    Role.PPSPM: frozenset({Action.VIEW_PLACE, Action.ANSWER_CASE, Action.USE_API}),
    Role.BENDAHARA: frozenset({Action.VIEW_PLACE, Action.ANSWER_CASE, Action.USE_API}),
    Role.OPERATOR: frozenset({Action.VIEW_PLACE, Action.IMPORT_FILES, Action.ANSWER_CASE, Action.USE_API}),
    Role.BAPPEDA: frozenset({Action.VIEW_PLACE, Action.USE_API}),
    Role.AUDITOR: frozenset({Action.VIEW_NATIONAL, Action.VIEW_PLACE, Action.USE_API}),
    Role.ADMIN: frozenset({Action.VIEW_NATIONAL, Action.EDIT_REFERENCE, Action.MANAGE_USERS, Action.USE_API}),
}
"""Role → actions; the place of the assignment narrows it further (`services.may`)."""


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
