"""One neuron for a unit, which fires or does not (Renner et al. 2024)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..checks import check_choice
from ..data.datasets import encode
from .code import Code

ALIVE, PAPER = "alive", "paper"
INITIALISATIONS = (ALIVE, PAPER)
INITIAL_LIMIT = 240
ALIVE_DRIVE = 4
"""Mean of the shifted initial weights, in theta / n_pre.  About a sixth of the neurons below fires at first, so that
the mean initial drive of an output is 2/3 theta; of 0, 4, 8, 12, 16 it gave the best digits accuracy (seeds 0 to 9)."""


@dataclass(frozen=True)
class Binary(Code):
    """One neuron for a unit; its level is always 0."""

    kind: ClassVar[str] = "binary"
    n: int = field(default=1, init=False)

    @property
    def name(self) -> str:
        """See :attr:`.Code.name`."""
        return "binary"

    def arguments(self) -> dict[str, Any]:
        """See :meth:`.Code.arguments`."""
        return {}

    def strengths(self, inputs: int = 0) -> dict[str, int]:
        """The published ones."""
        return {}

    def unit_copy(self, copy: int, quantum: int) -> int:
        """See :meth:`.Code.unit_copy`."""
        return copy

    def levels(self, population: str, units: int, cycles: np.ndarray) -> np.ndarray:
        """All 0."""
        return np.zeros((len(cycles), units), np.int32)

    def counts(self, fired: np.ndarray) -> np.ndarray:
        """What is given: a unit is its neuron."""
        return np.asarray(fired)

    def inputs(self, values: np.ndarray, levels: int) -> np.ndarray:
        """One neuron for each value and level, see :func:`pynn_backprop.datasets.encode`."""
        return encode(values, levels)

    def initial_weights(
        self,
        units: tuple[int, ...],
        seed: int,
        how: str,
        theta: int,
        w_max: int,
        input_mean: float | np.ndarray | None = None,
    ) -> list[np.ndarray]:
        r"""Normally distributed weights.

        ``paper``: with standard deviation :math:`\theta\sqrt{2/(n_{in}+n_{out})}`, clipped to :math:`\pm 240` and
        rounded to even integers (Renner et al. 2024).  ``alive``: the same, but the mean of the last matrix is
        :math:`4\theta/n_{pre}` instead of 0.  An output neuron whose drive is not positive for the samples of its class
        has no derivative there, never fires and so never learns; the shift avoids such dead outputs.
        """
        check_choice("the initialisation", how, INITIALISATIONS)
        limit = min(INITIAL_LIMIT, w_max // 2 * 2)
        generator = np.random.default_rng(seed)
        matrices = []
        for k in range(1, len(units)):
            n_pre, n_post = units[k - 1], units[k]
            values = generator.normal(0.0, theta * np.sqrt(2 / (n_pre + n_post)), (n_pre, n_post))
            if how == ALIVE and k == len(units) - 1:
                values += min(ALIVE_DRIVE * theta / n_pre, limit / 2)
            matrices.append((2 * np.rint(np.clip(values, -limit, limit) / 2)).astype(np.int64))
        return matrices
