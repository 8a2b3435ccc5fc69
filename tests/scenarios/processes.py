"""Stand-ins for many processes: threads of this one that exchange what can be pickled, as MPI's processes do."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

SECONDS = 20
"""Longer than any exchange takes; a thread that waits for one that has gone another way fails then."""


class Thread:
    """One of some threads that do a work together; see :class:`pynn_backprop.processes.Processes`."""

    def __init__(self, rank: int, size: int, barrier: threading.Barrier, table: list[Any]) -> None:
        self.rank, self.size = rank, size
        self._barrier, self._table = barrier, table

    def gather(self, part: Any) -> list[Any]:
        self._table[self.rank] = pickle.dumps(part)
        self._barrier.wait(SECONDS)
        parts = [pickle.loads(part) for part in self._table]
        self._barrier.wait(SECONDS)
        return parts


def together(size: int, work: Callable[[Thread], Any]) -> list[Any]:
    """What `work` returns in each thread, or the exception that it raises, by rank."""
    barrier, table, outcomes = threading.Barrier(size), [None] * size, [None] * size

    def run(rank: int) -> None:
        try:
            outcomes[rank] = work(Thread(rank, size, barrier, table))
        except Exception as error:
            outcomes[rank] = error

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * SECONDS)
    return outcomes


class Communicator:
    """What mpi4py's communicator is asked for here, of a process whose others are not there."""

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size, self.aborted = rank, size, []

    def Get_rank(self) -> int:
        return self.rank

    def Get_size(self) -> int:
        return self.size

    def allgather(self, part: Any) -> list[Any]:
        return [part] * self.size

    def Abort(self, status: int) -> None:
        self.aborted.append(status)


class MPI:
    """What mpi4py.MPI is asked for here."""

    def __init__(self, rank: int, size: int) -> None:
        self.COMM_WORLD = Communicator(rank, size)

    def Is_initialized(self) -> bool:
        return True

    def Is_finalized(self) -> bool:
        return False
