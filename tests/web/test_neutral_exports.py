"""Every file that Dekon gives out: no cell that a spreadsheet would take for a formula, whatever people wrote."""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from html import unescape

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from tests.meta.source import modules

WORDS = ("name", "short_name", "title", "description", "reason", "note", "letter", "payee", "remark", "uraian")
POISON = ("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
PAGES = (
    "/nasional/", "/provinsi/", "/provinsi/32/", "/telusur/?tahun=2022&satker=029108", "/banding/", "/kebijakan/",
    "/tema/", "/blokir/", "/cadangan/", "/rekonsiliasi/", "/diparkir/", "/uang-persediaan/", "/impor/", "/impor/1/",
    "/impor/2/", "/rujukan/satker/", "/rujukan/provinces/", "/satker/029108/dipa/", "/publik/", "/rujukan/libur/",
)  # fmt: skip
LINK = re.compile(r'href="([^"]*unduh=[^"]*)"')


@pytest.fixture
def poisoned(planner: Client) -> Client:
    """A client who looks at a year in which every name begins like a formula."""
    for model in apps.get_models():
        if model.__module__.startswith("dekon.") and not getattr(model, "append_only", False):
            poison(model)
    return planner


def poison(model: type[models.Model]) -> None:
    """Give every text of people in a table a start that acts; what the database refuses stays."""
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and field.name in WORDS and not field.unique:
            with transaction.atomic(), connection.cursor() as cursor:
                try:
                    with transaction.atomic():
                        cursor.execute(
                            f"UPDATE {table} SET {field.column} = left((ARRAY[%s, %s, %s, %s, %s, %s])[1 + id %% 6]"
                            f" || {field.column}, %s)", [*POISON, field.max_length or 100],
                        )  # fmt: skip
                except DatabaseError:
                    continue


def offered(client: Client) -> set[str]:
    found: set[str] = set()
    for page in PAGES:
        answer = client.get(page)
        if answer.status_code == 200:
            links = (unescape(link) for link in LINK.findall(answer.content.decode()))
            found |= {link if link.startswith("/") else page.partition("?")[0] + link for link in links}
    return found


def acting(cell: str) -> bool:
    return cell.startswith(STARTS) and not NUMBER.fullmatch(cell)


def test_no_cell_of_any_export_acts(poisoned: Client) -> None:
    links = offered(poisoned)
    assert len(links) >= 20, links
    poison_seen = False
    for link in sorted(links):
        answer = poisoned.get(link)
        assert answer.status_code == 200, link
        content = answer.getvalue()
        assert answer.headers["Content-Disposition"].startswith("attachment"), link
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for name in book.namelist():
                    assert not re.search(rb"<f[ >]", book.read(name)), (link, name)
        else:
            rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
            cells = [cell for row in rows for cell in row]
            assert [cell for cell in cells if acting(cell)] == [], link
            poison_seen = poison_seen or any(cell.startswith(("'=", "'+", "'@")) for cell in cells)
    assert poison_seen, "the poison reached the exports"


def test_the_payment_lines_of_the_api_do_not_act(poisoned: Client) -> None:
    answer = poisoned.get("/api/v1/payments?format=csv&year=2022")
    content = answer.getvalue().decode()
    assert [cell for row in csv.reader(io.StringIO(content)) for cell in row if acting(cell)] == []


def test_only_the_library_of_exports_writes_tables() -> None:
    found = {
        module.name
        for module in modules("dekon")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"}
        and isinstance(node.value, ast.Name) and node.value.id == "csv"
    }  # fmt: skip
    assert {name for name in found if not name.startswith("dekon/ops/")} == {"dekon/lib/exports.py"}
