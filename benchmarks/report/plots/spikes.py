"""Spikes of a sample by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.plots.parts import layer_word
from pynn_backprop.plots.style import BLUE, GREEN, ORANGE

from ...measure.circuits import circuit_of
from ...rows import INFERENCE, TRAINING, apart_in
from ..groups import Group
from ..numbers import significant
from ..summary import Line, counts_in, same_counts
from .drawing import drawing, grid, key, labelled, rows_from_the_top
from .plot import SKY, Plot, whole

_LAYERS = (
    ("input layer", SKY),
    ("hidden layer", BLUE),
    ("output layer", ORANGE),
    ("control", GREEN),
)


def spikes_by_layer(group: Group) -> Plot | None:
    """Spikes of a sample by layer, in training and inference; None if none were counted."""
    bars = []
    for of in (TRAINING, INFERENCE):
        for same in same_counts(group.lines, of):
            circuit = circuit_of(same[0].first, of)
            bars.append((of, same, _by_layer(circuit, counts_in(same[0].first, of)["spikes_per_sample"])))
    if not bars:
        return None
    figure = drawing(1.5 + 0.55 * len(bars))
    axes = figure.subplots()
    for height, (_, _, layers) in enumerate(bars):
        left = 0.0
        for name, colour in _LAYERS:
            label = name if height == 0 else None
            bar = axes.barh(height, layers[name], left=left, color=colour, height=0.6, label=label)
            left += layers[name]
        axes.bar_label(bar, [significant(left)], padding=4)
    rows_from_the_top(axes, [_name(of, same) for of, same, _ in bars])
    # Room for the sum, also where the last layer is silent: its bar would else keep the axis from going on.
    axes.use_sticky_edges = False
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    axes.set_xlabel("spikes in a sample")
    labelled(axes.xaxis, whole)
    grid(axes, "x")
    key(figure, "upper left", columns=len(_LAYERS))
    where = "; ".join(f"{of}: {', '.join(line.name for line in same)}" for of, same, _ in bars)
    caption = (
        f"Spikes of a sample by layer: {group.title}. Counted, not estimated; platforms named together "
        f"fired the same spikes ({where}). A layer holds its memory and error populations too; control is the gating "
        "ring and the reinforcement neuron. Spikes from outside are not in it."
    )
    text = "; ".join(
        f"{of}: " + ", ".join(f"{name} {significant(layers[name])}" for name, _ in _LAYERS) for of, _, layers in bars
    )
    return Plot(f"spikes-{group.name}", group.case, figure, caption, text)


def _name(of: str, same: Sequence[Line]) -> str:
    """Training or inference, and what tells the circuit from others."""
    words = apart_in(same[0].first)
    return "\n".join([of, ", ".join(filter(None, (words["form"] if of == TRAINING else "", words["rule"])))]).strip()


def _by_layer(circuit: Circuit, spikes: Mapping[str, Any]) -> dict[str, float]:
    found = {name: 0.0 for name, _ in _LAYERS}
    populations = {population.name: population for population in circuit.populations}
    for name, number in spikes.items():
        if populations[name].role != "source":
            found[layer_word(populations[name].layer, circuit.depth)] += number
    return found
