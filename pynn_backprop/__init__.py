"""Networks of spiking neurons that learn by backpropagation inside themselves, on every PyNN platform.

The names below are imported on first use, so that ``import pynn_backprop`` stays quick and asks for no simulator.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from .circuit.circuit import Circuit as Circuit
    from .circuit.inference import inference_circuit as inference_circuit
    from .circuit.parameters import Parameters as Parameters
    from .circuit.training import training_circuit as training_circuit
    from .codes.binary import Binary as Binary
    from .codes.graded import Graded as Graded
    from .data import datasets as datasets
    from .models.classifier import BackpropClassifier as BackpropClassifier
    from .reference.rule import Rule as Rule
    from .reference.steps import StepSimulator as StepSimulator
    from .simulation.network import Network as Network
    from .simulation.script import get_simulator as get_simulator
    from .weights import initial_weights as initial_weights

__all__ = [
    "BackpropClassifier",
    "Binary",
    "Circuit",
    "Graded",
    "Network",
    "Parameters",
    "Rule",
    "StepSimulator",
    "__version__",
    "datasets",
    "get_simulator",
    "inference_circuit",
    "initial_weights",
    "training_circuit",
]

_HOMES = {
    "BackpropClassifier": "models.classifier",
    "Binary": "codes.binary",
    "Circuit": "circuit.circuit",
    "Graded": "codes.graded",
    "Network": "simulation.network",
    "Parameters": "circuit.parameters",
    "Rule": "reference.rule",
    "StepSimulator": "reference.steps",
    "get_simulator": "simulation.script",
    "inference_circuit": "circuit.inference",
    "initial_weights": "weights",
    "training_circuit": "circuit.training",
}

_RENAMED = {"Oracle": "Rule"}


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        now = _RENAMED[name]
        text = f"{__name__}.{name} is now called {now}: use {__name__}.{now}"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        name = now
    if name in _HOMES:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    if name == "datasets":
        return importlib.import_module(".data.datasets", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
