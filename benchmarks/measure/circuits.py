"""The circuits that a row is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import code_of

from ..rows import INFERENCE, OLDER, TRAINING


def circuit_of(row: Mapping[str, Any], of: str) -> Circuit:
    """The circuit that learns (``training``) or answers (``inference``) in a row.

    Parameters
    ----------
    row : dict-like
        A row of results; without ``code`` it has one neuron for a unit, and without ``form`` the published circuit.
    of : str
        ``training`` or ``inference``.
    """
    sizes, code = row["layer_sizes"], code_of(row.get("code"))
    if check_choice("of", of, (TRAINING, INFERENCE)) == INFERENCE:
        return inference_circuit(sizes, code=code)
    return training_circuit(sizes, code=code, form={**OLDER, **row}["form"])
