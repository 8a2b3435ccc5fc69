"""The figure ``circuit``: the one-layer circuit, its table of phases, and what lifts its neurons to their levels."""

from __future__ import annotations

import neo
from matplotlib.figure import Figure

from ..circuit.circuit import Circuit
from ..circuit.connectivity import UnitToUnit
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.diagram import draw_circuit
from ..plots.diagram_arrows import EXCITES, INHIBITS, KINDS
from ..spikes import check_silence
from ..tasks.linear_map import map_samples, random_map
from ..weights import initial_weights
from . import recorded

NAME = "circuit"
SAMPLES, NEURONS, SEED = 32, 32, 0


def record(platform: Platform, form: str = DEFAULT_FORM) -> neo.Block:
    """Record all spikes of a few samples; none may be in a phase in which the circuit says there is none.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        All spikes of the simulated populations.

    Raises
    ------
    EqualityError
        If a population fires in a phase in which it must be silent.
    """
    code, matrix = Graded(NEURONS), random_map(SEED)
    circuit = training_circuit(matrix.shape, code=code, form=form)
    x, targets = map_samples(matrix, code, SAMPLES, SEED)
    weights = initial_weights(circuit.units, SEED, parameters=circuit.parameters, code=code)
    everything = [population.name for population in circuit.simulated]
    spikes = recorded.train(platform, circuit, weights, x, targets, everything)
    check_silence(spikes, circuit)
    return recorded.block_of(NAME, circuit, platform, spikes, SAMPLES, seed=SEED)


def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the circuit that the recording describes.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    width : float, optional
        Of the figure, in mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    circuit = recorded.circuit_of(block)
    return draw_circuit(circuit, _kinds(circuit), width)


def _kinds(circuit: Circuit) -> dict[str, str]:
    """What the key says about arrows, some of which join whole units."""
    joined = [(p.pre, p.weight or 0) for p in circuit.projections if isinstance(p.connectivity, UnitToUnit)]
    excite, inhibit = (" and ".join(sorted({pre for pre, weight in joined if sign * weight > 0})) for sign in (1, -1))
    return {
        **KINDS,
        EXCITES: f"one to one (from {excite}: unit to unit), excites",
        INHIBITS: f"one to one (from {inhibit}: unit to unit), inhibits",
    }


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    return (
        f"The one-layer circuit {recorded.described(block)}, drawn from its description: the copy of the input x, the "
        "output o with the two edges of its derivative (o_low, o_high), which mask the error (d+ and d-), the target, "
        "the memory of the input, the rotor that lifts neurons to their levels, and the table of who may fire when. In "
        f"{SAMPLES} samples recorded on {recorded.where(block)} there is no spike outside this table. Samples "
        f"and weights have the seed {SEED}."
    )
