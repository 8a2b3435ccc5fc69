"""A circuit as data: what it refuses, counts and prints, and that it can't be changed."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit, Count
from pynn_backprop.circuit.connectivity import OneToOne
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parts import PROBE_THRESHOLD, Projection
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError

PUBLISHED = (400, 400, 10)
CIRCUIT = training_circuit((5, 4, 3), form="published")
EVERY = {
    "training 1": training_circuit((5, 3), form="published"),
    "training 2": CIRCUIT,
    "inference 1": inference_circuit((5, 3), probe=True),
    "inference 2": inference_circuit((5, 4, 3), probe=True),
    "graded": training_circuit((3, 2, 1), code=Graded(4, "noise"), form="published"),
}
every_circuit = pytest.mark.parametrize("circuit", EVERY.values(), ids=EVERY.keys())


# --- counts


def test_the_training_circuit_has_the_published_size():
    count = training_circuit(PUBLISHED, form="published").count()
    assert (count.neurons, count.reinforcement_neurons) == (3_282, 1)
    assert (count.synapses, count.plastic_synapses, count.reinforcement_synapses) == (517_203, 500_000, 2)


def test_the_inference_circuit_has_the_published_size():
    count = inference_circuit(PUBLISHED).count()
    assert (count.neurons, count.reinforcement_neurons) == (814, 0)
    assert (count.synapses, count.plastic_synapses, count.reinforcement_synapses) == (165_215, 0, 0)


def test_the_count_follows_the_units():
    """Two populations (x, m_x) of 5, six (o, o_low, o_high, t, d+, d-) of 3, and a ring of 7."""
    count = training_circuit((5, 3), form="published").count()
    assert count.neurons == 2 * 5 + 6 * 3 + 7
    assert count.plastic_synapses == 3 * 5 * 3


def test_a_count_is_told_in_words():
    assert str(Count(1_234, 0, 56_789, 1_000, 0)) == "1,234 neurons, 56,789 synapses, 1,000 of them plastic"
    assert str(Count(5, 1, 6, 4, 2)) == (
        "5 neurons, 6 synapses, 4 of them plastic; besides 1 reinforcement neuron with 2 synapses"
    )


# --- what can be asked


@pytest.mark.parametrize("units", [(5, 4, 3), (7, 1, 9)])
def test_the_matrices_have_the_shapes_of_the_layers(units):
    n_in, n_hidden, n_out = units
    circuit = training_circuit(units, form="published")
    assert circuit.matrices == {"W1": (n_in, n_hidden), "W2": (n_hidden, n_out)}
    assert (circuit.units, circuit.neurons, circuit.depth) == (units, units, 2)


def test_neurons_are_units_times_those_of_a_unit():
    circuit = training_circuit((3, 2), code=Graded(4), form="published")
    assert (circuit.units, circuit.neurons, circuit.depth) == ((3, 2), (12, 8), 1)
    assert circuit.matrices == {"W1": (12, 8)}


def test_a_circuit_without_a_code_is_a_binary_one():
    bare = Circuit(CIRCUIT.neurons, CIRCUIT.schedule, CIRCUIT.parameters, CIRCUIT.populations, CIRCUIT.projections)
    assert bare == CIRCUIT
    assert bare.code == Binary()


def test_sources_are_not_simulated():
    assert [source.name for source in CIRCUIT.sources] == ["input", "start", "target"]
    assert {*CIRCUIT.sources, *CIRCUIT.simulated} == set(CIRCUIT.populations)
    assert len(CIRCUIT.sources) + len(CIRCUIT.simulated) == len(CIRCUIT.populations)


def test_a_circuit_without_random_levels_has_no_noise():
    assert CIRCUIT.noise(np.arange(6)) == {}
    assert training_circuit((3, 2), code=Graded(4), form="published").noise(np.arange(6)) == {}


def test_noise_sources_fire_as_the_code_says_of_each_sample():
    code = Graded(4, "noise", seed=1)
    circuit, samples = training_circuit((3, 5, 2), code=code, form="published"), np.array([4, 5, 9])
    fires = circuit.noise(samples)
    wanted = {}
    for population, units in (("x", 3), ("h", 5), ("o", 2), ("hT", 5)):
        wanted |= code.noise_spikes(population, units, samples)
    assert set(fires) == set(wanted)
    for name, table in wanted.items():
        np.testing.assert_array_equal(fires[name], table)
        assert circuit[name].role == "source"


def test_noise_of_populations_that_are_not_lifted_is_left_out():
    circuit = inference_circuit((3, 5, 2), code=Graded(4, "noise"))
    assert sorted(circuit.noise(np.arange(2))) == [f"noise_{name}{bit}" for name in ("h", "o", "x") for bit in (0, 1)]


def test_an_unknown_population_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"no population 'z'; .* h, h_low,"):
        CIRCUIT["z"]


@every_circuit
def test_every_projection_joins_populations_of_the_circuit_and_fits_them(circuit):
    for projection in circuit.projections:
        pre, post = circuit[projection.pre].size, circuit[projection.post].size
        if projection.matrix:
            shape = circuit.matrices[projection.matrix]
            assert (pre, post) == (shape[::-1] if projection.transpose else shape)
            assert circuit.synapses(projection) == pre * post
        elif projection.connectivity.name == "one_to_one":
            assert pre == post or projection.pre == "start"


@every_circuit
def test_names_and_labels_are_unique(circuit):
    names = [population.name for population in circuit.populations]
    labels = [projection.label for projection in circuit.projections]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)


def test_a_label_tells_ends_and_latency():
    assert Projection("h", "m_h", OneToOne(), 3, 520).label == "h->m_h (3)"


# --- what is refused


def test_a_population_that_is_there_twice_is_refused():
    with pytest.raises(InputError, match="the circuit has m_x more than once"):
        dataclasses.replace(CIRCUIT, populations=(*CIRCUIT.populations, CIRCUIT["m_x"]))


def test_a_projection_that_is_there_twice_is_refused():
    with pytest.raises(InputError, match=re.escape(CIRCUIT.projections[3].label)):
        dataclasses.replace(CIRCUIT, projections=(*CIRCUIT.projections, CIRCUIT.projections[3]))


@pytest.mark.parametrize("build", [training_circuit, inference_circuit])
@pytest.mark.parametrize(
    ("units", "message"),
    [((), "must hold at least 2 numbers"), ((4,), "must hold at least 2"), ((4, 0, 4), r"units\[1\] is 0 ")],
)
def test_units_of_no_circuit_are_refused(build, units, message):
    with pytest.raises(InputError, match=message):
        build(units)


def test_an_unknown_form_is_refused_with_the_nearest():
    assert "published" in FORMS
    with pytest.raises(InputError, match=r"form is 'publishd' but must be one of .*did you mean 'published'"):
        training_circuit((3, 2), form="publishd")


@pytest.mark.parametrize(
    ("thing", "attribute"),
    [
        (CIRCUIT, "neurons"),
        (CIRCUIT.populations[0], "size"),
        (CIRCUIT.projections[0], "weight"),
        (CIRCUIT.schedule, "depth"),
        (CIRCUIT.parameters, "theta"),
        (CIRCUIT.code, "n"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_circuit_can_not_be_changed(thing, attribute):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, attribute, getattr(thing, attribute))


def test_circuits_of_the_same_units_are_equal():
    assert training_circuit((5, 4, 3), form="published") == CIRCUIT
    assert training_circuit(np.array([5, 4, 3]), form="published") == CIRCUIT
    assert training_circuit((5, 4, 3), code=Binary(), form="published") == CIRCUIT
    assert training_circuit((5, 4, 2), form="published") != CIRCUIT
    assert training_circuit((5, 4, 3), code=Graded(2), form="published") != CIRCUIT


def test_a_probe_never_fires_whatever_4000_neurons_bring():
    assert 4_000 * 254 < PROBE_THRESHOLD < 2**23


@pytest.mark.parametrize(
    ("neurons", "said"), [((0, 3), "neurons[0] is 0"), ((5, 2**32), "neurons[1] is 4294967296 but must be at most")]
)
def test_a_layer_of_no_neurons_or_of_more_than_any_machine_holds_is_refused(neurons, said):
    with pytest.raises(InputError, match=re.escape(said)):
        dataclasses.replace(CIRCUIT, neurons=neurons)


def test_copies_of_a_matrix_that_is_not_there_are_refused():
    with pytest.raises(InputError, match="matrix is 'W3' but must be one of W1, W2"):
        CIRCUIT.copies("W3")
