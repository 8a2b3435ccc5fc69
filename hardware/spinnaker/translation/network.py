r"""A network in the integers of SpiNNaker cores: what is validated, placed and emulated.

In every step a neuron adds what its two ring buffers hold for this step, excitation and inhibition apart, and computes
with s16.15 numbers (:mod:`.fixed_point`)

.. math::

    I &= e \cdot s - i \cdot s + I_{offset} \\
    \alpha &= I R + V_{rest} \\
    V &\leftarrow \alpha - d\,(\alpha - V)

where R = tau_m / cm, d is what is left of the potential in a step, and s one over the timestep.  It fires when
V >= V_thresh, and V is then V_reset.  In refractory steps V stays, but is compared with the threshold all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CoreCells:
    """A population of neurons; all numbers are raw s16.15 unless said.

    Parameters
    ----------
    label, size
        Its name and how many neurons it has.
    threshold, rest, reset, current
        V_thresh, V_rest, V_reset and the constant current.
    resistance
        R.
    decay
        d; 0 if nothing is left.
    refractory
        Steps after a spike in which the potential stays; a whole number.
    shifts
        By how many bits the 16 bits of a ring buffer are shifted up to a number, of the excitatory and the inhibitory
        one: a weight is a multiple of 2**(shift - 15) mV.
    chosen_shifts
        Those that sPyNNaker would choose if it were not told what sum to expect.
    phases
        The steps of a cycle in which its neurons may fire; None if in any.
    """

    label: str
    size: int
    threshold: int
    rest: int
    reset: int
    current: int
    resistance: int
    decay: int
    refractory: int
    shifts: tuple[int, int]
    chosen_shifts: tuple[int, int]
    phases: tuple[int, ...] | None = None


@dataclass(frozen=True)
class CoreSources:
    """A population whose spikes come from outside; parameters as those of :class:`CoreCells`."""

    label: str
    size: int
    phases: tuple[int, ...] | None = None


@dataclass(frozen=True)
class CoreSynapses:
    """The synapses of one projection.

    Parameters
    ----------
    label, pre, post
        Its name and those of its populations.
    kind
        Which ring buffer it fills: 0 for excitation, 1 for inhibition.
    sources, targets
        Neurons of either population, int64 (n_synapses,).
    weight
        In units of the ring buffer, int64 (n_synapses,), with the sign that was asked for; a core stores the lowest 16
        bits of the magnitude.
    delay
        In steps, int64 (n_synapses,): a spike of step t acts in step t + delay.
    learns
        Whether the weights are meant to learn.
    """

    label: str
    pre: str
    post: str
    kind: int
    sources: np.ndarray
    targets: np.ndarray
    weight: np.ndarray
    delay: np.ndarray
    learns: bool = False

    @property
    def where(self) -> str:
        """Its name, for findings."""
        return f"projection {self.label!r}"


@dataclass(frozen=True)
class CoreNetwork:
    """A whole network.

    Parameters
    ----------
    populations
        In the order in which their neurons are numbered.
    synapses
        One for each projection.
    scale
        One over the timestep, raw.
    cycle
        Steps after which phases repeat.
    """

    populations: tuple[CoreCells | CoreSources, ...]
    synapses: tuple[CoreSynapses, ...]
    scale: int
    cycle: int = 1

    @property
    def first(self) -> dict[str, int]:
        """The number of the first neuron of each population."""
        starts = np.cumsum([0, *(population.size for population in self.populations)]).tolist()
        return {population.label: start for population, start in zip(self.populations, starts[:-1], strict=True)}

    @property
    def n_neurons(self) -> int:
        """All neurons, those of sources too."""
        return sum(population.size for population in self.populations)

    @property
    def cells(self) -> tuple[CoreCells, ...]:
        """The populations that compute."""
        return tuple(population for population in self.populations if isinstance(population, CoreCells))

    @property
    def learns(self) -> bool:
        """Whether any synapse is meant to learn."""
        return any(synapses.learns for synapses in self.synapses)

    def __getitem__(self, label: str) -> CoreCells | CoreSources:
        """The population of this label."""
        return next(population for population in self.populations if population.label == label)
