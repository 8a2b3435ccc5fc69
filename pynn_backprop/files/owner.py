"""Which process something belongs to, and whether that process is still there."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc/self/ns/pid")
"""Where Linux says among which processes a number counts: containers may share a host name, but not these."""


@dataclass(frozen=True)
class Owner:
    """A process of some machine.

    Parameters
    ----------
    pid : int
        Its number.
    host : str
        Name of the machine.
    """

    pid: int
    host: str

    @classmethod
    def here(cls) -> Owner:
        """This process."""
        return cls(os.getpid(), socket.gethostname())

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    @property
    def tag(self) -> str:
        """Short text for names of files, of which :func:`has_ended` can tell whether its process has ended."""
        return f"{_machine(self.host)}-{self.pid}"


def _machine(host: str) -> str:
    try:
        processes = os.readlink(PROCESSES)
    except OSError:
        processes = ""
    return hashlib.sha256(f"{host} {processes}".encode()).hexdigest()[:8]


def has_ended(tag: str) -> bool:
    """Whether the process of an :attr:`Owner.tag` has certainly ended: that of another machine never has."""
    machine, _, pid = tag.partition("-")
    if machine != _machine(socket.gethostname()) or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
