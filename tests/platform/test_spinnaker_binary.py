"""The judge of the emulated arithmetic: the code that a SpiNNaker core runs, executed in an emulator of it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from hardware.spinnaker.engines.kernels import add, update
from hardware.spinnaker.translation.fixed_point import UNIT

pytestmark = [
    pytest.mark.skipif(find_spec("spynnaker") is None, reason="sPyNNaker is not installed, whose binary is the judge"),
    pytest.mark.skipif(find_spec("unicorn") is None, reason="unicorn is not installed, which executes the binary"),
]

STATES, ROWS = 20_000, 3_000
SLOTS = 1024


@pytest.fixture(scope="module")
def core():
    from spinnaker_binary import Core, read_binary

    spec = find_spec("spynnaker")
    return Core(read_binary(Path(spec.origin).parent / "pyNN" / "model_binaries" / "IF_curr_delta.aplx"))


def random_states(n, seed):
    """Half of them of cells as ours are, half with any words."""
    generator = np.random.default_rng(seed)
    words = {name: generator.integers(-(2**31), 2**31, n) for name in ("v", "rest", "reset", "threshold", "current")}
    words |= {name: generator.integers(0, 2**31, n) for name in ("excitation", "inhibition", "resistance", "decay")}
    words |= {"scale": generator.choice([UNIT, UNIT, 10 * UNIT, UNIT // 2], n)}
    words |= {"pause": generator.integers(-2, 4, n), "refractory": generator.integers(0, 5, n)}
    ours = np.arange(n) % 2 == 0
    words["resistance"][ours], words["decay"][ours], words["current"][ours] = UNIT, 0, 0
    for name in ("excitation", "inhibition"):
        words[name][ours] = generator.integers(0, 2**16, n)[ours] * UNIT
    words["rest"][ours] = generator.choice([0, -8192 * UNIT], n)[ours]
    words["threshold"][ours] = generator.integers(0, 10_000, n)[ours] * UNIT + UNIT // 2
    # At the threshold itself, and next to it.
    near = np.arange(n) % 10 == 0
    reached = words["excitation"] - words["inhibition"] + words["rest"]
    words["threshold"][near] = np.clip(reached + generator.integers(-1, 2, n), -(2**31), 2**31 - 1)[near]
    return words


def test_the_update_of_a_neuron_is_that_of_the_binary(core):
    words = random_states(STATES, seed=0)
    fired = 0
    for k in range(STATES):
        one = {name: int(column[k]) for name, column in words.items()}
        expected = core.update(one, one["excitation"], one["inhibition"], one["threshold"], one["scale"])
        names = (
            "excitation",
            "inhibition",
            "v",
            "pause",
            "threshold",
            "rest",
            "reset",
            "current",
            "resistance",
            "decay",
        )
        found = update(*(one[name] for name in names), one["refractory"], one["scale"])
        assert tuple(map(int, found)) == tuple(map(int, expected)), one
        fired += expected[2]
    assert STATES // 10 < fired < STATES - STATES // 10


def test_the_ring_buffers_are_those_of_the_binary(core):
    generator, full = np.random.default_rng(1), 0
    for _ in range(ROWS):
        ring = generator.integers(0, 2**16, SLOTS, dtype=np.uint16)
        places, weights = (
            generator.integers(0, SLOTS, 64),
            generator.integers(0, 2**16, 64) >> generator.integers(0, 16),
        )
        step = int(generator.integers(0, SLOTS))
        held, saturated = core.add_row(ring, weights << 16 | places, step, SLOTS - 1)
        ours, ours_full = ring.astype(np.int64), 0
        for place, weight in zip((places + step) % SLOTS, weights, strict=True):
            ours[place], over = add(int(ours[place]), int(weight))
            ours_full += over
        np.testing.assert_array_equal(held, ours)
        assert saturated == ours_full
        full += saturated
    assert full > ROWS
