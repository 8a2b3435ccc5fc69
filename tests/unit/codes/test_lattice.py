"""The quality of two rotating gates, by brute force, and the choice of steps."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from pynn_backprop.codes.lattice import best_steps, quality


def by_brute_force(a: int, b: int, n: int) -> float:
    """Mean square of (share of cycles in which both fire - m k / n^2), over both starts and all values m, k."""
    c = np.arange(n)
    one = (np.arange(n)[:, None] + a * c) % n
    other = (np.arange(n)[:, None] + b * c) % n
    values = np.arange(n)
    fires_one = (one[:, None] < values[:, None]).astype(float)
    fires_other = (other[:, None] < values[:, None]).astype(float)
    together = np.einsum("smc,tkc->smtk", fires_one, fires_other) / n
    return float(np.mean((together - (values[:, None, None] * values / n**2)) ** 2))


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_the_quality_is_the_mean_square_error_of_coincidences(n):
    for a, b in itertools.product(range(1, n), repeat=2):
        if math.gcd(a, n) == math.gcd(b, n) == 1:
            assert quality(a, b, n) == pytest.approx(by_brute_force(a, b, n), abs=1e-12)


@pytest.mark.parametrize("n", [5, 8, 9])
def test_the_best_steps_are_the_best_of_all(n):
    units = [a for a in range(1, n) if math.gcd(a, n) == 1]

    def worst(steps: tuple[int, ...]) -> float:
        return max(quality(a, b, n) for a, b in itertools.combinations(steps, 2))

    assert worst(best_steps(n, 3)) == pytest.approx(min(map(worst, itertools.product(units, repeat=3))))


def test_the_steps_for_32_levels_are_those_of_the_documentation():
    steps = best_steps(32, 4)
    assert steps == (1, 7, 9, 15)
    values = [quality(a, b, 32) for a, b in itertools.combinations(steps, 2)]
    assert 2.9e-4 < min(values) <= max(values) < 4.9e-4
    assert quality(1, 1, 32) == pytest.approx(5.6e-3, rel=0.02)


def test_one_level_needs_no_step():
    assert best_steps(1, 4) == (0, 0, 0, 0)
    assert quality(0, 0, 1) == 0
