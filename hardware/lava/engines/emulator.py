"""The emulator: the whole network in a chip's integers, in compiled code, in this process, without Lava."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

import numpy as np

from pynn_backprop.checks import check_choice

from ..translation.network import DiscreteNetwork
from ..translation.ranges import INPUT_SHIFT, STATE
from . import emulator_kernels as kernels
from .base import BlockEngine
from .checks import PARAMETERS, check_network, checked_members
from .emulator_layout import FORGETS, blocks_of, mantissas, mark_uniform, rules_of, scaled, segments_of
from .emulator_pairs import pairs_of
from .engine import Overflow
from .registry import ACCUMULATORS

logger = logging.getLogger("PyNN")

LONGEST_BLOCK = 2**16
TABLE_BYTES = 2**26
"""Most memory for the table of potentials; large networks run in shorter blocks."""

OVERFLOWS = (
    ("the input of a step", "went beyond the chip's 21 bits and a sign"),
    ("u", "wrapped round beyond 23 bits and a sign"),
    ("v", "was clipped at 23 bits and a sign"),
)
"""What each row of the counts means."""

FIRST_STEPS = 64
"""As many are run at once before it is known how long a step takes."""

ANSWER_SECONDS = 0.1
"""How long the compiled code may keep Ctrl-C waiting."""

ROOM = 2**20
"""Spikes that are kept at most before they are taken out of the compiled code's hands."""


class EmulatorEngine(BlockEngine):
    """All in compiled code; see :class:`hardware.lava.engines.engine.Engine`.

    Parameters
    ----------
    network, spikes, potentials
        See :class:`~hardware.lava.engines.base.BlockEngine`.
    accumulator
        What the input of a step does beyond 21 bits and a sign: ``wide``, as in Lava, nothing; ``chip``, it wraps
        round.  It is counted in any case.
    """

    def __init__(
        self, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray, accumulator: str = "wide"
    ) -> None:
        super().__init__(network, spikes, potentials)
        self._wraps = check_choice("accumulator", accumulator, ACCUMULATORS) == "chip"
        check_network(network)
        n = network.n_compartments
        self._blocks, self._rules = blocks_of(network), rules_of(network)
        self._segments, weights, self._places = segments_of(network, self._blocks)
        self._pairs = pairs_of(network, self._places)
        self._values = {name: network.of_compartments(name) for name in PARAMETERS}
        n_blocks, slots = len(self._blocks.kind), 1 + int(self._segments.latency.max(initial=1))
        self._state = kernels.State(
            arriving=np.zeros((slots, n), np.int32),
            touched=np.zeros((slots, n_blocks), bool),
            busy=np.zeros(n_blocks, bool),
            u=np.zeros(n, np.int32),
            v=np.zeros(n, np.int32),
            threshold=np.zeros(n, np.int64),
            bias=np.zeros(n, np.int64),
            limit=np.zeros(n, np.int64),
            weights=weights,
            fired=np.zeros(n + network.n_inputs, np.int32),
            bounds=np.zeros(n_blocks, np.int64),
            ends=np.zeros(n_blocks, np.int64),
            pause=np.zeros(n, np.int64),
            spiking=np.zeros(n + network.n_inputs, bool),
            overflows=np.zeros((kernels.N_OVERFLOWS, n_blocks), np.int64),
        )
        self._record = self._recorded()
        self._overflows = self._state.overflows
        self._at_once = FIRST_STEPS
        self._settle()
        say_if_it_compiles()
        self._compile()

    def _compile(self) -> None:
        """Run no step, so that the first one does not wait for the compiler."""
        nothing = kernels.Inputs(np.zeros(1, np.int64), np.zeros(0, np.int32))
        record = self._record._replace(potentials=np.zeros((0, len(self.watched)), np.int32))
        self._run_steps(0, 0, nothing, record)

    def _recorded(self) -> kernels.Record:
        n = self.network.n_compartments
        kept = np.zeros(n, bool)
        kept[self.spiking] = True
        room = max(min(ROOM, LONGEST_BLOCK * len(self.spiking)), n)
        rows, compartments = np.zeros(room, np.int32), np.zeros(room, np.int32)
        return kernels.Record(kept, rows, compartments, self.watched, np.zeros((0, 0), np.int32))

    def set_recorded(self, spikes: np.ndarray, potentials: np.ndarray) -> None:
        """See :meth:`hardware.lava.engines.engine.Engine.set_recorded`."""
        self._check_open()
        self.spiking = np.sort(checked_members("spikes", spikes, self.network.n_compartments))
        self.watched = checked_members("potentials", potentials, self.network.n_compartments)
        self._potentials = []
        self._record = self._recorded()
        self._settle()

    @property
    def horizon(self) -> int:
        """The most steps of one block."""
        return max(1, min(LONGEST_BLOCK, TABLE_BYTES // (4 * len(self.watched) or 1)))

    def _settle(self) -> None:
        """Work out from thresholds and biases when a compartment fires, and who must be looked at in every step."""
        state, blocks = self._state, self._blocks
        state.threshold[:] = self._values["threshold"] << INPUT_SHIFT
        mantissa, exponent = self._values["bias_mantissa"], self._values["bias_exponent"]
        state.bias[:] = np.where(
            exponent >= 0, mantissa << np.maximum(exponent, 0), mantissa >> np.maximum(-exponent, 0)
        )
        reached = (state.threshold - state.bias) >> INPUT_SHIFT
        # v is clipped: above it no threshold is passed, below it each one is.
        limit = np.where(state.threshold >= STATE - 1, kernels.NEVER, reached)
        state.limit[:] = np.where(state.threshold < 1 - STATE, -kernels.NEVER, limit)
        watched = np.zeros(self.network.n_compartments, bool)
        watched[self.watched] = True
        # Without input a compartment fires in every step if its limit is below 0.
        awake = watched | (state.limit < 0)
        if len(blocks.kind):
            state.busy[:] = (blocks.kind != FORGETS) | np.logical_or.reduceat(awake, blocks.first[:-1])

    # -- running ---------------------------------------------------------------------------------------------------

    def _run_block(self, steps: int, rows: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        sources = kernels.Inputs(
            np.searchsorted(rows, np.arange(steps + 1)), (inputs + self.network.n_compartments).astype(np.int32)
        )
        record = self._record._replace(potentials=np.zeros((steps, len(self.watched)), np.int32))
        done, found = 0, []
        while done < steps:
            end, start = min(steps, done + self._at_once), time.perf_counter()
            now, kept = self._run_steps(done, end, sources, record)
            found.append((record.rows[:kept].copy(), record.compartments[:kept].copy()))
            self._pace(now - done, time.perf_counter() - start)
            done = now
        fired_rows, compartments = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return fired_rows, compartments, record.potentials

    def _run_steps(self, first: int, end: int, sources: kernels.Inputs, record: kernels.Record) -> tuple[int, int]:
        """Run steps of a block; the step that it came to, and how many spikes were kept."""
        now, kept = kernels.run(
            first,
            end,
            self.now,
            self._wraps,
            self._blocks,
            self._segments,
            self._rules,
            self._pairs,
            self._state,
            sources,
            record,
        )
        return now, kept

    def _pace(self, steps: int, seconds: float) -> None:
        """Python answers Ctrl-C only when the compiled code returns."""
        self._at_once = max(1, min(LONGEST_BLOCK, int(steps * ANSWER_SECONDS / max(seconds, 1e-6))))

    def overflows(self) -> tuple[Overflow, ...]:
        """See :meth:`hardware.lava.engines.engine.Engine.overflows`."""
        parts = self.network.populations
        first = np.searchsorted(self._blocks.first, [part.first for part in parts])
        found = []
        for what, does, counts in zip(*zip(*OVERFLOWS, strict=True), self._overflows, strict=True):
            for part, times in zip(parts, np.add.reduceat(counts, first) if len(first) else (), strict=True):
                if times:
                    found.append(Overflow(part.label, what, does, int(times)))
        return tuple(found)

    # -- state -----------------------------------------------------------------------------------------------------

    def _weights(self, synapses: int) -> np.ndarray:
        return mantissas(self._state.weights[self._places[synapses]], self.network.synapses[synapses].exponent)

    def _set_weights(self, synapses: int, weight: np.ndarray) -> None:
        projection = self.network.synapses[synapses]
        self._state.weights[self._places[synapses]] = scaled(projection.label, weight, projection.exponent)
        mark_uniform(self._segments, self._state.weights)

    def _set_compartments(self, compartments: np.ndarray, name: str, values: np.ndarray) -> None:
        if name in PARAMETERS:
            self._values[name][compartments] = values
            self._settle()
        else:
            getattr(self._state, name)[compartments] = values

    def _end(self) -> None:
        """Nothing but memory is held; what was counted can still be read."""
        self._state = self._segments = self._places = None  # type: ignore[assignment]


def say_if_it_compiles() -> None:
    """Say so before the first compilation, which takes seconds; later ones come from numba's cache."""
    run: Any = kernels.run
    folder = Path(run.stats.cache_path or "")
    source = Path(kernels.__file__)
    newest = max((found.stat().st_mtime for found in folder.glob(f"{source.stem}.run-*.nbi")), default=0.0)
    if newest < source.stat().st_mtime and not run.signatures:
        logger.warning("compiling for Lava, once, about 20 s")
