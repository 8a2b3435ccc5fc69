"""The plots of the report.

Each is narrow enough to be read on a phone.  What is measured here is a filled circle, what is estimated by a model an
open square, what is processor time x a declared power an open circle, and what is published a grey diamond, so that
no colour is needed to tell them apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, layer_word

from ..measure.circuits import circuit_of
from ..measure.energy import INFERENCE, TRAINING, models
from ..measure.meters import ESTIMATED, MEASURED
from .published import CASE as PUBLISHED_CASE
from .published import PUBLISHED, TABLE, THIS_CIRCUIT
from .scaling import Fit, fits
from .summary import Line, Spread, by_case, counts_in, main_size, same_counts, significant, with_prefix

SKY = "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK, GREY)
"""Those of Okabe and Ito, for lines of which there is no fixed number."""

MARKERS = {MEASURED: "o", ESTIMATED: "s", PUBLISHED: "D"}
MORE_CIRCLES = "pP"
"""In place of circles when the colours begin anew."""

MOST_TICKS = 5
"""On a logarithmic abscissa; ``100 nJ s`` is a wide label."""

LEAST_ACCURACY_RANGE = 0.06
"""Of the ordinate, so that it never magnifies what is chance."""

WIDTH = 4.8
"""In inches; a phone is about three quarters of that wide."""

RC = {"font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "pynn_backprop", "axes.spines.top": False}
RC |= {"axes.spines.right": False, "axes.axisbelow": True, "legend.frameon": False, "legend.fontsize": 8.5}
"""How all plots are drawn: texts stay texts in SVG, and the same rows give the same file."""


@dataclass(frozen=True)
class Plot:
    """A plot and what is said of it.

    Parameters
    ----------
    name
        Of its files.
    case
        What it is of.
    figure
        The drawing.
    caption
        What is shown, how it is known and what to mind.
    description
        For who can't see it.
    """

    name: str
    case: str
    figure: Figure
    caption: str
    description: str


def all_plots(lines: Sequence[Line]) -> list[Plot]:
    """Every plot that the lines have values for."""
    found: list[Plot | None] = []
    with matplotlib.rc_context(RC):
        for case, group in by_case(lines).items():
            main = main_size(group)
            found += [
                draw(case, main) for draw in (accuracy_and_energy, time_per_sample, energy_delay, spikes_by_layer)
            ]
            found.append(scaling(case, group))
    return [plot for plot in found if plot is not None]


# -- accuracy against energy -------------------------------------------------------------------------------------------


def accuracy_and_energy(case: str, lines: Sequence[Line]) -> Plot | None:
    """Test accuracy against the energy of a training sample; None if no energy is known."""
    series = [
        *_metered_series(lines),
        *_model_series(lines),
        *(_published_series() if case == PUBLISHED_CASE else []),
    ]
    if not any(one.kind != PUBLISHED for one in series):
        return None
    figure = Figure(figsize=(WIDTH, 3.5 + 0.21 * ((len(series) + 1) // 2)), layout="constrained")
    axes = figure.subplots()
    for one in series:
        axes.plot(one.x, one.y, one.marker, color=one.colour, mfc=one.fill, ms=7, mew=1.5, label=one.label, ls="")
    axes.set_xscale("log")
    _joules(axes)
    axes.set_xlabel("energy of a training sample")
    axes.set_ylabel("test samples right")
    low, high = axes.get_ylim()
    middle, half = (low + high) / 2, max(high - low, LEAST_ACCURACY_RANGE) / 2
    axes.set_ylim(middle - half, middle + half)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(alpha=0.25)
    figure.legend(loc="outside lower left", ncols=2, handletextpad=0.3, columnspacing=1.2)
    sizes = lines[0].sizes
    caption = (
        f"Test accuracy against the energy of a training sample: {case}, {sizes}. Circles: the computer's energy while "
        "it ran the platform, filled where a meter measured it, open where it is processor time × a declared power. "
        "Open squares: estimated by model from counts, for the device that the model is of; equal spikes give equal "
        "estimates, so the squares of one network stand in a row."
    )
    if any(one.kind == PUBLISHED for one in series):
        caption += " Grey diamonds: published by others for other networks and conditions, not measured here."
    text = "; ".join(f"{one.label}: {_first(one)}" for one in series)
    return Plot(f"accuracy-energy-{case}", case, figure, caption, text)


@dataclass(frozen=True)
class _Series:
    label: str
    kind: str
    marker: str
    x: list[float]
    y: list[float]
    colour: str
    fill: str


def _first(one: _Series) -> str:
    return f"{with_prefix(one.x[0], 'J')}, {one.y[0]:.1%} right"


def _metered_series(lines: Sequence[Line]) -> list[_Series]:
    found = []
    looks = itertools.product((MARKERS[MEASURED], *MORE_CIRCLES), COLOURS)
    for line, (marker, colour) in zip(lines, looks, strict=False):
        energy, accuracy = line.metered(TRAINING), line.accuracy
        if energy is not None and energy.joule > 0 and accuracy is not None:
            fill = colour if energy.kind == MEASURED else "none"
            word = "measured" if energy.kind == MEASURED else "CPU time"
            found.append(
                _Series(f"{line.name}, {word}", energy.kind, marker, [energy.joule], [accuracy.median], colour, fill)
            )
    return found


def _model_series(lines: Sequence[Line]) -> list[_Series]:
    found = []
    counted = same_counts(lines, TRAINING)
    alone = [line for line in lines if not any(line in group for group in counted)]
    for name, colour in zip(models(), _repeat(COLOURS), strict=False):
        points = {
            (energy.joule, line.accuracy.median)
            for line in [*(group[0] for group in counted), *alone]
            if line.accuracy is not None
            for energy in line.energies
            if energy.model and energy.by == name and energy.of == TRAINING
        }
        if points:
            x, y = zip(*sorted(points), strict=True)
            found.append(_Series(f"{name}, estimated", ESTIMATED, MARKERS[ESTIMATED], list(x), list(y), colour, "none"))
    return found


def _published_series() -> list[_Series]:
    ours = THIS_CIRCUIT[TRAINING]
    others = [row for row in TABLE if row.of == TRAINING and row is not ours]
    x, y = [row.mJ * 1e-3 for row in others], [row.accuracy for row in others]
    return [
        _Series("this circuit, published", PUBLISHED, "D", [ours.mJ * 1e-3], [ours.accuracy], GREY, GREY),
        _Series("others, published", PUBLISHED, "D", x, y, GREY, "none"),
    ]


def _repeat(colours: Sequence[str]) -> Iterable[str]:
    while True:
        yield from colours


# -- one row for each platform -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Dot:
    of: str
    kind: str
    value: float
    low: float
    high: float


def time_per_sample(case: str, lines: Sequence[Line]) -> Plot | None:
    """Wall time of a sample on each platform, in training and inference; None if nothing was timed."""
    rows: dict[str, list[_Dot]] = {}
    for line in lines:
        found = [(of, line.ms_per_sample(of)) for of in (TRAINING, INFERENCE)]
        rows[line.name] = [_dot(of, spread) for of, spread in found if spread is not None]
    figure = _dot_plot(rows, "wall time of a sample", _milliseconds)
    caption = (
        f"Wall time of a sample, measured: {case}, {lines[0].sizes}; the lower, the better. Circles: training; "
        "triangles: inference. Points are medians of the repeats, bars reach from the fastest to the slowest. Building "
        "and warming up are not in it."
    )
    return (
        None
        if figure is None
        else Plot(f"time-{case}", case, figure, caption, _spoken(rows, lambda ms: f"{significant(ms)} ms"))
    )


def energy_delay(case: str, lines: Sequence[Line]) -> Plot | None:
    """Energy x time of a training sample; None if no energy of a run is known."""
    rows: dict[str, list[_Dot]] = {}
    for line in lines:
        product, energy = line.joule_seconds(TRAINING), line.metered(TRAINING)
        if product and energy is not None:
            rows[line.name] = [_Dot(TRAINING, energy.kind, product, product, product)]
    if not rows:
        return None
    with_others = case == PUBLISHED_CASE
    if with_others:
        for row in TABLE:
            if row.of == TRAINING and row.joule_seconds is not None:
                value = row.joule_seconds
                rows[f"{row.hardware}, {row.publication}"] = [_Dot(TRAINING, PUBLISHED, value, value, value)]
    figure = _dot_plot(rows, "energy × time of a training sample", lambda value: _tick(value, "J s"))
    caption = (
        f"Energy-delay product of a training sample: {case}, {lines[0].sizes}; the lower, the better. Circles: energy "
        "of the run × its wall time, filled where a meter measured the energy, open where it is processor time × a "
        "declared power. Energy models have no time, so they are not in it."
    )
    if with_others:
        caption += " Diamonds: published by others, not measured here."
    return (
        None
        if figure is None
        else Plot(f"energy-delay-{case}", case, figure, caption, _spoken(rows, lambda value: with_prefix(value, "J s")))
    )


def _dot(of: str, spread: Spread) -> _Dot:
    return _Dot(of, MEASURED, spread.median, spread.low, spread.high)


def _dot_plot(rows: Mapping[str, Sequence[_Dot]], label: str, text: Callable[[float], str]) -> Figure | None:
    """One row of dots for each name, on a logarithmic abscissa."""
    if not any(rows.values()):
        return None
    figure = Figure(figsize=(WIDTH, 1.2 + 0.32 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for height, dots in enumerate(rows.values()):
        for dot in dots:
            full = dot.kind == MEASURED and dot.of == TRAINING
            colour = GREY if dot.kind == PUBLISHED else BLUE if dot.of == TRAINING else VERMILION
            marker = "D" if dot.kind == PUBLISHED else "o" if dot.of == TRAINING else "^"
            axes.plot([dot.low, dot.high], [height, height], color=colour, lw=2, solid_capstyle="butt")
            axes.plot(dot.value, height, marker, color=colour, mfc=colour if full else "none", ms=7, mew=1.5)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(label)
    _wide_enough(axes)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x", alpha=0.25)
    axes.tick_params(axis="y", length=0)
    every = [dot for dots in rows.values() for dot in dots]
    if any(dot.of == INFERENCE for dot in every):
        figure.legend(handles=_OF_KEY, loc="outside upper right", ncols=2)
    elif any(dot.kind != MEASURED for dot in every):
        kinds = [_KIND_KEY[kind] for kind in _KIND_KEY if any(dot.kind == kind for dot in every)]
        figure.legend(handles=kinds, loc="outside upper right", ncols=3, handletextpad=0.3, columnspacing=1.2)
    return figure


_OF_KEY = (
    Line2D([], [], color=BLUE, marker="o", ls="", ms=7, label="training"),
    Line2D([], [], color=VERMILION, marker="^", mfc="none", mew=1.5, ls="", ms=7, label="inference"),
)

_KIND_KEY = {
    MEASURED: Line2D([], [], color=BLUE, marker="o", ls="", ms=7, label="measured"),
    ESTIMATED: Line2D([], [], color=BLUE, marker="o", mfc="none", mew=1.5, ls="", ms=7, label="CPU time × power"),
    PUBLISHED: Line2D([], [], color=GREY, marker="D", mfc="none", mew=1.5, ls="", ms=7, label="published"),
}


def _wide_enough(axes: Axes) -> None:
    """More than a decade, and few ticks, so that labels are there and do not touch."""
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, high / 20), max(high, low * 20))
    axes.xaxis.set_major_locator(LogLocator(numticks=MOST_TICKS))


def _milliseconds(value: float) -> str:
    return _tick(value * 1e-3, "s")


def _tick(value: float, unit: str) -> str:
    """A quantity without the zeros that say how precise a measured one is."""
    number, _, prefixed = with_prefix(value, unit).partition(" ")
    return f"{float(number.replace(',', '')):g} {prefixed}"


def _joules(axes: Axes) -> None:
    _wide_enough(axes)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, "J")))
    axes.xaxis.set_minor_formatter(NullFormatter())


def _spoken(rows: Mapping[str, Sequence[_Dot]], text: Callable[[float], str]) -> str:
    return "; ".join(
        f"{name}: " + ", ".join(f"{dot.of} {text(dot.value)}" for dot in dots) for name, dots in rows.items() if dots
    )


# -- spikes ------------------------------------------------------------------------------------------------------------

_LAYERS = (
    ("input layer", SKY),
    ("hidden layer", BLUE),
    ("output layer", ORANGE),
    ("control", GREEN),
)


def spikes_by_layer(case: str, lines: Sequence[Line]) -> Plot | None:
    """Spikes of a sample by layer, in training and inference; None if none were counted."""
    bars = []
    for of in (TRAINING, INFERENCE):
        for group in same_counts(lines, of):
            circuit = circuit_of(group[0].first, of)
            bars.append((of, group, _by_layer(circuit, counts_in(group[0].first, of)["spikes_per_sample"])))
    if not bars:
        return None
    figure = Figure(figsize=(WIDTH, 1.5 + 0.55 * len(bars)), layout="constrained")
    axes = figure.subplots()
    for height, (_, _, layers) in enumerate(bars):
        left = 0.0
        for name, colour in _LAYERS:
            axes.barh(height, layers[name], left=left, color=colour, height=0.6, label=name if height == 0 else None)
            left += layers[name]
        axes.annotate(significant(left), (left, height), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(bars)), [of for of, _, _ in bars])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    axes.set_xlabel("spikes in a sample")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="x", alpha=0.25)
    figure.legend(loc="outside upper left", ncols=4, columnspacing=1.2, handlelength=1.2)
    where = "; ".join(f"{of}: {', '.join(line.name for line in group)}" for of, group, _ in bars)
    caption = (
        f"Spikes of a sample by layer: {case}, {lines[0].sizes}. Counted, not estimated; platforms named together "
        f"fired the same spikes ({where}). A layer holds its memory and error populations too; control is the gating "
        "ring and the reinforcement neuron. Spikes from outside are not in it."
    )
    text = "; ".join(
        f"{of}: " + ", ".join(f"{name} {significant(layers[name])}" for name, _ in _LAYERS) for of, _, layers in bars
    )
    return Plot(f"spikes-{case}", case, figure, caption, text)


def _by_layer(circuit: Circuit, spikes: Mapping[str, Any]) -> dict[str, float]:
    found = {name: 0.0 for name, _ in _LAYERS}
    populations = {population.name: population for population in circuit.populations}
    for name, number in spikes.items():
        if populations[name].role != "source":
            found[layer_word(populations[name].layer, circuit.depth)] += number
    return found


# -- scaling -----------------------------------------------------------------------------------------------------------


def scaling(case: str, lines: Sequence[Line]) -> Plot | None:
    """Time of a training sample against hidden size, with fitted slopes; None if no platform ran three sizes."""
    found = fits(lines)
    if not found:
        return None
    figure = Figure(figsize=(WIDTH, 3.6 + 0.21 * len(found)), layout="constrained")
    axes = figure.subplots()
    for fit, colour, marker in zip(found, _repeat(COLOURS), _repeat("os^Dv"), strict=False):
        label = f"{fit.name}: slope {fit.slope:.2f}"
        axes.plot(fit.hidden, fit.ms, marker, color=colour, label=label, ms=6, ls="")
        axes.plot(fit.hidden, [fit.at(hidden) for hidden in fit.hidden], color=colour, lw=1.2)
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = sorted({hidden for fit in found for hidden in fit.hidden})
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
    axes.set_xlabel("hidden neurons")
    axes.set_ylabel("wall time of a training sample")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _milliseconds(value)))
    axes.grid(alpha=0.25)
    figure.legend(loc="outside lower left", ncols=1, handletextpad=0.3)
    caption = (
        f"Wall time of a training sample against hidden size: {case}. Points are medians; lines are fitted to their "
        "logarithms, so a slope of 1 means that twice the neurons take twice the time."
    )
    return Plot(f"scaling-{case}", case, figure, caption, "; ".join(map(_spoken_fit, found)))


def _spoken_fit(fit: Fit) -> str:
    points = (f"{hidden} neurons {significant(ms)} ms" for hidden, ms in zip(fit.hidden, fit.ms, strict=True))
    return f"{fit.name}: {', '.join(points)}"
