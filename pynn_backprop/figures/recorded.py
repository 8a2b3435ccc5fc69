"""What the recordings of the figures have in common: runs on a platform that end in a Neo block.

A block of a figure has everything that its drawing needs: the spikes of a segment as
:mod:`pynn_backprop.recording.blocks` stores them, and numbers over time (weights, outputs) as signals.  Its annotations
describe the circuit with its code, so that :func:`circuit_of` builds it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import neo
import numpy as np
import quantities as pq

from ..circuit.chain import OPENS, chain_circuit
from ..circuit.circuit import Circuit
from ..circuit.parameters import Parameters
from ..codes.code import code_of
from ..errors import InputError
from ..interfaces import Platform, Shows, spikes_of
from ..learning.progress import Stretch
from ..recording import blocks as recording
from ..simulation.backends.registry import written
from ..spikes import Spikes
from ..weights import Weights

FIGURE = "figure"
"""The annotation that says which figure a block is for."""


def train(
    platform: Platform, circuit: Circuit, weights: Weights, x: np.ndarray, targets: np.ndarray, record: Sequence[str]
) -> Spikes:
    """Record a circuit while it learns.

    Parameters
    ----------
    platform, circuit, weights
        What runs where, see :meth:`pynn_backprop.platforms.Platform.build`.
    x : numpy.ndarray of bool, shape (n_samples, n_in)
        Which input neurons fire.
    targets : numpy.ndarray of bool, shape (n_samples, n_out)
        Which target neurons fire.
    record : sequence of str
        Names of populations.

    Returns
    -------
    dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    """
    running = platform.build(circuit, weights, record)
    try:
        running.train(x, targets)
        return spikes_of(running)
    finally:
        running.close()


def infer(platform: Platform, circuit: Circuit, weights: Weights, x: np.ndarray, record: Sequence[str]) -> Spikes:
    """Record a circuit while it answers; parameters and spikes as of :func:`train`."""
    running = platform.build(circuit, weights, record)
    try:
        running.infer(x)
        return spikes_of(running)
    finally:
        running.close()


def show(platform: Platform, circuit: Circuit, sources: dict[str, np.ndarray], record: Sequence[str]) -> Spikes:
    """Record a circuit without weight matrices.

    Parameters
    ----------
    platform, circuit
        What runs where.
    sources : dict of str to numpy.ndarray of bool, shape (n_samples, size)
        Which neurons of each source fire.
    record : sequence of str
        Names of populations.

    Returns
    -------
    dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    """
    running = platform.build(circuit, {}, record)
    try:
        if not isinstance(running, Shows):
            raise InputError(f"the platform is {platform.name!r}, which can't run a circuit without matrices")
        running.show(sources)
        return spikes_of(running)
    finally:
        running.close()


def block_of(
    figure: str,
    circuit: Circuit,
    platform: Platform,
    spikes: Spikes,
    samples: int,
    first: int = 0,
    labels: np.ndarray | None = None,
    **annotations: object,
) -> neo.Block:
    """Make spikes of consecutive samples the block of a figure.

    Parameters
    ----------
    figure : str
        Its name.
    circuit : pynn_backprop.circuit.parts.Circuit
        What ran.
    platform : pynn_backprop.platforms.Platform
        Where.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    samples, first : int
        How many samples there are, and the number of the first one.
    labels : numpy.ndarray of int64, shape (samples,), optional
        Of the samples; None for graded ones, which have values instead.
    annotations
        Whatever the drawing needs besides.

    Returns
    -------
    neo.Block
    """
    labels = np.zeros(samples, np.int64) if labels is None else labels
    block = recording.to_block(circuit, [Stretch(first, labels, spikes)], platform.describe(), figure)
    routes = [source.name[len(OPENS) :] for source in circuit.sources if source.name.startswith(OPENS)]
    if routes:
        block.annotate(chain=json.dumps([circuit.units[0], circuit.schedule.depth + 1, routes]))
    block.annotate(**{FIGURE: figure}, **annotations)
    return block


def circuit_of(block: neo.Block) -> Circuit:
    """The circuit that the annotations of :func:`block_of` describe.

    Parameters
    ----------
    block : neo.Block
        Of a figure.

    Returns
    -------
    pynn_backprop.circuit.parts.Circuit

    Raises
    ------
    InputError
        If they are not there.
    """
    if "chain" not in block.annotations:
        return recording.circuit_of(block)
    units, populations, routes = json.loads(block.annotations["chain"])
    code = code_of(json.loads(block.annotations.get("code", "{}")))
    return chain_circuit(units, populations, code, routes, Parameters(**json.loads(block.annotations["parameters"])))


def where(block: neo.Block) -> str:
    """The platform on which it was recorded, as its makers write it."""
    return written(block.annotations["platform"])


def described(block: neo.Block) -> str:
    """Units of the layers and neurons of a unit, for captions."""
    circuit = circuit_of(block)
    return f"{'-'.join(map(str, circuit.units))} with {circuit.code.n} neurons a unit"


def add_signals(segment: neo.Segment, shown: np.ndarray, length: int, signals: Mapping[str, np.ndarray]) -> None:
    """Add numbers that were read after some samples to a segment.

    Parameters
    ----------
    segment : neo.Segment
        Where to.
    shown : numpy.ndarray of int, shape (n_readings,)
        After how many samples.
    length : int
        Phases in a cycle, which make the number of samples a time.
    signals : mapping of str to numpy.ndarray, shape (n_readings, ...)
        By name; all but the first dimension become channels.
    """
    for name, values in signals.items():
        flat = np.asarray(values, dtype=float).reshape(len(shown), -1)
        signal = neo.IrregularlySampledSignal(shown * float(length) * pq.ms, flat, units=pq.dimensionless, name=name)
        signal.annotate(shape=json.dumps(np.shape(values)[1:]), length=length)
        segment.irregularlysampledsignals.append(signal)


def signal_of(segment: neo.Segment, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers that :func:`add_signals` added.

    Parameters
    ----------
    segment : neo.Segment
        Where.
    name : str
        Which.

    Returns
    -------
    shown : numpy.ndarray of int, shape (n_readings,)
        After how many samples they were read.
    values : numpy.ndarray, shape (n_readings, ...)
        The numbers.

    Raises
    ------
    InputError
        If the segment has no such signal.
    """
    for signal in segment.irregularlysampledsignals:
        if signal.name == name:
            shape = json.loads(signal.annotations["shape"])
            shown = np.rint(signal.times.rescale("ms").magnitude / float(signal.annotations["length"])).astype(int)
            return shown, np.asarray(signal.magnitude).reshape(len(shown), *shape)
    there = ", ".join(str(signal.name) for signal in segment.irregularlysampledsignals) or "none"
    raise InputError(f"the segment {segment.name!r} has no signal {name!r}; it has {there}")
