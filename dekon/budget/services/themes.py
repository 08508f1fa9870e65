"""Themes that cut across programmes (PEN, JKP, free ones), and what they tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.models import Kegiatan, Kro, Theme, ThemeTag
from dekon.errors import Conflict, NotFound, RuleBroken
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

RO_CODE = re.compile(r"\w{3}")


@transaction.atomic
def state_theme(*, actor: User, name: str, description: str = "") -> Theme:
    """Make a theme, or change the description of the one with that name.

    Raises:
        RuleBroken: the name is missing.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    if not name.strip():
        raise RuleBroken("theme-without-name")
    theme, created = Theme.objects.select_for_update().get_or_create(name=name, defaults={"description": description})
    before = theme.description
    if created or before != description:
        theme.description = description
        theme.save(update_fields=["description"])
        _trail(
            actor, "theme-added" if created else "theme-changed", theme,
            {} if created else {"description": before}, {"description": description},
        )  # fmt: skip
    return theme


@transaction.atomic
def remove_theme(*, actor: User, name: str) -> None:
    """Take a theme away that tags nothing.

    Raises:
        NotFound: no such theme.
        Conflict: it still tags something.
        NotAllowed: the actor does not edit the plan.
    """
    theme = _theme(actor, name)
    if theme.tags.exists():
        raise Conflict("theme-in-use", name=name)
    _trail(actor, "theme-removed", theme, {"description": theme.description}, {})
    theme.delete()


@transaction.atomic
def tag(*, actor: User, theme: str, fiscal_year: int, kegiatan: str, kro: str = "", ro: str = "") -> ThemeTag:
    """Tag a kegiatan of a year, or one of its RO, with a theme. Tagging again changes nothing.

    Args:
        theme: its name.
        kro, ro: both empty for the whole kegiatan, both filled for one RO.

    Raises:
        NotFound: no such theme, kegiatan or KRO.
        RuleBroken: only one of KRO and RO is said, or the code of the RO has not three characters.
        NotAllowed: the actor does not edit the plan.
    """
    found = _theme(actor, theme)
    if bool(kro) != bool(ro) or (ro and not RO_CODE.fullmatch(ro)):
        raise RuleBroken("tag-half-ro")
    if not Kegiatan.objects.filter(code=kegiatan).exists():
        raise NotFound("code-unknown", code=kegiatan, listing="kegiatan")
    if kro and not Kro.objects.filter(code=kro).exists():
        raise NotFound("code-unknown", code=kro, listing="KRO")
    made, created = ThemeTag.objects.get_or_create(
        theme=found, fiscal_year=fiscal_year, kegiatan=kegiatan, kro=kro, ro=ro
    )
    if created:
        _trail(actor, "theme-tagged", found, {}, {"year": fiscal_year, "tag": str(made)})
    return made


@transaction.atomic
def untag(*, actor: User, theme: str, fiscal_year: int, kegiatan: str, kro: str = "", ro: str = "") -> None:
    """Take a tag away.

    Raises:
        NotFound: no such theme, or it does not tag that.
        NotAllowed: the actor does not edit the plan.
    """
    found = _theme(actor, theme)
    made = ThemeTag.objects.filter(theme=found, fiscal_year=fiscal_year, kegiatan=kegiatan, kro=kro, ro=ro).first()
    if made is None:
        raise NotFound("tag-unknown", theme=theme, tag=".".join(filter(None, (kegiatan, kro, ro))), year=fiscal_year)
    _trail(actor, "theme-untagged", found, {"year": fiscal_year, "tag": str(made)}, {})
    made.delete()


def _theme(actor: User, name: str) -> Theme:
    org.require(actor, Action.EDIT_PLAN)
    theme = Theme.objects.select_for_update().filter(name=name).first()
    if theme is None:
        raise NotFound("theme-unknown", name=name)
    return theme


def _trail(actor: User, action: str, theme: Theme, before: audit.Facts, after: audit.Facts) -> None:
    audit.record(
        actor=actor, action=action, subject_type="theme", subject_id=theme.pk, subject_name=theme.name,
        before=before, after=after,
    )  # fmt: skip
