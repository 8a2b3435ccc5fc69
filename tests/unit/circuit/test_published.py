"""The published training circuit: who fires when, and who is joined with whom; its gates are in test_gates.py."""

from __future__ import annotations

import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit

TRAINING = {1: training_circuit((5, 3), form="published"), 2: training_circuit((5, 4, 3), form="published")}


# --- populations


def test_the_populations_of_the_three_layer_circuit_fire_in_the_phases_of_the_design():
    phases = {p.name: p.phases for p in TRAINING[2].populations}
    assert phases == {
        "input": (0,),
        "start": (11,),
        "target": (0,),
        "x": (1, 7, 11),
        "h": (2, 5, 7, 9, 11),
        "h_low": (2, 7, 11),
        "h_high": (2, 7, 11),
        "o": (3, 5, 9),
        "o_low": (3, 5, 9),
        "o_high": (3, 5, 9),
        "t": (3,),
        "d+": (4,),
        "d-": (4,),
        "m_x": (6,),
        "m_h": (3,),
        "c_h": (6,),
        "hT": (5, 6, 9, 10),
        "oT-": (5, 9),
        "r": (5, 7),
        **{f"g{phase}": (phase,) for phase in range(12)},
    }


def test_the_populations_of_the_two_layer_circuit_fire_in_the_phases_of_the_schedule():
    phases = {p.name: p.phases for p in TRAINING[1].populations}
    assert phases == {
        "input": (0,),
        "start": (6,),
        "target": (0,),
        "x": (1, 4, 6),
        "o": (2, 4, 6),
        "o_low": (2, 4, 6),
        "o_high": (2, 4, 6),
        "t": (2,),
        "d+": (3,),
        "d-": (3,),
        "m_x": (3,),
        "r": (4,),
        **{f"g{phase}": (phase,) for phase in range(7)},
    }


def test_populations_have_the_sizes_layers_and_roles_of_their_part():
    found = {(p.role, p.layer, p.size): set() for p in TRAINING[2].populations}
    for p in TRAINING[2].populations:
        found[p.role, p.layer, p.size].add(p.name)
    assert found == {
        ("source", 0, 5): {"input"},
        ("source", None, 1): {"start"},
        ("source", 2, 3): {"target"},
        ("data", 0, 5): {"x"},
        ("data", 1, 4): {"h", "h_low", "h_high"},
        ("data", 2, 3): {"o", "o_low", "o_high", "t"},
        ("error", 2, 3): {"d+", "d-", "oT-"},
        ("memory", 0, 5): {"m_x"},
        ("memory", 1, 4): {"m_h", "c_h"},
        ("error", 1, 4): {"hT"},
        ("reinforcement", None, 1): {"r"},
        ("gate", None, 1): {f"g{phase}" for phase in range(12)},
    }


# --- matrices and synapses


def test_every_copy_of_a_matrix_is_known():
    copies = {name: {(p.pre, p.post, p.sign, p.transpose) for p in TRAINING[2].copies(name)} for name in ("W1", "W2")}
    assert copies["W1"] == {("x", post, 1, False) for post in ("h", "h_low", "h_high")}
    assert copies["W2"] == {("h", post, 1, False) for post in ("o", "o_low", "o_high")} | {
        ("o", "hT", 1, True),
        ("oT-", "hT", -1, True),
    }
    assert {(p.pre, p.post) for p in TRAINING[1].copies("W1")} == {("x", post) for post in ("o", "o_low", "o_high")}


@pytest.mark.parametrize("circuit", TRAINING.values(), ids=TRAINING.keys())
def test_the_circuit_learns_with_every_copy_and_nothing_else(circuit):
    plastic = {projection.label for projection in circuit.projections if projection.plastic}
    carrying = {projection.label for projection in circuit.projections if projection.matrix}
    assert plastic == carrying
    assert {projection.latency for projection in circuit.projections if projection.matrix} == {1}


def from_neuron_to_neuron(circuit: Circuit) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """Latency and strength of the synapses that hand spikes on to a neuron's partner, but for those of the ring."""
    p = circuit.parameters
    words = {p.copy: "copy", -p.copy: "veto", p.half: "open", p.chain: "fire"}
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for q in circuit.projections:
        if q.connectivity.name == "one_to_one" and q.post[0] != "g":
            found.setdefault((q.pre, q.post), []).append((q.latency, words[q.weight]))
    return found


def test_the_synapses_of_one_weight_matrix_are_those_of_the_design():
    assert from_neuron_to_neuron(TRAINING[1]) == {
        ("input", "x"): [(1, "copy")],
        ("target", "t"): [(2, "fire")],
        ("t", "d+"): [(1, "copy")],
        ("o", "d+"): [(1, "veto")],
        ("o_low", "d+"): [(1, "open")],
        ("o", "d-"): [(1, "copy")],
        ("t", "d-"): [(1, "veto")],
        ("o_high", "d-"): [(1, "veto")],
        ("o_low", "d-"): [(1, "open")],
        **{("d+", post): [(1, "copy")] for post in ("o", "o_low", "o_high")},
        **{("d-", post): [(3, "copy")] for post in ("o", "o_low", "o_high")},
        ("x", "m_x"): [(2, "copy")],
        ("m_x", "x"): [(1, "copy"), (3, "copy")],
    }


def test_the_synapses_of_two_weight_matrices_are_those_of_the_design():
    """d- fires with o but without t and o_high; oT- carries the error of the other sign while hT learns from d."""
    assert from_neuron_to_neuron(TRAINING[2]) == {
        ("input", "x"): [(1, "copy")],
        ("target", "t"): [(3, "fire")],
        ("t", "d+"): [(1, "copy")],
        ("o", "d+"): [(1, "veto")],
        ("o_low", "d+"): [(1, "open")],
        ("o", "d-"): [(1, "copy")],
        ("t", "d-"): [(1, "veto")],
        ("o_high", "d-"): [(1, "veto")],
        ("o_low", "d-"): [(1, "open")],
        **{("d+", post): [(1, "copy")] for post in ("o", "o_low", "o_high")},
        **{("d-", post): [(5, "copy")] for post in ("o", "o_low", "o_high")},
        ("x", "m_x"): [(5, "copy")],
        ("m_x", "x"): [(1, "copy"), (5, "copy")],
        ("h", "m_h"): [(1, "copy")],
        ("m_h", "h"): [(2, "copy"), (6, "copy")],
        ("m_h", "hT"): [(2, "copy"), (6, "copy")],
        ("d-", "oT-"): [(1, "copy")],
        ("d+", "oT-"): [(5, "copy")],
        **{("hT", post): [(1, "copy")] for post in ("h", "h_low", "h_high")},
        ("h_low", "c_h"): [(4, "copy")],
        ("h_high", "c_h"): [(4, "veto")],
        **{("c_h", post): [(1, "open"), (5, "open")] for post in ("h", "h_low", "h_high")},
    }


# --- strengths


def test_the_strengths_are_kept_in_the_circuit():
    p = Parameters(theta=64, bias=1024, eta=3, w_max=100)
    circuit = training_circuit((3, 2), p, form="published")
    assert circuit.parameters == p
    assert {(q.bias, q.threshold) for q in circuit.simulated} == {(1024, 64)}
    assert {(q.bias, q.threshold) for q in circuit.sources} == {(0, 0)}
    strengths = {p.half, p.low, p.high, p.copy, -p.copy, p.chain, p.inhibition}
    assert {q.weight for q in circuit.projections if not q.matrix} == strengths
