"""Four fixed trainings give the weights and spikes that version 0.1 gave, to the last bit, wherever they run.

The hashes were written down with the code before the packages had their present places.  A change of one of them is a
change of what users have published: if it is meant, say so in the change log.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.data.samples import load_samples
from pynn_backprop.interfaces import Platform
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.spikes import merged
from pynn_backprop.tasks.xor import xor_samples
from pynn_backprop.weights import Weights, initial_weights

PER_RUN = 100
SEED = 7


class FixedRun(NamedTuple):
    circuit: Circuit
    weights: Weights
    x: np.ndarray
    labels: np.ndarray


class Expected(NamedTuple):
    weights: str
    spikes: str
    count: int


EXPECTED = {
    "digits": Expected("27ceedb2ca7c777fa2fd0c1fb74b7a6c", "6a0b89f84546420c5bccaaa40da79221", 176119),
    "random": Expected("1106c05d97edd2c55e93c41b7b177ada", "8ced64270a4aded718a8ed1273bac238", 458527),
    "mnist": Expected("178ea134b9dd1bd505e9035ed638c043", "952f20a78496abee2e28439b6eb6c3b5", 486876),
    "xor": Expected("17102c73bac8d920f9aa327071b73282", "409db78cdb7f6bc7c9f0b9b520a71b84", 252673),
}


@functools.cache
def fixed_run(name: str) -> FixedRun:
    """300 samples of 192-100-10, or of 400-400-10; or XOR, 200 times, with 16 neurons a unit."""
    if name == "xor":
        code = Graded(16)
        x, targets = xor_samples(code, 200, SEED)
        circuit = training_circuit((3, 12, 1), code=code, form="published")
        return FixedRun(circuit, initial_weights((3, 12, 1), SEED, code=code), x, targets)
    if name == "random":
        generator, sizes = np.random.default_rng(SEED), (400, 400, 10)
        x, labels = generator.random((300, 400)) < 0.25, generator.integers(0, 10, 300)
        return FixedRun(training_circuit(sizes, form="published"), initial_weights(sizes, SEED), x, labels)
    crop, hidden = (20, 400) if name == "mnist" else (None, 100)
    samples = load_samples(name, crop, None, 300, 10)
    sizes = samples.units(hidden)
    return FixedRun(
        training_circuit(sizes, form="published"), initial_weights(sizes, SEED), samples.x_train, samples.y_train
    )


QUICK = {
    "nest:compiled": ("digits", "xor"),
    "brian2:numpy": ("digits",),
    "lava:emulator": ("digits", "random", "xor"),
    "lava:fast": ("digits", "random", "xor"),
}
"""The others take up to half a minute on a simulator, or need data."""

SIMULATED = [
    pytest.param(name, on, marks=[pytest.mark.slow] * (name not in quick))
    for on, quick in QUICK.items()
    for name in EXPECTED
]


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] * (name == "mnist")) for name in EXPECTED])
def name(request: pytest.FixtureRequest) -> str:
    """Of images at random and those of MNIST, which have the same network, the latter are for `make test-all`."""
    if request.param == "mnist" and not os.environ.get("PYNN_BACKPROP_DATA"):
        pytest.skip("PYNN_BACKPROP_DATA does not name a folder with MNIST")
    return str(request.param)


def fingerprint(arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name], dtype=np.int64)
        digest.update(f"{name}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()[:32]


def run(platform: Platform, name: str) -> Expected:
    """Learn in runs of 100 samples, with every population recorded that fires after the ring has started."""
    circuit, weights, x, labels = fixed_run(name)
    record = [p.name for p in circuit.populations if p.name != "start" and p.role != "probe"]
    running, parts = platform.build(circuit, weights, record), []
    try:
        for first in range(0, len(x), PER_RUN):
            running.train(x[first : first + PER_RUN], labels[first : first + PER_RUN])
            parts.append(running.take_spikes())
        running.check_copies()
        spikes = merged(parts)
        return Expected(fingerprint(running.weights()), fingerprint(spikes), sum(map(len, spikes.values())))
    finally:
        running.close()


def test_the_rule_learns_what_it_did(name):
    circuit, weights, x, labels = fixed_run(name)
    rule = ReferencePlatform().build(circuit, weights)
    rule.train(x, labels)
    assert fingerprint(rule.weights()) == EXPECTED[name].weights


def test_the_circuit_fires_step_by_step_as_it_did(name):
    assert run(ReferencePlatform(), name) == EXPECTED[name]


@pytest.mark.parametrize(("name", "platform"), SIMULATED, indirect=True)
def test_a_simulator_learns_and_fires_as_it_did(platform, name):
    assert run(platform, name) == EXPECTED[name]
