"""Spike sources that are drawn on the host, step by step: Poisson, Poisson with dead time, and gamma processes.

Each population draws from PyNN's NumpyRNG with a seed of its own, which follows from the ``rng_seed`` of ``setup`` and
the place of its first neuron: the same seed gives the same spikes, in however many runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pyNN.random import NumpyRNG

from pynn_backprop.errors import InputError

from ..integers import Grid

AT_ONCE = 2**20
"""Random numbers that are drawn at once at most."""

SPACING = 7919
"""Between the seeds of populations; a prime, so that neighbouring seeds of setup() share no population's seed soon."""


def seed_of(seed: int, first: int) -> int:
    """The seed of a population whose first neuron has this ID."""
    return (seed + SPACING * (first + 1)) % 2**32


class Poisson:
    """Neurons that fire in each step with the probability rate x timestep; two spikes in one step can't be.

    Parameters
    ----------
    population
        Of SpikeSourcePoisson.
    seed
        Of :func:`seed_of`.
    """

    def __init__(self, population: Any, seed: int) -> None:
        self._population, self._rng = population, NumpyRNG(seed=seed)

    def draw(self, step: int, n_steps: int, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
        """The spikes of steps ``step + 1`` to ``step + n_steps``: steps and neurons, int (n_spikes,) each."""
        p, size = self._population.parameters, self._population.size
        chance = p["rate"] * grid.timestep / 1000.0
        if (chance > 1).any() or (chance < 0).any():
            raise InputError(
                f"rate of {self._population.label!r} is {p['rate'].max():g} Hz, but must be from 0 to "
                f"{1000 / grid.timestep:g} Hz: a source fires once in a step at most"
            )
        steps, neurons = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        at_once = max(1, AT_ONCE // size)
        for begin in range(0, n_steps, at_once):
            count = min(at_once, n_steps - begin)
            uniform = np.reshape(self._rng.next(count * size, "uniform", {"low": 0.0, "high": 1.0}), (count, size))
            row, neuron = np.nonzero(uniform < chance)
            steps.append(step + 1 + begin + row)
            neurons.append(neuron)
        return _within(np.concatenate(steps), np.concatenate(neurons), p, grid)


class Renewal:
    """Neurons whose intervals are drawn one after the other, each from a generator of its own."""

    def __init__(self, population: Any, seed: int, intervals: Callable[[NumpyRNG, dict[str, float], int], Any]) -> None:
        self._population, self._intervals = population, intervals
        self._rng = [NumpyRNG(seed=(seed + k) % 2**32) for k in range(population.size)]
        self._next = [float("nan")] * population.size

    def draw(self, step: int, n_steps: int, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
        """The spikes of steps ``step + 1`` to ``step + n_steps``: steps and neurons, int (n_spikes,) each."""
        steps, neurons = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        end = (step + n_steps) * grid.timestep
        for neuron in range(self._population.size):
            p = {name: float(values[neuron]) for name, values in self._population.parameters.items()}
            times, time = [], self._next[neuron]
            if np.isnan(time):
                time = p["start"] + self._interval(neuron, p)
            while time <= end + grid.timestep / 2:
                times.append(time)
                time += self._interval(neuron, p)
            self._next[neuron] = time
            # In one step a source fires once at most.
            fired = np.unique(np.rint(np.array(times) / grid.timestep).astype(np.int64))
            fired = fired[(fired > step) & (fired <= step + n_steps)]
            steps.append(fired)
            neurons.append(np.full(len(fired), neuron))
        return _within(np.concatenate(steps), np.concatenate(neurons), self._population.parameters, grid)

    def _interval(self, neuron: int, p: dict[str, float]) -> float:
        return float(self._intervals(self._rng[neuron], p, 1)[0])


def _gamma(rng: NumpyRNG, p: dict[str, float], n: int) -> Any:
    if p["beta"] <= 0:
        return [float("inf")] * n
    return rng.next(n, "gamma", {"k": p["alpha"], "theta": 1000.0 / p["beta"]})


def _refractory(rng: NumpyRNG, p: dict[str, float], n: int) -> Any:
    if p["rate"] <= 0:
        return [float("inf")] * n
    mean = 1000.0 / p["rate"] - p["tau_refrac"]
    if mean <= 0:
        raise InputError(
            f"rate of SpikeSourcePoissonRefractory is {p['rate']:g} Hz, but with a dead time of {p['tau_refrac']:g} ms "
            f"it must be below {1000 / p['tau_refrac']:g} Hz"
        )
    return p["tau_refrac"] + rng.next(n, "exponential", {"beta": mean})


def drawn(population: Any, seed: int) -> Poisson | Renewal | None:
    """What draws the spikes of a population; None if it is no such source."""
    names = set(population.celltype.default_parameters)
    if "beta" in names:
        return Renewal(population, seed_of(seed, int(population.ids[0])), _gamma)
    if {"rate", "tau_refrac"} <= names:
        return Renewal(population, seed_of(seed, int(population.ids[0])), _refractory)
    if "rate" in names:
        return Poisson(population, seed_of(seed, int(population.ids[0])))
    return None


def _within(
    steps: np.ndarray, neurons: np.ndarray, p: dict[str, np.ndarray], grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Those spikes that lie between start and start + duration."""
    times = steps * grid.timestep
    start, stop = p["start"][neurons], (p["start"] + p["duration"])[neurons]
    inside = (times > start - grid.timestep / 2) & (times < stop + grid.timestep / 2)
    return steps[inside], neurons[inside]
