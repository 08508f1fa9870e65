"""How long each kind of record is kept, read from `retention.yaml`; what may not be removed the app's role cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FILE = Path(__file__).with_name("retention.yaml")

type Deletable = Literal["no", "draft", "system"]


@dataclass(frozen=True, slots=True)
class RecordClass:
    """A kind of record: how many years it is kept (None: for good), and whether anything may remove it."""

    name: str
    what: Mapping[str, str]
    years: int | None
    then: Mapping[str, str]
    deletable: Deletable
    personal: Mapping[str, str]
    legal: str
    confidence: str


@cache
def classes() -> Mapping[str, RecordClass]:
    """All classes by name."""
    return {name: _record_class(name, entry) for name, entry in _read()["classes"].items()}


@cache
def class_of_table() -> Mapping[str, RecordClass]:
    """The class of each table. Raises KeyError where a table names a class that is not there."""
    return {table: classes()[name] for table, name in _read()["tables"].items()}


def kept_tables() -> list[str]:
    """Tables out of which nobody removes anything through the application."""
    return sorted(table for table, kind in class_of_table().items() if kind.deletable == "no")


def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return read


def _record_class(name: str, entry: Mapping[str, Any]) -> RecordClass:
    deletable: Deletable = entry["deletable"] or "no"
    return RecordClass(
        name, entry["what"], entry["years"], entry["then"], deletable, entry["personal"], entry["legal"],
        entry["confidence"],
    )  # fmt: skip
