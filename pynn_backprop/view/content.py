"""What a page knows, as JSON: the circuit, its weights, and all spikes of some samples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..circuit.circuit import Circuit
from ..circuit.parts import Population, Projection
from ..data import datasets
from ..plots.diagram_arrows import OPENS, folded, kind_of
from ..plots.diagram_layout import BACK, BELOW, CARRIER, CONTROL, ERROR, LAYER, MASK, MEMORY, SOURCE, part_of
from ..plots.parts import LEARNING, layer_word, reading_order, tints, title_of
from ..recording.analysis import answers_of
from ..recording.blocks import circuit_of, labels_of, spikes_of
from ..simulation.backends.registry import written
from ..weights import Weights
from .packing import Packed, packed
from .recording import LEAD, Recorded

MOST_CHARACTERS = 1_300_000
"""That the weights may take; a page has at most 2 MB."""

_NOT_VERSIONS = {
    *("layer_sizes", "parameters", "training", "probe", "circuit", "code", "form", "readout_levels"),
    *("data", "epochs", "learning_rule"),
}
"""Annotations of a block that are told elsewhere; the others say what ran."""

_WORDS: Mapping[str, str] = {
    BACK: "replays its layer so that the transposed weights learn, then receives the error from above",
    CARRIER: "carries the other sign of the error into the negated weights",
    MASK: "remembers where the derivative of the activation is 1, and opens its layer only there",
    MEMORY: "keeps a copy of its layer for the replays",
    LAYER: "computes its activation, and fires again with the error when its weights learn",
    ERROR: "the error of the output, one population for each sign",
    BELOW: "the target, with which the output is compared",
    SOURCE: "spikes from outside",
}
"""What a population does, by its part in its layer."""

_LEARNS = {tint: word for tint, word, _ in LEARNING}

_CONTROLS: Mapping[str, str] = {
    "reinforcement": "while it fires, coincidences strengthen synapses, else they weaken them",
    "error": "fires if there is any error, and opens all that follows",
    "gate": "opens populations for one step, or lifts them to their levels",
    "source": "starts the ring of gates",
}
"""The same for what belongs to no layer, by role."""


def content_of(recorded: Recorded) -> dict[str, Any]:
    """All that the scripts of a page read.

    Parameters
    ----------
    recorded : Recorded
        What it shows.

    Returns
    -------
    dict
        Plain numbers, text, lists and dicts; arrays are packed.
    """
    block, segment = recorded.block, recorded.block.segments[0]
    circuit, said = circuit_of(block), block.annotations
    labels, answers = labels_of(segment).tolist(), answers_of(block, 0).tolist()
    index = {population.name: place for place, population in enumerate(circuit.populations)}
    spikes, length = spikes_of(segment), circuit.schedule.length
    steps = len(labels) * length
    return {
        "title": title_of(circuit),
        "platform": written(str(said["platform"])),
        "data": datasets.written(str(said["data"])),
        "learned": f"{said['epochs']} epochs",
        "ran": {key: str(value) for key, value in said.items() if key not in _NOT_VERSIONS},
        "phases": list(circuit.schedule.labels),
        "tints": {phase: _LEARNS[tint] for phase, (tint, _) in tints(circuit.schedule).items()},
        "output": circuit.schedule.output,
        "units": list(circuit.units),
        "neurons_of_a_unit": circuit.code.n,
        "eta": circuit.parameters.eta,
        "w_max": circuit.parameters.w_max,
        "shape": list(recorded.shape),
        "lead": LEAD,
        "samples": [{"label": label, "answer": answer} for label, answer in zip(labels, answers, strict=True)],
        "order": [index[population.name] for population in reading_order(circuit)],
        "populations": [_population(circuit, population) for population in circuit.populations],
        "projections": [_projection(circuit, projection, index) for projection in circuit.projections],
        "spikes": [_spikes(spikes[population.name], length, steps) for population in circuit.populations],
        "weights": _within(recorded.weights),
    }


def _population(circuit: Circuit, population: Population) -> dict[str, Any]:
    part = part_of(circuit, population)
    words = _CONTROLS.get(population.role, "") if part == CONTROL else _WORDS[part]
    return {
        "name": population.name,
        "size": population.size,
        "role": population.role,
        "layer": -1 if population.layer is None else population.layer,
        "where": layer_word(population.layer, circuit.depth),
        "limit": population.bias + population.threshold,
        "bias": population.bias,
        "threshold": population.threshold,
        "phases": list(population.phases),
        "words": words,
    }


def _projection(circuit: Circuit, projection: Projection, index: Mapping[str, int]) -> dict[str, Any]:
    pre, post = circuit[projection.pre], circuit[projection.post]
    table = circuit.level_weights(projection)
    whole = slice(0, pre.size), slice(0, post.size)
    blocks = [] if table is not None else projection.connectivity.blocks(*whole, 0, 0.0)
    return {
        "pre": index[pre.name],
        "post": index[post.name],
        "latency": projection.latency,
        "weight": projection.weight,
        "matrix": projection.matrix,
        "sign": projection.sign,
        "transpose": projection.transpose,
        "plastic": projection.plastic,
        "opens": folded(circuit, projection) in ("table", "level") or kind_of(circuit, projection)[0] == OPENS,
        "table": None if table is None else packed(table),
        "blocks": [[b.pre.start, b.pre.stop, b.post.start, b.post.stop, int(b.all_to_all)] for b in blocks],
    }


def _spikes(table: np.ndarray, length: int, steps: int) -> dict[str, Packed]:
    """How many spikes each step has, from the first sample of the recording on, and their neurons."""
    counts = np.bincount(table[:, 0] - length, minlength=steps)
    return {"counts": packed(counts), "neurons": packed(table[:, 1])}


def _within(weights: Weights) -> dict[str, Packed | None]:
    """The matrices, those with fewest weights first, as far as there is room for them in a page."""
    found: dict[str, Packed | None] = dict.fromkeys(weights)
    room = MOST_CHARACTERS
    for name in sorted(weights, key=lambda name: weights[name].size):
        matrix = packed(weights[name])
        room -= len(str(matrix["data"]))
        if room < 0:
            break
        found[name] = matrix
    return found
