"""What people and other systems rely on: the verbs of make, the command line, the addresses of the API.

What stands under `LATER` is promised for a later version; it moves up when it is built.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from dekon.api.document import api
from tests.meta.source import ROOT

MAKE_VERBS = {
    "help", "setup", "run", "test", "check", "fmt", "demo", "shell", "migration", "openapi", "docs", "bench", "verify",
}  # fmt: skip
COMMANDS = {
    "import": {"--kind", "--year", "--period", "--satker", "--create-missing", "--dry-run", "--json"},
    "recap": {
        "--year", "--as-of", "--by", "--province", "--unit", "--satker", "--authority", "--theme", "--json",
    },
    "score": {"cases"},
    "deadline": {"--after", "--working-days", "--json"},
    "verify": {"ledger", "audit", "files", "--json"},
    "dossier": {"--year", "--satker", "--province", "--national", "--user", "--out"},
    "seal": {"--newest", "--mail", "--out", "--json"},
    "backup": {"--out"},
    "restore": {"FILE"},
    "drill": {"--json"},
    "user": {"add", "list", "disable"},
    "token": {"create"},
    "demo": {"--year", "--scale", "code USER"},
}  # fmt: skip
LATER = {"obligations"}
GROUPINGS = {"province", "satker", "unit", "program", "kegiatan", "kro", "ro", "akun", "spending_type", "month"}
KINDS = {
    "fa-detail", "monsakti-dataang", "monsakti-realisasi", "monsakti-capaianro", "monsakti-refadmin", "myintress-sp2d",
    "myintress-detail", "kontrak", "tagihan", "up-tup", "dispensasi-spm", "laporan-capaian", "target-ro",
}  # fmt: skip


def command_help(*words: str) -> str:
    """What `dekon … --help` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "dekon.ops.cli", *words, "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


def missing(promised: set[str], text: str) -> set[str]:
    """Words that a help text does not hold."""
    return {word for word in promised if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)}


def test_make_alone_prints_the_verbs() -> None:
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert missing(MAKE_VERBS, done.stdout) == set()


def test_the_command_line_lists_its_commands() -> None:
    text = command_help()
    assert missing(set(COMMANDS), text) == set()
    assert missing(LATER, text) == LATER


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_takes_what_is_promised(command: str) -> None:
    assert missing(COMMANDS[command], command_help(command)) == set()


def test_recap_groups_by_everything_promised() -> None:
    assert missing(GROUPINGS, command_help("recap")) == set()


def test_import_knows_every_kind_of_file() -> None:
    assert missing(KINDS, command_help("import")) == set()


def test_a_missing_word_would_be_found() -> None:
    assert missing({"--year", "demo"}, "usage: dekon demonstrate [--years N]") == {"--year", "demo"}


ADDRESSES = {
    "/api/v1/recap",
    "/api/v1/recap/months",
    "/api/v1/recap/gaps",
    "/api/v1/pos",
    "/api/v1/payments",
    "/api/v1/imports",
    "/api/v1/imports/{number}/apply",
    "/api/v1/imports/{number}/undo",
    "/api/v1/cases",
    "/api/v1/parked",
    "/api/v1/advances",
    "/api/v1/blocks",
    "/api/v1/dipa",
    "/api/v1/dipa/revisions",
    "/api/v1/pagu",
    "/api/v1/rpd",
    "/api/v1/outputs",
    "/api/v1/policies",
    "/api/v1/outcomes",
    "/api/v1/themes",
    "/api/v1/provinces",
    "/api/v1/units",
    "/api/v1/satker",
    "/api/v1/programs",
    "/api/v1/kegiatan",
    "/api/v1/kro",
    "/api/v1/akun",
    "/api/v1/authorities",
    "/api/v1/fund-sources",
    "/api/v1/kppn",
    "/api/v1/holidays",
    "/api/v1/deadline",
    "/api/v1/me",
}


def test_the_api_has_every_address_that_others_rely_on() -> None:
    document = api.get_openapi_schema()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) >= ADDRESSES
    envelope = document["components"]["schemas"]["Envelope"]["properties"]
    assert set(envelope) == {"code", "message", "legal", "errors"}
