"""The reinforced Hebbian synapse alone, between two neurons, through PyNN's API."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pytest

from pynn_backprop.circuit.connectivity import Block
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import PyNNPlatform

ETA, W_MAX = 3.0, 40.0
FIRST, APART = 20, 10
"""Steps of the first event, and from one event to the next."""


@dataclass
class Pair:
    """Two neurons with one plastic synapse, and a reinforcement neuron, made to fire at given steps.

    `fires` holds the steps of ``pre``, ``post`` and ``r``.  The plastic synapse alone, with weights up to w_max, never
    makes the postsynaptic neuron fire.
    """

    platform: PyNNPlatform
    fires: dict[str, list[int]]
    weight: float
    connector: Any = None
    w_max: float = W_MAX
    populations: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sim = self.platform.sim
        self.session = self.platform.backend.open(sim, self.platform.options, 1.0)
        delay = 1.0 + self.platform.backend.traits.delay_offset
        for name, steps in self.fires.items():
            times = [step - 1.0 for step in steps]
            source = sim.Population(1, sim.SpikeSourceArray(spike_times=times), label=f"{name} source")
            neuron = sim.IF_curr_delta(
                v_rest=0.0, v_reset=0.0, v_thresh=1000.5, tau_m=0.001, tau_refrac=0.0, cm=1.0, i_offset=0.0
            )
            self.populations[name] = sim.Population(1, neuron, label=name)
            self.populations[name].record("spikes")
            drive = Block(slice(0, 1), slice(0, 1), False, 2000.0, delay)
            sim.Projection(
                source,
                self.populations[name],
                self.session.connector([drive]),
                self.session.static_synapse(),
                receptor_type="excitatory",
            )
        self.block = Block(slice(0, 1), slice(0, 1), True, self.weight, delay)
        synapse = self.session.hebbian_synapse(
            self.populations["r"], weight=self.weight, delay=delay, eta=ETA, w_max=self.w_max
        )
        self.projection = sim.Projection(
            self.populations["pre"],
            self.populations["post"],
            self.connector or self.session.connector([self.block]),
            synapse,
            receptor_type="excitatory",
        )
        self.populations["post"].record("v")

    def run_until(self, step: int) -> None:
        sim = self.platform.sim
        sim.run(step - sim.get_current_time())

    def weight_now(self) -> float:
        self.session.settle()
        return float(self.session.read_weights(self.projection, self.block)[0, 0])

    def spikes(self, name: str) -> list[int]:
        (train,) = self.populations[name].get_data("spikes").segments[0].spiketrains
        return np.rint(train.times.rescale("ms").magnitude).astype(int).tolist()

    def potential(self, step: int) -> float:
        """Of the postsynaptic neuron: what arrived in this step, unless it fires."""
        signal = self.populations["post"].get_data("v").segments[0].filter(name="v")[0]
        times = np.rint(signal.times.rescale("ms").magnitude).astype(int)
        return float(signal.rescale("mV").magnitude[times == step, 0][0])

    def close(self) -> None:
        self.platform.sim.end()


def every_combination_of_spikes_follows_the_rule(
    platform: PyNNPlatform, weight: float, rounds: int = 1, connector: Any = None
) -> None:
    """Pre, post and reinforcement fire in all eight combinations, so many times; the weight is read after each of them.

    A presynaptic spike must hand on the weight as it was before its own change.
    """
    events = [dict(zip(("pre", "post", "r"), fires, strict=True)) for fires in product((0, 1), repeat=3)] * rounds
    steps = [FIRST + APART * k for k in range(len(events))]
    fires = {
        name: [step for step, event in zip(steps, events, strict=True) if event[name]] for name in ("pre", "post", "r")
    }
    pair = Pair(platform, fires, weight, connector)
    try:
        assert pair.weight_now() == weight
        expected, handed_on = weight, {}
        for step, event in zip(steps, events, strict=True):
            handed_on[step + 1] = expected if event["pre"] else 0.0
            if event["pre"] and event["post"]:
                expected += ETA if event["r"] else -ETA
                expected = min(max(expected, -W_MAX), W_MAX)
            pair.run_until(step + APART // 2)
            assert abs(pair.weight_now() - expected) < 1e-9, event
        assert {name: pair.spikes(name) for name in fires} == fires
        found = {step: pair.potential(step) for step in handed_on}
        np.testing.assert_allclose(list(found.values()), list(handed_on.values()), rtol=0, atol=1e-9)
    finally:
        pair.close()


def spikes_that_do_not_coincide_change_nothing(platform: PyNNPlatform) -> None:
    """Post one or two steps after pre, as in a feed-forward pass, or before; with and without reinforcement."""
    offsets = (-2, -1, 1, 2)
    steps = [FIRST + APART * k for k in range(2 * len(offsets))]
    fires = {
        "pre": steps,
        "post": [step + offset for step, offset in zip(steps, offsets * 2, strict=True)],
        "r": sorted({step + k for step in steps[: len(offsets)] for k in (0, 1)}),
    }
    pair = Pair(platform, fires, weight=7.0)
    try:
        pair.run_until(steps[-1] + APART)
        assert {name: pair.spikes(name) for name in fires} == fires
        assert pair.weight_now() == 7.0
    finally:
        pair.close()


def weights_are_clipped_on_both_sides(platform: PyNNPlatform) -> None:
    """From one below the bound to the bound and no further, and back from there by eta."""
    steps = [FIRST + APART * k for k in range(4)]
    for sign, reinforced in ((1, steps[:3]), (-1, steps[3:])):
        pair = Pair(platform, {"pre": steps, "post": steps, "r": reinforced}, weight=sign * (W_MAX - 1))
        try:
            found = []
            for step in steps:
                pair.run_until(step + APART // 2)
                found.append(pair.weight_now())
            expected = [sign * W_MAX] * 3 + [sign * (W_MAX - ETA)]
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
        finally:
            pair.close()


def coincidences_in_a_row_add_up(platform: PyNNPlatform) -> None:
    """In six steps one after the other, reinforced in every second one and then in all: no memory from step to step.

    The weight that a spike hands on is that of all earlier steps but perhaps the last one, where a simulator
    postpones its changes by a step; the circuit never uses a weight one step after it has changed.
    """
    steps = list(range(FIRST, FIRST + 6))
    pair = Pair(platform, {"pre": steps, "post": steps, "r": [steps[0], steps[2], steps[4], steps[5]]}, weight=0.0)
    try:
        pair.run_until(steps[-1] + APART)
        assert abs(pair.weight_now() - 2 * ETA) < 1e-9
    finally:
        pair.close()


@dataclass(frozen=True)
class Kind:
    """A plastic synapse type beside others."""

    reinforcement: str
    eta: float
    w_max: float
    weight: float


KINDS = (
    Kind("r", 3.0, 39.0, 9.0),
    Kind("r", 2.0, 12.0, 10.0),
    Kind("s", 3.0, 39.0, -9.0),
    Kind("s", 5.0, 15.0, 0.0),
    Kind("r", 3.0, 39.0, -9.0),
)
"""Each differs from the first in one thing or two; the last one shares everything with it but the initial weight.
Whole numbers of steps lead to the bounds, which stock Lava asks for."""


def every_synapse_type_keeps_its_own(platform: PyNNPlatform, connector: bool = False) -> None:
    """Projections between the same two neurons, with other changes, bounds and reinforcement neurons each.

    Parameters
    ----------
    platform
        Where.
    connector
        Whether the synapses are made by PyNN's own connector.
    """
    # Reinforced by r, by s, by both, by neither; often enough that the bounds are met.
    steps = [FIRST + APART * k for k in range(16)]
    reinforced = {"r": [*steps[:6], *steps[8:10]], "s": [*steps[4:6], *steps[8:15]]}
    pair = Pair(platform, {"pre": steps, "post": steps, **reinforced}, weight=0.0, w_max=39.0)
    try:
        block, projections = pair.block, []
        for kind in KINDS:
            block = Block(slice(0, 1), slice(0, 1), True, kind.weight, pair.block.delay)
            synapse = pair.session.hebbian_synapse(
                pair.populations[kind.reinforcement],
                weight=kind.weight,
                delay=block.delay,
                eta=kind.eta,
                w_max=kind.w_max,
            )
            projections.append(
                platform.sim.Projection(
                    pair.populations["pre"],
                    pair.populations["post"],
                    platform.sim.AllToAllConnector(safe=False) if connector else pair.session.connector([block]),
                    synapse,
                    receptor_type="excitatory",
                )
            )
        expected, met = [kind.weight for kind in KINDS], set()
        for number, step in enumerate(steps):
            for k, kind in enumerate(KINDS):
                change = kind.eta if step in reinforced[kind.reinforcement] else -kind.eta
                met |= {(k, np.sign(change))} if abs(expected[k] + change) > kind.w_max else set()
                expected[k] = min(max(expected[k] + change, -kind.w_max), kind.w_max)
            if number % 2 == 0:  # a run takes long to start
                continue
            pair.run_until(step + APART // 2)
            pair.session.settle()
            found = [float(pair.session.read_weights(made, block)[0, 0]) for made in projections]
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9, err_msg=f"after step {step}")
        assert {(1, 1.0), (3, 1.0), (3, -1.0)} <= met, "the case must meet bounds of both signs"
        assert {name: pair.spikes(name) for name in reinforced} == reinforced
    finally:
        pair.close()


def a_change_that_differs_from_synapse_to_synapse_is_refused(platform: PyNNPlatform) -> None:
    """It belongs to the rule, which is one for a projection."""
    pair = Pair(platform, {"pre": [FIRST], "post": [FIRST], "r": [FIRST]}, weight=0.0)
    try:
        pre, post = (platform.sim.Population(2, platform.sim.IF_curr_delta()) for _ in range(2))
        for name in ("eta", "w_max"):
            values = np.array([[2.0, 4.0], [2.0, 4.0]])
            synapse = pair.session.hebbian_synapse(
                pair.populations["r"], weight=0.0, delay=pair.block.delay, **{name: values}
            )
            with pytest.raises(InputError, match=rf"(?s){name}.* must be (one number|the same) for all synapses"):
                platform.sim.Projection(
                    pre, post, platform.sim.AllToAllConnector(), synapse, receptor_type="excitatory"
                )
    finally:
        pair.close()
