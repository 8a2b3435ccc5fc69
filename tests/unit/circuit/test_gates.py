"""Gates and inhibition of the circuits, worked out here from their projections alone."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit

TRAINING = {1: training_circuit((5, 3), form="published"), 2: training_circuit((5, 4, 3), form="published")}
EVERY = {
    **{f"training {depth}": circuit for depth, circuit in TRAINING.items()},
    "inference 1": inference_circuit((5, 3), probe=True),
    "inference 2": inference_circuit((5, 4, 3), probe=True),
}
every_circuit = pytest.mark.parametrize("circuit", EVERY.values(), ids=EVERY.keys())
every_training_circuit = pytest.mark.parametrize("circuit", TRAINING.values(), ids=TRAINING.keys())


def arrivals(circuit: Circuit, post: str) -> list[tuple[int, int | None, str]]:
    """(phase, weight, pre) of everything that can arrive at `post`; the weight of a matrix is None.

    Left out is ``start``, which stands in for the last gate of the ring in the first cycle.
    """
    return [
        ((phase + projection.latency) % circuit.schedule.length, projection.weight, projection.pre)
        for projection in circuit.projections
        if projection.post == post and projection.pre != "start"
        for phase in circuit[projection.pre].phases
    ]


def openings(circuit: Circuit, post: str) -> Counter[int]:
    """How many spikes that overcome the bias can arrive at `post` in each phase."""
    bias = circuit.parameters.bias
    return Counter(phase for phase, weight, _ in arrivals(circuit, post) if weight is not None and weight >= bias)


@every_circuit
def test_exactly_one_gate_opens_a_population_in_each_phase_in_which_it_may_fire(circuit):
    for population in circuit.simulated:
        opened = openings(circuit, population.name)
        assert {phase: opened[phase] for phase in population.phases} == dict.fromkeys(population.phases, 1), population


@every_circuit
def test_never_do_two_gates_open_a_population_at_once(circuit):
    for population in circuit.simulated:
        assert max(openings(circuit, population.name).values(), default=0) <= 1, population


@every_circuit
def test_gates_are_the_ring_or_one_to_one_gates_that_depend_on_the_sample(circuit):
    ring = {f"g{phase}" for phase in range(circuit.schedule.length)}
    for population in circuit.simulated:
        gates = {
            pre
            for _, weight, pre in arrivals(circuit, population.name)
            if weight is not None and weight >= circuit.parameters.bias
        }
        assert gates <= ring | {"c_h", "o_low", "target"}, population


@every_training_circuit
def test_only_errors_are_opened_in_a_phase_in_which_they_must_be_silent(circuit):
    """o_low opens d+ and d- after every phase in which it fires; then nothing drives them."""
    ajar = {
        population.name
        for population in circuit.simulated
        if set(openings(circuit, population.name)) - set(population.phases)
    }
    assert ajar == {"d+", "d-"}


@every_training_circuit
def test_a_matrix_that_drives_a_population_in_a_silent_phase_is_inhibited(circuit):
    for population in circuit.simulated:
        arriving = arrivals(circuit, population.name)
        driven = {phase for phase, weight, _ in arriving if weight is None}
        inhibited = Counter(phase for phase, weight, _ in arriving if weight == circuit.parameters.inhibition)
        assert inhibited == dict.fromkeys(driven - set(population.phases), 1), population


@every_training_circuit
def test_no_population_is_opened_and_inhibited_at_once(circuit):
    for population in circuit.simulated:
        opened = openings(circuit, population.name)
        inhibited = {p for p, w, _ in arrivals(circuit, population.name) if w == circuit.parameters.inhibition}
        assert not inhibited & set(opened), population


@pytest.mark.parametrize("layer", ["h", "o"])
def test_a_layer_and_its_two_edges_are_opened_forward_at_three_levels(layer):
    circuit = TRAINING[2]
    strength, forward = circuit.parameters, circuit.schedule.forward({"h": 1, "o": 2}[layer])
    for name, gate in ((layer, strength.half), (f"{layer}_low", strength.low), (f"{layer}_high", strength.high)):
        assert (forward, gate, f"g{forward - 1}") in arrivals(circuit, name)


def test_the_hidden_error_is_opened_above_nothing_and_every_replay_at_half_a_threshold():
    circuit = TRAINING[2]
    p = circuit.parameters
    of_hidden_error = {phase: weight for phase, weight, pre in arrivals(circuit, "hT") if pre[0] == "g"}
    assert of_hidden_error == {5: p.half, 9: p.half, 6: p.low, 10: p.low, 4: p.inhibition}
    for name in ("x", "h", "o", "o_low", "o_high", "m_x", "m_h", "c_h", "oT-"):
        gates = {w for phase, w, pre in arrivals(circuit, name) if pre[0] == "g" and phase > circuit.schedule.output}
        assert gates <= {p.half, p.inhibition}, name


@every_training_circuit
def test_the_reinforcement_fires_in_every_potentiation(circuit):
    assert {(phase, weight) for phase, weight, _ in arrivals(circuit, "r")} == {
        (circuit.schedule.learning(matrix)[0], circuit.parameters.chain) for matrix in range(1, circuit.depth + 1)
    }


@every_circuit
def test_the_ring_fires_one_gate_after_the_other(circuit):
    ring = [f"g{phase}" for phase in range(circuit.schedule.length)]
    steps = {(p.pre, p.post, p.weight, p.latency) for p in circuit.projections if p.post in ring}
    chain = circuit.parameters.chain
    assert steps == {(pre, post, chain, 1) for pre, post in (*pairwise((*ring, ring[0])), ("start", "g0"))}
