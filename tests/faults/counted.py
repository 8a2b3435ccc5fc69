"""Counts faults: how many were tried, and how many were survived."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Count:
    """What came of the faults of one kind."""

    kind: str
    tried: int = 0
    survived: int = 0
    failures: list[str] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, number: int = 1) -> None:
        """Count something besides."""
        self.notes[what] = self.notes.get(what, 0) + number

    def __str__(self) -> str:
        notes = "".join(f"; {what}: {number}" for what, number in self.notes.items())
        return "\n  ".join([f"{self.kind}: {self.survived} of {self.tried} survived{notes}", *self.failures[:10]])


def count(kind: str, faults: Iterable[tuple[str, Callable[[Count], None]]]) -> Count:
    """Do each fault; one that raises anything was not survived."""
    found = Count(kind)
    for name, fault in faults:
        found.tried += 1
        try:
            fault(found)
            found.survived += 1
        except Exception:
            last = traceback.format_exc().strip().splitlines()[-1]
            found.failures.append(f"{name}: {last[:300]}")
    return found


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        yield Path(name)


def forked(work: Callable[[], int]) -> int:
    """Start a process that does the work, and ends with its status; returns its number."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            status = work()
        except BaseException:
            status = 98
        finally:
            os._exit(status)
    return child


def status_of(child: int, seconds: float = 300.0) -> int:
    """How a process ended: its status, or minus the signal; one that hangs is killed, and is a TimeoutError."""
    end = time.monotonic() + seconds
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise TimeoutError(f"it hung for {seconds:g} s")
        time.sleep(0.002)
