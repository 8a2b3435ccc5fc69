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
from ..plots.style import BLUE, DPI, GREEN, ORANGE, VERMILION, head, units_text, write
from ..plots.unit_bands import draw_bands, draw_layers, draw_spikes, draw_windows, unit_bands
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
_LETTER = (-0.1, 1.03)
_ABOVE = 0.2
"""The margin of XOR lies between -1/2 and 1/2; so much room is left above for the key."""


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


def draw(block: neo.Block) -> Figure:
    """Draw the margins of all seeds, the outputs of one, and its spikes for the four patterns.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = Figure(figsize=(16, 10), dpi=DPI)
    circuit, platform = recorded.circuit_of(block), block.annotations["platform"]
    title = f"XOR is learnt: {units_text(circuit)} units of {circuit.code.n} neurons, on {platform}"
    figure.suptitle(title, x=0.055, y=0.985, ha="left", fontsize=15)
    _draw_margins(figure.add_axes((0.055, 0.56, 0.36, 0.36)), block, platform)
    _draw_outputs(figure.add_axes((0.055, 0.065, 0.36, 0.39)), block)
    _draw_spikes(figure.add_axes((0.53, 0.065, 0.46, 0.82)), block)
    return figure


def _draw_margins(axes: Axes, block: neo.Block, platform: str) -> None:
    segment = block.segments[0]
    shown, curves = signal_of(segment, "margins of seeds")
    first, *_ = axes.plot(shown, curves, color="#A8A8A8", lw=0.9)
    first.set_label(f"{curves.shape[1]} seeds, the rule in numbers")
    (ours,) = axes.plot(
        *signal_of(segment, "margins"), color=BLUE, lw=2.2, label=f"seed {block.annotations['seed']}, {platform}"
    )
    line = axes.axhline(MARGIN, color=VERMILION, lw=1.3, ls="--", label="solved")
    axes.set(xlim=(0, shown[-1]), ylim=(-0.52, 0.5 + _ABOVE), xlabel="presentations", ylabel="smallest margin")
    axes.legend(handles=[first, ours, line], ncols=3, frameon=False, fontsize=10, loc="upper center")
    head(axes, "a", "distance of the worst output from 1/2, towards the right side", _LETTER)


def _draw_outputs(axes: Axes, block: neo.Block) -> None:
    shown, outputs = signal_of(block.segments[0], "outputs")
    for pattern, wanted, (colour, line), values in zip(
        PATTERNS, EXCLUSIVE_OR, _LOOKS, np.moveaxis(outputs, 1, 0), strict=True
    ):
        label = f"{pattern[0]:.0f} xor {pattern[1]:.0f} = {wanted:.0f}"
        axes.fill_between(shown, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.15, lw=0)
        axes.plot(shown, values.mean(axis=1), color=colour, ls=line, lw=2, label=label)
    axes.axhline(0.5, color="#888888", lw=0.9)
    axes.set(xlim=(0, shown[-1]), ylim=(-0.03, 1.15), xlabel="presentations", ylabel="share of output neurons")
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.legend(ncols=4, frameon=False, fontsize=10, loc="upper center", columnspacing=1.2)
    windows = outputs.shape[2]
    head(axes, "b", f"output of seed {block.annotations['seed']}: mean and range of {windows} windows", _LETTER)


def _draw_spikes(axes: Axes, block: neo.Block) -> None:
    circuit, segment = recorded.circuit_of(block), block.segments[0]
    spikes, length, samples = spikes_of(segment), circuit.schedule.length, samples_of(segment)
    draw_windows(axes, length, length, (len(samples) + 1) * length)
    bands = unit_bands(circuit, [circuit[name] for name in ("x", "h", "o")])
    draw_bands(axes, bands)
    draw_layers(axes, bands, circuit.depth, -0.1)
    draw_spikes(axes, bands, spikes)
    above = axes.get_xaxis_transform()
    fired = np.bincount(spikes["o"][:, 0] // length - 1, minlength=len(samples))
    for sample, count in enumerate(fired):
        write(axes, (sample + 1.5) * length - 0.5, 1.005, str(count), 9, transform=above, va="bottom")
    for number, (pattern, (colour, _)) in enumerate(zip(PATTERNS, _LOOKS, strict=True)):
        middle = ((number + 0.5) * WINDOWS + 1) * length - 0.5
        text = f"{pattern[0]:.0f} xor {pattern[1]:.0f}"
        write(axes, middle, 1.03, text, 11, transform=above, va="bottom", color=colour, weight="bold")
    axes.set_xlabel("time (ms); thick lines end a pass", fontsize=11)
    axes.text(-0.15, 1.025, "c", transform=axes.transAxes, fontsize=13, weight="bold")
    write(
        axes,
        0.5,
        1.062,
        f"spikes after learning; above, output neurons that fire (of {circuit.code.n})",
        11.5,
        transform=axes.transAxes,
        va="bottom",
    )


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    shown, margins = signal_of(block.segments[0], "margins of seeds")
    solved, seeds = int((margins[-1] >= MARGIN).sum()), margins.shape[1]
    when, platform = int(block.annotations["solved_at"]), block.annotations["platform"]
    words = f"solves it after {when:,} presentations and stays so" if when >= 0 else "does not solve it"
    return (
        f"XOR learnt by {recorded.described(block)}. The network with the seed {SEED} learns on {platform} and "
        f"{words}. The other curves are the rule in numbers with the seeds {SEED} to {SEED + seeds - 1}, of which "
        f"{solved} of {seeds} are solved after {shown[-1]:,} presentations. Solved means that the output of every "
        f"pattern is on the right side of 1/2 by {MARGIN} in each of {NEURONS} windows. Spikes are those of the "
        f"trained network, {WINDOWS} passes for each pattern."
    )
