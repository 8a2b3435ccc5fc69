"""Every circuit, line by line: a change of any population, projection, phase or strength is seen, and must be wanted.

``tables.txt`` has them as they print; what a changed circuit prints instead stands in the failure.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.decision import decision_circuit
from pynn_backprop.circuit.gating import gating_circuit
from pynn_backprop.circuit.hebbian import hebbian_circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.learning_rule import learning_rule
from pynn_backprop.circuit.memory import memory_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.predictive import predictive_circuit
from pynn_backprop.circuit.product import product_circuit
from pynn_backprop.circuit.synaptic_copy import synaptic_copy_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.circuit.transfer import transfer_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded

TWO, NOISY = Graded(2), Graded(2, dither="noise")
MARGIN = learning_rule("margin", thinning=(11,)).parameters(Binary())
CIRCUITS: Mapping[str, Callable[[], Circuit]] = MappingProxyType(
    {
        "published form": functools.partial(training_circuit, (5, 4, 3), form="published"),
        "published form with more gates that inhibit": functools.partial(
            training_circuit, (3, 2), Parameters(inhibitors=3), form="published"
        ),
        "compact form, margin rule, thinned": functools.partial(training_circuit, (5, 4, 3), MARGIN, form="compact"),
        "inference": functools.partial(inference_circuit, (5, 4, 3), probe=True),
        "inference with a read-out": functools.partial(inference_circuit, (4, 3), readout_levels=3),
        "prediction": functools.partial(predictive_circuit, 2, TWO),
        "chain": functools.partial(chain_circuit, 2, 2, TWO, routes=("a", "b")),
        "gating": functools.partial(gating_circuit, NOISY),
        "plastic synapse": hebbian_circuit,
        "product": functools.partial(product_circuit, 2, TWO),
        "memory": functools.partial(memory_circuit, 3, 4, TWO),
        "transfer function": functools.partial(transfer_circuit, 3, TWO),
        "copy of a matrix": functools.partial(synaptic_copy_circuit, np.array([[1, 2], [3, 4], [5, 6]])),
        "decision": functools.partial(decision_circuit, TWO, populations=1),
    }
)
TABLES = Path(__file__).with_name("tables.txt")


@pytest.fixture(scope="module")
def tables() -> dict[str, str]:
    """What the file has, by the names of the circuits."""
    parts = TABLES.read_text(encoding="utf-8").split("### ")[1:]
    return dict((name, text.strip("\n")) for name, _, text in (part.partition("\n") for part in parts))


def shown(circuit: Circuit) -> str:
    """Its table, and what does not stand there."""
    strengths = Counter((population.bias, population.threshold) for population in circuit.populations)
    told = ", ".join(f"{number} x {strength}" for strength, number in strengths.items())
    return f"{circuit}\nanswers in phase {circuit.schedule.output}; biases and thresholds: {told}"


@pytest.mark.parametrize("name", CIRCUITS)
def test_a_circuit_is_as_it_was(name, tables):
    assert shown(CIRCUITS[name]()) == tables[name]


def test_the_file_has_no_other_circuit(tables):
    assert list(tables) == list(CIRCUITS)


def parts() -> Iterator[object]:
    """What circuits consist of."""
    for make in CIRCUITS.values():
        circuit = make()
        yield from (circuit, circuit.schedule, circuit.parameters, circuit.count(), *circuit.populations)
        for projection in circuit.projections:
            yield from (projection, projection.connectivity)
            yield from projection.connectivity.blocks(slice(0, 2), slice(0, 2), 1.0, 1.0)


def test_nobody_who_is_handed_a_part_of_a_circuit_can_change_it():
    kinds = {type(part): part for part in parts()}
    assert len(kinds) > 15
    for part in kinds.values():
        for name in [field.name for field in fields(part)] or ["anything"]:
            with pytest.raises(FrozenInstanceError):
                setattr(part, name, None)
