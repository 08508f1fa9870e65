"""The environment of the pages' templates: texts in two languages, figures and dates as people write them."""

from __future__ import annotations

from functools import cache
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
    env.globals.update(static=cache(static), url=reverse, language=get_language)
    env.filters.update(formats.FILTERS)
    env.filters.update(bar=cells.bar, badge=cells.badge)
    return env
