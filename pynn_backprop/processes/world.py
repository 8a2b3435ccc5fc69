"""What processes exchange: all of them take part in each exchange, in the same order."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ..errors import PlatformError, PynnBackpropError
from .ending import end_together
from .launcher import launched, wait_for_turn

T = TypeVar("T")

REMEDY = "`make nest-mpi` builds NEST with MPI, and docs/scaling.md says how to get it on a cluster"


class Processes(Protocol):
    """The processes that do one work together."""

    @property
    def rank(self) -> int:
        """The number of this one, from 0."""

    @property
    def size(self) -> int:
        """How many there are."""

    def gather(self, part: T) -> list[T]:
        """What each process gives, by rank; every process gets all of it."""


@dataclass(frozen=True)
class Alone:
    """The only process."""

    rank: int = 0
    size: int = 1

    def gather(self, part: T) -> list[T]:
        """What it gives."""
        return [part]


class MPIProcesses:
    """Those of MPI's world.

    Parameters
    ----------
    communicator : mpi4py.MPI.Comm
        Of all of them.
    """

    def __init__(self, communicator: Any) -> None:
        self._communicator = communicator
        self.rank, self.size = int(communicator.Get_rank()), int(communicator.Get_size())

    def gather(self, part: T) -> list[T]:
        """See :meth:`Processes.gather`."""
        gathered: list[T] = self._communicator.allgather(part)
        return gathered


def world() -> Processes:
    """The processes that a launcher started with this one; an exception that nobody catches then ends all of them.

    Raises
    ------
    PlatformError
        If a launcher started several that can't find one another: mpi4py is not there, or is of another MPI.
    """
    found = launched()
    if found.size == 1 and "mpi4py.MPI" not in sys.modules:
        return Alone()
    try:
        communicator = importlib.import_module("mpi4py.MPI").COMM_WORLD
    except (ImportError, RuntimeError) as error:
        wait_for_turn()
        raise PlatformError(
            f"this is one of {found.size} processes that mpirun (or srun) started, but they can't find one another, "
            f"since mpi4py can't be imported ({error}): {REMEDY}"
        ) from error
    if communicator.Get_size() < found.size:
        wait_for_turn()
        raise PlatformError(
            f"this is one of {found.size} processes that mpirun (or srun) started, but mpi4py knows of "
            f"{communicator.Get_size()}: it was built with another MPI; {REMEDY}"
        )
    if communicator.Get_size() == 1:
        return Alone()
    end_together()
    return MPIProcesses(communicator)


def first_alone(processes: Processes, work: Callable[[], T]) -> T:
    """What the first process has worked out while the others waited; what it raises is raised by all of them.

    Parameters
    ----------
    processes : Processes
        All of them call this.
    work : callable
        Its result must be such that it can be pickled.
    """
    outcome: tuple[T | None, Exception | None] = (None, None)
    if processes.rank == 0:
        try:
            outcome = (work(), None)
        except Exception as error:
            if processes.size == 1:
                raise
            outcome = (None, _sendable(error))
    result, failure = processes.gather(outcome)[0]
    if failure is not None:
        raise failure
    return result  # type: ignore[return-value]


def _sendable(error: Exception) -> Exception:
    """An exception that comes through a pickle as what it is."""
    try:
        same = pickle.loads(pickle.dumps(error))
    except Exception:
        same = None
    if type(same) is type(error) and str(same) == str(error):
        return error
    kind = type(error) if isinstance(error, PynnBackpropError) else PlatformError
    return kind(str(error) or repr(error))


def agreed(processes: Processes, asked: Callable[[], bool]) -> Callable[[], bool]:
    """Whether any of the processes says yes, as a function that all of them call: they must not go different ways."""
    if processes.size == 1:
        return asked
    return lambda: any(processes.gather(bool(asked())))
