"""The address of a page with its filters, and other addresses made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Address:
    """Where the reader is: path and parameters, without empty ones."""

    path: str
    params: Mapping[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> Address:
        """The address of a request. Of a parameter given twice the last counts."""
        return cls(request.path, {name: str(value) for name, value in request.GET.items() if value})

    def changed(self, **changes: str) -> str:
        """The same page with some parameters changed; an empty value takes one away. Names may carry `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        return self.at(self.path, {**self.params, **named})

    def elsewhere(self, path: str, **changes: str) -> str:
        """Another page with the same filters, changed as said; sorting, searching and downloads stay behind."""
        kept = {name: value for name, value in self.params.items() if name in KEPT}
        return self.at(path, {**kept, **changes})

    @staticmethod
    def at(path: str, params: Mapping[str, str]) -> str:
        """A path with its parameters."""
        query = urlencode({name: value for name, value in params.items() if value})
        return f"{path}?{query}" if query else path


KEPT = frozenset({"tahun", "per", "tercatat", "program", "unit", "tema", "jenis", "kewenangan", "satuan"})
"""Filters that follow the reader from page to page."""
