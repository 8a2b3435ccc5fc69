"""The most memory that this process has held so far."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_memory() -> float:
    """In MB (10^6 bytes), this process's peak.

    Linux's ``ru_maxrss`` starts from the peak of the parent process, so /proc is asked first.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
