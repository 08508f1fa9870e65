"""Typed variables of the environment. What is missing or wrong stops the start with a clear word. Knows no Django."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from dekon.errors import RuleBroken
from dekon.lib.sealed import FieldKey, new_key, read_keys

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demo", "production", "test")
TEST_FIELD_KEY = f"test:{'A' * 43}="
SECRET_LENGTH = 50
SECRET_VARIETY = 12
DEFAULT_PORTS = {"postgres", "postgresql"}


def read_dotenv(path: Path) -> dict[str, str]:
    """Pairs of a `.env` file: one `NAME=value` a line, `#` begins a comment line, quotes around a value fall away."""
    if not path.is_file():
        return {}
    pairs: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            pairs[name.strip()] = value.strip().strip("\"'")
    return pairs


def load_dotenv(path: Path = ROOT / ".env") -> None:
    """Take what the file says and the environment leaves open. Only development does.

    Tests have a place of their own.
    """
    if os.environ.get("DEKON_MODE") in {"production", "test"}:
        return
    for name, value in read_dotenv(path).items():
        os.environ.setdefault(name, value)


def text(name: str, default: str = "") -> str:
    """A variable as text; an empty one counts as missing."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """A variable that must stay secret: given itself, or by `NAME_FILE`, the path of a file that holds it.

    Raises:
        RuleBroken: `setup-secret-twice` where both are given, `setup-secret-file` where the file cannot be read.
    """
    value, path = text(name), text(f"{name}_FILE")
    if not path:
        return value
    if value:
        raise RuleBroken("setup-secret-twice", name=name)
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleBroken("setup-secret-file", name=f"{name}_FILE", path=path) from error


def public_url() -> str:
    """Where people open the pages, for links in mails; without a slash at the end."""
    hosts = [host for host in words("DEKON_ALLOWED_HOSTS") if not host.startswith(("*", "."))]
    known = f"https://{hosts[0]}" if mode() == "production" and hosts else f"http://localhost:{port()}"
    return text("DEKON_PUBLIC_URL", known).rstrip("/")


def proxies(default: int) -> int:
    """How many proxies of ours stand before the web server and add to `X-Forwarded-For`."""
    value = text("DEKON_PROXIES", str(default))
    return int(value) if value.isdigit() else default


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A variable that lists things, separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def mode() -> str:
    """Which of the three ways of running this is.

    Raises:
        RuleBroken: `setup-mode-unknown`.
    """
    value = text("DEKON_MODE", "demo")
    if value not in MODES:
        raise RuleBroken("setup-mode-unknown", value=value, known=", ".join(MODES))
    return value


def home() -> Path:
    """The data folder: files, secrets and the embedded database."""
    return (ROOT / text("DEKON_HOME", "var")).resolve()


def port(default: int = 8000) -> int:
    """The port of the web server.

    Raises:
        RuleBroken: `setup-port-wrong`.
    """
    value = text("PORT", str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise RuleBroken("setup-port-wrong", value=value)
    return int(value)


def patience_seconds() -> int:
    """How long a connection may do next to nothing before it is closed.

    Raises:
        RuleBroken: `setup-patience-wrong`.
    """
    value = text("DEKON_PATIENCE", "20")
    if not value.isdigit() or not 1 <= int(value) <= 60:
        raise RuleBroken("setup-patience-wrong", value=value)
    return int(value)


def private_file(path: Path, content: str) -> str:
    """The text of a file that only its owner may read; made with `content` where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    return content


def secret_key() -> str:
    """The key that signs sessions. The demo makes and keeps one of its own; production must be given a strong one.

    Raises:
        RuleBroken: `setup-secret-missing`, `setup-secret-weak`.
    """
    value = secret("DEKON_SECRET_KEY")
    if mode() == "production":
        if not value:
            raise RuleBroken("setup-secret-missing")
        if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_VARIETY:
            raise RuleBroken("setup-secret-weak", length=SECRET_LENGTH, variety=SECRET_VARIETY)
    if value:
        return value
    if mode() == "test":
        return "test-" * 12
    return private_file(home() / "secret-key", secrets.token_urlsafe(48))


def allowed_hosts() -> list[str]:
    """Names under which the pages may be asked for.

    Raises:
        RuleBroken: `setup-hosts-missing` in production.
    """
    hosts = words("DEKON_ALLOWED_HOSTS")
    if mode() == "production":
        if not hosts or "*" in hosts:
            raise RuleBroken("setup-hosts-missing")
        return hosts
    return [*hosts, "localhost", "127.0.0.1", "[::1]", "testserver"]


def field_keys() -> tuple[FieldKey, ...]:
    """The keys of encrypted columns, the newest first. The demo makes and keeps one of its own.

    Raises:
        RuleBroken: `setup-field-keys-missing` in production, `setup-field-keys-wrong` where they cannot be read.
    """
    value = secret("DEKON_FIELD_KEYS")
    if not value and mode() == "production":
        raise RuleBroken("setup-field-keys-missing")
    if not value:
        value = TEST_FIELD_KEY if mode() == "test" else private_file(home() / "field-keys", new_key("demo"))
    try:
        return read_keys(value)
    except ValueError as error:
        raise RuleBroken("setup-field-keys-wrong") from error


def clamd() -> str:
    """Address of the virus scanner, `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`; empty for none.

    Raises:
        RuleBroken: `setup-clamd-wrong`.
    """
    value = text("DEKON_CLAMD")
    parts = urlsplit(value)
    if (
        value
        and not (parts.scheme == "unix" and parts.path.startswith("/"))
        and not (parts.scheme == "tcp" and parts.hostname)
    ):
        raise RuleBroken("setup-clamd-wrong", value=value)
    return value


def database_urls() -> tuple[str, str]:
    """Address of the database for the owner and for the app; both empty where the embedded one serves.

    Raises:
        RuleBroken: `setup-app-url-missing` where an external database lacks the second address.
    """
    owner, app = secret("DATABASE_URL"), secret("DATABASE_APP_URL")
    if owner and not app and mode() != "test":
        raise RuleBroken("setup-app-url-missing")
    return owner, app or owner


def database_settings(url: str) -> dict[str, object]:
    """Django's description of a database address such as `postgresql://user:password@host:5432/name?sslmode=require`.

    Raises:
        RuleBroken: `setup-url-wrong` when it is no PostgreSQL address.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in DEFAULT_PORTS or not parts.path.strip("/")):
        raise RuleBroken("setup-url-wrong", scheme=parts.scheme or "-")
    options: dict[str, str] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "dekon",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off -c timezone=UTC", **options},
    }


def whole_environment() -> Mapping[str, str]:
    """The environment as child processes get it."""
    return dict(os.environ)
