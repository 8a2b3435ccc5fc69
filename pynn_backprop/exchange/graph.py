r"""A graph of spiking neurons that was read: what there is to simulate, and its arithmetic.

In one step every node is evaluated once, from the input on, as readers of NIR do that keep to a grid of time (norse,
snnTorch).  With the drive :math:`u`, which is what the spikes of this step bring and the biases,

.. math::

    v \leftarrow \beta v + (1 - \beta) v_{leak} + g u \qquad z = [v > v_{thr}] \qquad v \leftarrow v_{reset}
    \text{ where } z

=============  ==================================================  ==============================================
node           :math:`\beta`                                       :math:`g`
=============  ==================================================  ==============================================
``Threshold``  0                                                   1
``IF``         1                                                   r
``LIF``        :math:`1 - dt/\tau` (the forward Euler method)      :math:`r\,dt/\tau`
=============  ==================================================  ==============================================

Potentials start at :math:`v_{leak}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..checks import as_array, check_count, described
from ..errors import InputError


@dataclass(frozen=True, eq=False)
class Neurons:
    """A node of neurons.

    Parameters
    ----------
    name : str
        Of the node.
    kind : str
        Of the node: Threshold, IF or LIF.
    depth : int
        Most neurons on a way from the input to here, with these ones.
    bias : numpy.ndarray, shape (size,)
        Added to the drive in every step.
    decay, gain, leak, threshold, reset : numpy.ndarray, shape (size,)
        See the equation above.
    """

    name: str
    kind: str
    depth: int
    bias: np.ndarray
    decay: np.ndarray
    gain: np.ndarray
    leak: np.ndarray
    threshold: np.ndarray
    reset: np.ndarray

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.threshold)


@dataclass(frozen=True, eq=False)
class Connection:
    """What the spikes of a node do to another one.

    Parameters
    ----------
    pre, post : str
        Names of the nodes.
    weight : numpy.ndarray of float, shape (n_pre, n_post)
        As PyNN has it, pre first.
    """

    pre: str
    post: str
    weight: np.ndarray


@dataclass(frozen=True, eq=False)
class SpikingGraph:
    """A whole graph, of which no part leads back.

    Parameters
    ----------
    source : str
        Name of the input.
    n_in : int
        Its size.
    neurons : tuple of Neurons
        Those that are evaluated first come first.
    connections : tuple of Connection
        To neurons.
    readout : tuple of Connection
        To the output: numbers that are made of the spikes of a step, which are no neurons.
    offset : numpy.ndarray, shape (n_out,)
        Added to them.
    metadata : Mapping
        What came with the graph.
    """

    source: str
    n_in: int
    neurons: tuple[Neurons, ...]
    connections: tuple[Connection, ...]
    readout: tuple[Connection, ...]
    offset: np.ndarray
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_out(self) -> int:
        """Size of the output."""
        return len(self.offset)

    @property
    def depth(self) -> int:
        """Most neurons on a way from the input to the output."""
        return max((group.depth for group in self.neurons), default=0)

    @property
    def remembers(self) -> bool:
        """Whether anything is left of a step in the next one."""
        return any(bool(group.decay.any()) for group in self.neurons)

    def respond(self, x: np.ndarray) -> np.ndarray:
        """The output in each step, from rest.

        Parameters
        ----------
        x : array_like, shape (steps, n_samples, n_in)
            The input in each step.

        Returns
        -------
        numpy.ndarray of float64, shape (steps, n_samples, n_out)
        """
        given = as_array("x", x)
        if given.dtype.kind not in "biuf" or given.ndim != 3 or given.shape[2] != self.n_in:
            raise InputError(f"x is {described(given)} but must be numbers of shape (steps, n, {self.n_in})")
        state = {group.name: np.tile(group.leak, (given.shape[1], 1)) for group in self.neurons}
        outputs = [self._step(now, state) for now in given.astype(np.float64)]
        return np.array(outputs).reshape(*given.shape[:2], self.n_out)

    def answer(self, x: np.ndarray, steps: int = 1) -> np.ndarray:
        """The output, summed over the steps for which each sample is shown from rest.

        Parameters
        ----------
        x : array_like, shape (n_samples, n_in)
            The same input in each step.
        steps : int
            How many.

        Returns
        -------
        numpy.ndarray of float64, shape (n_samples, n_out)
        """
        given = as_array("x", x)
        return np.asarray(self.respond(np.broadcast_to(given, (check_count("steps", steps), *given.shape))).sum(axis=0))

    def from_spikes(self, fired: Mapping[str, np.ndarray]) -> np.ndarray:
        """The output of a step from the spikes of its nodes, each of shape (n, size)."""
        sums = [fired[each.pre] @ each.weight for each in self.readout]
        return np.asarray(sum(sums, np.zeros((1, self.n_out))) + self.offset)

    def _step(self, x: np.ndarray, state: dict[str, np.ndarray]) -> np.ndarray:
        fired = {self.source: x}
        for group in self.neurons:
            drive = group.bias + sum(fired[one.pre] @ one.weight for one in self.connections if one.post == group.name)
            v = group.decay * state[group.name] + (1 - group.decay) * group.leak + group.gain * drive
            fires = v > group.threshold
            state[group.name] = np.where(fires, group.reset, v)
            fired[group.name] = fires.astype(np.float64)
        return self.from_spikes(fired)
