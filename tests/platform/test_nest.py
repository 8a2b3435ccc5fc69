"""NEST against the oracle and the step simulator."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest
from scenarios import equality
from scenarios.cases import Case, random_case
from simulators import has_compiler, skip_unless_installed

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.simulation.backends import nest_session

skip_unless_installed("nest")

needs_compiler = pytest.mark.skipif(not has_compiler(), reason="there is no C++ compiler")

SYNAPSES = [pytest.param("compiled", marks=needs_compiler), "dopamine"]
CASES = {
    "two matrices": random_case((30, 20, 4), 200),
    "two matrices, low threshold": random_case((30, 20, 4), 200, seed=1, theta=256),
    "one matrix": random_case((30, 4), 200),
}


@pytest.fixture(params=SYNAPSES)
def synapse(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def nest(synapse: str) -> PyNNPlatform:
    return get_platform("nest", Options(variant=synapse))


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@needs_compiler
def test_networks_with_one_and_the_other_synapse_may_follow_each_other():
    for synapse in ("dopamine", "compiled", "dopamine"):
        platform = get_platform("nest", Options(variant=synapse))
        equality.weights_equal_the_oracle(platform, CASES["one matrix"])
        assert platform.describe()["variant"] == synapse


# --- what is refused


def test_an_unknown_synapse_is_refused():
    with pytest.raises(InputError, match="'stdp' but must be one of auto, compiled, dopamine"):
        get_platform("nest", Options(variant="stdp"))


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_a_bad_number_of_threads_is_refused(threads):
    with pytest.raises(InputError, match=f"threads is {threads} but"):
        Options(threads=threads)


def test_reinforcement_is_a_population_of_one_neuron(nest):
    session = nest.backend.open(nest.sim, nest.options, 1.0)
    two = nest.sim.Population(2, nest.sim.IF_curr_delta())
    for wrong in (two, None, 3):
        with pytest.raises(InputError, match="must be a Population of one neuron"):
            session.hebbian_synapse(wrong, weight=1.0, delay=1.0)
    nest.sim.end()


# --- what is left behind


def test_no_file_is_left_in_the_temporary_folder(nest, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    case = CASES["one matrix"]
    circuit = training_circuit(case.layer_sizes)
    for _ in range(2):
        network = nest.build(circuit, case.weights, [p.name for p in circuit.populations])
        network.train(case.x, case.labels)
        network.close()
        assert list(tmp_path.iterdir()) == []


# --- in the long run


def test_runs_do_not_get_slower(nest):
    """NEST's log of buffer sizes, which PyNN reads with every status, must not grow with the runs."""
    case = CASES["one matrix"]
    network = nest.build(training_circuit(case.layer_sizes), case.weights)
    try:
        for _ in range(20):
            network.train(case.x, case.labels)
        early = len(nest_log())
        for _ in range(60):
            network.train(case.x, case.labels)
        assert len(nest_log()) <= early + 1
    finally:
        network.close()


def nest_log() -> np.ndarray:
    import nest as kernel

    return kernel.GetKernelStatus("spike_buffer_resize_log")["times"]


def test_weights_far_from_integers_would_be_noticed(nest):
    """The dopamine synapse computes in floating point; the network rounds, but only what is nearly an integer."""
    case = CASES["one matrix"]
    network = nest.build(training_circuit(case.layer_sizes), case.weights)
    network.train(case.x, case.labels)
    raw = [network.raw_weights(p) for p in network.circuit.copies("W1")]
    network.close()
    assert max(np.abs(values - np.rint(values)).max() for values in raw) < 1e-9


def test_pynn_s_mask_of_one_neuron_elsewhere_has_no_dimension(monkeypatch):
    """On many processes, where another one has the only neuron of a Population; here NEST is made to say so."""
    platform = get_platform("nest", Options(variant="dopamine"))
    platform.backend.open(platform.sim, platform.options, 5.0)
    kind, cell = platform.sim.Population, platform.sim.IF_curr_delta()
    nodes = type(kind(1, cell).node_collection)
    monkeypatch.setattr(nodes, "local", property(lambda self: False), raising=False)
    elsewhere = kind(1, cell)
    assert elsewhere.local_size == 0
    assert elsewhere.id_to_index(elsewhere.local_cells).tolist() == []
    monkeypatch.setattr(kind, nest_session.CREATES, getattr(kind, nest_session.MENDED + nest_session.CREATES))
    monkeypatch.setattr(kind, nest_session.COUNTS, getattr(kind, nest_session.MENDED + nest_session.COUNTS))
    with pytest.raises(ValueError, match="zero-size array"):
        elsewhere.id_to_index(elsewhere.local_cells)
    with pytest.raises(IndexError, match="array is 0-dimensional"):
        kind(1, cell)
    monkeypatch.undo()
    platform.sim.end()
