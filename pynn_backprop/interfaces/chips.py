"""What a backend with a chip behind it must offer, and hardware whose tools take a whole circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ..circuit.circuit import Circuit
from ..weights import Weights
from .options import Options
from .platforms import Platform

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Mapping(Protocol):
    """What a platform says about the place of a network on its chips; as text it is a table."""

    def to_dict(self) -> dict[str, Any]:
        """All of it, for a JSON file."""

    def figure(self, title: str = "", width: float | None = None) -> Figure:
        """A picture of how full the cores are, so many mm wide, or 180."""


@runtime_checkable
class Maps(Protocol):
    """A backend that has a chip behind it."""

    def mapping_report(self, sim: Any, compartments_per_core: int | None = None) -> Mapping:
        """How the network that was built last on this PyNN module would sit on a chip; None: as many a core as fit."""


@runtime_checkable
class Machine(Protocol):
    """Hardware whose tools take a whole circuit at once."""

    @property
    def name(self) -> str:
        """By which users call it, as its entry point."""

    def platform(self, options: Options) -> Platform:
        """Where circuits run; raises an InputError for a choice that it does not have."""

    def map_circuit(self, circuit: Circuit, weights: Weights, per_core: int | None = None) -> Mapping:
        """How a circuit would sit on it, with at most `per_core` neurons on a core; None: as many as fit."""
