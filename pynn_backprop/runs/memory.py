"""How much memory a process has held."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_memory(status: Path = STATUS) -> float:
    """The most memory that this process has held so far, in MB of 10^6 bytes.

    Parameters
    ----------
    status : Path
        Where Linux shows it.  It is asked first: ``ru_maxrss`` starts from the peak of the parent process there.
    """
    if status.is_file():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                # What the kernel calls kB are 1024 bytes.
                return float(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
