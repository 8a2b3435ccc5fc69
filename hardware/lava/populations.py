"""Population, PopulationView and Assembly."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import common
from pyNN.errors import InvalidParameterValueError
from pyNN.parameters import LazyArray, ParameterSpace, simplify

from pynn_backprop.errors import InputError

from . import simulator
from .chip.limits import COMPARTMENTS, CORES
from .recording import Recorder
from .standardmodels.refused import refusal

MOST_CHIPS = 768
"""Of the largest system, Pohoiki Springs."""

MOST_CELLS = MOST_CHIPS * CORES * COMPARTMENTS

MAY_BE_INFINITE = ("tau_m", "duration")


class Injectable:
    """Takes currents, and says what it wants if it is given something else."""

    def inject(self, current_source: Any) -> None:
        """Inject the current of a source into all cells."""
        simulator.check_current_source(current_source)
        super().inject(current_source)  # type: ignore[misc]


class Assembly(Injectable, common.Assembly):
    """Neurons of several populations; see PyNN's documentation."""

    _simulator = simulator


class PopulationView(Injectable, common.PopulationView):
    """Some neurons of a population; see PyNN's documentation."""

    _simulator = simulator
    _assembly_class = Assembly

    @property
    def indices(self) -> np.ndarray:
        """Places of the cells in the population that this is a view of, int (size,)."""
        return np.asarray(self.index_in_grandparent(np.arange(self.size)))

    def initialize(self, **initial_values: Any) -> None:
        """Set initial values of these cells; see :meth:`Population.initialize`."""
        for variable, value in initial_values.items():
            population, here = self.grandparent, LazyArray(value, shape=(self.size,), dtype=float)
            values = np.ravel(population.initial_values[variable].evaluate(simplify=False))
            values[self.indices] = here.evaluate(simplify=False)
            population.initialize_some(self.indices, {variable: values})

    def _get_parameters(self, *names: str) -> ParameterSpace:
        return _get(self, self.grandparent.parameters, names, self.indices)

    def _set_parameters(self, parameter_space: ParameterSpace) -> None:
        self.grandparent.change(parameter_space, self.indices)

    def _get_view(self, selector: Any, label: str | None = None) -> PopulationView:
        return PopulationView(self, selector, label)


class Population(Injectable, common.Population):
    """Neurons of one type; see PyNN's documentation.

    Attributes
    ----------
    parameters
        In PyNN's units, an array of shape (size,) each.
    changed
        Whether parameters were changed since the network last looked.
    """

    _simulator = simulator
    _recorder_class = Recorder
    _assembly_class = Assembly

    def __init__(self, *args: Any, **keywords: Any) -> None:
        state = simulator.state
        state.check_not_started("adding a Population to the network")
        _check_size(args[0] if args else keywords.get("size"))
        recorders = set(state.recorders)
        try:
            super().__init__(*args, **keywords)
        except BaseException:
            # PyNN makes the recorder first, and the state would keep it without its population.
            state.recorders &= recorders
            raise
        state.id_counter += self.size
        state.populations.append(self)

    def _create_cells(self) -> None:
        first = simulator.state.id_counter
        self.all_cells = np.array([simulator.ID(n) for n in range(first, first + self.size)], dtype=simulator.ID)
        for cell in self.all_cells:
            cell.parent = self
        self._mask_local = np.ones(self.size, bool)
        self.ids = np.arange(first, first + self.size)
        self._substitute()
        space = self.celltype.native_parameters
        space.shape = (self.size,)
        self.parameters = _evaluated(space)
        self._check(self.parameters)
        self.changed = False

    def change(self, parameter_space: ParameterSpace, indices: np.ndarray | slice = slice(None)) -> None:
        """Set native parameters of the cells at the given places."""
        new = _evaluated(parameter_space)
        network = simulator.state.network
        self._check(new)
        for name, values in new.items():
            if network is not None:
                network.check_change(self, name, values, indices)
        for name, values in new.items():
            self.parameters[name][indices] = values
        self.changed = True

    def _substitute(self) -> None:
        """Refuse a cell type that Loihi has not, unless the user wants what can be put in its place."""
        instead = getattr(self.celltype, "replaces", "")
        if instead:
            if not simulator.state.choices.substitute:
                raise InputError(f"{self.label!r}: {refusal(type(self.celltype).__name__)}")
            simulator.state.substituted(self.label, type(self.celltype).__name__, instead)

    def _check(self, parameters: dict[str, np.ndarray]) -> None:
        """Refuse what can't be a number, and spike times that are not in order."""
        for name, values in parameters.items():
            if values.dtype == object:
                _check_times(self.label, name, values)
                continue
            bad = np.isnan(values) | (np.isinf(values) & (name not in MAY_BE_INFINITE))
            if bad.any():
                raise InputError(f"{name} of {self.label!r} is {values[bad][0]:g} but must be a number")

    def _get_parameters(self, *names: str) -> ParameterSpace:
        return _get(self, self.parameters, names)

    def _set_parameters(self, parameter_space: ParameterSpace) -> None:
        self.change(parameter_space)

    def _set_initial_value_array(self, variable: str, value: LazyArray) -> None:
        if variable not in self.celltype.default_initial_values:
            known = ", ".join(self.celltype.default_initial_values) or "none"
            raise InputError(f"the initial value {variable!r} is not one of {self.label!r}, which has {known}")
        if value.is_homogeneous and not value.operations:
            return
        # Random values are drawn here, once.
        value.base_value, value.operations = np.ravel(np.array(value.evaluate(simplify=False), float)), []

    def initialize(self, **initial_values: Any) -> None:
        """Set initial values, or between runs the present ones; see PyNN's documentation."""
        self.initialize_some(np.arange(self.size), initial_values)

    def initialize_some(self, indices: np.ndarray, initial_values: dict[str, Any]) -> None:
        """Set initial values, of which only those at the given places are new."""
        super().initialize(**initial_values)
        if simulator.state.network is not None:
            simulator.state.network.set_potentials(self, indices)

    def _get_view(self, selector: Any, label: str | None = None) -> PopulationView:
        return PopulationView(self, selector, label)


def _get(
    cells: Any, parameters: dict[str, np.ndarray], names: tuple[str, ...], indices: np.ndarray | slice = slice(None)
) -> ParameterSpace:
    """Parameters of some cells in PyNN's units."""
    native = {name: simplify(parameters[name][indices]) for name in cells.celltype.get_native_names(*names)}
    return cells.celltype.reverse_translate(ParameterSpace(native, shape=(cells.size,)))


def _check_size(size: Any) -> None:
    count = int(np.prod(size)) if isinstance(size, (int, np.integer, tuple)) else 1
    if not 1 <= count <= MOST_CELLS:
        raise InputError(
            f"the size of a Population is {size} but must be from 1 to {MOST_CELLS:,}, what {MOST_CHIPS} chips hold"
        )


def _check_times(label: str, name: str, values: np.ndarray) -> None:
    for neuron, train in enumerate(values):
        times = np.ravel(np.asarray(getattr(train, "value", train), float))
        if (np.diff(times) < 0).any():
            raise InvalidParameterValueError(
                f"{name} of {label!r}[{neuron}] must be in increasing order, but {times[1:][np.diff(times) < 0][0]:g} "
                f"comes after {times[:-1][np.diff(times) < 0][0]:g}"
            )


def _evaluated(space: ParameterSpace) -> dict[str, np.ndarray]:
    """Arrays of shape (size,), their own and not shared with the user's."""
    space.evaluate(simplify=False)
    (size,) = space.shape
    arrays = {}
    for name, values in space.as_dict().items():
        if isinstance(values, (bool, int, float, np.number)) or np.shape(values) == ():
            values = np.full(size, values)  # of a function that does not depend on the cell
        elif not isinstance(values, np.ndarray) or values.shape != (size,):  # a lone Sequence for one cell
            array = np.empty(1, object)
            array[0] = values
            values = array
        if len(values) != size:
            raise InputError(f"{name} has {len(values)} values for {size} cells")
        arrays[name] = values.copy()
    return arrays
