"""Locks on files that the kernel releases when their process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def share(path: Path) -> int:
    """Take a shared lock, waiting for an exclusive one to end. Returns the descriptor.

    Closing it gives the lock back.
    """
    handle = _open(path)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def own(path: Path) -> int:
    """Take an exclusive lock, waiting for all others to end. Returns the descriptor; closing it gives the lock back."""
    handle = _open(path)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def try_own(path: Path) -> int | None:
    """Take an exclusive lock if nobody holds one, else return None at once."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """An exclusive lock for the length of a block."""
    handle = own(path)
    try:
        yield
    finally:
        os.close(handle)


def is_owned(path: Path) -> bool:
    """Whether somebody holds the exclusive lock."""
    handle = try_own(path)
    if handle is None:
        return True
    os.close(handle)
    return False
