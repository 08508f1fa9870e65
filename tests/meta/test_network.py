"""No request of ours goes where a user points: only gateways open connections, none to an address of a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.meta.source import Module, modules

OPENERS = frozenset(
    {"aiohttp", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket", "socketserver",
     "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc", "django.core.mail"}
)  # fmt: skip
GATEWAYS, SERVERS = "dekon/gateways/", "dekon/ops/"
"""Those who may: the gateways, and the command line, which starts the servers of this machine."""
XML = frozenset({"xml.sax", "xml.dom", "xml.etree", "xml.parsers", "lxml"})


def imported(module: Module) -> Iterator[str]:
    """Every module named by an import, also inside a function."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def opens(module: Module) -> bool:
    return any(name in OPENERS or name.split(".")[0] in OPENERS for name in imported(module))


def test_only_gateways_open_connections() -> None:
    found = {module.name for module in modules("dekon") if opens(module)}
    assert {name for name in found if not name.startswith((GATEWAYS, SERVERS))} == set()
    assert f"{GATEWAYS}antivirus.py" in found, "the test looks at what it should"


def test_no_gateway_takes_an_address_from_a_request() -> None:
    """A gateway's address comes from the settings; none of its functions has a parameter for one."""
    pointed = re.compile(r"^(url|uri|href|host|hostname|endpoint|webhook|callback)(_|$)")
    found = [
        f"{module.name}.{node.name}({argument.arg})"
        for module in modules("dekon")
        if module.name.startswith(GATEWAYS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if pointed.match(argument.arg)
    ]
    assert found == []


def test_no_form_and_no_operation_asks_for_an_address_to_fetch() -> None:
    found = [
        f"{module.name}: {node.lineno}"
        for module in modules("dekon")
        if module.name.startswith(("dekon/web/", "dekon/api/"))
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"URLField", "HttpUrl", "AnyUrl"})
        or (isinstance(node, ast.Name) and node.id in {"URLField", "HttpUrl", "AnyUrl"})
    ]
    assert found == []


def test_no_code_of_ours_parses_xml_by_itself() -> None:
    """Workbooks are the only XML that comes in; it is searched for definitions before a reader opens it."""
    found = [
        f"{module.name}: {name}"
        for module in modules("dekon")
        for name in imported(module)
        if any(name == each or name.startswith(f"{each}.") for each in XML)
    ]
    assert found == []
