"""The circuits that a row is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import code_of

from ..rows import INFERENCE, TRAINING

_BUILDERS: dict[str, Callable[..., Circuit]] = {TRAINING: training_circuit, INFERENCE: inference_circuit}


def circuit_of(row: Mapping[str, Any], of: str) -> Circuit:
    """The circuit that learns (``training``) or answers (``inference``) in a row.

    Parameters
    ----------
    row : dict-like
        A row of results; without ``code`` it has one neuron for a unit.
    of : str
        ``training`` or ``inference``.
    """
    build = _BUILDERS[check_choice("of", of, _BUILDERS)]
    return build(row["layer_sizes"], code=code_of(row.get("code")))
