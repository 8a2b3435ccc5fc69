"""Current sources: on the chip a bias that the host changes between steps.

The current in step k, which lasts from (k - 1) to k timesteps, is that of its beginning, as PyNN's other simulators
have it: a source that starts at t is seen by the potential one timestep later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from pyNN.parameters import ParameterSpace, Sequence
from pyNN.random import NumpyRNG
from pyNN.standardmodels import StandardCurrentSource, build_translations, electrodes

from pynn_backprop.errors import InputError

from ..simulator import state

DEVIATIONS = 6
"""As far from its mean a noisy current is expected to go, in standard deviations."""

ONCE = 1e-9
"""Difference of two times in ms below which they are the same."""


class CurrentSource(StandardCurrentSource):
    """What all of them have in common."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**parameters)
        self.cell_list: list[Any] = []
        self._native: dict[str, Any] = {}
        self._is_recorded = False
        self._amplitudes: list[np.ndarray] = []
        self._until = 0
        space = ParameterSpace(self.default_parameters, self.get_schema(), shape=(1,))
        space.update(**parameters)
        self.set_native_parameters(self.translate(space))

    def get_native_parameters(self) -> ParameterSpace:
        """The parameters as they are kept."""
        return ParameterSpace(dict(self._native))

    def set_native_parameters(self, parameters: ParameterSpace) -> None:
        """Take new parameters; they act from the present time on."""
        parameters.evaluate(simplify=True)
        new = {name: value.value if isinstance(value, Sequence) else value for name, value in parameters.items()}
        self._native.update(self.checked({**self._native, **new}))

    def checked(self, values: dict[str, Any]) -> dict[str, Any]:
        """The parameters, as this source wants them."""
        for name, value in values.items():
            if np.isnan(value).any():
                raise InputError(f"{name} of {type(self).__name__} is {value} but must be a number")
        return values

    def inject_into(self, cells: Iterable[Any]) -> None:
        """Inject the current into cells: a population, a view, an assembly, or a list of cells."""
        cells = list(cells)
        for cell in cells:
            if not cell.celltype.injectable:
                raise TypeError("Can't inject current into a spike source.")
        self.cell_list.extend(cells)
        state.add_current_source(self)

    def record(self) -> None:
        """Keep the current of every step, for :meth:`get_data`."""
        self._is_recorded = True
        state.add_current_source(self)

    def amplitudes_at(self, times: np.ndarray) -> np.ndarray:
        """The current in nA at these times in ms, which follow each other by a timestep."""
        raise NotImplementedError

    @property
    def largest(self) -> float:
        """The largest magnitude that the current can be expected to have, in nA."""
        raise NotImplementedError

    def during(self, step: int, n_steps: int) -> np.ndarray:
        """The current in nA in steps ``step + 1`` to ``step + n_steps``."""
        amplitudes = self.amplitudes_at(state.dt * np.arange(step, step + n_steps))
        if self._is_recorded:
            self._amplitudes.append(amplitudes)
        return amplitudes

    def forget(self) -> None:
        """Begin anew; called by ``reset``."""
        self._amplitudes = []

    def _get_data(self) -> tuple[np.ndarray, np.ndarray]:
        known = np.concatenate([np.zeros(0), *self._amplitudes])
        last = self.amplitudes_at(np.array([state.dt * len(known)]))
        amplitudes = np.append(known, last)
        return state.dt * np.arange(len(amplitudes)), amplitudes

    def _between(self, times: np.ndarray) -> np.ndarray:
        """Which times lie within start and stop."""
        return np.asarray((times > self._native["start"] - ONCE) & (times < self._native["stop"] - ONCE))


_TIMES = (("start", "start"), ("stop", "stop"))


class DCSource(CurrentSource, electrodes.DCSource):
    """PyNN's constant current between two times."""

    translations = build_translations(("amplitude", "amplitude"), *_TIMES)

    def amplitudes_at(self, times: np.ndarray) -> np.ndarray:
        """See :meth:`CurrentSource.amplitudes_at`."""
        return np.where(self._between(times), self._native["amplitude"], 0.0)

    @property
    def largest(self) -> float:
        """See :attr:`CurrentSource.largest`."""
        return abs(float(self._native["amplitude"]))


class StepCurrentSource(CurrentSource, electrodes.StepCurrentSource):
    """PyNN's current that changes at given times, which are rounded to steps; of several in a step the last counts."""

    translations = build_translations(("amplitudes", "amplitudes"), ("times", "times"))

    def checked(self, values: dict[str, Any]) -> dict[str, Any]:
        """See :meth:`CurrentSource.checked`."""
        times, amplitudes = (np.ravel(np.asarray(values[name], float)) for name in ("times", "amplitudes"))
        if (times < 0).any() or (np.diff(times) < 0).any():
            raise InputError(
                f"times of StepCurrentSource are {times.tolist()} but must not be negative, and must not decrease"
            )
        if times.shape != amplitudes.shape:
            raise InputError(f"StepCurrentSource has {len(times)} times but {len(amplitudes)} amplitudes")
        times = self._round_timestamp(times, state.dt)
        last = np.append(np.diff(times) > ONCE, True)[: len(times)]
        return super().checked({"times": times[last], "amplitudes": amplitudes[last]})

    def amplitudes_at(self, times: np.ndarray) -> np.ndarray:
        """See :meth:`CurrentSource.amplitudes_at`."""
        which = np.searchsorted(self._native["times"], times + ONCE, side="right")
        return np.append(0.0, self._native["amplitudes"])[which]

    @property
    def largest(self) -> float:
        """See :attr:`CurrentSource.largest`."""
        return float(np.abs(self._native["amplitudes"]).max(initial=0.0))


class ACSource(CurrentSource, electrodes.ACSource):
    """PyNN's sine between two times; its phase is that at the start."""

    translations = build_translations(
        ("amplitude", "amplitude"), *_TIMES, ("frequency", "frequency"), ("offset", "offset"), ("phase", "phase")
    )

    def amplitudes_at(self, times: np.ndarray) -> np.ndarray:
        """See :meth:`CurrentSource.amplitudes_at`."""
        p = self._native
        angle = 2 * np.pi * p["frequency"] * (times - p["start"]) / 1000.0 + np.pi * p["phase"] / 180.0
        return np.where(self._between(times), p["offset"] + p["amplitude"] * np.sin(angle), 0.0)

    @property
    def largest(self) -> float:
        """See :attr:`CurrentSource.largest`."""
        return abs(float(self._native["offset"])) + abs(float(self._native["amplitude"]))


class NoisyCurrentSource(CurrentSource, electrodes.NoisyCurrentSource):
    """PyNN's Gaussian current, of which a new value is drawn every `dt`, from `rng` or by the seed of ``setup``."""

    translations = build_translations(("mean", "mean"), *_TIMES, ("stdev", "stdev"), ("dt", "dt"))

    def __init__(self, **parameters: Any) -> None:
        rng = parameters.pop("rng", None)
        self._given = rng
        super().__init__(**parameters)
        self.forget()

    def checked(self, values: dict[str, Any]) -> dict[str, Any]:
        """See :meth:`CurrentSource.checked`."""
        interval = float(np.ravel(values["dt"])[0])
        every = int(np.rint(interval / state.dt))
        if every < 1 or abs(every * state.dt - interval) > ONCE:
            raise InputError(
                f"dt of NoisyCurrentSource is {interval:g} ms but must be a multiple of the timestep, {state.dt:g} ms"
            )
        return super().checked(values)

    def forget(self) -> None:
        """See :meth:`CurrentSource.forget`."""
        super().forget()
        self._noise = np.zeros(0)
        self._rng = self._given or NumpyRNG(seed=state.next_seed())

    def amplitudes_at(self, times: np.ndarray) -> np.ndarray:
        """See :meth:`CurrentSource.amplitudes_at`."""
        p, inside = self._native, self._between(times)
        if not inside.any():
            return np.zeros(len(times))
        which = np.floor((times[inside] - p["start"]) / p["dt"] + ONCE).astype(np.int64)
        missing = int(which.max()) + 1 - len(self._noise)
        if missing > 0:
            drawn = self._rng.next(missing, "normal", {"mu": 0.0, "sigma": 1.0})
            self._noise = np.append(self._noise, drawn)
        amplitudes = np.zeros(len(times))
        amplitudes[inside] = p["mean"] + p["stdev"] * self._noise[which]
        return amplitudes

    @property
    def largest(self) -> float:
        """See :attr:`CurrentSource.largest`."""
        return abs(float(self._native["mean"])) + DEVIATIONS * abs(float(self._native["stdev"]))
