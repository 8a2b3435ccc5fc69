"""The figure ``xor``: learning curves over seeds, and the answers of one trained network in spikes."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.inference import inference_circuit
from ..circuit.training import DEFAULT_FORM
from ..codes.graded import Graded
from ..codes.graded_start import with_bias
from ..interfaces import Platform
from ..plots.parts import units_text
from ..plots.style import BLUE, GREEN, MIDDLE, MM, ORANGE, SMALL, VERMILION, head, new_figure, styled
from ..plots.unit_bands import LEFT, draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
from ..plots.unit_raster import above_axes
from ..recording.blocks import samples_of, spikes_of
from ..tasks.xor import EXCLUSIVE_OR, MARGIN, PATTERNS, learn_xor
from ..weights import units_of
from . import recorded
from .recorded import signal_of

NAME = "xor"
NEURONS, HIDDEN, PRESENTATIONS, EVERY = 32, 12, 1600, 100
SEED, SEEDS = 1000, 20
"""The first of the seeds that were used for no choice; the one of the platform is this."""

WINDOWS = 4
"""Passes that a pattern is shown for in the recording."""

_LOOKS = ((BLUE, "-"), (ORANGE, "--"), (VERMILION, "-."), (GREEN, ":"))
_RIGHT_HALF = 0.44
"""Where the panel of spikes begins, with the names of its rows, in shares of the width."""


def record(
    platform: Platform, presentations: int = PRESENTATIONS, seeds: int = SEEDS, form: str = DEFAULT_FORM
) -> neo.Block:
    """Let one seed learn on the platform, and all seeds by the rule in numbers.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    presentations : int
        How many patterns are shown.
    seeds : int
        How many there are.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        The spikes of the trained network, its outputs, and the margins of all.
    """
    code = Graded(NEURONS)
    learnt = learn_xor(code, HIDDEN, presentations, SEED, platform=platform, every=EVERY, form=form)
    curves = [learn_xor(code, HIDDEN, presentations, seed, every=EVERY).margins for seed in range(SEED, SEED + seeds)]
    circuit = inference_circuit(units_of(learnt.weights, code), code=code)
    asked = np.repeat(code.fire(with_bias(PATTERNS)), WINDOWS, axis=0)
    spikes = recorded.infer(platform, circuit, learnt.weights, asked, ("x", "h", "o"))
    solved = -1 if learnt.solved_at is None else learnt.solved_at
    block = recorded.block_of(NAME, circuit, platform, spikes, len(asked), seed=SEED, solved_at=solved)
    signals = {"outputs": learnt.outputs, "margins": learnt.margins, "margins of seeds": np.array(curves).T}
    recorded.add_signals(block.segments[0], learnt.shown, circuit.schedule.length, signals)
    return block


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the margins of all seeds, the outputs of one, and its spikes for the four patterns.

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
    figure = new_figure(125, width)
    circuit, platform = recorded.circuit_of(block), recorded.where(block)
    title = f"XOR is learnt: {units_text(circuit)} units of {circuit.code.n} neurons, on {platform}"
    figure.suptitle(title, y=0.985)
    left = _RIGHT_HALF + LEFT * MM / figure.get_figwidth()
    _draw_margins(figure.add_axes((0.065, 0.57, 0.36, 0.34)), block, platform)
    _draw_outputs(figure.add_axes((0.065, 0.075, 0.36, 0.38)), block)
    _draw_spikes(figure.add_axes((left, 0.075, 0.99 - left, 0.775)), block)
    return figure


def _draw_margins(axes: Axes, block: neo.Block, platform: str) -> None:
    segment = block.segments[0]
    shown, curves = signal_of(segment, "margins of seeds")
    first, *_ = axes.plot(shown, curves, color="#A8A8A8", lw=0.5)
    first.set_label(f"{curves.shape[1]} seeds, the rule in numbers")
    (ours,) = axes.plot(
        *signal_of(segment, "margins"), color=BLUE, lw=1.4, label=f"seed {block.annotations['seed']}, {platform}"
    )
    line = axes.axhline(MARGIN, color=VERMILION, lw=0.9, ls="--", label="solved")
    axes.set(xlim=(0, shown[-1]), ylim=(-0.52, 0.52), xlabel="presentations", ylabel="smallest margin")
    axes.legend(handles=[first, ours, line], loc="lower right")
    head(axes, "a", "the worst output: how far on the right side of 1/2")


def _draw_outputs(axes: Axes, block: neo.Block) -> None:
    shown, outputs = signal_of(block.segments[0], "outputs")
    for pattern, wanted, (colour, line), values in zip(
        PATTERNS, EXCLUSIVE_OR, _LOOKS, np.moveaxis(outputs, 1, 0), strict=True
    ):
        label = f"{pattern[0]:.0f} xor {pattern[1]:.0f} = {wanted:.0f}"
        axes.fill_between(shown, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.15, lw=0)
        axes.plot(shown, values.mean(axis=1), color=colour, ls=line, lw=1.3, label=label)
    axes.axhline(0.5, color="#888888", lw=0.6)
    axes.set(xlim=(0, shown[-1]), ylim=(-0.03, 1.03), xlabel="presentations", ylabel="share of output neurons")
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.legend(loc="center right")
    windows = outputs.shape[2]
    head(axes, "b", f"seed {block.annotations['seed']}: mean and range of {windows} windows")


def _draw_spikes(axes: Axes, block: neo.Block) -> None:
    circuit, segment = recorded.circuit_of(block), block.segments[0]
    spikes, length, samples = spikes_of(segment), circuit.schedule.length, samples_of(segment)
    draw_windows(axes, length, length, (len(samples) + 1) * length)
    bands = unit_bands(circuit, [circuit[name] for name in ("x", "h", "o")])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth)
    draw_spikes(axes, bands, spikes)
    fired = np.bincount(spikes["o"][:, 0] // length - 1, minlength=len(samples))
    for sample, count in enumerate(fired):
        above_axes(axes, (sample + 1.5) * length - 0.5, 0.6, str(count), SMALL)
    for number, (pattern, (colour, _)) in enumerate(zip(PATTERNS, _LOOKS, strict=True)):
        middle = ((number + 0.5) * WINDOWS + 1) * length - 0.5
        text = f"{pattern[0]:.0f} xor {pattern[1]:.0f}"
        above_axes(axes, middle, 3.2, text, MIDDLE, color=colour, weight="bold")
    axes.set_xlabel("time (ms); thick lines end a pass")
    # The frame is closed, and the numbers stand between it and its heading.
    head(axes, "c", f"spikes after learning; above,\noutput neurons that fire (of {circuit.code.n})")
    axes.set_title(axes.get_title(), pad=20)
    axes.spines[["top", "right"]].set_visible(True)


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    shown, margins = signal_of(block.segments[0], "margins of seeds")
    solved, seeds = int((margins[-1] >= MARGIN).sum()), margins.shape[1]
    when, platform = int(block.annotations["solved_at"]), recorded.where(block)
    words = f"solves it after {when:,} presentations and stays so" if when >= 0 else "does not solve it"
    return (
        f"XOR learnt by {recorded.described(block)}. The network with the seed {SEED} learns on {platform} and "
        f"{words}. The other curves are the rule in numbers with the seeds {SEED} to {SEED + seeds - 1}, of which "
        f"{solved} of {seeds} are solved after {shown[-1]:,} presentations. Solved means that the output of every "
        f"pattern is on the right side of 1/2 by {MARGIN} in each of {NEURONS} windows. Spikes are those of the "
        f"trained network, {WINDOWS} passes for each pattern."
    )
