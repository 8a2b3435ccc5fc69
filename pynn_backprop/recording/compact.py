"""Recordings as plain arrays in an ``.npz`` file: small and quick however many spike trains they have, and no pickles.

The spikes of segment n are in the arrays ``n/<population>``, rows of step and neuron in circuit time; ``n/labels``
holds the labels of its samples and ``n/first`` the index of the first one.  ``said`` is JSON: the name and the
annotations of the block, and whether it has a train for each neuron.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import neo
import numpy as np

from ..circuit.circuit import Circuit
from ..errors import InputError
from ..spikes import NO_LABEL, Stretch
from .reading import circuit_of, has_labels, labels_of, samples_of, spikes_of

SAID, LABELS, FIRST = "said", "labels", "first"


@dataclass(frozen=True)
class Content:
    """What :func:`pynn_backprop.recording.blocks.to_block` makes a block of.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    stretches : list of Stretch
        What was recorded.
    annotations : dict
        Of the block.
    name : str
        Of the block.
    per_neuron : bool
        Whether it has a train for each neuron.
    """

    circuit: Circuit
    stretches: list[Stretch]
    annotations: dict[str, Any]
    name: str
    per_neuron: bool


def pack(block: neo.Block) -> dict[str, np.ndarray]:
    """The arrays of a block.

    Raises
    ------
    InputError
        If it holds more than recordings of this package do: signals, or annotations that are no text, number or truth
        value.
    """
    circuit_of(block)
    arrays, per_neuron = {}, False
    for n, segment in enumerate(block.segments):
        if segment.analogsignals or segment.irregularlysampledsignals:
            raise InputError(f"the segment {segment.name!r} holds signals, which an .npz file does not: write .nix")
        samples = samples_of(segment)
        arrays[f"{n}/{FIRST}"] = samples[:1]
        arrays[f"{n}/{LABELS}"] = labels_of(segment) if has_labels(segment) else np.full(len(samples), NO_LABEL)
        arrays |= {f"{n}/{name}": table for name, table in spikes_of(segment).items()}
        per_neuron |= any("size" not in train.annotations for train in segment.spiketrains)
    said = {"name": block.name, "per_neuron": per_neuron, "segments": len(block.segments)}
    try:
        text = json.dumps({**said, "annotations": block.annotations})
    except TypeError as error:
        raise InputError(f"the block {block.name!r} has annotations that can't be written: {error}") from error
    return {SAID: np.array(text), **arrays}


def unpack(arrays: Mapping[str, np.ndarray]) -> Content:
    """The inverse of :func:`pack`.

    Raises
    ------
    InputError
        If the arrays are not those of a recording.
    """
    try:
        said = json.loads(str(arrays[SAID]))
        stretches = [_stretch(arrays, n) for n in range(said["segments"])]
        block = neo.Block(name=said["name"], **said["annotations"])
        return Content(circuit_of(block), stretches, said["annotations"], said["name"], bool(said["per_neuron"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"this is no recording: {error}") from error


def _stretch(arrays: Mapping[str, np.ndarray], n: int) -> Stretch:
    inside = {name.partition("/")[2]: array for name, array in arrays.items() if name.startswith(f"{n}/")}
    (first,), labels = inside.pop(FIRST), inside.pop(LABELS)
    wrong = [name for name, table in inside.items() if table.ndim != 2 or table.shape[1] != 2]
    if wrong:
        raise InputError(f"{n}/{wrong[0]} has shape {inside[wrong[0]].shape} but must be (n_spikes, 2)")
    return Stretch(int(first), labels, inside)
