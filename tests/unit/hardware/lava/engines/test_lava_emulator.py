"""The emulator against Loihi's arithmetic in plain numpy; needs no Lava."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from scenarios.discrete_networks import assert_same, random_network, try_engine
from scenarios.loihi import cells, connected, ints, of_cells
from scenarios.numpy_engine import NumpyChip, NumpyEngine

from hardware.lava.engines import emulator
from hardware.lava.engines.emulator import EmulatorEngine
from hardware.lava.engines.registry import make_engine
from hardware.lava.translation.network import DiscreteNetwork, Part, Rule
from pynn_backprop.errors import InputError


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("block", [4096, 7])
def test_it_equals_plain_numpy_on_random_networks(seed, block, monkeypatch):
    monkeypatch.setattr(emulator, "LONGEST_BLOCK", block)
    network = random_network(seed, stock=seed % 2 == 0)
    generator = np.random.default_rng(seed)
    spikes, potentials = (generator.permutation(network.n_compartments)[:n] for n in (20, 9))
    runs = (30, 70, 1, 40)
    expected = try_engine(NumpyEngine(network, np.sort(spikes), potentials), network, seed, runs)
    engine = make_engine("emulator", network, spikes, potentials)
    assert_same(expected, try_engine(engine, network, seed, runs))


def neurons_of_several_compartments(seed: int) -> DiscreteNetwork:
    """A random network in which the last two groups are the dendrites of the first two, which have refractory times."""
    network = random_network(seed)
    first, second, third, fourth = network.compartments
    joined = np.full((2, first.size), -1)
    joined[0, :9], joined[1, :3] = third.first, fourth.first + np.arange(3)
    groups = (
        replace(first, refractory=4, joined=np.where(joined < 0, third.first, joined)),
        replace(second, refractory=2, joined=(third.first + np.zeros((1, second.size), int))),
        replace(third, dendrite=True, bias_mantissa=third.bias_mantissa // 50),
        replace(fourth, dendrite=True, dv=2000, bias_mantissa=fourth.bias_mantissa // 50),
    )
    return replace(network, compartments=groups)


@pytest.mark.parametrize("seed", range(4))
def test_refractory_times_and_dendrites_equal_plain_numpy(seed):
    network = neurons_of_several_compartments(seed)
    everything, runs = np.arange(network.n_compartments), (30, 70, 1, 40)
    expected = try_engine(NumpyEngine(network, everything, everything), network, seed, runs)
    engine = make_engine("emulator", network, everything, everything)
    assert_same(expected, try_engine(engine, network, seed, runs))


def test_a_compartment_fires_again_after_its_refractory_time():
    groups = [
        cells(1, k, f"{pause} steps", bias_mantissa=200 * 64 // 4, bias_exponent=2, refractory=pause)
        for k, pause in enumerate((1, 2, 5))
    ]
    engine = make_engine("emulator", DiscreteNetwork(0, tuple(groups), ()), np.arange(3), ints())
    engine.run(11)
    steps, who = engine.take_spikes()
    assert [steps[who == k].tolist() for k in range(3)] == [list(range(1, 12)), [1, 3, 5, 7, 9, 11], [1, 6, 11]]


def overflowing() -> DiscreteNetwork:
    """Inputs of all sizes, to compartments with and without memory, in two populations."""
    groups = (
        cells(2, threshold=ints(2**17 - 1, 1000)),
        cells(2, 2, du=0, dv=0, threshold=ints(2**17 - 1, 90_000)),
    )
    largest = {"exponent": 7, "from_input": True}
    targets = np.arange(4)
    synapses = (
        connected(0, targets, 255, **largest),
        connected(1, targets, -255, **largest),
        connected(2, targets, 255, **largest),
        connected(3, targets, [-256, 2, -256, 2], **largest),
    )
    return DiscreteNetwork(4, groups, synapses, (Part("forgetful", 0, 2), Part("mindful", 2, 2)))


def test_beyond_its_numbers_it_does_what_the_chip_does_and_counts_it():
    network, everything = overflowing(), np.arange(4)
    steps, inputs = np.nonzero(np.random.default_rng(3).random((400, 4)) < 0.5)
    outcomes = []
    for made in (NumpyChip(network, everything, everything), EmulatorEngine(network, everything, everything, "chip")):
        made.set_spikes(steps + 1, inputs)
        made.run(400)
        outcomes.append((*made.take_spikes(), *made.take_potentials()))
    for expected, found in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(expected, found)
    said = {(each.where, each.what) for each in made.overflows()}
    # Two positive inputs in one step wrap round in every compartment; without memory neither u nor v goes so far.
    assert said == {(w, "the input of a step") for w in ("forgetful", "mindful")} | {("mindful", "u"), ("mindful", "v")}
    made.close()
    assert {(each.where, each.what) for each in made.overflows()} == said


@pytest.mark.parametrize(
    ("sent", "arrives"), [([], 0), ([0], 32640), ([1], -32767), ([0, 2], 65280 - 65536), ([1, 3], 65536 - 32767 - 256)]
)
def test_the_input_of_a_step_has_21_bits_and_a_sign(sent, arrives):
    """In units of 2**6; a synapse of -256 with the exponent 7 gives one less than it says."""
    weights = np.array([255, -256, 255, -2])
    synapses = connected([0, 1, 2, 3], [0, 0, 0, 0], weights, exponent=7, from_input=True)
    network = of_cells(1, synapses, n_inputs=4, threshold=2**17 - 1)
    said = ["the input of a step of 'cells' went beyond the chip's 21 bits and a sign once"]
    for accumulator, expected in (("chip", arrives), ("wide", sum((32640, -32767, 32640, -256)[k] for k in sent))):
        engine = EmulatorEngine(network, ints(), ints(0), accumulator)
        engine.set_spikes(np.full(len(sent), 1), np.array(sent, int))
        engine.run(2)
        assert engine.take_potentials()[1][1, 0] == 64 * expected
        assert [str(each) for each in engine.overflows()] == (said if len(sent) == 2 else [])


def test_weights_are_read_back_as_they_were_given():
    weights = ints(-256, 254, 0)
    engine = make_engine("emulator", of_cells(3, connected([0] * 3, [0, 1, 2], weights, exponent=7)), ints(), ints())
    assert engine.weights(0).tolist() == weights.tolist()
    engine.set_weights(0, ints(2, -256, 6))
    assert engine.weights(0).tolist() == [2, -256, 6]
    with pytest.raises(
        InputError, match="weight holds 256, but with the exponent 7 a synapse adds no more than 32,767"
    ):
        engine.set_weights(0, ints(0, 256, 0))


def test_static_weights_that_become_unequal_act_so():
    """Equal weights of neighbours are added as one."""
    network = of_cells(3, connected([0, 0, 0], [0, 1, 2], 10, from_input=True), n_inputs=1)
    engine = make_engine("emulator", network, ints(), np.arange(3))
    engine.set_spikes(ints(1, 3, 5), ints(0, 0, 0))
    for weights in ([10, 10, 10], [1, 2, 3], [7, 7, 7]):
        engine.set_weights(0, ints(*weights))
        engine.run(2)
        assert engine.take_potentials()[1][1].tolist() == [64 * weight for weight in weights]


def test_a_compartment_that_fires_by_its_bias_fires_without_input_too():
    network = of_cells(2, n_inputs=0, threshold=10)
    engine = make_engine("emulator", network, np.arange(2), ints())
    engine.run(2)
    engine.set_compartments(0, "bias_mantissa", ints(0, 11 * 64))
    engine.run(2)
    engine.set_compartments(0, "bias_mantissa", ints(0, 0))
    engine.run(2)
    assert np.column_stack(engine.take_spikes()).tolist() == [[3, 1], [4, 1]]


def test_several_rules_learn_apart():
    """Two plastic projections onto neighbours of one population, each with its own reinforcement neuron."""
    rules = (Rule(2, 2, 8), Rule(3, 4, 6))
    plastic = [connected([k], [k], 4, from_input=True, rule=rule) for k, rule in enumerate(rules)]
    drive = connected([2, 3, 4], [0, 1, 2], 200, from_input=True)
    engine = make_engine("emulator", of_cells(4, *plastic, drive, n_inputs=5), ints(), ints())
    # The last three inputs make neurons 0, 1, and 2 and so the first rule's reinforcement, fire a step later.
    engine.set_spikes(ints(1, 1, 1, 2, 2, 4, 4, 5, 5), ints(2, 3, 4, 0, 1, 2, 3, 0, 1))
    engine.run(6)
    # Neuron 2 fires the first time and not the second, neuron 3 never does.
    assert engine.weights(0).tolist() == [4]
    assert engine.weights(1).tolist() == [-4]


def test_ctrl_c_is_answered_soon():
    script = """
import numpy as np, sys
sys.path[:0] = ["tests"]
from scenarios.loihi import of_cells
from hardware.lava.engines.registry import make_engine
network, nothing = of_cells(20_000, n_inputs=0, dv=100, threshold=2**17 - 1), np.zeros(0, int)
engine = make_engine("emulator", network, nothing, nothing)
engine.run(2)
print("runs", flush=True)
try:
    engine.run(10**9)
except KeyboardInterrupt:
    print("ended", flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "runs\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[0] == "ended\n"


def test_the_first_compilation_is_announced(caplog, monkeypatch, tmp_path):
    class Kernel:
        signatures = ()
        stats = type("Stats", (), {"cache_path": str(tmp_path)})

    monkeypatch.setattr(emulator.kernels, "run", Kernel)
    with caplog.at_level(logging.WARNING, "PyNN"):
        emulator.say_if_it_compiles()
        (tmp_path / "emulator_kernels.run-1.py310.nbi").touch()
        emulator.say_if_it_compiles()
    assert [record.message for record in caplog.records] == ["compiling for Lava, once, about 20 s"]
