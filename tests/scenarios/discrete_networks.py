"""Random networks in the integers of a Loihi chip, with everything an engine must know, and a way to try engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hardware.lava.translation.network import Compartments, DiscreteNetwork, Rule, Synapses

from .loihi import cells

GROUPS = ((4095, 4096, 12), (600, 300, 9), (4095, 128, 1), (0, 4096, 8))
"""Decays of current and voltage, and size: no memory, memory of both, of the voltage, of the current."""

N_INPUTS = 11
BLOCKS = (((0, 8), (12, 18)), ((12, 18), (0, 8)), ((0, 5), (9, 12)))
"""First and last sources and targets of the plastic synapses; the sources of the last block are inputs."""

REINFORCEMENT = 21


def random_network(seed: int, stock: bool = True) -> DiscreteNetwork:
    """Groups of all kinds; synapses of both signs, several between the same neurons, with delays; and plastic ones.

    Parameters
    ----------
    seed
        Of the generator.
    stock
        Whether stock Lava must be able to run it: plastic synapses in whole blocks, that meet their bounds.
    """
    generator = np.random.default_rng(seed)
    groups, first = [], 0
    for number, (du, dv, size) in enumerate(GROUPS):
        groups.append(
            cells(
                size,
                first,
                f"group {number}",
                du=du,
                dv=dv,
                threshold=generator.integers(100, 600, size),
                bias_mantissa=generator.integers(-20, 400, size),
                bias_exponent=generator.integers(0, 6, size),
            )
        )
        first += size
    static = [_static(generator, number, groups) for number in range(4)]
    return DiscreteNetwork(N_INPUTS, tuple(groups), (*static, *_plastic(generator, stock)))


def _static(generator: np.random.Generator, number: int, groups: list[Compartments]) -> Synapses:
    """From inputs to everywhere, or from one group to another."""
    from_input, count = number % 2 == 0, 60
    low, high, step = ((0, 255, 1), (-127, 127, 2), (-127, 127, 2), (-255, 0, 1))[number]
    pre, post = (groups[k] for k in generator.integers(0, len(groups), 2))
    n = groups[-1].first + groups[-1].size
    return Synapses(
        label=f"static {number}",
        from_input=from_input,
        pre=generator.integers(0, N_INPUTS, count)
        if from_input
        else pre.first + generator.integers(0, pre.size, count),
        post=generator.integers(0, n, count) if from_input else post.first + generator.integers(0, post.size, count),
        weight=step * generator.integers(low, high, count, endpoint=True),
        exponent=int(generator.integers(-1, 3)) if step == 2 else int(generator.integers(0, 2)),
        delay=generator.integers(0, 6, count) * generator.integers(0, 2, count),
    )


def _plastic(generator: np.random.Generator, stock: bool) -> list[Synapses]:
    made = []
    for number, (pre, post) in enumerate(BLOCKS):
        sources, targets = np.arange(*pre), np.arange(*post)
        first, second = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        keep = np.arange(len(first)) if stock else generator.integers(0, len(first), 40)
        eta = (2, 6, 2)[number] if stock else int(generator.integers(1, 9)) * 2
        w_max = (254, 246, 40)[number]
        weight = w_max - eta * generator.integers(0, 2 * w_max // eta, len(keep), endpoint=True)
        made.append(
            Synapses(
                label=f"plastic {number}",
                from_input=number == 2,
                pre=first[keep],
                post=second[keep],
                weight=weight,
                exponent=number % 2,
                delay=np.zeros(len(keep), int) if stock else generator.integers(0, 3, len(keep)),
                rule=Rule(REINFORCEMENT + number % 2, eta, w_max),
            )
        )
    return made


@dataclass
class Outcome:
    """Everything that an engine hands out, in the order in which it was asked for."""

    spikes: list[np.ndarray] = field(default_factory=list)
    potentials: list[np.ndarray] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)


def try_engine(engine: Any, network: DiscreteNetwork, seed: int, runs: tuple[int, ...], change: bool = True) -> Outcome:
    """Run an engine on random input for several runs, changing all that can be changed between them."""
    generator, outcome, now = np.random.default_rng(seed), Outcome(), 0
    fires = generator.random((sum(runs) + 1, network.n_inputs)) < 0.2
    steps, inputs = np.nonzero(fires)
    for number, length in enumerate(runs):
        order = generator.permutation(len(steps))
        ahead = order[steps[order] > now]
        engine.set_spikes(steps[ahead], inputs[ahead])
        if change and number:
            _change(engine, network, generator, number)
        engine.run(length)
        now += length
        outcome.spikes.append(np.column_stack(engine.take_spikes()))
        first, values = engine.take_potentials()
        assert first == now - length + 1
        assert len(values) == length
        outcome.potentials.append(values)
        outcome.weights.extend(engine.weights(k) for k in range(len(network.synapses)))
    return outcome


def _change(engine: Any, network: DiscreteNetwork, generator: np.random.Generator, number: int) -> None:
    group = network.compartments[number % len(network.compartments)]
    for name, low, high in (
        ("threshold", 100, 600),
        ("bias_mantissa", -20, 400),
        ("bias_exponent", 0, 6),
        ("v", -500, 500),
        ("u", -500, 500),
    ):
        engine.set_compartments(number % len(network.compartments), name, generator.integers(low, high, group.size))
    places = generator.permutation(network.compartments[0].size)[:3]
    engine.set_compartments(0, "threshold", generator.integers(100, 600, 3), places)
    for index, synapses in enumerate(network.synapses):
        engine.set_weights(index, generator.permutation(engine.weights(index)))
        assert len(synapses.weight)


def assert_same(first: Outcome, second: Outcome) -> None:
    """Every spike, every potential and every weight equal, and enough of each for this to mean something."""
    assert sum(map(len, first.spikes)) > 50
    for name in ("spikes", "potentials", "weights"):
        pairs = list(zip(getattr(first, name), getattr(second, name), strict=True))
        for number, (a, b) in enumerate(pairs):
            np.testing.assert_array_equal(a, b, err_msg=f"{name} {number}")
