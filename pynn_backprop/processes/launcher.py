"""What ``mpirun`` and its like say to the processes that they start, by the environment."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import PlatformError

SAID = (
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"),
    ("PMIX_RANK", "SLURM_STEP_NUM_TASKS"),
)
"""Variables with the number of a process and with how many there are: of Open MPI; of MPICH, Intel MPI and Slurm's
PMI-2; of MVAPICH; of Slurm's PMIx.  Slurm starts independent programs too: those have no variable of PMI."""

PATIENCE = 1.0
"""Seconds that a process leaves to those of lower rank, which mostly find the same wrong and say it first."""

PREFIXES = ("OMPI_", "OPAL_", "ORTE_", "PRTE_", "PMIX_", "PMI_", "MV2_", "HYDRA_")
"""How the names of all variables begin that a launcher sets for MPI."""


@dataclass(frozen=True)
class Launched:
    """One of the processes that a launcher started, or the only one.

    Parameters
    ----------
    rank : int
        Its number, from 0.
    size : int
        How many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether it is the one that writes and prints."""
        return self.rank == 0


def launched(environment: Mapping[str, str] | None = None) -> Launched:
    """What the launcher says of this process, whether MPI is installed or not.

    Parameters
    ----------
    environment : Mapping of str to str, optional
        That of this process if None.
    """
    environment = os.environ if environment is None else environment
    for rank, size in SAID:
        numbers = environment.get(rank, ""), environment.get(size, "")
        if all(number.isdecimal() for number in numbers) and int(numbers[0]) < int(numbers[1]):
            return Launched(int(numbers[0]), int(numbers[1]))
    return Launched()


def wait_for_turn() -> None:
    """Let those of lower rank speak first: who speaks ends the others, so that what all find wrong is said once."""
    rank = launched().rank
    if rank:
        time.sleep(PATIENCE + min(rank, 100) / 100)


def refuse_many(what: str) -> None:
    """Refuse to be one of many processes.

    Parameters
    ----------
    what : str
        What runs in one process only, for the message.

    Raises
    ------
    PlatformError
        If a launcher started several.
    """
    size = launched().size
    if size > 1:
        wait_for_turn()
        raise PlatformError(
            f"{what} runs in one process, but this is one of {size} that mpirun (or srun) started, of which each would "
            "do the whole work: start it without; docs/scaling.md says what runs on many processes"
        )


def without_launcher(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment for a program of its own, which must not take itself for one of the processes that were started.

    Parameters
    ----------
    environment : Mapping of str to str, optional
        That of this process if None.
    """
    environment = os.environ if environment is None else environment
    return {name: value for name, value in environment.items() if not name.startswith(PREFIXES)}
