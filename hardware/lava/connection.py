"""One synapse of a projection, which keeps all of them as arrays."""

from __future__ import annotations

from typing import Any

from pyNN import common


def _attribute(name: str) -> property:
    """A property of a Connection that reads and changes one element of the projection's array."""

    def get(connection: Connection) -> float:
        return float(connection.projection.values(name)[connection.index])

    def change(connection: Connection, value: float) -> None:
        values = connection.projection.values(name).copy()
        values[connection.index] = value
        connection.projection.change({name: values})

    return property(get, change, doc=f"The {name}, in PyNN's units.")


class Connection(common.Connection):
    """One synapse of a projection; made when asked for."""

    weight = _attribute("weight")
    delay = _attribute("delay")

    def __init__(self, projection: Any, index: int) -> None:
        self.projection, self.index = projection, index

    @property
    def presynaptic_index(self) -> int:
        """Place of the presynaptic neuron in `pre`."""
        return int(self.projection.presynaptic_index[self.index])

    @property
    def postsynaptic_index(self) -> int:
        """Place of the postsynaptic neuron in `post`."""
        return int(self.projection.postsynaptic_index[self.index])

    def as_tuple(self, *attribute_names: str) -> tuple[float, ...]:
        """The named attributes."""
        return tuple(getattr(self, name) for name in attribute_names)
