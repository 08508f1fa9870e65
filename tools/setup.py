"""Sets up what is missing: `.tools` with uv, `.venv` from the lock file, the `dekon` command, compiled translations.

Called by `tools/setup` with the path of a Python 3.12 or later, or with nothing where only an older one was found. Must
itself run on that older one. What is done is remembered in `.venv/.dekon`, so that doing it again takes no time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
NOTES = VENV / ".dekon"
UV = TOOLS / "bin" / "uv"
PYTHON = VENV / "bin" / "python"
WANTED = "3.13"
COMPILE = """
import sys
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
with open(sys.argv[1], "rb") as source:
    catalogue = read_po(source)
with open(sys.argv[2], "wb") as target:
    write_mo(target, catalogue)
"""  # without pybabel's own checks: it takes the "% r" of "% rencana" for a placeholder
CERTIFICATES = ({"UV_SYSTEM_CERTS": "true"}, {})
"""Whose word uv takes for who a server is.

First the system's (offices have their own authorities), then its own list.
"""
LAUNCHER = """#!/bin/sh
exec "{python}" -P -m dekon.ops.cli "$@"
"""


def stop(line: str) -> None:
    """One clear line, and the end."""
    sys.exit("dekon: " + line)


def say(line: str) -> None:
    """Progress for a person."""
    print("dekon: " + line, file=sys.stderr, flush=True)


def call(command: list, problem: str, attempts: tuple = ({},)) -> None:
    """Run a program quietly, once more for each further set of variables.

    Show what it said last and stop if all fail.
    """
    said = b""
    for variables in attempts:
        words, environment = [str(word) for word in command], dict(os.environ, **variables)
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False)
        if done.returncode == 0:
            return
        said = said or done.stdout
    sys.stderr.write(said.decode(errors="replace"))
    stop(problem)


def lock_file() -> Path:
    """What is to be installed: everything for tests and checks too, unless this is an installation."""
    name = "requirements.lock" if os.environ.get("DEKON_MODE") == "production" else "requirements-dev.lock"
    return ROOT / name


def fresh(note: str, wanted: str) -> bool:
    """Whether that note says what is wanted."""
    path = NOTES / note
    return path.exists() and path.read_text(encoding="utf-8") == wanted


def write_note(note: str, text: str) -> None:
    """Remember what has been done."""
    NOTES.mkdir(parents=True, exist_ok=True)
    (NOTES / note).write_text(text, encoding="utf-8")


def digest(*paths: Path) -> str:
    """Changes when a file or the place of the clone changes."""
    content = hashlib.sha256(str(ROOT).encode())
    for path in paths:
        content.update(path.read_bytes())
    return content.hexdigest()


def ensure_uv(python: str) -> None:
    """A small environment of its own that holds only uv."""
    lock = ROOT / "tools" / "requirements.lock"
    note = TOOLS / "edition"
    if UV.exists() and note.exists() and note.read_text(encoding="utf-8") == digest(lock):
        return
    say("getting the installer (uv)")
    shutil.rmtree(str(TOOLS), ignore_errors=True)
    maker = python or sys.executable
    call([maker, "-m", "venv", TOOLS], "this Python cannot make environments; install its venv package (python3-venv)")
    install = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    call([*install, "--require-hashes", "--only-binary", ":all:", "-r", lock], "uv could not be installed, see above")
    note.write_text(digest(lock), encoding="utf-8")


def ensure_environment(python: str) -> None:
    """The project's environment, exactly as the lock file says."""
    lock = lock_file()
    wanted = digest(lock)
    if PYTHON.exists() and fresh("packages", wanted):
        return
    ensure_uv(python)
    if not PYTHON.exists() or not fresh("place", str(ROOT)):
        shutil.rmtree(str(VENV), ignore_errors=True)
        command = [UV, "venv", "--quiet", "--no-project", "--python", python or WANTED, VENV]
        call(
            command,
            "no Python 3.12 or later was found and none could be fetched; install one (pyenv install 3.13)",
            CERTIFICATES,
        )
    say("installing the packages of " + lock.name)
    sync = [UV, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", PYTHON, lock]
    call(sync, "the packages could not be installed, see above", CERTIFICATES)
    write_note("python", str(PYTHON))
    write_note("place", str(ROOT))
    write_note("packages", wanted)


def ensure_command() -> None:
    """The package on the path and the `dekon` command, both naming this clone."""
    launcher = LAUNCHER.format(python=PYTHON)
    target = VENV / "bin" / "dekon"
    if target.exists() and target.read_text(encoding="utf-8") == launcher:
        return
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "dekon.pth").write_text(str(ROOT) + "\n", encoding="utf-8")
    target.write_text(launcher, encoding="utf-8")
    target.chmod(0o755)


def newest(paths: list) -> float:
    """When the latest of these files was changed."""
    return max((path.stat().st_mtime for path in paths), default=0.0)


def ensure_compiled() -> None:
    """Bytecode of our own modules, and the catalogues of translated texts."""
    sources = list((ROOT / "dekon").rglob("*.py"))
    stamp = NOTES / "compiled"
    if not stamp.exists() or stamp.stat().st_mtime < newest(sources):
        call([PYTHON, "-m", "compileall", "-q", ROOT / "dekon"], "a module does not compile, see above")
        write_note("compiled", "")
    for catalogue in (ROOT / "dekon" / "locale").glob("*/LC_MESSAGES/django.po"):
        target = catalogue.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < catalogue.stat().st_mtime:
            call([PYTHON, "-c", COMPILE, catalogue, target], "a catalogue of texts does not compile, see above")


def main(python: str) -> None:
    """Everything, one process at a time."""
    if python == str(PYTHON):
        python = os.path.realpath(python)
    with open(str(ROOT / ".setup.lock"), "w") as handle:  # noqa: PTH123  runs under any Python 3
        fcntl.flock(handle, fcntl.LOCK_EX)
        ensure_environment(python)
        ensure_command()
        ensure_compiled()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
