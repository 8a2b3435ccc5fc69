r"""A circuit that learns to predict the next value of a sequence from the last ones, which it remembers by itself.

Shao, Sornborger and Tao (2017) combine pulse gating, short-term memories and Hebbian learning in a circuit that
predicts an autoregressive sequence.  Here it is the one-layer circuit that learns a linear map, with two changes:

- The value of the sequence is shown once, as the *target*.  From there gates hand it to the first unit of ``x`` in the
  next cycle, and a memory ``past`` moves every unit of ``x`` on by one: unit j of ``x`` holds the value of j + 1 cycles
  before.  The last unit is always 1, for the mean.
- A spike of the source ``shown`` opens ``x`` in a cycle that shows a value, so that between two runs of a simulator
  nothing is remembered, and nothing fires.

The output is the prediction, and the error d+, d- the difference to what comes.  The weights are those that the
learning rule gives for the last values as inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from ..checks import check_count
from ..codes.code import Code
from ..codes.graded import Graded
from .circuit import Circuit
from .connectivity import AllToAll, Block, OneToOne, UnitToUnit
from .parameters import Parameters
from .parts import Population, Projection
from .training import DEFAULT_FORM, training_circuit

PAST, BIAS, OPEN = "past", "bias", "shown"
"""The memory, and the sources besides the ``input``, which is the sequence."""


@dataclass(frozen=True)
class UnitShift(UnitToUnit):
    """Each neuron of unit i to each neuron of unit i + shift, where there is one.

    Parameters
    ----------
    n
        Neurons of a unit.
    shift
        By how many units, at least 0.
    """

    name: ClassVar[str] = "unit_shift"
    shift: int

    def _units(self, n_pre: int, n_post: int) -> int:
        return max(0, min(n_pre // self.n, n_post // self.n - self.shift))

    def synapses(self, n_pre: int, n_post: int) -> int:
        """See :meth:`.Connectivity.synapses`."""
        return self._units(n_pre, n_post) * self.n**2

    def arriving(self, firing: np.ndarray, n_post: int) -> np.ndarray:
        """See :meth:`.Connectivity.arriving`."""
        units = np.bincount(firing // self.n + self.shift, minlength=n_post // self.n)
        return np.repeat(units[: n_post // self.n], self.n)

    def blocks(self, pre: slice, post: slice, weight: Any, delay: float) -> list[Block]:
        """One for each unit."""
        units = range(self._units(pre.stop - pre.start, post.stop - post.start))
        ends = [(pre.start + i * self.n, post.start + (i + self.shift) * self.n) for i in units]
        return [Block(slice(i, i + self.n), slice(j, j + self.n), True, weight, delay) for i, j in ends]


def predictive_circuit(
    order: int, code: Code | None = None, parameters: Parameters | None = None, form: str = DEFAULT_FORM
) -> Circuit:
    """The circuit that learns to predict a sequence.

    Parameters
    ----------
    order
        From how many of the last values.
    code
        Neurons of a unit, and their dither; ``Graded(32)`` if None.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    form
        Of the circuit that learns, one of :data:`~pynn_backprop.circuit.training.FORMS`.

    Returns
    -------
    Circuit
        With the matrix ``W1`` from the last values, the latest first, and the constant 1, to the prediction.
        :func:`~pynn_backprop.tasks.prediction.sequence_sources` says which sources fire.

    Raises
    ------
    InputError
        If the order is not positive, or theta does not suit the code.
    """
    check_count("order", order)
    base = training_circuit((order + 1, 1), parameters, code or Graded(32), form)
    gone = {("input", "x"), ("target", "t"), (f"g{base.schedule.forward(0) - 1}", "x")}
    return replace(
        base,
        populations=(*_sources(base), *(p for p in base.populations if p.name not in ("input", "target")), _past(base)),
        projections=(*(p for p in base.projections if (p.pre, p.post) not in gone), *_memory(base, order)),
    )


def _sources(base: Circuit) -> tuple[Population, ...]:
    n, silent = base.code.n, ((0,), 0, 0)
    return (
        Population("input", n, "source", base.depth, *silent),
        Population(BIAS, n, "source", 0, *silent),
        Population(OPEN, 1, "source", None, *silent),
    )


def _past(base: Circuit) -> Population:
    p, phase = base.parameters, base.schedule.forward(0) + 1
    return Population(PAST, base.neurons[0], "memory", 0, (phase,), p.bias, p.theta)


def _memory(base: Circuit, order: int) -> tuple[Projection, ...]:
    """What brings the value of the sequence, and the last ones, to where they are needed."""
    n, p, schedule = base.code.n, base.parameters, base.schedule
    takes, quantum = schedule.forward(0), base.code.unit_copy(p.copy, p.quantum(n))
    return (
        Projection("input", "t", OneToOne(), schedule.output, p.chain),
        Projection(OPEN, "x", AllToAll(), takes, p.half),
        Projection(BIAS, "x", UnitShift(n, order), takes, quantum),
        Projection("t", "x", UnitShift(n, 0), schedule.length + takes - schedule.output, quantum),
        # A copy that fires once in a cycle: x itself is replayed too.
        Projection("x", PAST, OneToOne(), 1, p.copy),
        Projection(f"g{takes}", PAST, AllToAll(), 1, p.half),
        Projection(PAST, "x", UnitShift(n, 1), schedule.length - 1, quantum),
    )
