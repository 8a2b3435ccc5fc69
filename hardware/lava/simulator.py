"""What PyNN's common code asks of a simulator: neurons' IDs, and the one state that all functions share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pyNN import common

from pynn_backprop.errors import InputError, PlatformError

from ..integers import Grid
from .engines.engine import Overflow
from .running import RunningNetwork
from .translation.discretize import Discretization, discretize

name = "Lava"

OFF = 1e-3
"""How far from a whole number of steps a time may be, by the errors of floating-point sums."""


class ID(int, common.IDMixin):
    """A neuron; they are counted from 0 through the whole network."""

    def __init__(self, n: int) -> None:
        int.__init__(n)
        common.IDMixin.__init__(self)


class State(common.control.BaseState):
    """The network that was described since the last ``setup`` and, once it has run, what runs it.

    Attributes
    ----------
    grid
        Timestep, resolution and tolerance.
    engine
        Name of the engine, or None if nothing shall be run.
    populations, projections
        In the order of their creation.
    step
        Steps done since the start or the last ``reset``.
    """

    mpi_rank = 0
    num_processes = 1

    def __init__(self) -> None:
        super().__init__()
        self.grid = Grid(0.1)
        self.engine: str | None = None
        self.min_delay = self.max_delay = self.dt
        self._network: RunningNetwork | None = None
        self._overflows: tuple[Overflow, ...] = ()
        self.clear()
        self._over = "setup() was not called: call setup() first"

    @property
    def dt(self) -> float:
        """The timestep in ms."""
        return float(self.grid.timestep)

    @property
    def t(self) -> float:
        """Time in ms."""
        return self.step * self.dt

    @property
    def network(self) -> RunningNetwork | None:
        """What runs, from the first run to the next ``reset``, ``setup`` or ``end``."""
        return self._network

    def setup(self, grid: Grid, min_delay: float, max_delay: float, engine: str | None) -> None:
        """Forget the old network and begin a new one."""
        self.clear()
        self.grid, self.engine = grid, engine
        self.min_delay, self.max_delay = min_delay, max_delay
        self._over = ""

    def clear(self) -> None:
        """Forget the network."""
        self.recorders: set[Any] = set()
        self.populations: list[Any] = []
        self.projections: list[Any] = []
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
            self._network = RunningNetwork(self.populations, self.projections, self.grid, self.engine)
        return self._network


state = State()
