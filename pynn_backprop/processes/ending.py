"""How many processes end together when one of them fails: at once, and with one message.

MPI waits: a process that ends alone leaves the others in an exchange that never comes to its end.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from .launcher import launched, wait_for_turn

FAILED, INTERRUPTED = 1, 130


def _mpi() -> Any:
    """mpi4py's module if it is at work for more than one process."""
    mpi = sys.modules.get("mpi4py.MPI")
    at_work = mpi is not None and mpi.Is_initialized() and not mpi.Is_finalized() and mpi.COMM_WORLD.Get_size() > 1
    return mpi if at_work else None


def end_all(status: int) -> None:
    """End all processes, this one too; where it is the only one, or MPI is not at work yet, nothing is done.

    Parameters
    ----------
    status : int
        Exit status.
    """
    mpi = _mpi()
    if mpi is not None:
        sys.stdout.flush()
        sys.stderr.flush()
        mpi.COMM_WORLD.Abort(status)


class _EndsAll:
    """A ``sys.excepthook`` that ends all processes once the one before it has told of the exception."""

    def __init__(self, before: Any) -> None:
        self.before = before

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if _mpi() is None:
            self.before(kind, error, trace)
            return
        wait_for_turn()
        found = launched()
        print(f"process {found.rank} of {found.size} has failed, and ends all:", file=sys.stderr)
        self.before(kind, error, trace)
        end_all(INTERRUPTED if issubclass(kind, KeyboardInterrupt) else FAILED)


def end_together() -> None:
    """See to it that an exception that nobody catches ends all processes, and not this one alone."""
    if not isinstance(sys.excepthook, _EndsAll):
        sys.excepthook = _EndsAll(sys.excepthook)
