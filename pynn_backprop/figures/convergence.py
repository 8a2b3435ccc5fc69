"""The figure ``fig4``: the weights of a linear map converge, with every dither and with float backpropagation."""

from __future__ import annotations

import json
import math

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullFormatter

from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.code import Code
from ..codes.graded import DITHERS, Graded
from ..interfaces import Platform
from ..plots.fitting import fit_heads
from ..plots.parts import DITHER_LOOKS, units_text
from ..plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MIDDLE,
    MM,
    ORANGE,
    PRINT_WIDTH,
    SMALL,
    VERMILION,
    columns_of,
    figure_of,
    head,
    new_figure,
    styled,
)
from ..tasks.linear_map import LearntMap, learn_map, map_samples, random_map
from . import recorded
from .recorded import signal_of

NAME = "fig4"
SAMPLES, EVERY, NEURONS, SEED = 4000, 100, 32, 0
LAST = 500
"""The output error is that of this many samples at the end."""

FLOAT = "float"

LOOKS = {**DITHER_LOOKS, FLOAT: (BLACK, ":", "x")}
"""Colour, line and marker of each way to learn."""

_OUTPUTS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (VERMILION, "D"), (GREY, "v"))
"""Colour and marker of each output."""

_NAMED = 14.0
"""Millimetres left of a panel for its axis and letter."""

_TABLE = PRINT_WIDTH / 2.7
"""Millimetres of the panels on the right, of which the table needs all; the others take what a figure has besides."""


def record(platform: Platform, samples: int = SAMPLES, form: str = DEFAULT_FORM) -> neo.Block:
    """Learn the map on the platform with each dither, by the rule in numbers, and by float backpropagation.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    samples : int
        How many are shown.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        Weights and output errors over samples.
    """
    matrix = random_map(SEED)
    learnt = {dither: _learn(matrix, Graded(NEURONS, dither, SEED), samples, platform, form) for dither in DITHERS}
    rule = {dither: _learn(matrix, Graded(NEURONS, dither, SEED), samples, None, form) for dither in DITHERS}
    circuit = training_circuit(matrix.shape, code=Graded(NEURONS), form=form)
    equal = [name for name, found in learnt.items() if np.array_equal(found.learnt, rule[name].learnt)]
    block = recorded.block_of(NAME, circuit, platform, {}, samples, seed=SEED)
    block.annotate(matrix=json.dumps(matrix.tolist()), equal_to_oracle=json.dumps(equal))
    segment, length = block.segments[0], circuit.schedule.length
    for name, found in learnt.items():
        signals = {f"weights {name}": found.learnt, f"oracle {name}": rule[name].learnt}
        recorded.add_signals(segment, found.shown, length, signals)
        recorded.add_signals(segment, np.arange(samples), length, {f"output error {name}": found.output_error})
    weights, error = float_map(matrix, samples, circuit.parameters.eta / circuit.parameters.quantum(NEURONS), EVERY)
    recorded.add_signals(segment, learnt[DITHERS[0]].shown, length, {f"weights {FLOAT}": weights})
    recorded.add_signals(segment, np.arange(samples), length, {f"output error {FLOAT}": error})
    return block


def _learn(matrix: np.ndarray, code: Code, samples: int, platform: Platform | None, form: str) -> LearntMap:
    return learn_map(matrix, code, samples, SEED, platform=platform, every=EVERY, form=form)


def float_map(matrix: np.ndarray, samples: int, rate: float, every: int) -> tuple[np.ndarray, np.ndarray]:
    """Learn the same map from the same samples by gradient descent in floating-point numbers.

    The output is the clipped drive, and the derivative is 1 inside the box, as in the circuit.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (n_in, n_out)
        The map.
    samples : int
        How many are shown.
    rate : float
        Change of a weight per unit of input and error.
    every : int
        Samples between two readings.

    Returns
    -------
    weights : numpy.ndarray, shape (n_readings, n_in, n_out)
        The initial ones first.
    output_error : numpy.ndarray, shape (n_samples,)
        Mean distance of the outputs from their targets before each sample was learnt.
    """
    code = Graded(NEURONS)
    x, targets = (code.counts(fired) / code.n for fired in map_samples(matrix, code, samples, SEED))
    weights = np.full(matrix.shape, 1 / len(matrix))
    readings, errors = [weights.copy()], []
    for number, (value, target) in enumerate(zip(x, targets, strict=True), 1):
        drive = value @ weights
        error = target - np.clip(drive, 0, 1)
        errors.append(np.abs(error).mean())
        weights += rate * np.outer(value, error * ((drive > 0) & (drive <= 1)))
        if number % every == 0 or number == samples:
            readings.append(weights.copy())
    return np.array(readings), np.array(errors)


def results(block: neo.Block) -> dict[str, tuple[float, float, float]]:
    """What was found in the end.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.

    Returns
    -------
    dict of str to tuple of float
        Worst and mean distance of a weight from the map, and the mean of the last output errors, by dither and for
        float backpropagation.
    """
    segment, matrix = block.segments[0], np.array(json.loads(block.annotations["matrix"]))
    found = {}
    for name in (*DITHERS, FLOAT):
        distance = np.abs(signal_of(segment, f"weights {name}")[1][-1] - matrix)
        error = signal_of(segment, f"output error {name}")[1][-LAST:]
        found[name] = (float(distance.max()), float(distance.mean()), float(error.mean()))
    return found


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw weights over samples, their distance from the map, and what was found.

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
    figure = new_figure(130, width, layout="constrained")
    circuit, platform = recorded.circuit_of(block), recorded.where(block)
    title = f"A linear map is learnt: {units_text(circuit)} units of {circuit.code.n} neurons, on {platform}"
    figure.suptitle(title)
    panels = figure.subplots(2, 2, width_ratios=(figure.get_figwidth() / MM - _TABLE, _TABLE))
    _draw_weights(panels[0, 0], block, platform)
    _draw_distance(panels[1, 0], block)
    _draw_against(panels[0, 1], block)
    _draw_table(panels[1, 1], block)
    fit_heads(figure)
    return figure


def _map_of(block: neo.Block) -> np.ndarray:
    return np.array(json.loads(block.annotations["matrix"]))


def _draw_weights(axes: Axes, block: neo.Block, platform: str) -> None:
    matrix, segment = _map_of(block), block.segments[0]
    shown, learnt = signal_of(segment, "weights rotating")
    _, rule = signal_of(segment, "oracle rotating")
    outputs = [(j, *look) for j, look in zip(range(matrix.shape[1]), _OUTPUTS, strict=False)]
    for j, colour, marker in outputs:
        axes.hlines(matrix[:, j], shown[-1] * 1.003, shown[-1] * 1.04, colors=colour, lw=1.6)
        axes.plot(shown, learnt[:, :, j], color=colour)
        axes.plot(shown[::4], rule[::4, :, j], ls="", marker=marker, ms=3, mfc="none", mec=colour, mew=0.6)
    axes.set(xlim=(0, shown[-1] * 1.045), xlabel="samples", ylabel="weight between units")
    handles = [
        Line2D([], [], color=GREY, label=f"on {platform}"),
        Line2D([], [], color=GREY, ls="", marker="o", ms=3, mfc="none", label="the rule (markers)"),
        Line2D([], [], color=GREY, lw=1.6, label="the map (right edge)"),
        *(
            Line2D([], [], color=colour, marker=marker, ms=3, mfc="none", mew=0.6, label=f"to output {j}")
            for j, colour, marker in outputs
        ),
    ]
    room = figure_of(axes).get_figwidth() / MM - _TABLE - _NAMED
    columns = min(3, columns_of(handles, room))
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.1 * math.ceil(len(handles) / columns) * (high - low))
    axes.legend(handles=handles, ncols=columns, loc="upper center")
    head(axes, "a", "weights with rotating levels")


def _draw_distance(axes: Axes, block: neo.Block) -> None:
    matrix = _map_of(block)
    for name, (colour, line, _) in LOOKS.items():
        shown, learnt = signal_of(block.segments[0], f"weights {name}")
        axes.semilogy(shown, np.abs(learnt - matrix).max(axis=(1, 2)), color=colour, ls=line, lw=1.3, label=name)
    axes.set(xlim=(0, shown[-1] * 1.045), xlabel="samples", ylabel="largest distance of a weight from the map")
    axes.legend(loc="lower left", handlelength=3)
    axes.yaxis.set_major_locator(FixedLocator([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y")
    head(axes, "b", "the worst weight: three dithers, and float backpropagation on the same samples")


def _draw_against(axes: Axes, block: neo.Block) -> None:
    matrix = _map_of(block).ravel()
    span = (-0.03, 1.08 * float(matrix.max()))
    axes.plot(span, span, color="#BBBBBB", lw=1, zorder=1)
    for name, (colour, _, marker) in LOOKS.items():
        learnt = signal_of(block.segments[0], f"weights {name}")[1][-1].ravel()
        face = {} if marker == "x" else {"mfc": "none"}
        axes.plot(matrix, learnt, marker, color=colour, ms=4.5, mew=1, label=name, **face)  # type: ignore[arg-type]
    axes.set(xlim=span, xlabel="weight of the map", ylabel="learnt weight")
    axes.legend(loc="upper left")
    head(axes, "c", "learnt weights against the map, at the end")


def _draw_table(axes: Axes, block: neo.Block) -> None:
    axes.axis("off")
    rows = [(name, *(f"{value:.4f}" for value in values)) for name, values in results(block).items()]
    heads = ("", "worst\nweight", "mean\nweight", f"output error,\nlast {LAST}\nsamples")
    places = (0.0, 0.36, 0.6, 0.95)
    for row, cells in enumerate([heads, *rows]):
        y = 0.87 - 0.175 * row
        for place, cell in zip(places, cells, strict=True):
            weight = "bold" if row == 0 or place == 0 else "normal"
            across = "left" if place == 0 else "right"
            size = SMALL if row == 0 else MIDDLE
            colour = LOOKS[cell][0] if cell in LOOKS else BLACK
            axes.text(place, y, cell, fontsize=size, ha=across, va="center", weight=weight, color=colour)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.hlines(0.78, 0, 0.96, color="#888888", lw=0.6)
    head(axes, "d", f"distance from the map ({len(DITHERS)} dithers, float)")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    equal = ", ".join(json.loads(block.annotations["equal_to_oracle"])) or "none"
    shown = len(signal_of(block.segments[0], f"output error {FLOAT}")[0])
    lines = [
        f"{name}: worst weight {worst:.4f}, mean {mean:.4f} from the map, output error {error:.4f}"
        for name, (worst, mean, error) in results(block).items()
    ]
    text = (
        f"Weights of the one-layer circuit {recorded.described(block)} that learns a linear map from {shown:,} samples "
        f"on {recorded.where(block)}, read every {EVERY} samples. Dithers with which the oracle's weights are "
        f"equal at every reading: {equal}. Float backpropagation saw the same samples. Map, samples and noise have the "
        f"seed {SEED}; output errors are means of the last {LAST} samples, each read from one window."
    )
    return "\n".join([text, *lines])
