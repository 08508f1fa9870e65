"""The few kinds of expected error, and the one catalogue of what Dekon says when something is wrong.

Every message has a code (kebab-case), an Indonesian and an English text with named places, and lives in
`dekon/messages/*.yaml`: one catalogue for errors of services and for findings in files, so that documentation, pages,
command line and API say the same. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as part
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml

MESSAGES_FOLDER = Path(__file__).parent / "messages"
DEFAULT_LANGUAGE = "id"

type Param = str | int


@dataclass(frozen=True, slots=True)
class Message:
    """What one code says: texts by language, with `{name}` places, and the regulation it rests on, if any."""

    texts: Mapping[str, str]
    legal: str = ""


@cache
def message_catalogue() -> Mapping[str, Message]:
    """All messages by code.

    Raises:
        ValueError: two files define the same code, or a text is missing in one of the two languages.
    """
    catalogue: dict[str, Message] = {}
    for path in sorted(MESSAGES_FOLDER.glob("*.yaml")):
        for code, entry in (yaml.safe_load(path.read_text("utf-8")) or {}).items():
            if code in catalogue:
                raise ValueError(f"message {code} is defined twice, second time in {path.name}")
            if not entry.get("id") or not entry.get("en"):
                raise ValueError(f"message {code} in {path.name} needs both `id` and `en`")
            catalogue[code] = Message({"id": entry["id"], "en": entry["en"]}, entry.get("legal", ""))
    return catalogue


def message_text(code: str, params: Mapping[str, Param], language: str = DEFAULT_LANGUAGE) -> str:
    """The text of a code in a language, its places filled. An unknown code is a programmer's mistake (KeyError)."""
    texts = message_catalogue()[code].texts
    said = {name: _Said(value, language) for name, value in params.items()}
    return texts.get(language, texts[DEFAULT_LANGUAGE]).format(**said)


class _Said:
    """A value in a message: as it is, or `{room:rp}` as rupiah with its thousands apart."""

    def __init__(self, value: Param, language: str) -> None:
        self.value = value
        self.language = language

    def __format__(self, form: str) -> str:
        if form != "rp":
            return format(self.value, form)
        amount_rp = int(self.value)
        separated = f"{abs(amount_rp):,}"
        sign = "−" if amount_rp < 0 else ""
        return f"{sign}Rp{separated if self.language == 'en' else separated.replace(',', '.')}"


class DekonError(Exception):
    """Something a user can understand and mend. Carries a code and the values its message shows."""

    kind: ClassVar[str] = "error"

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What happened, with the numbers, why, and what to do."""
        return message_text(self.code, self.params, language)

    @property
    def legal(self) -> str:
        """The regulation the refusal rests on, or an empty text."""
        return message_catalogue()[self.code].legal

    def __str__(self) -> str:
        return self.message()


class RuleBroken(DekonError):
    """A rule of the law or of the house forbids it."""

    kind = "rule-broken"


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry that cannot be kept: the field's name, and a message of the catalogue with its values."""

    field: str
    code: str
    params: Mapping[str, Param] = part(default_factory=dict)

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong with the entry and what to write instead."""
        return message_text(self.code, self.params, language)


class Unfit(RuleBroken):
    """What was entered cannot be kept. Carries every problem at once, each with its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("entry-unfit", count=len(problems))
        self.problems = tuple(problems)


class NotAllowed(DekonError):
    """The person may not do this, or not here."""

    kind = "not-allowed"


class NotFound(DekonError):
    """The thing named does not exist, or not for this person."""

    kind = "not-found"


class Conflict(DekonError):
    """Somebody or something else changed it first."""

    kind = "conflict"


class GatewayFailed(DekonError):
    """An outside system did not do what was asked."""

    kind = "gateway-failed"
