"""The circuits of single mechanisms: what populations they have, in which phases, and how many steps a cycle takes."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.decision import decision_circuit
from pynn_backprop.circuit.hebbian import hebbian_circuit
from pynn_backprop.circuit.memory import memory_circuit
from pynn_backprop.circuit.product import product_circuit
from pynn_backprop.circuit.schedule import NamedSchedule
from pynn_backprop.circuit.synaptic_copy import Sweep, synaptic_copy_circuit
from pynn_backprop.circuit.transfer import transfer_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError

TWO = Graded(2)


def made_of(circuit: Circuit, role: str) -> dict[str, tuple[int, int | None, tuple[int, ...]]]:
    """Size, layer and phases of the populations of a role, but for the gates of the ring."""
    return {p.name: (p.size, p.layer, p.phases) for p in circuit.populations if p.role == role}


def sources_of(circuit: Circuit) -> dict[str, tuple[int, int | None]]:
    """Size and layer of the sources; all but the start of the ring fire in phase 0."""
    assert made_of(circuit, "source").pop("start") == (1, None, (circuit.schedule.length - 1,))
    return {name: (size, layer) for name, (size, layer, _) in made_of(circuit, "source").items() if name != "start"}


def test_a_decision_takes_as_many_rounds_as_a_difference_of_one_neuron_needs_to_fill_the_range():
    """One neuron of two is the whole range after two rounds, by a factor of two in each."""
    circuit = decision_circuit(TWO, populations=1)
    assert circuit.schedule.length == 6
    assert sources_of(circuit) == {"input": (2, None), "input a": (2, None), "input b": (2, None)}
    assert made_of(circuit, "data") == {
        "v": (2, 0, (1,)),
        **{f"{name}{k}": (2, k, (k + 1,)) for name in "ab" for k in range(3)},
        **{f"via {name}0": (2, 0, (5,)) for name in "ab"},
    }
    gates = made_of(circuit, "gate")
    assert [gates[f"{name} wins"] for name in "ab"] == [(1, None, (4,))] * 2


def test_a_plastic_synapse_and_what_makes_its_neurons_fire():
    circuit = hebbian_circuit()
    assert (circuit.schedule.length, circuit.schedule.output) == (7, 3)
    offsets = {f"post {offset}": (1, 1) for offset in ("-2", "-1", "0", "+1", "+2")}
    assert sources_of(circuit) == {"input": (1, 0), "reinforcement": (1, None), **offsets}
    assert made_of(circuit, "data") == {"x": (1, 0, (3,)), "o": (1, 1, (1, 2, 3, 4, 5))}
    assert made_of(circuit, "reinforcement") == {"r": (1, None, (3,))}
    (plastic,) = circuit.copies("W1")
    assert (plastic.pre, plastic.post, plastic.latency, plastic.plastic) == ("x", "o", 1, True)


def test_a_product_of_a_mask_and_an_error():
    circuit = product_circuit(2, TWO)
    assert circuit.schedule.length == 3
    assert sources_of(circuit) == {"input": (4, 0), "input mask": (4, 0)}
    assert made_of(circuit, "data") | made_of(circuit, "memory") | made_of(circuit, "error") == {
        "error": (4, 0, (1,)),
        "mask": (4, 0, (1,)),
        "product": (4, 0, (2,)),
    }


def test_a_memory_and_the_value_that_passes_between():
    circuit = memory_circuit(3, 4, TWO)
    assert circuit.schedule.length == 6
    assert sources_of(circuit) == {"input": (6, 0), "input between": (6, 0)}
    assert made_of(circuit, "data") == {"x": (6, 0, (1, 3, 5))}
    assert made_of(circuit, "memory") == {"m_x": (6, 0, (2,))}


def test_a_matrix_that_another_circuit_learns():
    circuit = synaptic_copy_circuit(np.array([[1, 2], [3, 4], [5, 6]]))
    assert (circuit.schedule.length, circuit.schedule.output) == (7, 3)
    assert sources_of(circuit) == {"input": (3, 0)}
    assert made_of(circuit, "data") == {
        "x": (3, 0, (1,)),
        "up": (2, 1, (2,)),
        "down": (2, 1, (2,)),
        "x'": (3, 0, (3, 5)),
        "o": (2, 1, (3, 5)),
    }
    assert made_of(circuit, "gate")["level"] == (127, None, (0,))
    assert made_of(circuit, "reinforcement") == {"r": (1, None, (3,))}


def test_a_sweep_lowers_all_neurons_alike_and_more_with_every_level():
    assert Sweep(base=1, slope=2).weights(3, 2).tolist() == [[-1, -1], [-3, -3], [-5, -5]]


def test_a_transfer_function_its_edges_and_its_mask():
    circuit = transfer_circuit(3, TWO)
    assert (circuit.schedule.length, circuit.schedule.output) == (4, 2)
    assert sources_of(circuit) == {"input": (6, 0)}
    outputs = dict.fromkeys(("o", "o_low", "o_high"), (2, 1, (2,)))
    assert made_of(circuit, "data") == {"x": (6, 0, (1,)), **outputs}
    assert made_of(circuit, "memory") == {"c_o": (2, 1, (3,))}


@pytest.mark.parametrize(
    ("depth", "phases", "named"), [(-1, ("rest", "x"), "weight matrices"), (0, ("rest",), "phases")]
)
def test_a_cycle_of_named_phases_has_two_at_least(depth, phases, named):
    with pytest.raises(InputError, match=f"the number of {named} is"):
        NamedSchedule(depth, phases)
