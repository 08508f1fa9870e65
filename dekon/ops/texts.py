"""The English catalogue of the pages: `python -m dekon.ops.texts` takes up new texts and drops those no longer used.

Message ids are the Indonesian texts themselves. What still lacks its English is printed; a test refuses it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from dekon import env

FOLDER = env.ROOT / "dekon"
CATALOGUE = FOLDER / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = [("**/templates/**.jinja", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/templates/**.jinja": {
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date in the head of the file, so that the same texts give the same bytes."""

type Text = str | tuple[str, ...] | list[str]


def texts_in_source() -> list[Text]:
    """Every Indonesian text of code and templates, singular and plural together."""
    found = extract_from_dir(FOLDER, method_map=SOURCES, options_map=OPTIONS, keywords=KEYWORDS)
    return sorted({message for _file, _line, message, _comments, _context in found}, key=str)


def catalogue() -> Catalog:
    """The catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def renewed(old: Catalog) -> Catalog:
    """The catalogue of the texts in use now, with the English they already have."""
    new = Catalog(
        locale="en", project="Dekon", version="0.1.0", fuzzy=False, creation_date=BEGUN, revision_date=BEGUN,
        header_comment="# English texts of Dekon. The message ids are the Indonesian texts.",
        last_translator="Dekon", language_team="Dekon", copyright_holder="Dekon",
    )  # fmt: skip
    for text in texts_in_source():
        known = old.get(text)
        new.add(text, known.string if known and known.string else ("" if isinstance(text, str) else ("", "")))
    return new


def untranslated(of: Catalog) -> list[Text]:
    """Texts without English, or with one of the plural forms missing."""
    return [
        message.id
        for message in of
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def main() -> int:
    """Write the catalogue anew; exit status 1 where English is missing."""
    new = renewed(catalogue())
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=120, sort_output=True)
    lacking = untranslated(new)
    for text in lacking:
        print(f"no English: {text}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
