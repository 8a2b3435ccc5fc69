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


@pytest.mark.parametrize(("n", "count"), [(2, 4), (5, 3), (5, 4), (8, 3), (9, 4), (16, 3), (12, 2)])
def test_the_best_steps_have_the_smallest_largest_error_then_the_smallest_sum(n, count):
    """Of all steps that begin with 1 and don't fall; among equals the first in lexical order."""
    units = [a for a in range(1, n) if math.gcd(a, n) == 1]

    def errors(steps: tuple[int, ...]) -> tuple[float, float]:
        values = [quality(a, b, n) for a, b in itertools.combinations(steps, 2)]
        return round(max(values), 12), round(sum(values), 12)

    every = [(1, *rest) for rest in itertools.combinations_with_replacement(units, count - 1)]
    assert best_steps(n, count) == min(every, key=lambda steps: (errors(steps), steps))


def test_steps_with_the_same_largest_error_are_told_apart_by_the_sum():
    """With four populations and n = 5 two of them must share a step; (1, 1, 1, 1) is as bad at worst, not in sum."""
    assert best_steps(5, 4) == (1, 1, 2, 2)
    assert best_steps(8, 4) == (1, 1, 3, 3)


def test_the_steps_for_32_levels_are_those_of_the_documentation():
    steps = best_steps(32, 4)
    assert steps == (1, 7, 9, 15)
    values = [quality(a, b, 32) for a, b in itertools.combinations(steps, 2)]
    assert 2.9e-4 < min(values) <= max(values) < 4.9e-4
    assert quality(1, 1, 32) == pytest.approx(5.6e-3, rel=0.02)


def test_one_population_or_one_level_needs_no_choice():
    assert best_steps(8, 1) == (1,)
    assert best_steps(1, 4) == (0, 0, 0, 0)
    assert quality(0, 0, 1) == 0
