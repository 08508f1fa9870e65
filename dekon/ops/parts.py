"""The processes of `make run`: started together, stopped together, whoever ends first. Knows no Django."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

STOP_SECONDS = 10
LOOK_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by kill -9. Linux only.

    Elsewhere it does nothing.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Part:
    """One process. `stays` says that its end is the end of everything; otherwise it may finish by itself."""

    name: str
    process: subprocess.Popen[bytes]
    stays: bool
    mourned: bool = False

    def signal(self, number: int) -> None:
        """Send a signal to the process and its children."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


@dataclass(slots=True)
class Parts:
    """All processes of one start."""

    parts: list[Part] = field(default_factory=list)
    asked_to_stop: bool = False

    def listen(self) -> None:
        """Let Ctrl-C, SIGTERM and the closing of the terminal end the whole."""
        for number in SIGNALS:
            signal.signal(number, self._asked)

    def _asked(self, *_signal: object) -> None:
        self.asked_to_stop = True

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, stays: bool = True) -> Part:
        """Start a process in a group of its own, so that a Ctrl-C of the terminal reaches only us."""
        process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has no threads
        )  # fmt: skip
        part = Part(name, process, stays)
        self.parts.append(part)
        return part

    def ended(self) -> Part | None:
        """A part that should have stayed but ended; None while all is well.

        Of another one that failed it only tells.
        """
        for part in self.parts:
            code = part.process.poll()
            if code is not None and part.stays:
                return part
            if code and not part.mourned:
                part.mourned = True
                print(f"dekon: {part.name} ended with status {code}; the rest goes on", file=sys.stderr, flush=True)
        return None

    def watch(self) -> Part | None:
        """Wait until somebody asks to stop (None) or a part ends (that part)."""
        while not self.asked_to_stop:
            if (part := self.ended()) is not None:
                return part
            time.sleep(LOOK_SECONDS)
        return None

    def stop(self) -> None:
        """End all parts and their children, by force where asking does not help."""
        for part in self.parts:
            part.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for part in self.parts:
            with suppress(subprocess.TimeoutExpired):
                part.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            part.signal(signal.SIGKILL)
            part.process.wait()
