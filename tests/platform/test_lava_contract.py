"""What PyNN's users rely on, one test for each promise, on hardware.lava as it is imported."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pyNN.errors import InvalidParameterValueError

import hardware.lava as sim
from pynn_backprop.errors import InputError


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sim.setup(timestep=1.0)
    yield
    sim.end()


def cells(size: int = 3, **parameters: Any) -> Any:
    return sim.Population(size, sim.IF_curr_exp(**parameters), label="cells")


def v(population: Any) -> np.ndarray:
    return np.asarray(population.get_data("v").segments[0].analogsignals[0].rescale("mV"))


# --- defaults


@pytest.mark.parametrize("timestep", [0.1, 1.0])
def test_a_default_cell_runs_and_one_warning_says_what_was_rounded(timestep, caplog):
    sim.setup(timestep=timestep)
    population = cells(1)
    population.record("v")
    sim.run(10.0)
    sim.run(10.0)
    assert (v(population) == -65.0).all()
    warned = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert len(warned) == 1
    worst = {0.1: "cells: tau_m 20 ms is held as 20.43 ms", 1.0: "cells: tau_refrac 0.1 ms is held as 0 ms"}[timestep]
    assert worst in warned[0]


def test_strict_refuses_everything_at_once():
    sim.setup(timestep=1.0, strict=True)
    cells(2, tau_refrac=0.4)
    sim.Population(1, sim.IF_curr_exp(tau_refrac=1.0, tau_m=3000.0), label="slow")
    with pytest.raises(InputError) as refused:
        sim.run(1.0)
    said = str(refused.value)
    assert "tau_refrac of 'cells' is 0.4 ms" in said
    assert "tau_m of 'slow' is 3000 ms" in said


def test_a_delay_that_is_too_long_is_refused_in_ms():
    sim.setup(timestep=0.1)
    pre = post = cells()
    sim.Projection(pre, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.1, delay=10.0), label="far")
    with pytest.raises(InputError, match=r"delay of 'far' is 10 ms, but the largest possible is 6\.2 ms"):
        sim.run(1.0)


def test_the_resolution_follows_from_the_network():
    """Memoryless cells with whole numbers have 1 mV; leaky ones the finest that leaves room."""
    sim.Population(2, sim.IF_curr_delta(tau_m=0.001, v_rest=0.0, v_reset=0.0, v_thresh=10.5, tau_refrac=0.0))
    sim.run(1.0)
    assert sim.rounding_report().largest_error == 0.0
    sim.setup(timestep=0.1)
    cells(tau_refrac=1.0)
    largest = {rounding.parameter: rounding.error for rounding in sim.rounding_report()}
    assert largest["v, by fractions cut off"] < 0.01


# --- functions, times, values


def test_functions_that_give_one_number():
    population = cells()
    population.set(v_thresh=lambda i: -50.0)
    assert population.get("v_thresh") == -50.0
    made = sim.Projection(
        population, population, sim.AllToAllConnector(), sim.StaticSynapse(weight=lambda d: 1, delay=lambda d: 2)
    )
    assert made.get("weight", format="array").tolist() == [[1.0] * 3] * 3
    assert made.get("delay", format="array").tolist() == [[2.0] * 3] * 3


@pytest.mark.parametrize("how", ["created", "set"])
def test_spike_times_out_of_order_are_refused(how):
    given = {
        "created": lambda: sim.Population(2, sim.SpikeSourceArray(spike_times=[[2.4], [3.5, 9.6, 8.3]])),
        "set": lambda: sim.Population(1, sim.SpikeSourceArray()).set(spike_times=[3.5, 9.6, 8.3]),
    }
    with pytest.raises(InvalidParameterValueError, match=r"must be in increasing order, but 8\.3 comes after 9\.6"):
        given[how]()


def test_delays_that_are_not_given_follow_from_the_network():
    sim.setup(timestep=0.5, min_delay="auto", max_delay="auto")
    population = cells()
    synapse = sim.StaticSynapse(weight=0.1, delay=np.array([[1.5, 2.5, 4.0]] * 3))
    sim.Projection(population, population, sim.AllToAllConnector(), synapse)
    sim.run(2.0)
    assert (sim.get_min_delay(), sim.get_max_delay()) == (1.5, 4.0)


def test_initial_values_are_what_they_were_given_as():
    population = cells()
    assert population.initial_values["v"].evaluate(simplify=True) == -65.0
    population.initialize(v=[-60.0, -61.0, -62.0])
    assert population.initial_values["v"].evaluate(simplify=True).tolist() == [-60.0, -61.0, -62.0]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sim.Population(0, sim.IF_curr_exp()),
        lambda: sim.Population(-1, sim.IF_curr_exp()),
        lambda: sim.Population(10**12, sim.IF_curr_exp()),
        lambda: cells(v_thresh=float("inf")),
        lambda: cells(v_rest=float("nan")),
        lambda: sim.setup(max_delay=float("nan")),
        lambda: sim.setup(min_delay=float("inf")),
        lambda: sim.setup(tolerance=1.0),
        lambda: sim.setup(spike_precision="off_grid"),
        lambda: sim.setup(rng_seed=-1),
        lambda: sim.setup(accumulator="narrow"),
        lambda: sim.setup(strict="yes"),
        lambda: sim.run(1e12),
        lambda: cells().inject(None),
    ],
)
def test_nonsense_is_refused_at_once(wrong):
    with pytest.raises((InputError, TypeError), match=r"but must be|but a run can have"):
        wrong()


# --- recording


def test_recording_may_begin_between_runs():
    population = cells(3, i_offset=1.0)
    population[:1].record("v")
    sim.run(3.0)
    population.record(["v", "spikes"])
    sim.run(40.0)
    signal = v(population)
    assert signal.shape == (44, 3)
    assert np.isnan(signal[:4, 1:]).all()
    np.testing.assert_array_equal(signal[4:, 0], signal[4:, 1])
    assert [len(train) for train in population.get_data("spikes").segments[0].spiketrains] == [1, 1, 1]


def test_currents_are_recorded_by_themselves():
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[2.0]))
    population = cells(1)
    population.record(["isyn_exc", "isyn_inh"])
    for weight, receptor in ((0.5, "excitatory"), (-0.25, "inhibitory")):
        sim.Projection(
            source, population, sim.AllToAllConnector(), sim.StaticSynapse(weight=weight), receptor_type=receptor
        )
    sim.run(10.0)
    segment = population.get_data().segments[0]
    for name, weight in (("isyn_exc", 0.5), ("isyn_inh", -0.25)):
        (signal,) = segment.filter(name=name)
        found = np.asarray(signal.rescale("nA"))[:, 0]
        arrived = int(np.flatnonzero(found)[0])
        np.testing.assert_allclose(found[arrived:], weight * np.exp(-np.arange(len(found) - arrived) / 5.0), rtol=0.01)


def test_get_weight_is_what_the_chip_holds_once_it_runs():
    population = cells()
    given = np.array([[0.1, 0.2, 0.30001]] * 3)
    made = sim.Projection(population, population, sim.AllToAllConnector(), sim.StaticSynapse(weight=given))
    assert made.get("weight", format="array").tolist() == given.tolist()
    sim.run(1.0)
    held = made.get("weight", format="array")
    assert (held != given).any()
    np.testing.assert_allclose(held, given, rtol=0.01)


# --- names


def test_everything_of_the_interface_is_exported_and_nothing_else():
    names: dict[str, Any] = {}
    exec("from hardware.lava import *", names)
    del names["__builtins__"]
    for name in ("IF_curr_exp", "IF_cond_exp", "EIF_cond_exp_isfa_ista", "TsodyksMarkramSynapse", "DCSource", "setup"):
        assert name in names
    helpers = {name for name in names if name.startswith("_") or type(names[name]).__module__ == "__future__"}
    assert not helpers | (names.keys() & {"annotations", "np", "simulator", "control", "Any"})
    pynns = pytest.importorskip("pyNN.brian2")
    theirs = {
        name
        for name, each in vars(pynns).items()
        if isinstance(each, type) and each.__module__.startswith("pyNN.") and not name.startswith("_")
        if "standardmodels" in each.__module__ or "connectors" in each.__module__
    }
    inner = {
        "Connector", "MapConnector", "IndexBasedExpression", "FixedNumberConnector", "StandardCellType",
        "StandardSynapseType", "StandardCurrentSource", "Brian2CurrentSource", "NonStreamableCurrentSource",
        "StreamableCurrentSource",
    }  # fmt: skip
    groups = {name for name in theirs if name.endswith("NeuronGroup") or name.startswith("AdaptiveNeuron")}
    assert theirs - inner - groups - {"PoissonGroup"} <= names.keys()


def test_the_simulators_own_random_numbers_can_be_asked_for():
    values = sim.RandomDistribution("uniform", low=-50.0, high=-49.0, rng=sim.NativeRNG(seed=3))
    assert len(set(cells(5, v_thresh=values).get("v_thresh"))) == 5


def test_conductances_are_recorded_where_there_is_a_substitute(tmp_path):
    sim.setup(timestep=0.1, substitute=True)
    population = sim.Population(2, sim.IF_cond_exp(), label="cells")
    sim.record_gsyn(population, str(tmp_path / "g.pkl"))
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[1.0]))
    sim.Projection(source, population, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.01))
    sim.run(5.0)
    (signal,) = population.get_data().segments[0].filter(name="gsyn_exc")
    assert float(signal.max()) == pytest.approx(0.01, rel=0.02)
    assert sim.substitution_report() == (("cells", "IF_cond_exp", "IF_curr_exp, with weights times e_rev - v_rest"),)


def test_two_hundred_networks_leave_nothing_behind():
    alive = []
    for _ in range(200):
        sim.setup(timestep=1.0)
        population = cells(20)
        population.record(["spikes", "v"])
        sim.Projection(population, population, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.01))
        population.inject(sim.DCSource(amplitude=1.0))
        sim.run(5.0)
        alive.append(weakref.ref(population))
        sim.end()
    del population
    sim.setup(timestep=1.0)
    gc.collect()
    assert [reference() for reference in alive if reference() is not None] == []
