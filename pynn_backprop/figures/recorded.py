"""What the data functions of the figures have in common: runs on a platform that end in a Neo block.

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
from ..circuit.parameters import Parameters
from ..circuit.parts import Circuit
from ..codes.code import Code
from ..errors import InputError
from ..interfaces import Platform, Shows, spikes_of
from ..learning.training import Stretch
from ..recording import blocks as recording
from ..spikes import Spikes
from ..weights import Weights

FIGURE = "figure"
"""The annotation that says which figure a block is for."""


def train(
    platform: Platform, circuit: Circuit, weights: Weights, x: np.ndarray, targets: np.ndarray, record: Sequence[str]
) -> Spikes:
    """The spikes of the named populations while the circuit learns."""
    running = platform.build(circuit, weights, record)
    try:
        running.train(x, targets)
        return spikes_of(running)
    finally:
        running.close()


def infer(platform: Platform, circuit: Circuit, weights: Weights, x: np.ndarray, record: Sequence[str]) -> Spikes:
    """The spikes of the named populations while the circuit answers."""
    running = platform.build(circuit, weights, record)
    try:
        running.infer(x)
        return spikes_of(running)
    finally:
        running.close()


def show(platform: Platform, circuit: Circuit, sources: dict[str, np.ndarray], record: Sequence[str]) -> Spikes:
    """The spikes of the named populations of a circuit without weight matrices."""
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
    **annotations: object,
) -> neo.Block:
    """Spikes of consecutive samples as the block of a figure.

    Parameters
    ----------
    figure
        Its name.
    circuit, platform
        What ran, and where.
    spikes
        As :mod:`pynn_backprop.spikes` describes.
    samples, first
        How many samples there are, and the number of the first one.
    annotations
        Whatever the drawing needs besides.
    """
    labels = np.zeros(samples, np.int64)  # graded samples have values, not labels
    block = recording.to_block(circuit, [Stretch(first, labels, spikes)], platform.describe(), figure)
    routes = [source.name[len(OPENS) :] for source in circuit.sources if source.name.startswith(OPENS)]
    if routes:
        block.annotate(chain=json.dumps([circuit.units[0], circuit.schedule.depth + 1, routes]))
    block.annotate(**{FIGURE: figure}, **annotations)
    return block


def circuit_of(block: neo.Block) -> Circuit:
    """The circuit that the annotations of :func:`block_of` describe.

    Raises
    ------
    InputError
        If they are not there.
    """
    if "chain" not in block.annotations:
        return recording.circuit_of(block)
    units, populations, routes = json.loads(block.annotations["chain"])
    code = Code(**json.loads(block.annotations["code"]))
    return chain_circuit(units, populations, code, routes, Parameters(**json.loads(block.annotations["parameters"])))


def described(block: neo.Block) -> str:
    """Units of the layers and neurons of a unit, for captions."""
    circuit = circuit_of(block)
    return f"{'-'.join(map(str, circuit.units))} with {circuit.code.n} neurons a unit"


def add_signals(segment: neo.Segment, shown: np.ndarray, length: int, signals: Mapping[str, np.ndarray]) -> None:
    """Add numbers that were read after some samples, shape (n_readings, ...), to a segment.

    Parameters
    ----------
    segment
        Where to.
    shown
        After how many samples, shape (n_readings,).
    length
        Phases in a cycle, which make the number of samples a time.
    signals
        Arrays by name; all but the first dimension become channels.
    """
    for name, values in signals.items():
        flat = np.asarray(values, dtype=float).reshape(len(shown), -1)
        signal = neo.IrregularlySampledSignal(shown * float(length) * pq.ms, flat, units=pq.dimensionless, name=name)
        signal.annotate(shape=json.dumps(np.shape(values)[1:]), length=length)
        segment.irregularlysampledsignals.append(signal)


def signal_of(segment: neo.Segment, name: str) -> tuple[np.ndarray, np.ndarray]:
    """After how many samples a signal was read, shape (n_readings,), and its values, shape (n_readings, ...).

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
