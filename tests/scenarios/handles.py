"""What a user holds of a network that runs: PyNN Populations with all that they recorded, in the simulator's time."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.platforms import PyNNPlatform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network
from pynn_backprop.spikes import Spikes, merged

from .cases import Case, random_case

CASE = random_case((20, 12, 3), 30, seed=1)
RUNS = (7, 3, 20)
RECORD = ("x", "h", "o")


def network_on(platform: PyNNPlatform, record: tuple[str, ...] = RECORD, keep: bool = True) -> Network:
    """A training network of :data:`CASE`."""
    circuit = training_circuit(CASE.layer_sizes)
    return Network(platform.sim, circuit, CASE.weights, record, platform.options, keep)


def chunks(case: Case = CASE) -> list[tuple[np.ndarray, np.ndarray]]:
    """Its samples in runs of unequal lengths."""
    ends = np.cumsum(RUNS)
    return [(case.x[end - n : end], case.labels[end - n : end]) for n, end in zip(RUNS, ends, strict=True)]


def trains(population: Any, clear: bool = False) -> list[list[float]]:
    """Times in ms of the spikes of each neuron, as PyNN gives them."""
    (segment,) = population.get_data("spikes", clear=clear).segments
    return [train.rescale("ms").magnitude.tolist() for train in segment.spiketrains]


def as_trains(table: np.ndarray, size: int) -> list[list[float]]:
    """The same from a table of steps and neurons."""
    return [table[table[:, 1] == neuron, 0].astype(float).tolist() for neuron in range(size)]


def in_simulator_time(pieces: list[Spikes], ends: list[float], length: int) -> Spikes:
    """Spikes of runs, in circuit time, put where each run ended in the simulator's: there are pauses in between."""
    done, moved = 0, []
    for piece, n, end in zip(pieces, RUNS, ends, strict=True):
        done += n
        shift = np.array([round(end) - (done + 1) * length, 0])
        moved.append({name: table + shift for name, table in piece.items()})
    return merged(moved)


def handles_have_all_spikes_whether_they_were_taken_or_not(platform: PyNNPlatform) -> None:
    """After each run, before and after `take_spikes`: those of the step simulator, with the pauses of the simulator."""
    network, length = network_on(platform), training_circuit(CASE.layer_sizes).schedule.length
    steps = StepSimulator(network.circuit, CASE.weights, RECORD)
    pieces, ends = [], []
    try:
        for number, (x, labels) in enumerate(chunks()):
            network.train(x, labels)
            steps.train(x, labels)
            pieces.append(steps.take_spikes())
            ends.append(platform.sim.get_current_time())
            expected = in_simulator_time(pieces, ends, length) if number == len(RUNS) - 1 else None
            for _ in range(2):
                for name in RECORD:
                    found = trains(network.populations[name])
                    if expected is not None:
                        assert found == as_trains(expected[name], network.circuit[name].size)
                    counts = network.populations[name].get_spike_counts()
                    assert list(counts.values()) == [len(train) for train in found]
                    assert sum(counts.values()) == sum(len(piece[name]) for piece in pieces)
                network.take_spikes()
        assert ends[-1] > (sum(RUNS) + 1) * length, "the simulator paused"
    finally:
        network.close()


def data_begin_anew_where_they_were_cleared(platform: PyNNPlatform) -> None:
    """As PyNN does it, and `block` too; the network goes on unharmed."""
    network = network_on(platform)
    try:
        (x, labels), second, _ = chunks()
        network.train(x, labels)
        h = network.populations["h"]
        everything = trains(h)
        assert trains(h, clear=True) == everything
        assert not any(trains(h))
        network.take_spikes()
        network.train(*second)
        taken = network.take_spikes()
        assert sum(map(len, trains(h))) == len(taken["h"]) > 0
        block = network.block()
        assert [segment.name for segment in block.segments] == ["samples 7 to 9"]
        steps = StepSimulator(network.circuit, CASE.weights, ["h"])
        steps.train(x, labels)
        steps.take_spikes()
        steps.train(*second)
        np.testing.assert_array_equal(taken["h"], steps.take_spikes()["h"])
    finally:
        network.close()


def the_potential_of_a_handle_is_there_after_runs(platform: PyNNPlatform) -> None:
    """One sample a step from time 0, the same in one run as in several, and of each population that was asked for."""
    found, length = [], training_circuit(CASE.layer_sizes).schedule.length
    for pieces in (chunks(), [(CASE.x, CASE.labels)]):
        network = network_on(platform, ("o",))
        try:
            for name in ("h", "o"):
                network.populations[name].record("v")
            for x, labels in pieces:
                network.train(x, labels)
                network.take_spikes()
            signals = [network.populations[name].get_data("v").segments[0].analogsignals[0] for name in ("h", "o")]
            now = platform.sim.get_current_time()
            for name, signal in zip(("h", "o"), signals, strict=True):
                assert signal.shape == (now + 1, network.circuit[name].size)
                assert (signal.t_start, signal.sampling_period.rescale("ms")) == (0, 1)
            (cleared,) = network.populations["o"].get_data("v", clear=True).segments[0].analogsignals
            np.testing.assert_array_equal(cleared.magnitude, signals[1].magnitude)
            network.train(*pieces[0])
            (later,) = network.populations["o"].get_data("v").segments[0].analogsignals
            assert float(later.t_start.rescale("ms")) == now
            assert len(later) == platform.sim.get_current_time() - now + 1
            found.append([signal.magnitude[: RUNS[0] * length] for signal in signals])
        finally:
            network.close()
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
        assert len(np.unique(np.rint(one))) > 10


def what_can_not_be_given_is_refused_with_a_reason(platform: PyNNPlatform) -> None:
    """Beginning to record after a run; data of a network that was closed, or does not keep them."""
    network = network_on(platform)
    h, d = network.populations["h"], network.populations["d+"]
    network.train(*chunks()[0])
    h.record("spikes")
    for population, variable in ((h, "v"), (d, "spikes")):
        with pytest.raises(
            PlatformError, match=f"'{variable}' can't be recorded .* recording begins with the first run"
        ):
            population.record(variable)
    network.close()
    with pytest.raises(PlatformError, match="can't be used any more: it was closed"):
        h.get_data()
    network = network_on(platform, keep=False)
    network.train(*chunks()[0])
    for ask in (network.populations["h"].get_data, network.populations["h"].get_spike_counts, network.block):
        with pytest.raises(PlatformError, match="are not kept: they go to whoever runs the network"):
            ask()
    assert len(network.take_spikes()["h"])
    network.close()


def a_reset_of_the_simulator_ends_the_network(platform: PyNNPlatform) -> None:
    """It would go on without its ring of gates; where the simulator can't be reset it says so itself."""
    network = network_on(platform)
    network.train(*chunks()[0])
    with contextlib.suppress(ValueError):  # NEST can't be reset, and says so
        platform.sim.reset()
    if platform.sim.get_current_time() == 0:
        with pytest.raises(PlatformError, match=r"reset\(\) of .* was called after it was built"):
            network.train(*chunks()[1])
    else:
        network.train(*chunks()[1])
        segment = network.populations["h"].get_data("spikes").segments[-1]
        assert sum(map(len, segment.spiketrains)) == len(network.take_spikes()["h"])
    network.close()
