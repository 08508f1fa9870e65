"""The environment of the pages' templates: texts in two languages, figures and dates as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined

from dekon.web import cells, formats


def environment(**options: Any) -> Environment:  # noqa: ANN401  Django hands over what the settings say
    """The environment; an undefined name is a mistake and stops the page."""
    env = Environment(  # noqa: S701  autoescape is set below, among what overrides the options
        **{**options, "undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True},
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    env.globals.update(static=cache(static), url=_url, language=get_language)
    env.filters.update(formats.FILTERS)
    env.filters.update(bar=cells.bar, badge=cells.badge)
    return env


def _url(name: str, args: Sequence[str | int] = ()) -> str:
    """The address of a page by its name; the same few stand on every page."""
    return _known_url(name, *args)


@lru_cache(maxsize=4096)
def _known_url(name: str, *args: str | int) -> str:
    return reverse(name, args=args)
