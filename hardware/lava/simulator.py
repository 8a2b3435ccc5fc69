"""What PyNN's common code asks of a simulator: neurons' IDs, and the one state that all functions share."""

from __future__ import annotations

import logging
import math
import weakref
from typing import Any

import numpy as np
from pyNN import common

from pynn_backprop.errors import InputError, PlatformError

from ..integers import Grid
from .choices import Choices
from .engines.engine import Overflow
from .host import seed_of
from .running import RunningNetwork
from .translation.discretize import Discretization, discretize
from .translation.resolution import best_resolution

name = "Lava"

logger = logging.getLogger("PyNN")

MOST_STEPS = 2**31 - 1
"""Of one run."""

OFF = 1e-3
"""How far from a whole number of steps a time may be, by the errors of floating-point sums."""


def check_current_source(current_source: Any) -> None:
    """Refuse what can't be injected."""
    if not hasattr(current_source, "inject_into"):
        raise InputError(f"current_source is {current_source!r} but must be a current source, such as DCSource")


class ID(int, common.IDMixin):
    """A neuron; they are counted from 0 through the whole network."""

    def __init__(self, n: int) -> None:
        int.__init__(n)
        common.IDMixin.__init__(self)

    # PyNN takes other attributes for parameters of the cell.
    _parent: Any = None

    @property
    def parent(self) -> Any:
        """The population that it is in."""
        # A strong reference in an array of objects would be a circle that Python's garbage collector can't see.
        return None if self._parent is None else self._parent()

    @parent.setter
    def parent(self, population: Any) -> None:
        """Keep it as long as somebody else does."""
        object.__setattr__(self, "_parent", None if population is None else weakref.ref(population))

    def inject(self, current_source: Any, location: Any = None) -> None:
        """Inject the current of a source."""
        check_current_source(current_source)
        super().inject(current_source, location)


class State(common.control.BaseState):
    """The network that was described since the last ``setup`` and, once it has run, what runs it.

    Attributes
    ----------
    choices
        What ``setup`` was told.
    populations, projections, current_sources
        In the order of their creation.
    substitutes
        What was replaced: labels, and what was asked for and is there instead.
    step
        Steps done since the start or the last ``reset``.
    """

    mpi_rank = 0
    num_processes = 1

    def __init__(self) -> None:
        super().__init__()
        self.choices = Choices()
        self._network: RunningNetwork | None = None
        self._overflows: tuple[Overflow, ...] = ()
        self.clear()
        self._over = "setup() was not called: call setup() first"

    @property
    def dt(self) -> float:
        """The timestep in ms."""
        return float(self.choices.timestep)

    @property
    def t(self) -> float:
        """Time in ms."""
        return self.step * self.dt

    @property
    def network(self) -> RunningNetwork | None:
        """What runs, from the first run to the next ``reset``, ``setup`` or ``end``."""
        return self._network

    def setup(self, choices: Choices) -> None:
        """Forget the old network and begin a new one."""
        self.clear()
        self.choices = choices
        self._over = ""

    @property
    def engine(self) -> str | None:
        """Name of the engine, or None if nothing shall be run."""
        return self.choices.engine

    @property
    def min_delay(self) -> float:
        """In ms; that of the synapses, if setup() was told ``auto``."""
        if self.choices.min_delay is not None:
            return self.choices.min_delay
        return min((float(d) for p in self.projections for d in p.delay_range), default=self.dt)

    @property
    def max_delay(self) -> float:
        """In ms; that of the synapses, if setup() was told ``auto``."""
        if self.choices.max_delay is not None:
            return self.choices.max_delay
        return max((float(d) for p in self.projections for d in p.delay_range), default=self.dt)

    @property
    def default_delay(self) -> float:
        """Of a synapse that names none, in ms."""
        return self.dt if self.choices.min_delay is None else self.choices.min_delay

    @property
    def grid(self) -> Grid:
        """Timestep, resolution and tolerance; a resolution that was not given follows from the network."""
        c = self.choices
        resolution = c.resolution
        if resolution is None:
            resolution = best_resolution(self.populations, self.projections, self.current_sources, c.timestep)
        return Grid(c.timestep, resolution, c.tolerance, c.strict)

    def next_seed(self) -> int:
        """A seed for what draws random numbers on the host, another one each time."""
        self._seeds += 1
        return seed_of(self.choices.seed, -1 - self._seeds)

    def add_current_source(self, source: Any) -> None:
        """Take note of a current source that is injected or recorded."""
        if source not in self.current_sources:
            self.current_sources.append(source)

    def substituted(self, label: str, asked: str, instead: str) -> None:
        """Take note of a model that was replaced, and say so."""
        self.substitutes.append((label, asked, instead))
        logger.warning(f"{label}: in place of {asked} there is {instead}, as setup(substitute=True) asks")

    def clear(self) -> None:
        """Forget the network."""
        self.recorders: set[Any] = set()
        self.populations: list[Any] = []
        self.projections: list[Any] = []
        self.current_sources: list[Any] = []
        self.substitutes: list[tuple[str, str, str]] = []
        self._seeds = 0
        self.id_counter = 0
        self.segment_counter = -1
        self.write_on_end: list[Any] = []
        self.reset()
        self._overflows = ()

    def reset(self) -> None:
        """Back to time 0, with the weights and potentials of that time."""
        self._close()
        for projection in self.projections:
            projection.restore()
        for source in self.current_sources:
            source.forget()
        self.running = False
        self.step = 0
        self.t_start = 0
        self.segment_counter += 1
        self._over = ""
        self._failed = False

    def end(self) -> None:
        """End all processes; what was recorded and learned can still be read."""
        try:
            if self._network is not None:
                for projection in self.projections:
                    projection.keep()
        finally:
            self._close()
        if self.running:
            self._over = "end() was called: call setup() for a new network, or reset()"

    def _close(self) -> None:
        network, self._network = self._network, None
        if network is not None:
            self._overflows = network.overflows()
            network.close()

    def discretized(self) -> Discretization:
        """The present network in the chip's integers; that which runs, if one does."""
        return self._network.held if self._network else discretize(self.populations, self.projections, self.grid)

    def overflows(self) -> tuple[Overflow, ...]:
        """What went beyond the chip's numbers in the present network, or in the one that ended last."""
        return self._network.overflows() if self._network else self._overflows

    def check_not_started(self, what: str) -> None:
        """Refuse what can only be done before the first run."""
        if self.running:
            raise InputError(f"{what} can only be done before the first run, or after reset()")

    def check_not_failed(self, what: str) -> None:
        """Refuse to read what went with an engine that failed."""
        if self._failed:
            raise PlatformError(f"{what}, since the last run failed")

    # -- running ---------------------------------------------------------------------------------------------------

    def run(self, simtime: float) -> None:
        """Run for a time in ms."""
        self.run_until(self.t + simtime)

    def run_until(self, tstop: float) -> None:
        """Run until a time in ms."""
        steps = self._steps_until(tstop)
        network = self._ready()
        network.bring_changes(self.step)
        self.running = True
        try:
            network.run(self.step, steps)
        except BaseException:
            self._failed = True
            self._close()
            raise
        self.step += steps

    def _steps_until(self, tstop: float) -> int:
        exact = (tstop - self.t) / self.dt
        if MOST_STEPS < exact < math.inf:
            raise InputError(
                f"the time to run until is {tstop:g} ms, which is {exact:.3g} steps, but a run can have no more than "
                f"{MOST_STEPS:,}"
            )
        if exact < -OFF:
            raise InputError(f"the time to run until is {tstop:g} ms, but it is {self.t:g} ms already")
        if not math.isfinite(exact) or abs(exact - np.rint(exact)) > OFF:
            raise InputError(
                f"the time to run until is {tstop:g} ms but must be a multiple of the timestep, {self.dt:g} ms; the "
                f"nearest is {self.t + np.rint(exact) * self.dt if math.isfinite(exact) else self.t:g} ms"
            )
        return max(int(np.rint(exact)), 0)

    def _ready(self) -> RunningNetwork:
        if self._failed:
            raise PlatformError("the last run failed: call reset() or setup()")
        if self._over:
            raise PlatformError(self._over)
        if self.engine is None:
            raise PlatformError("nothing can be run after setup(engine=None), which is for reports only")
        if self._network is None:
            self._network = RunningNetwork(
                self.populations, self.projections, self.current_sources, self.grid, self.choices
            )
        return self._network


state = State()
