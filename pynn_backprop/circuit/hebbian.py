"""One plastic synapse between neurons that can be made to fire: what pulse-gated Hebbian learning does."""

from __future__ import annotations

from ..codes.binary import Binary
from .builder import Builder
from .circuit import Circuit
from .connectivity import AllToAll
from .parameters import Parameters
from .parts import Projection
from .schedule import NamedSchedule

PRE_PHASE = 3
OFFSETS = (-2, -1, 0, 1, 2)
"""Steps from the presynaptic spike to a postsynaptic one that a source can bring about."""


def post_source(offset: int) -> str:
    """The source that makes ``o`` fire so many steps after ``x``."""
    return f"post {offset:+d}" if offset else "post 0"


def hebbian_circuit(parameters: Parameters | None = None) -> Circuit:
    """A neuron ``x`` with a plastic synapse ``W1`` to a neuron ``o``, and the reinforcement neuron ``r``.

    Parameters
    ----------
    parameters
        Threshold, weight change and bound; the published ones if None.

    Returns
    -------
    Circuit
        The source ``input`` makes x fire, ``reinforcement`` r in the same step, and the sources of :func:`post_source`
        o before, with or after x.
    """
    p, last = parameters or Parameters(), PRE_PHASE + OFFSETS[-1]
    phases = ("rest", *("spikes" if 1 <= phase <= last else "rest" for phase in range(1, last + 2)))
    build = Builder((1, 1), NamedSchedule(1, phases, PRE_PHASE), p, Binary())
    build.source("input", 1, 0)
    build.source("start", 1, None, build.schedule.length - 1)
    build.add("x", 1, "data", 0, [PRE_PHASE])
    build.one_to_one("input", "x", p.chain, PRE_PHASE)
    build.add("o", 1, "data", 1, [PRE_PHASE + offset for offset in OFFSETS])
    for offset in OFFSETS:
        build.source(post_source(offset), 1, 1)
        build.one_to_one(post_source(offset), "o", p.chain, PRE_PHASE + offset)
    build.source("reinforcement", 1, None)
    build.add("r", 1, "reinforcement", None, [PRE_PHASE])
    build.one_to_one("reinforcement", "r", p.chain, PRE_PHASE)
    build.projections.append(Projection("x", "o", AllToAll(), 1, None, "W1", plastic=True))
    build.ring()
    return build.circuit()
