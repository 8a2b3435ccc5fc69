"""What every engine can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Overflow:
    """What went beyond the chip's numbers in a population.

    Parameters
    ----------
    where
        Label of the population.
    what
        ``the input of a step``, ``u`` or ``v``.
    does
        What the number did: it was clipped, or wrapped round.
    times
        How often, over all of its compartments and steps.
    """

    where: str
    what: str
    does: str
    times: int

    def __str__(self) -> str:
        """One sentence."""
        times = "once" if self.times == 1 else f"{self.times:,} times"
        return f"{self.what} of {self.where!r} {self.does} {times}"


class Engine(Protocol):
    """A network that is ready to run.  Steps are counted from 1, the first step of the first run.

    Every method raises a PlatformError once the engine has ended, but for :meth:`take_spikes` and
    :meth:`take_potentials`, which still hand out what was recorded, and :meth:`close`.
    """

    def set_biases(
        self, steps: np.ndarray, compartments: np.ndarray, mantissa: np.ndarray, exponent: np.ndarray
    ) -> None:
        """Replace all changes of biases ahead, int (n_changes,) each: they act at the beginning of a step."""

    def set_recorded(self, spikes: np.ndarray, potentials: np.ndarray) -> None:
        """Record the spikes and the v of other compartments, int (n,) each; what was recorded must have been taken."""

    def set_spikes(self, steps: np.ndarray, inputs: np.ndarray) -> None:
        """Replace all spikes of inputs that lie ahead, int (n_spikes,) each, in any order.

        Refused with an InputError: past steps, and two spikes of an input in one step, which a chip can't have.
        """

    def run(self, steps: int) -> None:
        """Run this many steps.

        Raises
        ------
        PlatformError
            If a process fails or is killed: names it and carries its traceback.  All processes are then ended, as
            they are after Ctrl-C.
        """

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps and compartments of the recorded compartments' spikes since the last call, sorted by both."""

    def take_potentials(self) -> tuple[np.ndarray, np.ndarray]:
        """First step, shape (), and v of the recorded compartments since the last call, int (n_steps, n_recorded)."""

    def overflows(self) -> tuple[Overflow, ...]:
        """What went beyond the chip's numbers since the first run; engines made of Lava's processes don't count it."""

    def weights(self, synapses: int) -> np.ndarray:
        """Present mantissas of the network's ``synapses[k]``, int (n_synapses,)."""

    def set_weights(self, synapses: int, weight: np.ndarray) -> None:
        """Change the mantissas of the network's ``synapses[k]`` from the next step on."""

    def set_compartments(self, group: int, name: str, values: np.ndarray, places: np.ndarray | None = None) -> None:
        """Change ``threshold``, ``bias_mantissa``, ``bias_exponent`` or the present ``v`` or ``u`` of a group.

        Parameters
        ----------
        group
            Index of the group.
        name
            What to change.
        values
            Int (n,), in the units of :class:`~hardware.lava.translation.network.Compartments`; v and u in units of 1.
        places
            Int (n,): which compartments of the group, counted from its first; all if None.
        """

    def close(self) -> None:
        """End all processes and free all memory; harmless when called again."""
