"""Networks in the integers of a Loihi chip, made by hand: pieces with values that fit, of which a test names some."""

from __future__ import annotations

from typing import Any

import numpy as np

from hardware.lava.translation.network import Compartments, DiscreteNetwork, Synapses


def ints(*values: int) -> np.ndarray:
    """An array of integers, also of none."""
    return np.array(values, np.int64)


def cells(size: int = 4, first: int = 0, label: str = "cells", **changes: Any) -> Compartments:
    """Compartments without memory and without a bias; a number stands for an array of it."""
    values: dict[str, Any] = {"threshold": 100, "bias_mantissa": 0, "bias_exponent": 0, "du": 4095, "dv": 4096}
    values |= changes
    arrays = ("threshold", "bias_mantissa", "bias_exponent")
    values |= {name: np.full(size, values[name]) for name in arrays if np.ndim(values[name]) == 0}
    return Compartments(label, first, size, **values)


def connected(pre: Any, post: Any, weight: Any = 2, delay: Any = 0, **changes: Any) -> Synapses:
    """Synapses from compartments (or, if `from_input`, from inputs) to compartments, arrays or one number for all."""
    pre, post, weight, delay = (np.array(each) for each in np.broadcast_arrays(pre, post, weight, delay))
    values: dict[str, Any] = {"label": "projection", "from_input": False, "exponent": 0, **changes}
    return Synapses(pre=pre, post=post, weight=weight, delay=delay, **values)


def of_cells(size: int, *synapses: Synapses, n_inputs: int | None = None, **changes: Any) -> DiscreteNetwork:
    """One group of compartments, synapses, and as many inputs unless it is said."""
    return DiscreteNetwork(size if n_inputs is None else n_inputs, (cells(size, **changes),), synapses)
