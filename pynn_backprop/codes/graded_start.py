r"""Weights between units that start every unit in the middle of its box.

Why not simply random: the derivative of the clipped ReLU is 0 outside its box, so a unit whose drive is not inside for
some sample can't learn from it.  Two ways for training to fail from the beginning were found with XOR: the output's
drive is at or below 0 for a sample whose target is 1 (or above theta for one whose target is 0), and *all* hidden units
have negative drives for all samples.  Both are avoided if every unit starts in the *middle* of its box:

- the last input unit is a bias unit, whose value is always 1; its weight to hidden unit j is
  :math:`1/2 - \sum_i \bar x_i U_{ij}`, so that the mean input drives every hidden unit with 1/2;
- the last unit of every hidden layer hands the bias on: it is driven by the bias unit below it alone, with 0.9 (inside
  its box, so it can learn), and its weight to unit k of the next layer makes that unit's drive 1/2 where all others
  are at 1/2.  The other weights of the last matrix are small (0.02): with 0.1 an XOR pattern began near 1 and left the
  box in 2 of 220 seeds, with 0.02 in none.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..errors import InputError

HANDED_ON = 0.9
MIDDLE = 0.5
SPREAD = (1.0, 0.02)
"""Standard deviation of the weights of the last matrix, and before it of all others times the root of the number of
units that they come from."""


def middle_weights(
    units: tuple[int, ...],
    seed: int,
    input_mean: float | np.ndarray | None = None,
    spread: tuple[float, float] = SPREAD,
    bound: float = np.inf,
) -> list[np.ndarray]:
    """Random weights between units, float of shape (n_pre, n_post) each.

    Parameters
    ----------
    units
        Units of the layers, the bias units included: (n_in, n_hidden, ..., n_out), or (n_in, n_out), whose weights are
        all the same and drive the outputs with 1/2.
    seed
        Seed of numpy's default generator.
    input_mean
        Mean value of all inputs, or of each but the bias unit, shape (n_in - 1,); 1/2 if None.
    spread
        See :data:`SPREAD`.
    bound
        The largest weight that two units can have.  Where the bias unit's would be larger, all units of the layer
        share in what it is to bring, in proportion to their mean values, and no unit hands the bias on.

    Raises
    ------
    InputError
        If there is no room for a bias unit and another one in the input and every hidden layer, or all inputs are 0.
    """
    mean = np.asarray(MIDDLE if input_mean is None else input_mean, dtype=float)
    mean = np.append(mean, 1.0) if mean.ndim else np.full(units[0], mean)
    if len(units) == 2:
        total = np.mean(mean) * units[0]
        if total <= 0:
            raise InputError(f"input_mean is {input_mean} but must not be 0 for all inputs")
        return [np.full(units, MIDDLE / total)]
    if min(units[:-1]) < 2:
        raise InputError(f"units are {units} but need a bias unit besides another one in the input and hidden layers")
    generator = np.random.default_rng(seed)
    matrices: list[np.ndarray] = []
    bias = 1.0
    for shape in pairwise(units[:-1]):
        hidden = generator.normal(0.0, spread[0] / np.sqrt(shape[0] - 1), shape)
        hidden[-1] = (MIDDLE - (MIDDLE * hidden[:-1].sum(axis=0) if matrices else mean[:-1] @ hidden[:-1])) / bias
        hidden[:, -1] = 0.0
        hidden[-1, -1] = HANDED_ON / bias
        matrices.append(hidden)
        bias = HANDED_ON
    last = generator.normal(0.0, spread[1], units[-2:])
    last[-1] = (MIDDLE - MIDDLE * last[:-1].sum(axis=0)) / HANDED_ON
    if max(np.abs(matrix[-1]).max() for matrix in (*matrices, last)) > bound:
        return _shared(units, np.random.default_rng(seed), mean, spread)
    return [*matrices, last]


def _shared(
    units: tuple[int, ...], generator: np.random.Generator, mean: np.ndarray, spread: tuple[float, float]
) -> list[np.ndarray]:
    """Random weights, and to each the least that brings the mean drive of its target to the middle."""
    matrices: list[np.ndarray] = []
    for shape in pairwise(units):
        deviation = spread[1] if len(matrices) == len(units) - 2 else spread[0] / np.sqrt(shape[0])
        matrix = generator.normal(0.0, deviation, shape)
        matrices.append(matrix + np.outer(mean / (mean @ mean), MIDDLE - mean @ matrix))
        mean = np.full(shape[1], MIDDLE)
    return matrices


def with_bias(values: np.ndarray) -> np.ndarray:
    """`values` of shape (n, n_in) with one more column, the bias unit, whose value is always 1."""
    return np.concatenate([values, np.ones((len(values), 1))], axis=1)
