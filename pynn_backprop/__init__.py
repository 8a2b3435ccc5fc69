"""Networks of spiking neurons that learn by backpropagation inside themselves, on every PyNN platform.

The names below are imported on first use, so that ``import pynn_backprop`` stays quick and asks for no simulator.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

if TYPE_CHECKING:
    from . import datasets as datasets
    from .circuit import Circuit as Circuit
    from .circuit import Parameters as Parameters
    from .circuit import inference_circuit as inference_circuit
    from .circuit import training_circuit as training_circuit
    from .coding import Binary as Binary
    from .coding import Graded as Graded
    from .estimator import BackpropClassifier as BackpropClassifier
    from .network import Network as Network
    from .reference import Oracle as Oracle
    from .stepper import StepSimulator as StepSimulator
    from .weights import initial_weights as initial_weights

_HOMES = {
    "BackpropClassifier": "estimator",
    "Binary": "coding",
    "Circuit": "circuit",
    "Graded": "coding",
    "Network": "network",
    "Oracle": "reference",
    "Parameters": "circuit",
    "StepSimulator": "stepper",
    "inference_circuit": "circuit",
    "initial_weights": "weights",
    "training_circuit": "circuit",
}

__all__ = [*sorted(_HOMES), "__version__", "datasets"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    if name == "datasets":
        return importlib.import_module(".datasets", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
