"""The circuit as data: phases, counts, gates and inhibition, with no simulator."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.schedule import Schedule
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError

PUBLISHED = (400, 400, 10)
TRAINING = {1: training_circuit((5, 3)), 2: training_circuit((5, 4, 3))}
INFERENCE = {1: inference_circuit((5, 3), probe=True), 2: inference_circuit((5, 4, 3), probe=True)}
EVERY = {
    f"{kind} {depth}": circuit
    for kind, circuits in (("training", TRAINING), ("inference", INFERENCE))
    for depth, circuit in circuits.items()
}
every_circuit = pytest.mark.parametrize("circuit", EVERY.values(), ids=EVERY.keys())
every_training_circuit = pytest.mark.parametrize("circuit", TRAINING.values(), ids=TRAINING.keys())


# --- phases


def test_the_phases_of_one_weight_matrix():
    schedule = Schedule(1)
    assert schedule.length == 7
    assert [schedule.forward(layer) for layer in (0, 1)] == [1, 2]
    assert (schedule.output, schedule.error) == (2, 3)
    assert schedule.learning(1) == (4, 6)
    assert schedule.reinforced == (4,)


def test_the_phases_of_two_weight_matrices():
    schedule = Schedule(2)
    assert schedule.length == 12
    assert [schedule.forward(layer) for layer in (0, 1, 2)] == [1, 2, 3]
    assert (schedule.output, schedule.error) == (3, 4)
    assert schedule.learning(2) == (5, 9)
    assert schedule.learning(1) == (7, 11)
    assert schedule.hidden_error(1) == (6, 10)
    assert schedule.reinforced == (5, 7)


@pytest.mark.parametrize(("depth", "length"), [(1, 3), (2, 4)])
def test_an_inference_cycle_ends_with_the_output(depth, length):
    schedule = Schedule(depth, training=False)
    assert schedule.length == length
    assert schedule.output == length - 1


@pytest.mark.parametrize("schedule", [Schedule(d, training=t) for d in (1, 2) for t in (True, False)], ids=str)
def test_every_phase_has_a_label(schedule):
    assert len(schedule.labels) == schedule.length
    assert all(schedule.labels)


def test_the_labels_say_what_happens():
    assert Schedule(2).labels == (
        "clear outputs", "input", "hidden", "output and target", "output error", "W2 potentiation",
        "hidden error, positive part", "W1 potentiation", "clear", "W2 depression", "hidden error, negative part",
        "W1 depression",
    )  # fmt: skip
    assert Schedule(2, training=False).labels == ("rest", "input", "hidden", "output")


@pytest.mark.parametrize("depth", [0, -1, 3, 1.0, True, "2", None])
def test_another_number_of_weight_matrices_is_refused(depth):
    with pytest.raises(InputError, match=re.escape(repr(depth))):
        Schedule(depth)


def test_the_populations_of_the_three_layer_circuit_fire_in_the_phases_of_the_design():
    phases = {p.name: p.phases for p in TRAINING[2].populations if p.role != "source"}
    assert phases == {
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
    phases = {p.name: p.phases for p in TRAINING[1].populations if p.role != "source"}
    assert phases == {
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


# --- counts


def test_the_training_circuit_has_the_published_size():
    count = training_circuit(PUBLISHED).count()
    assert (count.neurons, count.reinforcement_neurons) == (3_282, 1)
    assert (count.synapses, count.plastic_synapses) == (517_203, 500_000)


def test_the_inference_circuit_has_the_published_size():
    count = inference_circuit(PUBLISHED).count()
    assert (count.neurons, count.reinforcement_neurons) == (814, 0)
    assert (count.synapses, count.plastic_synapses) == (165_215, 0)


def test_the_count_follows_the_units():
    """Two populations (x, m_x) of 5, six (o, o_low, o_high, t, d+, d-) of 3, and a ring of 7."""
    count = training_circuit((5, 3)).count()
    assert count.neurons == 2 * 5 + 6 * 3 + 7
    assert count.plastic_synapses == 3 * 5 * 3


@pytest.mark.parametrize("units", [(5, 4, 3), (7, 1, 9)])
def test_the_matrices_have_the_shapes_of_the_layers(units):
    n_in, n_hidden, n_out = units
    assert training_circuit(units).matrices == {"W1": (n_in, n_hidden), "W2": (n_hidden, n_out)}


def test_every_copy_of_a_matrix_is_known():
    copies = {name: {(p.pre, p.post, p.sign, p.transpose) for p in TRAINING[2].copies(name)} for name in ("W1", "W2")}
    assert copies["W1"] == {("x", post, 1, False) for post in ("h", "h_low", "h_high")}
    assert copies["W2"] == {("h", post, 1, False) for post in ("o", "o_low", "o_high")} | {
        ("o", "hT", 1, True),
        ("oT-", "hT", -1, True),
    }


@every_circuit
def test_projections_carry_matrices_that_fit_their_populations(circuit):
    for projection in circuit.projections:
        pre, post = circuit[projection.pre].size, circuit[projection.post].size
        if projection.matrix:
            shape = circuit.matrices[projection.matrix]
            assert (pre, post) == (shape[::-1] if projection.transpose else shape)
        elif projection.connectivity.name == "one_to_one":
            assert pre == post


@every_circuit
def test_only_the_training_circuit_learns_and_with_every_copy(circuit):
    plastic = {projection.label for projection in circuit.projections if projection.plastic}
    carrying = {projection.label for projection in circuit.projections if projection.matrix}
    assert plastic == (carrying if circuit.schedule.training else set())


# --- gates and inhibition, worked out here from the projections alone


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


@every_circuit
def test_the_ring_fires_one_gate_after_the_other(circuit):
    ring = [f"g{phase}" for phase in range(circuit.schedule.length)]
    steps = {(p.pre, p.post) for p in circuit.projections if p.post in ring}
    assert steps == {*pairwise((*ring, ring[0])), ("start", "g0")}


# --- the description itself


@every_circuit
def test_names_and_labels_are_unique(circuit):
    names = [population.name for population in circuit.populations]
    labels = [projection.label for projection in circuit.projections]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)


def test_a_population_that_is_there_twice_is_refused():
    circuit = TRAINING[1]
    with pytest.raises(InputError, match="m_x more than once"):
        dataclasses.replace(circuit, populations=(*circuit.populations, circuit["m_x"]))


def test_a_projection_that_is_there_twice_is_refused():
    circuit = TRAINING[1]
    with pytest.raises(InputError, match=re.escape(circuit.projections[3].label)):
        dataclasses.replace(circuit, projections=(*circuit.projections, circuit.projections[3]))


@every_circuit
def test_every_projection_joins_populations_of_the_circuit(circuit):
    names = {population.name for population in circuit.populations}
    assert {name for p in circuit.projections for name in (p.pre, p.post)} <= names


@every_circuit
def test_the_table_shows_every_population_and_every_projection(circuit):
    table = str(circuit)
    for p in circuit.populations:
        phases = ", ".join(map(str, p.phases))
        assert re.search(rf"^{re.escape(p.name)} +{p.size} +{p.role}\b.*  {phases}$", table, re.M)
    for p in circuit.projections:
        assert re.search(
            rf"^{re.escape(p.pre)} +{re.escape(p.post)} +{p.connectivity.name} .* {p.latency}  ", table, re.M
        )


def test_the_table_shows_the_count():
    assert "3,282 neurons, 517,203 synapses, 500,000 of them plastic" in str(training_circuit(PUBLISHED))


def test_an_unknown_population_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"'z'.* h_low,"):
        TRAINING[2]["z"]


@pytest.mark.parametrize(
    ("thing", "attribute"),
    [
        (TRAINING[2], "units"),
        (TRAINING[2].populations[0], "size"),
        (TRAINING[2].projections[0], "weight"),
        (TRAINING[2].schedule, "depth"),
        (TRAINING[2].parameters, "theta"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_circuit_can_not_be_changed(thing, attribute):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, attribute, getattr(thing, attribute))


def test_circuits_of_the_same_sizes_are_equal():
    assert training_circuit((5, 4, 3)) == TRAINING[2]
    assert training_circuit(np.array([5, 4, 3])) == TRAINING[2]
    assert training_circuit((5, 4, 2)) != TRAINING[2]


@pytest.mark.parametrize("build", [training_circuit, inference_circuit])
@pytest.mark.parametrize("size", [0, -1, 2.5, True, "3", None])
def test_a_size_that_is_no_positive_whole_number_is_named(build, size):
    for position in range(3):
        sizes: list[object] = [4, 4, 4]
        sizes[position] = size
        with pytest.raises(InputError, match=rf"units\[{position}\] is {re.escape(repr(size))} "):
            build(sizes)


@pytest.mark.parametrize("build", [training_circuit, inference_circuit])
@pytest.mark.parametrize("units", [(), (4,), (4, 4, 4, 4)])
def test_another_number_of_layers_is_refused(build, units):
    with pytest.raises(InputError, match=re.escape(str(units))):
        build(units)


# --- parameters


def test_the_default_strengths_are_the_published_ones():
    p = Parameters()
    assert (p.theta, p.bias, p.eta, p.w_max) == (1024, 8192, 2, 254)
    assert (p.half, p.low, p.high, p.copy, p.chain) == (8704, 9216, 8192, 520, 9280)


@pytest.mark.parametrize("theta", [32, 64, 1024, 6400])
@pytest.mark.parametrize(("gate", "edge"), [("half", 0.5), ("low", 0.0), ("high", 1.0)])
def test_a_gate_lets_exactly_the_drives_above_its_edge_through(theta, gate, edge):
    p = Parameters(theta=theta)
    limit = int(edge * theta)
    assert [-p.bias + getattr(p, gate) + drive > p.theta for drive in (limit, limit + 1)] == [False, True]


@pytest.mark.parametrize("theta", [32, 64, 1024, 6400])
@pytest.mark.parametrize("bias_in_theta", [2, 8, 100])
def test_a_copy_fires_an_open_neuron_only_and_the_chain_needs_no_gate(theta, bias_in_theta):
    p = Parameters(theta=theta, bias=bias_in_theta * theta)
    assert p.copy - p.bias <= p.theta < p.half + p.copy - p.bias
    assert p.chain - p.bias > p.theta
    assert p.half + p.copy - p.copy - p.bias <= p.theta


@pytest.mark.parametrize("p", [Parameters(), Parameters(theta=32, bias=64), Parameters(theta=64)], ids=str)
def test_inhibition_holds_up_to_the_largest_silent_drive(p):
    drives = (p.largest_silent_drive, p.largest_silent_drive + 1)
    assert [-p.bias + p.inhibition + drive > p.theta for drive in drives] == [False, True]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("theta", value) for value in (0, -64, 30, 33, 64.0, True, "64", None)),
        *(("bias", value) for value in (-1, 2047, 1, 4096.0, True, False, None)),
        *(("eta", value) for value in (0, -2, 2.0, True, None)),
        *(("w_max", value) for value in (0, -254, 1, 254.0, True, None)),
    ],
)
def test_a_bad_strength_is_named_with_its_value(name, value):
    with pytest.raises(InputError, match=rf"\b{name} is {re.escape(repr(value))} "):
        Parameters(**{name: value})


def test_the_strengths_are_kept_in_the_circuit():
    p = Parameters(theta=64, bias=1024, eta=3, w_max=100)
    circuit = training_circuit((3, 2), p)
    assert circuit.parameters == p
    assert {(q.bias, q.threshold) for q in circuit.simulated} == {(1024, 64)}
    strengths = {p.half, p.low, p.high, p.copy, -p.copy, p.chain, p.inhibition}
    assert {q.weight for q in circuit.projections if not q.matrix} == strengths
