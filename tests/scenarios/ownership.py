"""A simulator holds one network: the one before refuses, by name, and the newer one goes on as if it were alone."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.platforms import PyNNPlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network
from pynn_backprop.spikes import merged

from .cases import random_case
from .equality import same_copies, same_spikes, same_weights

OLDER = random_case((30, 4), 20)
NEWER = random_case((20, 4), 30, seed=1)


def samples(network: Network) -> np.ndarray:
    """Two that fit."""
    return np.ones((2, network.circuit.neurons[0]), bool)


USES: dict[str, Callable[[Any], object]] = {
    "train": lambda network: network.train(samples(network), np.zeros(2, int)),
    "infer": lambda network: network.infer(samples(network)),
    "show": lambda network: network.show({"input": samples(network)}),
    "weights": lambda network: network.weights(),
    "copies": lambda network: network.copies(),
    "check_copies": lambda network: network.check_copies(),
    "raw_weights": lambda network: network.raw_weights(network.circuit.copies("W1")[0]),
}
"""Whatever needs the simulator."""


def built(platform: PyNNPlatform, case: Any, record: tuple[str, ...] = ()) -> Network:
    """A training network on the simulator."""
    network = platform.build(training_circuit(case.layer_sizes), case.weights, record)
    assert isinstance(network, Network)
    return network


def every_use_is_refused(network: Network, message: str) -> None:
    """By a PlatformError that says so."""
    for name, use in USES.items():
        with pytest.raises(PlatformError) as raised:
            use(network)
        assert re.search(message, str(raised.value)), (name, str(raised.value))


def the_older_network_refuses_and_the_newer_one_goes_on(platform: PyNNPlatform) -> None:
    """The newer one is compared with the step simulator, spike by spike; all the while the older one is tried."""
    simulator = platform.backend.traits.simulator
    lost = r"^network \d+ \(training, 30-4\) can't be used any more: network \d+ \(training, 20-4\) was opened on"
    circuit = training_circuit(NEWER.layer_sizes)
    steps = StepSimulator(circuit, NEWER.weights)
    steps.train(NEWER.x, NEWER.labels)
    everything = tuple(p.name for p in circuit.populations)

    older = built(platform, OLDER, ("o", "x"))
    older.train(OLDER.x, OLDER.labels)
    newer = built(platform, NEWER, everything)
    try:
        parts = []
        for number, (x, labels) in enumerate(NEWER.chunks(4)):
            every_use_is_refused(older, f"{lost} {simulator}" if number < 2 else "was closed")
            newer.train(x, labels)
            parts.append(newer.take_spikes())
            if number == 0:
                assert len(older.take_spikes()["x"]) > 0, "what it recorded before is its own"
            if number == 1:
                older.close()
        same_spikes(merged(parts), steps.take_spikes(), steps, platform)
        same_weights(newer.weights(), steps.weights())
        same_copies(newer, steps.weights())
    finally:
        newer.close()
        older.close()
    every_use_is_refused(newer, r"^network \d+ \(training, 20-4\) can't be used any more: it was closed")


def a_network_may_be_built_after_one_that_was_not_closed(platform: PyNNPlatform) -> None:
    """And what the older one is, an inference circuit, is in its name."""
    older = platform.build(inference_circuit(OLDER.layer_sizes), OLDER.weights)
    newer = built(platform, NEWER)
    try:
        with pytest.raises(
            PlatformError, match=r"network \d+ \(inference, 30-4\) can't .*network \d+ \(training, 20-4\)"
        ):
            older.infer(OLDER.x)
        same_weights(newer.weights(), NEWER.weights)
        freed = weakref.ref(older.populations["o"])
        older.close()
        gc.collect()
        assert freed() is None, "closed, the older one must free what is its own though the newer one lives"
    finally:
        older.close()
        newer.close()


def a_setup_of_the_user_s_is_noticed(platform: PyNNPlatform) -> None:
    """Which ends the network, and is not ended by it."""
    network, sim = built(platform, OLDER), platform.sim
    network.train(OLDER.x, OLDER.labels)
    session = platform.backend.open(sim, platform.options, 5.0)
    sources = sim.Population(1, sim.SpikeSourceArray(spike_times=[5.0]))
    sources.record("spikes")
    sim.run(3.0)
    lost = r"^network \d+ \(training, 30-4\) can't be used any more: setup\(\) of"
    every_use_is_refused(network, f"{lost} {platform.backend.traits.simulator} was called")
    network.close()
    sim.run(7.0)
    times, _ = session.take_spikes(sources)
    assert times.tolist() == [5.0]
    sim.end()
