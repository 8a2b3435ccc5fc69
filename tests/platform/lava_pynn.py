"""Small PyNN networks on `hardware.lava`, and what was recorded of them."""

from __future__ import annotations

from typing import Any

import numpy as np

LEAKY = {"tau_m": -1 / np.log1p(-1024 / 4096), "v_thresh": 1000.0}
"""A quarter of the potential is lost in every step."""


def neurons(sim: Any, size: int = 3, label: str = "neurons", record: str | None = "spikes", **changes: Any) -> Any:
    values = {"v_rest": 0.0, "v_reset": 0.0, "v_thresh": 10.5, "tau_m": 0.001, "tau_refrac": 0.0, **changes}
    population = sim.Population(size, sim.IF_curr_delta(**values), label=label)
    population.initialize(v=values["v_rest"])
    if record:
        population.record(record)
    return population


def sources(sim: Any, *trains: list[float]) -> Any:
    return sim.Population(len(trains), sim.SpikeSourceArray(spike_times=list(trains)), label="sources")


def driven(sim: Any, *trains: list[float], weight: float = 16.0, delay: float = 1.0, **changes: Any) -> tuple[Any, ...]:
    """Sources and as many neurons, each driven by one of them; and the projection."""
    pre, post = sources(sim, *trains), neurons(sim, len(trains), **changes)
    synapse = sim.StaticSynapse(weight=weight, delay=delay)
    return pre, post, sim.Projection(pre, post, sim.OneToOneConnector(), synapse)


def spikes(population: Any, segment: int = -1) -> list[list[float]]:
    trains = population.get_data("spikes").segments[segment].spiketrains
    ordered = sorted(trains, key=lambda train: train.annotations["source_index"])
    return [np.asarray(train.times.rescale("ms")).tolist() for train in ordered]


def potentials(population: Any, segment: int = -1) -> np.ndarray:
    (signal,) = population.get_data("v").segments[segment].filter(name="v")
    return np.asarray(signal.rescale("mV"))


def learning(sim: Any) -> tuple[Any, Any]:
    """Two neurons that fire together at 3, 6 and 9 ms, of which 6 is not reinforced, and their projection."""
    source, pair = sources(sim, [2.0, 5.0, 8.0], [2.0, 8.0]), neurons(sim, 2, "pair")
    r = neurons(sim, 1, "r")
    for k, post in enumerate((pair, r)):
        sim.Projection(source[k : k + 1], post, sim.AllToAllConnector(), sim.StaticSynapse(weight=16.0))
    rule = sim.ReinforcedHebbianSynapse(r, weight=4.0, eta=2.0, w_max=6.0)
    return pair, sim.Projection(pair[:1], pair[1:], sim.AllToAllConnector(), rule)
