"""Two people at the same thing: who saves second is told what the first did, and decides.

A form carries the number of the newest change of its thing as it was when the form was shown. When it is sent and there
are newer ones, they are told with their person, moment and facts; sent again after that, it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dekon.audit import selectors, services
from dekon.errors import Conflict
from dekon.web.formats import moment
from dekon.web.trail.words import action_words, changes

MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class About:
    """The thing that a form changes, as the trail calls it; `parts` are things whose changes are changes of it too."""

    kind: str = ""
    key: str | int = ""
    parts: Callable[[], Iterable[tuple[str, str]]] = tuple

    def things(self) -> list[tuple[str, str]]:
        """The thing and what belongs to it now."""
        return [(self.kind, str(self.key)), *self.parts()]

    def newest(self) -> int:
        """The number of its newest change."""
        return selectors.newest_of(*self.things()) if self.kind else 0


NOTHING = About()
"""For forms that make something new."""


def refuse_if_changed(about: About, seen: int | None) -> None:
    """Stop where the thing was changed since the form was shown; nobody else changes it until this is saved.

    Args:
        about: the thing.
        seen: the number of its newest change when the form was shown; None where the form does not say.

    Raises:
        Conflict: `changed-meanwhile`, with what was done.
    """
    if not about.kind or seen is None:
        return
    services.take_turn(about.kind, str(about.key))
    found = list(_told(about, seen))
    if found:
        raise Conflict("changed-meanwhile", done="; ".join(found))


def _told(about: About, seen: int) -> Iterator[str]:
    events = list(selectors.changes_since(about.things(), seen))
    for event in events[-MOST_TOLD:]:
        facts = ", ".join(change.words for change in changes(event.before, event.after) if not change.long)
        yield _("%(who)s, %(when)s: %(what)s (%(facts)s)") % {
            "who": event.actor_name, "when": moment(event.recorded_at), "what": action_words(event.action),
            "facts": facts or event.reason or "–",
        }  # fmt: skip
