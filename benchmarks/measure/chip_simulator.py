"""Energy and time of a circuit with fixed weights by SANA-FE, a simulator of neuromorphic chips that others made.

SANA-FE (Boyle et al., IEEE TCAD 2025, doi 10.1109/TCAD.2025.3537971; package ``sanafe``) runs the spikes of a network
through its own description of a Loihi chip - 128 cores on 8 x 4 tiles, costs and times fitted to silicon - message by
message.  What it is given here is the circuit, neuron by neuron; what it fires is returned too, so that it can be held
against the circuit step by step.

What it can't express: learning (nothing was fitted for it), how spikes of the input come onto the chip (its input
neurons cost nothing, but their messages do), and the limits of a core's memory and axons.  A compartment with a bias
counts as updated in each step, and is woken by nothing less.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from pynn_backprop.checks import check_count, checked_samples
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parts import PROBE, Population, Projection
from pynn_backprop.errors import InputError
from pynn_backprop.extras import require
from pynn_backprop.spikes import Spikes, sorted_spikes
from pynn_backprop.weights import Weights, check_weights, signed_copy

NAME = "sanafe-loihi"
"""What the model is called."""

NEEDED = "sanafe", f"the energy model {NAME}"
"""The package, and what needs it."""

COMPARTMENT, DENDRITE, SYNAPSE = "loihi_lif", "loihi_dendrites", "loihi_dense_synapse"
INPUT = "loihi_inputs[{}]"
"""Names in its description of Loihi."""

CORES, INPUTS_PER_CORE = 128, 1024
"""What there is of each in it."""


@dataclass(frozen=True, eq=False)
class ChipRun:
    """What SANA-FE says of samples.

    Parameters
    ----------
    samples, cores : int
        How many were shown, on how many cores.
    joule : dict of str to float
        Energy of a sample by part of the chip: synapse, dendrite, soma, network.
    seconds : float
        Time of a sample on the chip.
    spikes : Spikes
        Of all populations of the circuit, in circuit time, the first sample in the cycle after the first.
    """

    samples: int
    cores: int
    joule: Mapping[str, float]
    seconds: float
    spikes: Spikes

    @property
    def joule_per_sample(self) -> float:
        """The sum of the parts, in J."""
        return sum(self.joule.values())


def run_on_chip(circuit: Circuit, weights: Weights, x: np.ndarray, per_core: int) -> ChipRun:
    """Show samples to a circuit with fixed weights.

    Parameters
    ----------
    circuit : Circuit
        One that does not learn; of a probe, which no chip needs, nothing is placed.
    weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        By name.
    x : numpy.ndarray of bool, shape (n, n_in)
        Which inputs fire.
    per_core : int
        Each population is on cores of its own, with so many neurons at most.

    Raises
    ------
    InputError
        If the circuit learns, or needs more cores than the chip has, or something does not fit.
    PlatformError
        If ``sanafe`` is not installed.
    """
    sanafe = require(*NEEDED)
    if circuit.schedule.training:
        raise InputError(f"the circuit learns, of which {NAME} knows nothing: it must be an inference circuit")
    check_count("per_core", per_core, 1, INPUTS_PER_CORE)
    fires = checked_samples(x, circuit.neurons[0])
    check_count("the number of samples", len(fires))
    placed = [population for population in circuit.simulated if population.name != PROBE]
    if (cores := sum(-(-population.size // per_core) for population in placed)) > CORES:
        raise InputError(f"per_core is {per_core}, which takes {cores} cores for the circuit, but the chip has {CORES}")
    made = _Chip(sanafe, circuit, check_weights(weights, circuit.parameters, circuit.neurons), per_core)
    return made.run(fires)


class _Chip:
    """A circuit on SANA-FE's Loihi."""

    def __init__(self, sanafe: ModuleType, circuit: Circuit, weights: Weights, per_core: int) -> None:
        self.sanafe, self.circuit, self.weights, self.per_core = sanafe, circuit, weights, per_core
        self.architecture = sanafe.load_loihi()
        self.free: Iterator[Any] = iter([core for tile in self.architecture.tiles for core in tile.cores])
        self.network, self.cores = sanafe.Network(), 0
        self.places: dict[str, list[Any]] = {}
        self.groups: dict[str, Any] = {}
        self.inputs: dict[int, int] = {}

    def run(self, fires: np.ndarray) -> ChipRun:
        """The first cycle, in which the ring is started, is not counted."""
        length, samples = self.circuit.schedule.length, len(fires)
        for population in self.circuit.simulated:
            if population.name != PROBE:
                self._compartments(population)
        for source in self.circuit.sources:
            self._source(source, self._trains(source.name, fires))
        for projection in self.circuit.projections:
            if projection.post != PROBE:
                self._connect(projection)
        chip = self.sanafe.SpikingChip(self.architecture)
        chip.load(self.network)
        with _quiet():
            chip.sim(length, processing_threads=1)
            found = chip.sim(samples * length, spike_trace=True, processing_threads=1)
        joule = {part: float(energy) / samples for part, energy in found["energy"].items() if part != "total"}
        spikes = self._spikes(found["spike_trace"])
        return ChipRun(samples, self.cores, joule, float(found["sim_time"]) / samples, spikes)

    def _trains(self, source: str, fires: np.ndarray) -> np.ndarray:
        """When the neurons of a source fire, bool of shape (steps, size)."""
        length = self.circuit.schedule.length
        if source == "start":
            return np.arange(length)[:, None] == length - 1
        trains = np.zeros(((len(fires) + 1) * length, fires.shape[1]), bool)
        trains[length::length] = fires
        return trains

    def _spikes(self, trace: list[list[Any]]) -> Spikes:
        """What was fired, by population, in circuit time."""
        length = self.circuit.schedule.length
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self.groups}
        for step, fired in enumerate(trace, length):
            for neuron in fired:
                found[neuron.group_name].append((step, neuron.neuron_offset))
        tables = {name: np.array(table, np.int64).reshape(-1, 2) for name, table in found.items()}
        return {name: sorted_spikes(table[:, 0], table[:, 1]) for name, table in tables.items()}

    # -- building --------------------------------------------------------------------------------------------------

    def _compartments(self, population: Population) -> None:
        group = self.network.create_neuron_group(
            population.name,
            population.size,
            model_attributes={
                # Half-way between integers; nothing is left of a potential or a current after a step.
                "threshold": population.threshold + 0.5,
                "bias": float(-population.bias),
                "leak_decay": 0.0,
                "reset": 0.0,
                "reset_mode": "hard",
            },
            default_synapse_hw_name=SYNAPSE,
            default_dendrite_hw_name=DENDRITE,
            soma_hw_name=COMPARTMENT,
            log_spikes=True,
        )
        cores = [self._core() for _ in range(-(-population.size // self.per_core))]
        self.places[population.name] = [cores[k // self.per_core] for k in range(population.size)]
        for neuron, core in zip(group, self.places[population.name], strict=True):
            neuron.map_to_core(core)
        self.groups[population.name] = group

    def _core(self) -> Any:
        self.cores += 1
        return next(self.free)

    def _source(self, source: Population, trains: np.ndarray) -> None:
        """Neurons of the input, on the cores of what they reach first."""
        group = self.network.create_neuron_group(source.name, source.size, default_synapse_hw_name=SYNAPSE)
        reached = next(one.post for one in self.circuit.projections if one.pre == source.name)
        cores = self.places[reached]
        for k, neuron in enumerate(group):
            core = cores[min(k, len(cores) - 1)]
            number = self.inputs[id(core)] = self.inputs.get(id(core), -1) + 1
            spikes = trains[:, k].tolist()
            neuron.set_attributes(
                soma_hw_name=INPUT.format(number), model_attributes={"spikes": spikes}, log_spikes=True
            )
            neuron.map_to_core(core)
        self.groups[source.name] = group

    def _connect(self, projection: Projection) -> None:
        weight: Any = self.circuit.level_weights(projection)
        if projection.matrix:
            weight = signed_copy(self.weights[projection.matrix], projection.sign, projection.transpose)
        weight = projection.weight if weight is None else weight
        pre, post = self.groups[projection.pre], self.groups[projection.post]
        sizes = self.circuit[projection.pre].size, self.circuit[projection.post].size
        if projection.latency > 1:
            raise InputError(f"{projection.label} has a latency of {projection.latency}, but {NAME} is given 1 only")
        for block in projection.connectivity.blocks(slice(0, sizes[0]), slice(0, sizes[1]), weight, 1.0):
            pairs = list(zip(*(index.tolist() for index in block.indices()), strict=True))
            pre.connect_neurons_sparse(post, {"w": block.weights().tolist()}, pairs)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the progress that SANA-FE writes to the standard output of the process."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
