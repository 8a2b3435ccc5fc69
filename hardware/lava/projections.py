"""Projections, which keep their synapses as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pyNN import common
from pyNN.connectors import Connector, MapConnector
from pyNN.parameters import ParameterSpace
from pyNN.space import Space
from pyNN.standardmodels import check_weights

from pynn_backprop.errors import InputError

from . import simulator
from .connection import Connection
from .standardmodels.synapses import ReinforcedHebbianSynapse, StaticSynapse, STDPMechanism
from .translation.synapses import is_plastic

INDICES = ("presynaptic_index", "postsynaptic_index")
MERGE: dict[str, tuple[np.ufunc, float]] = {
    "sum": (np.add, 0.0),
    "min": (np.minimum, np.inf),
    "max": (np.maximum, -np.inf),
}
"""How the values of several synapses between the same two neurons become one, and what to begin with."""


class Projection(common.Projection):
    """Synapses of one type between two groups of neurons; see PyNN's documentation.

    Attributes
    ----------
    presynaptic_index, postsynaptic_index
        Places in `pre` and `post` of each synapse's neurons, int (n_synapses,) each.
    attributes
        What the network started with: ``weight`` and ``delay``, float (n_synapses,) each, and one number for every
        other parameter of the synapse type.
    """

    _simulator = simulator
    _static_synapse_class = StaticSynapse

    def __init__(
        self,
        presynaptic_population: Any,
        postsynaptic_population: Any,
        connector: Connector,
        synapse_type: Any = None,
        source: Any = None,
        receptor_type: str | None = None,
        space: Space = Space(),  # noqa: B008
        label: str | None = None,
    ) -> None:
        simulator.state.check_not_started("adding a Projection to the network")
        ends = presynaptic_population, postsynaptic_population
        super().__init__(*ends, connector, synapse_type, source, receptor_type, space, label)
        if not isinstance(self.synapse_type, (StaticSynapse, ReinforcedHebbianSynapse, STDPMechanism)):
            kind = type(self.synapse_type).__name__
            raise InputError(
                f"the synapse type of {self.label!r} is {kind}, but must be this simulator's StaticSynapse, "
                "STDPMechanism or ReinforcedHebbianSynapse"
            )
        self._new: list[dict[str, Any]] = []
        self.attributes: dict[str, Any] = {}
        connector.connect(self)
        self._gather()
        if isinstance(connector, MapConnector) and connector.safe:
            self._check_sign()
        self._present: np.ndarray | None = None
        simulator.state.projections.append(self)

    # -- making synapses -------------------------------------------------------------------------------------------

    def add_synapses(
        self, presynaptic_indices: np.ndarray, postsynaptic_indices: np.ndarray, **parameters: Any
    ) -> None:
        """Make synapses; for connectors.

        Parameters
        ----------
        presynaptic_indices, postsynaptic_indices
            Places in `pre` and `post`, int (n,) each.
        **parameters
            Of the synapse type: numbers, or arrays of shape (n,).
        """
        self._new.append(
            {INDICES[0]: np.asarray(presynaptic_indices), INDICES[1]: np.asarray(postsynaptic_indices), **parameters}
        )

    def _convergent_connect(
        self,
        presynaptic_indices: np.ndarray,
        postsynaptic_index: int,
        location_selector: Any = None,
        **connection_parameters: Any,
    ) -> None:
        """Make synapses to one neuron; called by PyNN's connectors."""
        if location_selector is not None:
            raise NotImplementedError("a Loihi compartment has no locations to select")
        pre = np.asarray(presynaptic_indices)
        self.add_synapses(pre, np.full(len(pre), postsynaptic_index), **connection_parameters)

    def _check_sign(self) -> None:
        """The check that PyNN's connectors make, but that both signs may occur together."""
        weights = self.attributes["weight"]
        if not weights.min(initial=0.0) < 0 < weights.max(initial=0.0):
            check_weights(weights, self)

    def _gather(self) -> None:
        """One array of each, of what the connector has made."""
        sizes = [len(part[INDICES[0]]) for part in self._new]

        def gathered(name: str, kind: type) -> np.ndarray:
            parts = [np.broadcast_to(part[name], n) for part, n in zip(self._new, sizes, strict=True)]
            return np.concatenate([np.zeros(0, kind), *parts]).astype(kind, copy=False)

        self.presynaptic_index, self.postsynaptic_index = (gathered(name, np.int64) for name in INDICES)
        for name in self.synapse_type.get_native_names():
            values = gathered(name, float)
            self._check_numbers(name, values)
            self.attributes[name] = values if name in ("weight", "delay") else self._one(name, values)
        self._new = []

    def _check_numbers(self, name: str, values: np.ndarray) -> None:
        bad = ~np.isfinite(values)
        if bad.any():
            raise InputError(
                f"{name} of {self.label!r} is {values[bad][0]} for {bad.sum()} synapses, but must be a number"
            )

    def _one(self, name: str, values: np.ndarray) -> float:
        if len(values) and (values != values[0]).any():
            raise InputError(
                f"{name} of {self.label!r} must be the same for all synapses, since it belongs to the rule"
            )
        return float(values[0]) if len(values) else float(self.synapse_type.default_parameters[name])

    @property
    def targets(self) -> list[Any]:
        """The populations that it ends in."""
        parts = getattr(self.post, "populations", [self.post])
        return [getattr(part, "grandparent", part) for part in parts]

    @property
    def post_conductances(self) -> bool:
        """Whether its weights are conductances."""
        return bool(self.post.conductance_based)

    @property
    def delay_range(self) -> tuple[float, ...]:
        """Shortest and longest delay in ms; nothing if there are no synapses."""
        delay = self.attributes["delay"]
        return (float(delay.min()), float(delay.max())) if len(delay) else ()

    @property
    def pre_ids(self) -> np.ndarray:
        """IDs of the presynaptic neurons, int (n_synapses,)."""
        return self.pre.all_cells.astype(np.int64)[self.presynaptic_index]

    @property
    def post_ids(self) -> np.ndarray:
        """IDs of the postsynaptic neurons, int (n_synapses,)."""
        return self.post.all_cells.astype(np.int64)[self.postsynaptic_index]

    # -- reading and changing them ---------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.presynaptic_index)

    def __getitem__(self, i: int | slice) -> Connection | list[Connection]:
        """The i-th synapse, or a list of them."""
        if isinstance(i, slice):
            return [Connection(self, k) for k in range(*i.indices(len(self)))]
        if not -len(self) <= i < len(self):
            raise IndexError(f"{i} is not among the {len(self)} synapses of {self.label!r}")
        return Connection(self, range(len(self))[i])

    @property
    def connections(self) -> Iterator[Connection]:
        """The synapses, one after the other."""
        return (Connection(self, k) for k in range(len(self)))

    def values(self, name: str) -> np.ndarray:
        """Present values of an attribute for all synapses, in PyNN's units, float (n_synapses,); not to be changed.

        Weights are what the chip holds, from the first run on.
        """
        network = simulator.state.network
        if name == "weight":
            if network is not None:
                return network.weights(self)
            if is_plastic(self):
                simulator.state.check_not_failed(f"the weights of {self.label!r} are lost")
            return self.attributes[name] if self._present is None else self._present
        if name in INDICES:
            return np.asarray(getattr(self, name))
        return np.broadcast_to(self.attributes[name], len(self))

    def change(self, values: dict[str, np.ndarray]) -> None:
        """Set attributes of all synapses, arrays of shape (n_synapses,) each.

        During a run only weights can change, and :meth:`restore` brings back those that it began with.
        """
        state = simulator.state
        for name, new in values.items():
            self._check_numbers(name, new)
            if name != "weight":
                if state.running and not np.array_equal(new, self.values(name)):
                    state.check_not_started(f"changing {name} of {self.label!r}")
                self.attributes[name] = new if name == "delay" else self._one(name, new)
            elif state.network is not None:
                state.network.set_weights(self, new)
                self._present = new
            elif state.running:
                state.check_not_started(f"changing {name} of {self.label!r} after the end")
            else:
                self.attributes[name] = new

    def restore(self) -> None:
        """Return to the weights that the network began with; called by ``reset``."""
        self._present = None

    def keep(self) -> None:
        """Remember the present weights; called by ``end``."""
        self._present = self.values("weight")

    def _set_attributes(self, parameter_space: ParameterSpace) -> None:
        parameter_space.evaluate(simplify=False)
        pairs = self.presynaptic_index, self.postsynaptic_index
        self.change({name: np.array(matrix, float)[pairs] for name, matrix in parameter_space.as_dict().items()})

    def _set_initial_value_array(self, variable: str, initial_value: Any) -> None:
        raise InputError(f"{variable!r} is not a state of {self.label!r}: its synapses have none but their weights")

    def _get_attributes_as_list(self, names: list[str]) -> list[tuple[float, ...]]:
        columns = [self.values(_singular(name)).tolist() for name in names]
        return list(zip(*columns, strict=True))

    def _get_attributes_as_arrays(self, names: list[str], multiple_synapses: str = "sum") -> list[np.ndarray]:
        return [self._matrix(self.values(_singular(name)), multiple_synapses) for name in names]

    def _matrix(self, values: np.ndarray, multiple_synapses: str) -> np.ndarray:
        """As a matrix (n_pre, n_post), NaN where there is no synapse."""
        pairs = self.presynaptic_index * self.shape[1] + self.postsynaptic_index
        matrix = np.full(self.shape[0] * self.shape[1], np.nan)
        if multiple_synapses in MERGE:
            merge, start = MERGE[multiple_synapses]
            matrix[pairs] = start
            merge.at(matrix, pairs, values)
        else:
            order = np.arange(len(pairs)) if multiple_synapses == "first" else np.arange(len(pairs))[::-1]
            found, first = np.unique(pairs[order], return_index=True)
            matrix[found] = values[order][first]
        return matrix.reshape(self.shape)


def _singular(name: str) -> str:
    """PyNN also calls them weights and delays."""
    return name[:-1] if name in ("weights", "delays") else name
