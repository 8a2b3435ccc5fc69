r"""How well two rotating gates mix: the quality of rank-1 lattices, and the choice of their steps.

In cycle c the rotating gate of population p lifts a neuron by the level :math:`(s + a_p c) \bmod N`, where the start s
differs between neurons.  A value of m/N makes the neuron fire when its level is below m.  Two neurons of populations a
and b, with constant values m/N and n/N, therefore fire together in a share of the N cycles that is near
:math:`mn/N^2`, and it is this share that the Hebbian synapse between them learns from.  With the Fourier series of the
indicator functions, the mean square of the difference, over all starts and all m and n from 0 to N - 1, is exactly

.. math::

    Q(a, b) = \sum_{h, k = 1}^{N - 1} [\, a h + b k \equiv 0 \bmod N \,] \; w_h w_k , \qquad
    w_h = \frac{1}{2 N^2 \sin^2(\pi h / N)} ,

a discrete relative of the diaphony and of Korobov's :math:`P_2` of the lattice with generator (a, b).  The smaller, the
better.  Independent random levels give :math:`(\overline{p} - \overline{p^2}) / N` with p = mn/N^2, about 0.14 / N: at
N = 32 that is 0.0043, and the best lattice has 0.0003.
"""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np


@functools.lru_cache
def _by_ratio(n: int) -> np.ndarray:
    """Q(1, b) for b from 0 to n - 1."""
    h = np.arange(1, n)
    weight = 1.0 / (2 * n**2 * np.sin(np.pi * h / n) ** 2)
    quality = np.zeros(n)
    for b in range(n):
        partner = (-b * h) % n  # the h of the first coordinate for each k of the second
        inside = partner > 0
        quality[b] = (weight[inside] * weight[partner[inside] - 1]).sum()
    return quality


def quality(a: int, b: int, n: int) -> float:
    """Mean square error Q of the share of cycles in which two neurons fire together.

    Parameters
    ----------
    a, b
        Steps of the two gates; neither has a common divisor with `n`, else a neuron would miss some levels.
    n
        Number of levels.
    """
    return float(_by_ratio(n)[(b * pow(a, -1, n)) % n]) if n > 1 else 0.0


@functools.lru_cache
def best_steps(n: int, count: int) -> tuple[int, ...]:
    """Steps for `count` populations: the smallest largest Q of all pairs, then the smallest sum of Q.

    The first step is 1, which is no restriction, since only ratios of steps matter; all have no common divisor with
    `n`, so that every neuron passes through every level.  Among equals the first in lexical order is taken.
    """
    if n == 1:
        return (0,) * count
    units = [a for a in range(1, n) if math.gcd(a, n) == 1]
    table = _by_ratio(n)
    inverse = {a: pow(a, -1, n) for a in units}
    chosen: tuple[tuple[float, float], tuple[int, ...]] | None = None
    for rest in itertools.combinations_with_replacement(units, count - 1):
        steps = (1, *rest)
        values = [table[(b * inverse[a]) % n] for a, b in itertools.combinations(steps, 2)]
        score = (round(max(values, default=0.0), 12), round(sum(values), 12))
        if chosen is None or score < chosen[0]:
            chosen = (score, steps)
    assert chosen is not None
    return chosen[1]
