"""A network on its engine: brings it what the user changes between runs, and the recorders what it did."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pynn_backprop.errors import InputError

from ..integers import Grid
from .chip.validate import validate
from .choices import Choices
from .engines.engine import Engine, Overflow
from .engines.registry import make_engine
from .input import CurrentInput, SpikeInput
from .translation.discretize import Discretization, discretize
from .translation.ranges import FINER, STATE
from .translation.sources import is_source
from .translation.synapses import HeldProjection, hold_again
from .watched import SPIKES, Watched

logger = logging.getLogger("PyNN")

LARGEST_V = STATE - 1
"""The chip clips v here."""

FIXED = ("tau_m", "tau_syn_E", "tau_syn_I", "cm", "tau_refrac", "e_rev_E", "e_rev_I")
"""Parameters of cells that decide on decays, pauses and weights, for which an engine is built."""


class RunningNetwork:
    """What runs from the first ``run`` to the next ``reset``.

    Parameters
    ----------
    populations, projections, current_sources
        All of the network.
    grid
        Timestep, resolution and tolerance.
    choices
        What ``setup`` was told; it names the engine.

    Raises
    ------
    InputError
        If the chip can't hold the network.
    PlatformError
        If the engine can't be started.
    """

    def __init__(
        self,
        populations: Sequence[Any],
        projections: Sequence[Any],
        current_sources: Sequence[Any],
        grid: Grid,
        choices: Choices,
    ) -> None:
        self._populations, self._projections = tuple(populations), tuple(projections)
        self._grid = grid
        self.held: Discretization = discretize(populations, projections, grid)
        for finding in validate(self.held.network):
            logger.info(finding)
        logger.info(self.held.report)
        self._number, self._neuron = self.held.numbering.number, self.held.numbering.neuron
        self._input = SpikeInput(populations, self._number, grid, choices.seed)
        # Their list may grow between runs.
        self._currents = CurrentInput(current_sources)
        self._weights: dict[Any, np.ndarray] = {}
        self._warned: set[tuple[str, str]] = set()
        self._watched = Watched(populations, self.held)
        initial = self._all_initial_v()
        self._engine: Engine = make_engine(
            str(choices.engine), self.held.network, self._watched.spiking, self._watched.potentials, choices.accumulator
        )
        try:
            self._start(initial)
        except BaseException:
            self.close()
            raise
        self._warn_of_rounding()

    def _start(self, initial: np.ndarray) -> None:
        for population in self._populations:
            population.changed = False
            population.recorder.begin(self._first_samples(population))
        for number, group in enumerate(self.held.network.compartments):
            v = initial[group.first : group.first + group.size]
            if v.any():
                self._engine.set_compartments(number, "v", v)
        self._engine.set_spikes(*self._input.of_run)

    def _first_samples(self, population: Any) -> dict[str, np.ndarray]:
        """What was recorded before the first step, by variable, (n_cells,) each."""
        samples = {}
        for variable in population.recorder.signals():
            cells = population.recorder.cells(variable)
            samples[variable] = _initial(population, variable)[cells - population.ids[0]]
        return samples

    def _warn_of_rounding(self) -> None:
        """Once, with a table of what is held less exactly than it was asked for."""
        beyond = self.held.report.beyond
        if beyond:
            lines = "".join(f"\n  {rounding}" for rounding in beyond)
            logger.warning(
                f"{len(beyond)} of {len(self.held.report)} parameters are held with a larger error than tolerance in "
                f"setup() allows (strict=True refuses them):{lines}"
            )

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    # -- running ---------------------------------------------------------------------------------------------------

    def run(self, step: int, n_steps: int) -> None:
        """Run on from a step, and hand the recorders what happened."""
        if n_steps:
            self._weights.clear()
            changes = self._currents.ahead(self.held, step, n_steps)
            if len(changes[0]):
                self._engine.set_biases(*changes)
            ahead = self._input.ahead(step, n_steps)
            if self._input.changes_by_itself:
                self._engine.set_spikes(*ahead)
            self._engine.run(n_steps)
            self._warn_of_overflows()
            self._hand_on_spikes()
            self._watched.hand_on(self._engine.take_potentials()[1], self._grid.resolution)

    def _warn_of_overflows(self) -> None:
        """Once for each population and number."""
        for each in self._engine.overflows():
            if (each.where, each.what) not in self._warned:
                self._warned.add((each.where, each.what))
                logger.warning(f"{each}; overflow_report() counts on")

    def overflows(self) -> tuple[Overflow, ...]:
        """What went beyond the chip's numbers until now."""
        return self._engine.overflows()

    def bring_changes(self, step: int) -> None:
        """Hand on all parameters that were changed since the last run, which ended with this step.

        Raises
        ------
        InputError
            If the chip can't hold one; all are looked at again before the next run.
        """
        changed = {is_source(p) for p in self._populations if p.changed}
        if True in changed:
            self._input.change(step)
            self._engine.set_spikes(*self._input.ahead(step, 0))
        if False in changed:
            self._change_compartments()
        for population in self._populations:
            population.changed = False
        self._watched = Watched(self._populations, self.held, self._watched)
        if self._watched.is_new:
            self._engine.set_recorded(self._watched.spiking, self._watched.potentials)
        for population in self._populations:
            population.recorder.go_on()

    def _hand_on_spikes(self) -> None:
        steps, compartments = self._engine.take_spikes()
        cells = self._neuron[compartments]
        source_steps, inputs = self._input.of_run
        sources = np.flatnonzero(self.held.numbering.is_input)
        fired = {True: (source_steps, sources[inputs]), False: (steps, cells)}
        for population in self._populations:
            recorded = population.recorder.cells(SPIKES)
            if len(recorded):
                times, who = fired[is_source(population)]
                mine = (population.ids[0] <= who) & (who <= population.ids[-1])
                if len(recorded) < population.size:
                    mine[mine] = np.isin(who[mine], recorded)
                population.recorder.add_spikes(times[mine], who[mine])

    # -- changes between runs --------------------------------------------------------------------------------------

    def check_change(self, population: Any, name: str, values: np.ndarray, indices: Any) -> None:
        """Refuse a change of a parameter for which the engine was built."""
        if is_source(population):
            return
        old = population.parameters[name][indices]
        remembers = not self.held.network.forgets[self._number[population.ids[indices]]].all()
        if (name in FIXED or (name == "v_reset" and remembers)) and not np.array_equal(old, values):
            raise InputError(
                f"{name} of {population.label!r} can't be changed between runs: decays, the scale of weights and the "
                "origin of potentials are built into a running network; call reset() first"
            )

    def _change_compartments(self) -> None:
        """Hand on what is another threshold or bias now."""
        new = discretize(self._populations, (), self._grid)
        network = replace(self.held.network, compartments=new.network.compartments)
        validate(network)
        for number, (old, group) in enumerate(
            zip(self.held.network.compartments, new.network.compartments, strict=True)
        ):
            for name in ("threshold", "bias_mantissa", "bias_exponent"):
                if not np.array_equal(getattr(old, name), getattr(group, name)):
                    self._engine.set_compartments(number, name, getattr(group, name))
        self.held = replace(self.held, network=network, numbering=new.numbering, cells=new.cells)

    def set_potentials(self, population: Any, indices: np.ndarray) -> None:
        """Change the present potentials of some cells of a population to their initial values."""
        compartments, v = self._number[population.ids[indices]], self._initial_v(population)[indices]
        for number, group in enumerate(self.held.network.compartments):
            mine = (group.first <= compartments) & (compartments < group.first + group.size)
            if mine.any() and not self.held.network.forgets[group.first]:
                self._engine.set_compartments(number, "v", v[mine], compartments[mine] - group.first)

    def _all_initial_v(self) -> np.ndarray:
        """Int (n_compartments,)."""
        v = np.zeros(self.held.network.n_compartments, np.int64)
        for population in self._populations:
            if not is_source(population):
                v[self._number[population.ids]] = self._initial_v(population)
        return v

    def _initial_v(self, population: Any) -> np.ndarray:
        """Int (size,)."""
        for current in population.celltype.currents:
            if current in population.initial_values and _initial(population, current).any():
                raise InputError(
                    f"the initial {current} of {population.label!r} must be 0: the chip starts without currents"
                )
        compartments = self._number[population.ids]
        wanted = _initial(population, "v")
        v = np.rint((wanted - self.held.numbering.origin[compartments]) * FINER / self._grid.resolution)
        # A cell that forgets does not depend on it.
        v[self.held.network.forgets[compartments]] = 0
        if (np.abs(v) > LARGEST_V).any():
            most = LARGEST_V * self._grid.resolution / FINER
            raise InputError(
                f"the initial v of {population.label!r} is {wanted[np.abs(v) > LARGEST_V][0]:g} mV, but must be less "
                f"than {most:g} mV away from v_reset"
            )
        return v.astype(np.int64)

    # -- weights ---------------------------------------------------------------------------------------------------

    def weights(self, projection: Any) -> np.ndarray:
        """Present weights in PyNN's units, float (n_synapses,)."""
        if projection not in self._weights:
            held = self._held(projection)
            mantissas = np.zeros(len(projection))
            for number, places in held.parts:
                mantissas[places] = self._engine.weights(number)
            self._weights[projection] = mantissas * 2.0**held.weights.exponent / held.scale
        return self._weights[projection]

    def set_weights(self, projection: Any, weights: np.ndarray) -> None:
        """Change the present weights, given in PyNN's units, float (n_synapses,)."""
        held = self._held(projection)
        mantissas = hold_again(projection, weights, held, self.held.numbering.in_mv, self._grid).mantissa
        for number, places in held.parts:
            self._engine.set_weights(number, mantissas[places])
        self._weights.pop(projection, None)

    def _held(self, projection: Any) -> HeldProjection:
        return self.held.projections[self._projections.index(projection)]


def _initial(population: Any, variable: str) -> np.ndarray:
    # PyNN evaluates the value of a lone cell to a number.
    return np.ravel(np.array(population.initial_values[variable].evaluate(simplify=False), float))
