"""PyNN's connectors, with those at once that PyNN makes neuron by neuron.

PyNN's own classes work too, since :class:`~hardware.lava.projections.Projection` has ``_convergent_connect``; those
that draw random numbers are left as they are, so that a seed gives the same network as on other simulators.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import connectors
from pyNN.errors import ConnectionError as PyNNConnectionError
from pyNN.parameters import LazyArray
from pyNN.random import RandomDistribution


class _AtOnce(connectors.MapConnector):
    """A connector whose map holds no random numbers."""

    def _connect_with_map(self, projection: Any, connection_map: LazyArray, distance_map: Any = None) -> None:
        space = self._parameters_from_synapse_type(projection, distance_map)
        random = any(_holds_random(values) for _, values in space.items())
        if self.callback is not None or self.location_selector is not None or random:
            super()._connect_with_map(projection, connection_map, distance_map)
            return
        pre, post = self._pairs(projection, connection_map)
        parameters = {name: _values(values, pre, post) for name, values in space.items()}
        projection.add_synapses(pre, post, **parameters)

    def _pairs(self, projection: Any, connection_map: LazyArray) -> tuple[np.ndarray, np.ndarray]:
        """Places of the pre- and postsynaptic neurons, in the order of the postsynaptic ones as PyNN has it."""
        connected = np.broadcast_to(connection_map.evaluate(simplify=True), projection.shape).astype(bool)
        post, pre = np.nonzero(connected.T)
        return pre, post


def _holds_random(values: Any) -> bool:
    """Also in the operands of what is computed from it."""
    if isinstance(values, LazyArray):
        return _holds_random(values.base_value) or any(_holds_random(operand) for _, operand in values.operations)
    return isinstance(values, RandomDistribution)


def _values(values: LazyArray, pre: np.ndarray, post: np.ndarray) -> Any:
    """A number, or an array of shape (n_synapses,)."""
    if values.is_homogeneous:
        return values.evaluate(simplify=True)
    evaluated = np.asarray(values.evaluate(simplify=False))
    # A function may give one number, whatever its arguments are.
    return np.broadcast_to(evaluated, values.shape)[pre, post]


class AllToAllConnector(_AtOnce, connectors.AllToAllConnector):
    """PyNN's AllToAllConnector, all synapses at once."""


class ArrayConnector(_AtOnce, connectors.ArrayConnector):
    """PyNN's ArrayConnector, all synapses at once."""


class CloneConnector(_AtOnce, connectors.CloneConnector):
    """PyNN's CloneConnector, all synapses at once."""


class OneToOneConnector(_AtOnce, connectors.OneToOneConnector):
    """PyNN's OneToOneConnector, all synapses at once."""

    def _pairs(self, projection: Any, connection_map: LazyArray) -> tuple[np.ndarray, np.ndarray]:
        places = np.arange(min(projection.shape))
        return places, places


class FromListConnector(connectors.FromListConnector):
    """PyNN's FromListConnector, all synapses at once."""

    def connect(self, projection: Any) -> None:
        """Make all synapses of the list, in the order of the postsynaptic neurons as PyNN has it."""
        synapse_type = projection.synapse_type
        special = any(callable(v.base_value) or _holds_random(v) for _, v in synapse_type.parameter_space.items())
        if self.location_selector is not None or not self.conn_list.size or special:
            super().connect(projection)
            return
        for name in self.column_names:
            if name not in synapse_type.get_parameter_names():
                raise ValueError(f"{name} is not a valid parameter for {type(synapse_type).__name__}")
        rows = self.conn_list[np.argsort(self.conn_list[:, 1], kind="stable")]
        pre, post = rows[:, 0].astype(int), rows[:, 1].astype(int)
        for places, size, which in ((pre, projection.pre.size, "source"), (post, projection.post.size, "target")):
            if ((places < 0) | (places >= size)).any():
                raise PyNNConnectionError(f"{which} index out of range")
        columns = {name: rows[:, column] for column, name in enumerate(self.column_names, 2)}
        space = synapse_type.native_parameters
        space.shape = projection.shape
        given = {name: synapse_type.translations[name]["translated_name"] for name in columns}
        others = {name: _values(v, pre, post) for name, v in space.items() if name not in given.values()}
        projection.add_synapses(pre, post, **others, **{given[name]: values for name, values in columns.items()})
