"""Cells, sources, currents and plasticity of PyNN on hardware.lava, by numbers that follow from their equations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from simulators import platform_of

import hardware.lava as sim
from pynn_backprop.errors import InputError, PlatformError


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sim.setup(timestep=0.1)
    yield
    sim.end()


def trains(population: Any) -> list[list[float]]:
    found = population.get_data("spikes").segments[0].spiketrains
    return [np.asarray(train.times.rescale("ms")).tolist() for train in found]


def v(population: Any) -> np.ndarray:
    return np.asarray(population.get_data("v").segments[0].analogsignals[0].rescale("mV"))


# --- refractory time


def spikes_with_pauses(s: Any) -> list[list[int]]:
    """A recurrent network of cells that forget, with pauses of 0 to 6 steps."""
    generator = np.random.default_rng(2)
    times = [np.flatnonzero(generator.random(120) < 0.3).astype(float) + 2 for _ in range(8)]
    source = s.Population(
        8, s.SpikeSourceArray(spike_times=[s.Sequence(t) if hasattr(s, "Sequence") else t for t in times])
    )
    fired = []
    for pause in (0.0, 1.0, 3.0, 6.0):
        cell = s.IF_curr_delta(v_rest=0.0, v_reset=0.0, v_thresh=19.5, tau_m=0.001, tau_refrac=pause, cm=1.0)
        population = s.Population(10, cell)
        population.record("spikes")
        for k, pre in enumerate((source, population)):
            weights = generator.integers(0, 16, (pre.size, 10)).astype(float)
            synapse = s.StaticSynapse(weight=weights, delay=1.0 + k)
            s.Projection(pre, population, s.AllToAllConnector(), synapse, receptor_type="excitatory")
        fired.append(population)
    s.run(130.0)
    return [np.rint(train).astype(int).tolist() for population in fired for train in trains(population)]


def test_refractory_times_give_nests_spikes():
    sim.setup(timestep=1.0)
    found = spikes_with_pauses(sim)
    nest = platform_of("nest:dopamine")
    session = nest.backend.open(nest.sim, nest.options, 5.0)
    try:
        assert sum(map(len, found)) > 300
        assert found == spikes_with_pauses(nest.sim)
    finally:
        nest.sim.end()
        session.close()


def test_engines_of_lava_say_what_they_have_not():
    for parameters, lacks in (({"tau_refrac": 2.0}, "a refractory time of 2 steps"), ({"tau_syn_I": 9.0}, "dendrites")):
        try:
            sim.setup(timestep=1.0, engine="fast")
        except PlatformError:
            pytest.skip("lava-nc is not installed")
        sim.Population(1, sim.IF_curr_exp(**{"tau_refrac": 0.0, **parameters}))
        with pytest.raises(PlatformError, match=f"has {lacks}.*the emulator can"):
            sim.run(1.0)


# --- receptors


@pytest.mark.parametrize("celltype", ["IF_curr_exp", "IF_curr_alpha"])
def test_the_potential_after_spikes_is_that_of_nest(celltype):
    def potential(s: Any) -> np.ndarray:
        cell = getattr(s, celltype)(tau_syn_E=2.0, tau_syn_I=6.0, tau_refrac=0.0)
        cells = s.Population(1, cell)
        cells.initialize(v=-65.0)
        cells.record("v")
        for times, weight, receptor in (([5.0, 9.0], 0.4, "excitatory"), ([20.0], -0.5, "inhibitory")):
            source = s.Population(1, s.SpikeSourceArray(spike_times=times))
            synapse = s.StaticSynapse(weight=weight, delay=1.0)
            s.Projection(source, cells, s.AllToAllConnector(), synapse, receptor_type=receptor)
        s.run(60.0)
        return v(cells)[:, 0]

    found = potential(sim)
    stated = sum(rounding.error for rounding in sim.rounding_report())
    nest = platform_of("nest:dopamine").sim
    nest.setup(timestep=0.1, min_delay=1.0, spike_precision="on_grid")
    try:
        expected = potential(nest)
    finally:
        nest.end()
    reach = np.ptp(expected)
    assert reach > 0.9
    assert np.abs(found - expected).max() < stated * reach
    assert stated < 0.2


# --- sources


def test_drawn_sources_have_their_rates_and_follow_from_the_seed():
    def counted(seed: int, parts: tuple[float, ...]) -> list[list[float]]:
        sim.setup(timestep=0.1, rng_seed=seed)
        made = [
            sim.Population(20, sim.SpikeSourcePoisson(rate=100.0)),
            sim.Population(20, sim.SpikeSourceGamma(alpha=4.0, beta=400.0)),
            sim.Population(20, sim.SpikeSourcePoissonRefractory(rate=100.0, tau_refrac=5.0)),
        ]
        for population in made:
            population.record("spikes")
        for part in parts:
            sim.run(part)
        return [train for population in made for train in trains(population)]

    whole = counted(1, (1000.0,))
    assert whole == counted(1, (100.0, 0.1, 899.9))
    assert whole != counted(2, (1000.0,))
    for first in (0, 20, 40):
        assert sum(map(len, whole[first : first + 20])) == pytest.approx(2000, rel=0.1)
    assert min(float(np.diff(train).min()) for train in whole[40:]) > 4.89
    assert np.std(np.concatenate([np.diff(train) for train in whole[20:40]])) == pytest.approx(5.0, rel=0.15)


def test_a_source_fires_between_its_start_and_its_end():
    source = sim.Population(50, sim.SpikeSourcePoisson(rate=500.0, start=20.0, duration=30.0))
    source.record("spikes")
    sim.run(100.0)
    times = np.concatenate(trains(source))
    assert (times.min() >= 20.0, times.max() <= 50.0) == (True, True)
    assert len(times) == pytest.approx(750, rel=0.15)


def test_a_rate_of_more_than_one_spike_a_step_is_refused():
    sim.Population(1, sim.SpikeSourcePoisson(rate=20_000.0), label="fast")
    with pytest.raises(InputError, match=r"rate of 'fast' is 20000 Hz, but must be from 0 to 10000 Hz"):
        sim.run(1.0)


# --- currents


def test_currents_into_cells_views_and_assemblies_add_up():
    first, second = (sim.Population(2, sim.IF_curr_exp(v_thresh=-40.0)) for _ in range(2))
    for population in (first, second):
        population.record("v")
    for where, amplitude in ((first[1:], 0.1), (first + second, 0.2), (second[0], 0.3)):
        where.inject(sim.DCSource(amplitude=amplitude, start=1.0, stop=400.0))
    sim.run(300.0)
    held = 20.0  # R of tau_m / cm, in MOhm
    expected = [[0.2, 0.3], [0.5, 0.2]]
    for population, currents in zip((first, second), expected, strict=True):
        signal = v(population)
        assert (signal[:11] == -65.0).all(), "a current that starts at 1 ms is seen a timestep later"
        np.testing.assert_allclose(signal[-1] + 65.0, np.array(currents) * held, rtol=0.01)


def test_a_current_that_is_changed_between_runs_acts_from_then_on():
    cell = sim.Population(1, sim.IF_curr_exp(v_thresh=1000.0))
    source = sim.StepCurrentSource(times=[0.0], amplitudes=[0.1])
    source.inject_into(cell)
    source.record()
    cell.record("v")
    sim.run(20.0)
    source.set_parameters(times=[20.0, 30.0], amplitudes=[0.5, 0.0])
    sim.run(20.0)
    signal, current = v(cell)[:, 0], np.asarray(source.get_data())[:, 0]
    assert signal.argmax() == 300
    np.testing.assert_allclose(current[[0, 199, 200, 299, 300]], [0.1, 0.1, 0.5, 0.5, 0.0])


def test_a_noisy_current_is_the_same_for_the_same_seed():
    def noise() -> np.ndarray:
        sim.setup(timestep=0.1, rng_seed=5)
        cell = sim.Population(1, sim.IF_curr_exp(v_thresh=1000.0))
        source = sim.NoisyCurrentSource(mean=0.5, stdev=0.2, start=10.0, stop=400.0, dt=1.0)
        cell.inject(source)
        source.record()
        sim.run(400.0)
        return np.asarray(source.get_data())[:, 0]

    first = noise()
    np.testing.assert_array_equal(first, noise())
    drawn = first[100:4000:10]
    np.testing.assert_array_equal(first[100:4000].reshape(-1, 10), np.repeat(drawn[:, None], 10, axis=1))
    assert np.std(drawn) == pytest.approx(0.2, rel=0.15)


# --- plasticity


@pytest.mark.parametrize(("gap", "expected"), [(5.0, np.exp(-5 / 20)), (-10.0, -0.5 * np.exp(-10 / 30))])
def test_a_pair_of_spikes_changes_a_weight_by_what_the_rule_says(gap, expected):
    """The mean over many synapses, since traces and weights are rounded at random; A is held exactly."""
    sim.setup(timestep=1.0)
    n, amplitude = 400, 32 * 7 / 8 / 254
    cell = sim.IF_curr_delta(v_rest=0.0, v_reset=0.0, v_thresh=1000.5, tau_m=0.001, tau_refrac=0.0)
    post = sim.Population(1, cell, label="post")
    pre = sim.Population(n, sim.SpikeSourceArray(spike_times=[50.0]))
    teacher = sim.Population(1, sim.SpikeSourceArray(spike_times=[50.0 + gap - 1.0]))
    sim.Projection(teacher, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=2000.0, delay=1.0))
    rule = sim.STDPMechanism(
        sim.SpikePairRule(tau_plus=20.0, tau_minus=30.0, A_plus=amplitude, A_minus=amplitude / 2),
        sim.AdditiveWeightDependence(w_min=0.0, w_max=1.0),
        weight=0.5,
        delay=1.0,
    )
    learning = sim.Projection(pre, post, sim.AllToAllConnector(), rule)
    post.record("spikes")
    sim.run(40.0)
    before = learning.get("weight", format="array")
    sim.run(60.0)
    assert trains(post) == [[50.0 + gap]]
    change = learning.get("weight", format="array") - before
    assert change.mean() == pytest.approx(amplitude * expected, rel=0.1)


def test_weights_stay_within_their_bounds_and_follow_from_the_seed():
    def learnt() -> np.ndarray:
        sim.setup(timestep=1.0)
        pre = sim.Population(30, sim.SpikeSourcePoisson(rate=60.0))
        post = sim.Population(2, sim.IF_curr_exp(i_offset=1.5))
        rule = sim.STDPMechanism(
            sim.SpikePairRule(A_plus=0.2, A_minus=0.25),
            sim.AdditiveWeightDependence(w_min=0.01, w_max=0.05),
            weight=0.03,
        )
        learning = sim.Projection(pre, post, sim.AllToAllConnector(), rule)
        sim.run(500.0)
        return learning.get("weight", format="array")

    first = learnt()
    np.testing.assert_array_equal(first, learnt())
    assert first.min() == pytest.approx(0.01, rel=0.05)
    assert first.max() == pytest.approx(0.05, rel=0.05)
    assert len(np.unique(first)) > 5


def test_rules_that_are_not_loihis_are_refused():
    for wrong, message in (
        (lambda: sim.STDPMechanism(sim.SpikePairRule(), None), "needs this simulator's SpikePairRule"),
        (
            lambda: sim.STDPMechanism(
                sim.SpikePairRule(), sim.AdditiveWeightDependence(), dendritic_delay_fraction=0.5
            ),
            "dendritic_delay_fraction is 0.5 but must be 1",
        ),
    ):
        with pytest.raises(InputError, match=message):
            wrong()
