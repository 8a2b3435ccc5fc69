"""What processes of NEST with MPI do together; `mpirun -n 2 python -m scenarios.many_processes NAME ARGUMENTS`.

The first one prints a line of JSON; whatever does not hold ends all of them with an error.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.data.samples import load_samples
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.processes import world
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network
from pynn_backprop.weights import Weights

from . import equality
from .cases import image_case, random_case

CASES = (
    random_case((30, 20, 4), 150),
    random_case((30, 20, 4), 150, form="published"),
    random_case((30, 20, 16, 4), 100, theta=512),
)
"""The published form has two matrices at most."""


def sum_of(weights: Mapping[str, np.ndarray]) -> str:
    """The same for the same integers, whatever computed them."""
    return hashlib.sha256(b"".join(weights[name].astype(np.int64).tobytes() for name in sorted(weights))).hexdigest()


def nest(variant: str, threads: str) -> PyNNPlatform:
    """The platform, which must have the variant that is asked for."""
    platform = get_platform("nest", Options(int(threads), variant))
    assert isinstance(platform, PyNNPlatform)
    assert platform.describe()["variant"] == variant
    return platform


def equal(variant: str, threads: str) -> Any:
    """Every spike, answer, potential and copy of a weight, in both forms and two depths: those of steps and rule."""
    platform = nest(variant, threads)
    for case in CASES:
        equality.training_spikes_equal_the_step_simulator(platform, case)
        equality.reading_weights_in_between_changes_nothing(platform, case)
        equality.weights_equal_the_oracle(platform, case)
        equality.inference_spikes_equal_the_step_simulator(platform, case)
    return len(CASES)


def images(variant: str, threads: str, samples: str, hidden: str) -> Any:
    """Weights of MNIST at 400-...-10, of every copy; the sum of them to compare with other numbers of processes."""
    platform = nest(variant, threads)
    data = load_samples("mnist", 20, samples=int(samples), test_samples=1)
    case = image_case(data.x_train, data.y_train, hidden=tuple(map(int, hidden.split("-"))))
    weights = trained(platform, case)
    rule = case.rule()
    rule.train(case.x, case.labels)
    equality.same_weights(weights, rule.weights())
    return sum_of(weights)


def trained(platform: PyNNPlatform, case: Any) -> Weights:
    """The weights in the end, after a check of all copies."""
    network = platform.build(case.circuit(), case.weights)
    for first in range(0, len(case.x), platform.samples_per_run):
        run = slice(first, first + platform.samples_per_run)
        network.train(case.x[run], case.labels[run])
    network.check_copies()
    weights = network.weights()
    network.close()
    return weights


def handles(variant: str, threads: str) -> Any:
    """PyNN's own reading: whole on the first process, and a Neo block that is whole on all of them."""
    platform, case = nest(variant, threads), random_case((20, 12, 3), 30, seed=1)
    circuit, record = training_circuit(case.layer_sizes), ("x", "h", "o", "r")
    steps = StepSimulator(circuit, case.weights, record)
    network = Network(platform.sim, circuit, case.weights, record, platform.options)
    network.populations["h"].record("v")
    for x, labels in case.chunks(3):
        network.train(x, labels)
        steps.train(x, labels)
    expected = steps.take_spikes()
    found = {}
    for name in record:
        (segment,) = network.populations[name].get_data("spikes").segments
        counts = network.populations[name].get_spike_counts()
        if platform.sim.rank() == 0:
            sizes = [len(train) for train in segment.spiketrains]
            wanted = np.bincount(expected[name][:, 1], minlength=circuit[name].size).tolist()
            assert sizes == wanted, (name, sizes, wanted)
            assert [counts[cell] for cell in sorted(counts)] == wanted, (name, counts)
            found[name] = sum(wanted)
    signals = network.populations["h"].get_data("v").segments[0].analogsignals
    if platform.sim.rank() == 0:
        assert sum(signal.shape[1] for signal in signals) == circuit["h"].size
    (segment,) = network.block().segments
    told = {train.name.split()[0]: len(train) for train in segment.spiketrains}
    assert sorted(told.values()) == sorted(len(expected[name]) for name in record), told
    taken = network.take_spikes()
    assert all(np.array_equal(taken[name], expected[name]) for name in record)
    network.close()
    return found


def fail(how: str, rank: str) -> Any:
    """One process fails while the others go on training."""
    platform, case = nest("dopamine", "1"), random_case((30, 20, 4), 400)
    network = platform.build(case.circuit(), case.weights)
    network.train(case.x[:10], case.labels[:10])
    if world().rank == int(rank):
        print(json.dumps({"failed": time.time()}), flush=True)
        if how == "raise":
            raise ValueError("one of the processes finds something wrong")
        os.kill(os.getpid(), signal.SIGKILL)
    while True:
        network.train(case.x, case.labels)


WORKS: Mapping[str, Callable[..., Any]] = {
    "equal": equal,
    "images": images,
    "handles": handles,
    "fail": fail,
}

if __name__ == "__main__":
    found = WORKS[sys.argv[1]](*sys.argv[2:])
    if world().rank == 0:
        print(json.dumps({"processes": world().size, "found": found}))
