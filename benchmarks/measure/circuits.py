"""The circuits that a row is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.code import Code, code_of

from ..rows import INFERENCE, OLDER, TRAINING


def learning_circuit(units: Sequence[int], code: Code, form: str, rule: str) -> Circuit:
    """The circuit that learns.

    Parameters
    ----------
    units : sequence of int
        Units of the layers, input first.
    code : Code
        How numbers become spikes.
    form, rule : str
        Names of the form of the circuit and of the learning rule.

    Raises
    ------
    InputError
        If the form has no place for so many layers.
    """
    return training_circuit(units, RULES[rule].parameters(code, units), code, form)


def answering_circuit(units: Sequence[int], code: Code, rule: str, probe: bool = False) -> Circuit:
    """The circuit that answers with what :func:`learning_circuit` has learnt, through the read-out of its rule."""
    named = RULES[rule]
    return inference_circuit(units, named.parameters(code, units), probe, code, named.readout_levels)


def circuit_of(row: Mapping[str, Any], of: str) -> Circuit:
    """The circuit that learns (``training``) or answers (``inference``) in a row.

    Parameters
    ----------
    row : dict-like
        A row of results; without ``code`` it has one neuron for a unit, and without ``form`` and ``rule`` the published
        ones.
    of : str
        ``training`` or ``inference``.
    """
    row = {**OLDER, **row}
    sizes, code = row["layer_sizes"], code_of(row.get("code"))
    if check_choice("of", of, (TRAINING, INFERENCE)) == INFERENCE:
        return answering_circuit(sizes, code, row["rule"])
    return learning_circuit(sizes, code, row["form"], row["rule"])
