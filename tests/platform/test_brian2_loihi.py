"""A second judge, closer to the chip: Brian2Loihi, an emulator that its authors held against real chips.

Michaelis et al., Front. Neuroinform. 16 (2022), version 0.5.2: ``pip install --no-deps brian2-loihi==0.5.2`` beside
Brian2.  It has no biases, no dendrites and no limits of u and v: networks here have none, and stay within them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scenarios.loihi import cells
from simulators import skip_unless_installed, skip_without_lava

from hardware.lava.engines.registry import make_engine
from hardware.lava.translation.network import DiscreteNetwork, Synapses
from hardware.lava.translation.ranges import sign_mode
from pynn_backprop.simulation.backends.registry import load_simulator

skip_unless_installed("brian2")
load_simulator("brian2")  # whose own warnings it filters
loihi = pytest.importorskip("brian2_loihi")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

STEPS = 250
N_INPUTS = 12
MODES = {"mixed signs": 1, "excitatory": 2, "inhibitory": 3}
"""Brian2Loihi's numbers."""


def random_network(seed: int, size: int, longest: int = 1) -> DiscreteNetwork:
    """Three groups with decays and refractory times of their own, driven and recurrent."""
    generator = np.random.default_rng(seed)
    groups, first = [], 0
    for number in range(3):
        n = size // 3
        du, dv = int(generator.integers(1, 4096)), int(generator.integers(0, 4097))
        if number == 0 and seed % 2:
            du, dv = 4095, 4096
        groups.append(
            cells(
                n,
                first,
                f"group {number}",
                du=du,
                dv=dv,
                threshold=int(generator.integers(100, 3000)),
                refractory=int(generator.integers(1, longest + 1)),
            )
        )
        first += n
    synapses = [_synapses(generator, k, groups, k % 2 == 0, int(generator.integers(0, 8))) for k in range(6)]
    return DiscreteNetwork(N_INPUTS, tuple(groups), tuple(synapses))


def _synapses(generator: np.random.Generator, number: int, groups: list[Any], from_input: bool, delay: int) -> Synapses:
    pre = groups[number // 2]
    post = groups[(number + 1) % 3]
    n_pre = N_INPUTS if from_input else pre.size
    chosen = np.argwhere(generator.random((n_pre, post.size)) < min(1.0, 8 / n_pre))
    low, high, step = ((-120, 120, 2), (0, 200, 1), (-150, 0, 1))[number % 3] if not from_input else (0, 200, 1)
    return Synapses(
        label=f"synapses {number}",
        from_input=from_input,
        pre=chosen[:, 0] + (0 if from_input else pre.first),
        post=chosen[:, 1] + post.first,
        weight=step * generator.integers(low // step, high // step, len(chosen), endpoint=True),
        exponent=int(generator.integers(0, 3)),
        delay=np.full(len(chosen), delay),
    )


def by_brian2_loihi(network: DiscreteNetwork, steps: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spikes as steps and compartments, sorted; and v after each step, (STEPS, n_compartments)."""
    import brian2

    brian2.prefs.codegen.target = "numpy"
    groups = [
        loihi.LoihiNeuronGroup(
            group.size,
            refractory=group.refractory,
            threshold_v_mant=int(group.threshold[0]),
            decay_v=group.dv,
            decay_I=group.du + 1,
        )
        for group in network.compartments
    ]
    source = loihi.LoihiSpikeGeneratorGroup(network.n_inputs, inputs, steps)
    made: list[Any] = []
    for synapses in network.synapses:
        for number, group in enumerate(network.compartments):
            for pre_number, pre in enumerate(network.compartments):
                here = (group.first <= synapses.post) & (synapses.post < group.first + group.size)
                if synapses.from_input:
                    here &= pre_number == 0
                else:
                    here &= (pre.first <= synapses.pre) & (synapses.pre < pre.first + pre.size)
                if here.any():
                    made.append(_connected(synapses, here, source, groups[pre_number], groups[number], pre, group))
    spikes = [loihi.LoihiSpikeMonitor(group) for group in groups]
    states = [loihi.LoihiStateMonitor(group, "v") for group in groups]
    loihi.LoihiNetwork(*groups, source, *made, *spikes, *states).run(STEPS, report=None)
    fired = np.concatenate(
        [
            np.column_stack((np.asarray(monitor.t, float), np.asarray(monitor.i) + group.first))
            for monitor, group in zip(spikes, network.compartments, strict=True)
        ]
    )
    fired = np.rint(fired).astype(int)
    v = np.concatenate([np.asarray(state.v, float) for state in states]).T
    return fired[np.lexsort((fired[:, 1], fired[:, 0]))], v


def _connected(synapses: Synapses, here: np.ndarray, source: Any, pre: Any, post: Any, first: Any, last: Any) -> Any:
    mode = MODES[sign_mode(synapses.weight, False).name]
    made = loihi.LoihiSynapses(
        source if synapses.from_input else pre,
        post,
        delay=int(synapses.delay[0]),
        w_exp=synapses.exponent,
        sign_mode=mode,
    )
    made.connect(i=synapses.pre[here] - (0 if synapses.from_input else first.first), j=synapses.post[here] - last.first)
    made.w = synapses.weight[here].astype(np.int64)
    return made


def compared(engine: str, network: DiscreteNetwork, seed: int) -> int:
    """Holds an engine against the judge; returns the number of spikes."""
    steps, inputs = np.nonzero(np.random.default_rng(seed).random((STEPS, N_INPUTS)) < 0.15)
    steps, inputs = steps[steps > 0], inputs[steps > 0]
    expected, potentials = by_brian2_loihi(network, steps, inputs)
    everything = np.arange(network.n_compartments)
    made = make_engine(engine, network, everything, everything)
    try:
        made.set_spikes(steps, inputs)
        made.run(STEPS)
        fired, v = np.column_stack(made.take_spikes()), made.take_potentials()[1]
    finally:
        made.close()
    assert not made.overflows()
    return same(expected, potentials, fired, v)


def same(expected: np.ndarray, potentials: np.ndarray, fired: np.ndarray, v: np.ndarray) -> int:
    # The judge's step 0 is our step 1.
    assert (fired - [1, 0]).tolist() == expected.tolist()
    np.testing.assert_array_equal(v, potentials)
    return len(fired)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_emulator_equals_brian2_loihi_spike_by_spike(seed):
    assert compared("emulator", random_network(seed, 30, longest=12), seed) > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 33))
@pytest.mark.parametrize("size", [6, 30, 99])
def test_the_emulator_equals_brian2_loihi_on_many_networks(seed, size):
    compared("emulator", random_network(seed, size, longest=1 + seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["fast", "stock"])
def test_the_engines_of_lava_equal_brian2_loihi_too(engine):
    skip_without_lava()
    compared(engine, random_network(4, 30), 4)
