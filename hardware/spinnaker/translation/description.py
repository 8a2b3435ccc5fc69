"""A network as it is asked for, in PyNN's units: what sPyNNaker is told, and what becomes integers.

It holds what sPyNNaker's own classes are given - ``IF_curr_delta``, ``SpikeSourceArray`` and projections with a list of
synapses of one receptor type - and so can be translated, checked and counted where sPyNNaker is not installed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pynn_backprop.checks import as_array, check_choice, check_count, described
from pynn_backprop.errors import InputError

MEMORYLESS = 0.0625
"""tau_m in ms and cm in nF of cells without memory.  A weight acts as w tau_m / cm, so that both must be the same; and
1/16 is a number of 15 bits below the point, with which a step of 1 ms leaves exactly nothing of the potential."""

HELD = 32767.0
"""The largest sum of weights that sPyNNaker is told to expect: with it weights are stored as whole numbers."""

EXCITATORY, INHIBITORY = "excitatory", "inhibitory"
RECEPTORS = (EXCITATORY, INHIBITORY)
"""In the order of a core's synapse types."""


@dataclass(frozen=True)
class Cells:
    """A population of ``IF_curr_delta``.

    Parameters
    ----------
    label, size
        Its name and how many neurons it has.
    v_thresh, v_rest, v_reset
        In mV.
    tau_m, cm, tau_refrac, i_offset
        In ms, nF, ms, nA.
    summed_weight
        sPyNNaker's ``max_expected_summed_weight`` for either receptor type, in mV; None lets it choose.
    phases
        The steps of the network's cycle in which its neurons may fire; None if they may in any.
    """

    label: str
    size: int
    v_thresh: float
    v_rest: float = 0.0
    v_reset: float = 0.0
    tau_m: float = MEMORYLESS
    cm: float = MEMORYLESS
    tau_refrac: float = 0.0
    i_offset: float = 0.0
    summed_weight: float | None = HELD
    phases: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        check_count(f"the size of {self.label!r}", self.size)


@dataclass(frozen=True)
class Sources:
    """A population of ``SpikeSourceArray``; parameters as those of :class:`Cells`."""

    label: str
    size: int
    phases: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        check_count(f"the size of {self.label!r}", self.size)


@dataclass(frozen=True)
class Connections:
    """A projection with a list of synapses.

    Parameters
    ----------
    label
        Its name.
    pre, post
        Labels of populations.
    receptor
        ``excitatory`` or ``inhibitory``; on a core the sign of a weight comes from it alone.
    sources, targets
        Presynaptic and postsynaptic neuron of each synapse, int (n_synapses,).
    weight
        In mV, float (n_synapses,); negative for inhibitory ones.
    delay
        In ms, float (n_synapses,).
    learns
        Whether the weights are meant to learn, which sPyNNaker can't do.
    """

    label: str
    pre: str
    post: str
    receptor: str
    sources: np.ndarray
    targets: np.ndarray
    weight: np.ndarray
    delay: np.ndarray
    learns: bool = False

    def __post_init__(self) -> None:
        check_choice(f"the receptor of {self.label!r}", self.receptor, RECEPTORS)
        shapes = {as_array(name, getattr(self, name)).shape for name in ("sources", "targets", "weight", "delay")}
        if len(shapes) > 1 or len(next(iter(shapes))) != 1:
            raise InputError(
                f"the columns of {self.label!r} have the shapes {sorted(shapes)} but must all have the shape "
                "(n_synapses,)"
            )


@dataclass(frozen=True)
class Description:
    """A whole network.

    Parameters
    ----------
    populations
        In the order in which they are made; labels are unique.
    projections
        The same.
    timestep
        In ms.
    cycle
        Steps after which phases repeat, where populations have any.
    """

    populations: tuple[Cells | Sources, ...]
    projections: tuple[Connections, ...]
    timestep: float = 1.0
    cycle: int = 1

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {}
        for population in self.populations:
            if population.label in sizes:
                raise InputError(f"there are two populations {population.label!r}, but labels must be unique")
            sizes[population.label] = population.size
        for projection in self.projections:
            self._check_ends(projection, sizes)

    def _check_ends(self, projection: Connections, sizes: dict[str, int]) -> None:
        for end, neurons in ((projection.pre, projection.sources), (projection.post, projection.targets)):
            check_choice(f"an end of {projection.label!r}", end, sizes)
            if neurons.dtype.kind not in "iu" or not np.all((neurons >= 0) & (neurons < sizes[end])):
                raise InputError(
                    f"the neurons of {end!r} in {projection.label!r} are {described(neurons)} but must be whole "
                    f"numbers from 0 to {sizes[end] - 1}"
                )
        if isinstance(self[projection.post], Sources):
            raise InputError(f"{projection.label!r} ends at {projection.post!r}, but sources have no synapses")

    def __getitem__(self, label: str) -> Cells | Sources:
        """The population of this label."""
        return next(population for population in self.populations if population.label == label)
