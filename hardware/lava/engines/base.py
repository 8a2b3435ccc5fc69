"""What both engines share: the clock, the spikes ahead and what was recorded."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from pynn_backprop.checks import check_choice, check_count
from pynn_backprop.errors import InputError, PlatformError

from ...integers import Range
from ..translation.network import DiscreteNetwork
from .checks import VALUES, check_mantissas, check_range, checked_members, integers
from .engine import Overflow


class BlockEngine(ABC):
    """An engine that runs in blocks of at most :attr:`horizon` steps; see :class:`hardware.lava.engines.engine.Engine`.

    Parameters
    ----------
    network
        What to run.
    spikes, potentials
        Compartments whose spikes and v are recorded.

    Attributes
    ----------
    now
        The last step that was run.
    """

    def __init__(self, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray) -> None:
        self.network = network
        self.spiking = np.sort(checked_members("spikes", spikes, network.n_compartments))
        self.watched = checked_members("potentials", potentials, network.n_compartments)
        self.now = 0
        self._closed = False
        self._ahead = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._biases: tuple[np.ndarray, ...] = (np.zeros(0, np.int64),) * 4
        self._spikes: list[tuple[np.ndarray, np.ndarray]] = []
        self._potentials: list[np.ndarray] = []
        self._potentials_from = 1

    # -- what an engine does in its own way ------------------------------------------------------------------------

    @property
    @abstractmethod
    def horizon(self) -> int:
        """The most steps of one block."""

    @abstractmethod
    def _run_block(self, steps: int, rows: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Run one block.

        Parameters
        ----------
        steps
            Its length.
        rows, inputs
            The spikes of inputs in it, sorted by both; row 0 is the first step of the block.

        Returns
        -------
        rows, compartments, potentials
            The recorded spikes, sorted by both, and the recorded v, (steps, n_recorded).
        """

    @abstractmethod
    def _weights(self, synapses: int) -> np.ndarray:
        """See ``Engine.weights``."""

    @abstractmethod
    def _set_weights(self, synapses: int, weight: np.ndarray) -> None:
        """See ``Engine.set_weights``; the mantissas are checked."""

    @abstractmethod
    def _set_compartments(self, compartments: np.ndarray, name: str, values: np.ndarray) -> None:
        """See ``Engine.set_compartments``: numbers of compartments, int (n,), and their values, all checked."""

    @abstractmethod
    def _end(self) -> None:
        """End all processes, free all memory."""

    # -- running ---------------------------------------------------------------------------------------------------

    def set_spikes(self, steps: np.ndarray, inputs: np.ndarray) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_spikes`."""
        self._check_open()
        steps, inputs = integers("steps", steps), integers("inputs", inputs)
        if steps.shape != inputs.shape or steps.ndim != 1:
            raise InputError(f"steps has shape {steps.shape} and inputs {inputs.shape} but both must be (n_spikes,)")
        check_range("inputs", inputs, Range(0, self.network.n_inputs - 1))
        if len(steps) and steps.min() <= self.now:
            raise InputError(f"steps holds {steps.min()} but step {self.now} is the last that was run")
        order = np.lexsort((inputs, steps))
        steps, inputs = steps[order], inputs[order]
        twice = np.flatnonzero((np.diff(steps) == 0) & (np.diff(inputs) == 0))
        if len(twice):
            first = twice[0]
            raise InputError(
                f"input {inputs[first]} has two spikes in step {steps[first]}, but on a chip it can fire only once"
            )
        self._ahead = steps, inputs

    def set_biases(
        self, steps: np.ndarray, compartments: np.ndarray, mantissa: np.ndarray, exponent: np.ndarray
    ) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_biases`."""
        self._check_open()
        given = {"steps": steps, "compartments": compartments, "bias_mantissa": mantissa, "bias_exponent": exponent}
        values = {name: integers(name, value) for name, value in given.items()}
        if len({value.shape for value in values.values()}) > 1:
            raise InputError(f"{', '.join(given)} must have the same shape, (n_changes,)")
        check_range("compartments", values["compartments"], Range(0, self.network.n_compartments - 1))
        for name in ("bias_mantissa", "bias_exponent"):
            check_range(name, values[name], VALUES[name])
        if values["steps"].size and values["steps"].min() <= self.now:
            raise InputError(f"steps holds {values['steps'].min()} but step {self.now} is the last that was run")
        order = np.argsort(values["steps"], kind="stable")
        self._biases = tuple(value[order] for value in values.values())

    def _change_biases(self) -> int:
        """Make the changes of the next step; returns the steps until the next ones."""
        steps, compartments, mantissa, exponent = self._biases
        due = int(np.searchsorted(steps, self.now + 1, side="right"))
        if due:
            self._set_compartments(compartments[:due], "bias_mantissa", mantissa[:due])
            self._set_compartments(compartments[:due], "bias_exponent", exponent[:due])
            self._biases = tuple(value[due:] for value in self._biases)
        return int(steps[due] - self.now - 1) if due < len(steps) else self.horizon

    def set_recorded(self, spikes: np.ndarray, potentials: np.ndarray) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_recorded`."""
        raise PlatformError(
            "what is recorded can't change between runs on an engine made of Lava's processes; call reset() first"
        )

    def run(self, steps: int) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.run`."""
        self._check_open()
        steps = check_count("steps", steps, 0)
        try:
            while steps:
                block = min(steps, self.horizon, self._change_biases())
                self._run_and_keep(block)
                steps -= block
        except BaseException:
            self.close()
            raise

    def _run_and_keep(self, steps: int) -> None:
        ahead, inputs = self._ahead
        n = int(np.searchsorted(ahead, self.now + steps, side="right"))
        rows, compartments, potentials = self._run_block(steps, ahead[:n] - self.now - 1, inputs[:n])
        self._ahead = ahead[n:], inputs[n:]
        if len(rows):
            self._spikes.append((rows.astype(np.int64) + self.now + 1, compartments.astype(np.int64)))
        self._potentials.append(potentials)
        self.now += steps

    # -- results ---------------------------------------------------------------------------------------------------

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`hardware.lava.engines.engine.Engine.take_spikes`."""
        nothing = np.zeros(0, np.int64)
        taken, self._spikes = self._spikes, []
        return (
            np.concatenate([nothing, *(steps for steps, _ in taken)]),
            np.concatenate([nothing, *(compartments for _, compartments in taken)]),
        )

    def take_potentials(self) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`hardware.lava.engines.engine.Engine.take_potentials`."""
        first = np.array(self._potentials_from)
        taken, self._potentials = self._potentials, []
        self._potentials_from = self.now + 1
        return first, np.concatenate([np.zeros((0, len(self.watched)), np.int32), *taken])

    def overflows(self) -> tuple[Overflow, ...]:
        """See :meth:`hardware.lava.engines.engine.Engine.overflows`."""
        return ()

    def weights(self, synapses: int) -> np.ndarray:
        """See :meth:`hardware.lava.engines.engine.Engine.weights`."""
        self._check_open()
        return self._weights(self._index("synapses", synapses, len(self.network.synapses)))

    def set_weights(self, synapses: int, weight: np.ndarray) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_weights`."""
        self._check_open()
        index = self._index("synapses", synapses, len(self.network.synapses))
        projection = self.network.synapses[index]
        values = integers("weight", weight)
        if values.shape != projection.pre.shape:
            raise InputError(f"weight has shape {values.shape} but {projection.label} has {projection.pre.shape}")
        check_mantissas(projection.label, values, projection.exponent)
        self._set_weights(index, values)

    def set_compartments(self, group: int, name: str, values: np.ndarray, places: np.ndarray | None = None) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_compartments`."""
        self._check_open()
        compartments = self.network.compartments[self._index("group", group, len(self.network.compartments))]
        check_choice("name", name, VALUES)
        values = integers(name, values)
        chosen = np.arange(compartments.size) if places is None else integers("places", places)
        if values.shape != chosen.shape:
            raise InputError(f"{name} has shape {values.shape} but must have {chosen.shape}")
        check_range("places", chosen, Range(0, compartments.size - 1))
        check_range(name, values, VALUES[name])
        self._set_compartments(compartments.first + chosen, name, values)

    def close(self) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.close`."""
        self._closed = True
        self._end()

    def _check_open(self) -> None:
        if self._closed:
            raise PlatformError("this network has ended; what it had recorded can still be read")

    @staticmethod
    def _index(name: str, value: int, count: int) -> int:
        return check_count(name, value, 0, count - 1)
