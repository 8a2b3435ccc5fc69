"""The resolution that suits a network, if none is given: how many mV one unit of weights and thresholds is.

A finer resolution holds everything better, and a coarser one leaves more room: v has 24 bits, a threshold 17, a weight
8 and an exponent of up to 7, a bias 13 and an exponent of up to 7.  So the resolution is the finest
power of two (which holds whole numbers and binary fractions of mV exactly) with which

- v can reach :data:`HEADROOM` times the way from the reset potential to the threshold, to V_rest and to its start,
- the largest weight and the largest bias can be had.

A network of memoryless cells that whole numbers hold exactly has 1 mV, so that nothing is finer than it must be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .alpha import alpha_scale
from .biases import LARGEST
from .decays import response
from .ranges import EXCITATORY, FINER, THRESHOLD, UNITY, WEIGHT_EXPONENT
from .receptors import ALPHA, DELTA, RECEPTORS
from .sources import is_source

HEADROOM = 4
"""How far v can go, in ways from the reset potential to the threshold: inhibition needs some of it."""

LARGEST_WEIGHT = (EXCITATORY.weights.high - 1) << WEIGHT_EXPONENT.high
"""In units of the resolution, of either sign."""

WHOLE = 1.0


def best_resolution(
    populations: Sequence[Any], projections: Sequence[Any], current_sources: Sequence[Any], timestep: float
) -> float:
    """The resolution for a network, in mV: a power of two.

    Parameters
    ----------
    populations, projections, current_sources
        Of this backend, all of them.
    timestep
        In ms.
    """
    cells = [p for p in populations if not is_source(p)]
    needed = [_of_potentials(p) for p in cells] + [_of_weights(p, timestep) for p in projections]
    needed += [_of_currents(p, current_sources, timestep) for p in cells]
    least = max(needed, default=0.0)
    if not math.isfinite(least) or least <= 0:
        return WHOLE
    finest = 2.0 ** math.ceil(math.log2(least))
    if finest < WHOLE and all(_forgets(p, timestep) for p in cells):
        return _coarsest_exact(projections, finest)
    return finest


def _forgets(population: Any, timestep: float) -> bool:
    tau = population.parameters["tau_m"].astype(float)
    return population.celltype.current_shape == DELTA and bool((np.exp(-timestep / tau) < 1 / (2 * UNITY)).all())


def _coarsest_exact(projections: Sequence[Any], finest: float) -> float:
    resolution = WHOLE
    while resolution > finest and any((p.attributes["weight"] % resolution).any() for p in projections):
        resolution /= 2
    return resolution


def _of_potentials(population: Any) -> float:
    p = {name: values.astype(float) for name, values in population.parameters.items()}
    ways = [p["v_thresh"] - p["v_reset"], p["v_rest"] - p["v_reset"]]
    starts = population.initial_values.get("v")
    if starts is not None:
        ways.append(np.ravel(starts.evaluate(simplify=False)).astype(float) - p["v_reset"])
    longest = max(_largest(way) for way in ways)
    return HEADROOM * longest / THRESHOLD.high


def _largest(values: np.ndarray) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0))


def _of_weights(projection: Any, timestep: float) -> float:
    weight = _largest(projection.attributes["weight"])
    weight = max(weight, float(projection.attributes.get("w_max", 0.0)))
    return (
        weight
        * max((_scale(p, projection.receptor_type, timestep) for p in projection.targets), default=0.0)
        / (LARGEST_WEIGHT)
    )


def _scale(population: Any, receptor: str, timestep: float) -> float:
    """How many mV a weight of 1 adds at most in a step."""
    shape = getattr(population.celltype, "current_shape", DELTA)
    if shape == DELTA:
        return 1.0
    p, end = {name: values.astype(float) for name, values in population.parameters.items()}, RECEPTORS[receptor]
    tau = p[f"tau_syn_{end}"]
    if shape == ALPHA:
        lost = -UNITY * np.expm1(-timestep / tau)
        scale = alpha_scale(p["tau_m"], tau, p["cm"], lost, timestep)
    else:
        scale = response(p["tau_m"], tau, p["cm"], timestep)
    if f"e_rev_{end}" in p:
        scale = scale * np.abs(p[f"e_rev_{end}"] - p["v_rest"])
    return _largest(scale)


def _of_currents(population: Any, current_sources: Sequence[Any], timestep: float) -> float:
    p = {name: values.astype(float) for name, values in population.parameters.items()}
    current = np.abs(p["i_offset"])
    for source in current_sources:
        mine = [int(cell) - int(population.ids[0]) for cell in source.cell_list if cell.parent is population]
        current[mine] += source.largest
    lost = -np.expm1(-timestep / p["tau_m"])
    with np.errstate(invalid="ignore"):
        driven = np.where(np.isinf(p["tau_m"]), timestep / p["cm"], lost * p["tau_m"] / p["cm"])
    return _largest(lost * np.abs(p["v_rest"] - p["v_reset"]) + driven * current) * FINER / LARGEST
