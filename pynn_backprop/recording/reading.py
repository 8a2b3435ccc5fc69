"""What a Neo block says: its circuit, and of a segment, also one that was cut, spikes, samples and labels.

A segment may have been cut by Neo, with ``reset_time`` or without: spikes are given in circuit time all the same, and a
sample counts only if all of it is there.
"""

from __future__ import annotations

import functools
import json

import neo
import numpy as np

from ..circuit.circuit import Circuit
from ..circuit.inference import inference_circuit
from ..circuit.parameters import Parameters
from ..circuit.published import PublishedSchedule
from ..circuit.training import training_circuit
from ..codes.code import code_of
from ..errors import InputError
from ..spikes import Spikes, sorted_spikes

ROUNDING = 1e-6
"""How far a time in ms may be off for its step or its edge to be recognised."""


def circuit_of(block: neo.Block) -> Circuit:
    """The circuit that a block's annotations describe.

    Raises
    ------
    InputError
        If the block was not made by this package, or what it says of its circuit can't be.
    """
    missing = [key for key in ("layer_sizes", "parameters", "training", "probe") if key not in block.annotations]
    if missing:
        raise InputError(f"the block {block.name!r} lacks the annotations {', '.join(missing)}: not a block of ours")
    said = block.annotations
    # Recordings of before there were forms are of the published one.
    form = said.get("form", PublishedSchedule.form) if said["training"] else ""
    try:
        probe, levels = bool(said["probe"]), int(said.get("readout_levels", 1))
        return _built(said["layer_sizes"], said["parameters"], form, probe, levels, said.get("code", "{}"))
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"the block {block.name!r} describes no circuit: {error}") from error


@functools.lru_cache(maxsize=8)
def _built(neurons: str, parameters: str, form: str, probe: bool, readout_levels: int, code: str) -> Circuit:
    """The circuit of these annotations, of which a block is asked again and again."""
    strengths, numbers = Parameters(**json.loads(parameters)), code_of(json.loads(code))
    units = [size // numbers.n for size in json.loads(neurons)]
    if form:
        return training_circuit(units, strengths, numbers, form)
    return inference_circuit(units, strengths, probe=probe, code=numbers, readout_levels=readout_levels)


def spikes_of(segment: neo.Segment) -> Spikes:
    """The spikes of a segment by population, as :mod:`pynn_backprop.spikes` describes.

    Whether the segment has one train per population or one per neuron makes no difference.
    """
    time, step = _anchor(segment)
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for train in segment.spiketrains:
        # Spikes lie half a step behind an edge, or in recordings of before on it.
        steps = np.floor(train.times.rescale("ms").magnitude - time + ROUNDING).astype(np.int64) + step
        neurons = train.array_annotations.get("index")
        if neurons is None:
            neurons = np.full(len(train), int(train.annotations["index"]))
        found.setdefault(str(train.annotations["population"]), []).append((steps, neurons))
    return {
        name: sorted_spikes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        for name, parts in found.items()
    }


def _anchor(segment: neo.Segment) -> tuple[float, int]:
    """The time of an edge in ms, and the step that begins there; Neo may have shifted all times."""
    for name, first_step in (("phases", _step_of_phase), ("samples", _step_of_sample)):
        epoch = _epoch(segment, name)
        if epoch is not None and len(epoch) and (step := first_step(epoch)) is not None:
            return float(epoch.times[0].rescale("ms")), step
    return 0.0, 0


def _step_of_phase(phases: neo.Epoch) -> int | None:
    steps = phases.array_annotations.get("step")
    return None if steps is None else int(steps[0])


def _step_of_sample(samples: neo.Epoch) -> int:
    length = round(float(samples.durations[0].rescale("ms")))
    return (int(samples.array_annotations["sample"][0]) + 1) * length


def labels_of(segment: neo.Segment) -> np.ndarray:
    """Labels of the samples of which all is in a segment, int64, shape (n,).

    Raises
    ------
    InputError
        If there is no such sample, or the samples were shown without labels.
    """
    epoch, whole = _samples(segment)
    labels = epoch.array_annotations.get("label")
    if labels is None:
        raise InputError(f"the segment {segment.name!r} has no labels: its samples were shown without")
    return np.asarray(labels, dtype=np.int64)[whole]


def has_labels(segment: neo.Segment) -> bool:
    """Whether the samples of a segment were shown with labels."""
    epoch = _epoch(segment, "samples")
    return epoch is not None and "label" in epoch.array_annotations


def samples_of(segment: neo.Segment) -> np.ndarray:
    """Indices of the samples of which all is in a segment, counted from the start of training, int64, shape (n,).

    Raises
    ------
    InputError
        If there is no such sample.
    """
    epoch, whole = _samples(segment)
    return np.asarray(epoch.array_annotations["sample"], dtype=np.int64)[whole]


def _samples(segment: neo.Segment) -> tuple[neo.Epoch, np.ndarray]:
    """The epoch of the samples, and which of them are whole, bool of shape (n,)."""
    epoch = _epoch(segment, "samples")
    if epoch is None and _epoch(segment, "phases") is None:
        raise InputError(f"the segment {segment.name!r} has no epoch 'samples': not a segment of ours")
    whole = np.zeros(0, bool) if epoch is None else _inside(segment, epoch)
    if epoch is None or not whole.any():
        raise InputError(f"the segment {segment.name!r} was cut and holds no whole sample, from its start to its end")
    return epoch, whole


def _inside(segment: neo.Segment, epoch: neo.Epoch) -> np.ndarray:
    """Which entries of an epoch lie within the trains of the segment; Neo's cut keeps those that begin there."""
    starts = epoch.times.rescale("ms").magnitude
    stops = starts + epoch.durations.rescale("ms").magnitude
    first = max((float(train.t_start.rescale("ms")) for train in segment.spiketrains), default=-np.inf)
    last = min((float(train.t_stop.rescale("ms")) for train in segment.spiketrains), default=np.inf)
    return np.asarray((starts >= first - ROUNDING) & (stops <= last + ROUNDING))


def _epoch(segment: neo.Segment, name: str) -> neo.Epoch | None:
    return next((epoch for epoch in segment.epochs if epoch.name == name), None)
