"""Other people's networks: the same PyNN script on every simulator, spike by spike.

Every function takes a :class:`Recipe` and returns the spikes of each population as rows of step and neuron.  The
parameters are such that Loihi's integers hold them exactly; cells with memory lose a share of their potential in every
step that is a multiple of 1/4096.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyNN.random import NumpyRNG, RandomDistribution

from pynn_backprop.platforms import PyNNPlatform

Spikes = dict[str, np.ndarray]

TIMESTEP = 1.0
LONGEST = 8
"""Steps of the longest delay."""

FIRST = 5
"""Step of the first spike: late enough for the simulator that needs the most time to begin."""


@dataclass(frozen=True)
class Recipe:
    """What differs between simulators.

    Parameters
    ----------
    sim
        The PyNN simulator.
    start
        Sets it up, given the longest delay in ms.
    delay_offset
        Steps to add to the delay.
    static_synapse
        A static synapse type whose weights may have both signs.
    """

    sim: Any
    start: Callable[[float], None]
    delay_offset: int
    static_synapse: Callable[..., Any]

    def synapse(self, weight: Any, delay: Any) -> Any:
        """Static synapses, with a delay or array of delays in steps."""
        return self.static_synapse(weight=weight, delay=(delay + self.delay_offset) * TIMESTEP)


def recipe_of(platform: PyNNPlatform) -> Recipe:
    """From what pynn_backprop knows of the simulator."""
    backend, sessions = platform.backend, []

    def start(longest: float) -> None:
        sessions.append(backend.open(platform.sim, platform.options, longest))

    def static_synapse(**parameters: Any) -> Any:
        return sessions[-1].static_synapse(**parameters)

    return Recipe(platform.sim, start, backend.traits.delay_offset, static_synapse)


def _begin(recipe: Recipe) -> Any:
    recipe.start(LONGEST * TIMESTEP)
    return recipe.sim


def _cells(sim: Any, size: int, threshold: float, lost: int = 4096, label: str = "", **parameters: float) -> Any:
    """Neurons that lose this many 4096ths of their potential in every step."""
    tau = 0.001 if lost == 4096 else -TIMESTEP / math.log1p(-lost / 4096)
    values = {"v_rest": 0.0, "v_reset": 0.0, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0, **parameters}
    cells = sim.Population(size, sim.IF_curr_delta(tau_m=tau, v_thresh=threshold, **values), label=label)
    cells.initialize(v=values["v_rest"])
    cells.record("spikes")
    return cells


def _sources(sim: Any, trains: list[Any], label: str) -> Any:
    """Spike sources that fire at the given steps."""
    times = [np.asarray(train, float) * TIMESTEP for train in trains]
    return sim.Population(len(trains), sim.SpikeSourceArray(spike_times=times), label=label)


def _random_trains(size: int, steps: int, rate: Any, seed: int) -> list[np.ndarray]:
    """Each fires in a step with the probability `rate`, a number or one for each."""
    fires = np.random.default_rng(seed).random((size, steps)) < np.reshape(rate, (-1, 1))
    return [FIRST + np.flatnonzero(row) for row in fires]


def _run(sim: Any, steps: int, populations: list[Any]) -> Spikes:
    """The spikes before the last step, which not all simulators record."""
    sim.run(steps * TIMESTEP)
    tables = {population.label: _spikes(population) for population in populations}
    found = {label: table[table[:, 0] < steps] for label, table in tables.items()}
    sim.end()
    return found


def _spikes(population: Any) -> np.ndarray:
    """Rows of step and neuron, sorted."""
    rows = [np.zeros((0, 2), int)]
    for train in population.get_data("spikes").segments[0].spiketrains:
        steps = np.rint(train.times.rescale("ms").magnitude / TIMESTEP).astype(int)
        rows.append(np.column_stack([steps, np.full(len(steps), train.annotations["source_index"])]))
    table = np.concatenate(rows)
    return table[np.lexsort((table[:, 1], table[:, 0]))]


# --- networks


def synfire_chain(recipe: Recipe) -> Spikes:
    """Pools of leaky neurons, each driving the next: a full volley runs through, and two halves in a row; one dies."""
    sim = _begin(recipe)
    size, volleys = 20, {FIRST: 20, FIRST + 30: 12, FIRST + 60: 12, FIRST + 61: 12}
    starters = _sources(sim, [[step for step, n in volleys.items() if k < n] for k in range(size)], "start")
    pools = [_cells(sim, size, 1000.0, lost=1024, label=f"pool {k}") for k in range(6)]
    for k, (pre, post) in enumerate(zip([starters, *pools[:-1]], pools, strict=True)):
        sim.Projection(pre, post, sim.AllToAllConnector(), recipe.synapse(64.0, 1 + k % 3), receptor_type="excitatory")
    return _run(sim, 100, pools)


def balanced_random_network(recipe: Recipe) -> Spikes:
    """Excitation and inhibition in balance, driven by noise, with random connections and random delays."""
    sim = _begin(recipe)
    generator = NumpyRNG(seed=11)
    noise = _sources(sim, _random_trains(40, 150, 0.15, seed=5), "noise")
    excitatory = _cells(sim, 80, 40.5, label="excitatory")
    inhibitory = _cells(sim, 20, 40.5, label="inhibitory")
    for pre, weight, kind in (
        (noise, 14.0, "excitatory"),
        (excitatory, 12.0, "excitatory"),
        (inhibitory, -44.0, "inhibitory"),
    ):
        for post in (excitatory, inhibitory):
            low, high = 1 + recipe.delay_offset, LONGEST + recipe.delay_offset
            delay = RandomDistribution("uniform_int", low=low, high=high, rng=generator)
            sim.Projection(
                pre,
                post,
                sim.FixedProbabilityConnector(0.2, rng=generator),
                recipe.static_synapse(weight=weight, delay=delay),
                receptor_type=kind,
            )
    return _run(sim, 200, [excitatory, inhibitory])


def winner_take_all(recipe: Recipe) -> Spikes:
    """Groups of leaky neurons that inhibit each other: the one with the strongest input holds the others down.

    No potential comes closer to the threshold than 1.4 mV; the fractions that Loihi cuts off amount to 0.25 mV at most.
    """
    sim = _begin(recipe)
    n_groups, size = 4, 10
    rates = np.repeat([0.2, 0.25, 0.4, 0.3], size)
    inputs = _sources(sim, _random_trains(n_groups * size, 200, rates, seed=2), "inputs")
    groups = [_cells(sim, size, 1002.0, lost=256, label=f"group {k}") for k in range(n_groups)]
    for k, group in enumerate(groups):
        drive = inputs[k * size : (k + 1) * size]
        sim.Projection(drive, group, sim.OneToOneConnector(), recipe.synapse(320.0, 1), receptor_type="excitatory")
        sim.Projection(group, group, sim.AllToAllConnector(), recipe.synapse(24.0, 2), receptor_type="excitatory")
        for other in groups:
            if other is not group:
                sim.Projection(
                    group, other, sim.AllToAllConnector(), recipe.synapse(-40.0, 2), receptor_type="inhibitory"
                )
    return _run(sim, 250, groups)


def both_signs(recipe: Recipe) -> Spikes:
    """A recurrent network with a bias, whose one projection has weights of both signs and all delays."""
    sim = _begin(recipe)
    size, generator = 60, np.random.default_rng(8)
    weights = 2.0 * generator.integers(-126, 126, (size, size), endpoint=True)
    delays = generator.integers(1, LONGEST, (size, size), endpoint=True).astype(float)
    noise = _sources(sim, _random_trains(size, 150, 0.05, seed=3), "noise")
    cells = _cells(sim, size, 300.5, label="cells", v_rest=-40.0, v_reset=-40.0)
    sim.Projection(noise, cells, sim.OneToOneConnector(), recipe.synapse(400.0, 2), receptor_type="excitatory")
    sim.Projection(cells, cells, sim.AllToAllConnector(), recipe.synapse(weights, delays), receptor_type="excitatory")
    return _run(sim, 200, [cells])


NETWORKS: dict[str, Callable[[Recipe], Spikes]] = {
    "synfire chain": synfire_chain,
    "balanced random network": balanced_random_network,
    "winner take all": winner_take_all,
    "both signs": both_signs,
}


def same(found: Spikes, expected: Spikes) -> None:
    """Equal spike by spike."""
    assert list(found) == list(expected)
    for name, table in expected.items():
        np.testing.assert_array_equal(found[name], table, err_msg=name)
