"""The figure ``transfer``: how a unit answers its drive, measured in spikes."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.transfer import MASK
from ..codes.binary import Binary
from ..codes.code import Code
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, INK, ORANGE, SMALL, VERMILION, styled
from ..tasks.mechanisms import transfer_drives, transfer_trial, transferred
from . import recorded
from .panels import key, name_axes, panel, sheet
from .trials import numbers_of, recorded_trial, together

NAME = "transfer"
NEURONS = 32
SHOWN: tuple[tuple[str, Code, int, int], ...] = (
    ("graded", Graded(NEURONS), 192, 1),
    ("binary", Binary(), 64, 28),
)
"""Name, code, weight between neurons, and input units for each sign."""
_POPULATIONS = ("o", "o_low", "o_high", MASK)


def record(platform: Platform) -> neo.Block:
    """Drive a graded and a binary unit with everything from well below 0 to well above theta.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        A segment for each unit, with the drives in units of theta as a signal.
    """
    blocks = []
    for name, code, weight, inputs in SHOWN:
        trial = transfer_trial(code, weight, inputs)
        block, length = recorded_trial(NAME, platform, trial, _POPULATIONS, name), trial.circuit.schedule.length
        drives = transfer_drives(code, weight, inputs)
        recorded.add_signals(block.segments[0], np.arange(len(drives)), length, {"drive": drives})
        blocks.append(block)
    return together(blocks)


def curves(block: neo.Block, part: int) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Drives, how many neurons of each population fired, and how many theory says, by sample.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    part : int
        Which of `SHOWN`.
    """
    segment = block.segments[part]
    n, theta = (int(segment.annotations[name]) for name in ("n", "theta"))
    drives = recorded.signal_of(segment, "drive")[1].ravel().astype(int)
    found = numbers_of(segment, dict.fromkeys(_POPULATIONS, 1))
    return drives, {name: table[:, 0] for name, table in found.items()}, transferred(drives, n, theta // n)


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the activation of both units, and of the graded one the edges of the derivative and the mask.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    width : float, optional
        In mm; 180 if None.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = sheet(f"The transfer curve of a unit, measured in spikes, on {recorded.where(block)}", 2.6, width)
    for part, (name, code, _, _) in enumerate(SHOWN):
        what = f"{name}: {code.n} neuron{'s' * (code.n > 1)}"
        axes = panel(figure, (0.45 + 2.3 * part, 0.45, 1.9, 1.6), "ab"[part], what)
        _draw_curve(axes, block, part)
    _draw_mask(panel(figure, (5.05, 0.45, 1.95, 1.6), "c", "edges and mask (r' in the papers)"), block)
    return figure


def _draw_curve(axes: Axes, block: neo.Block, part: int) -> None:
    drives, found, _ = curves(block, part)
    n, theta = (int(block.segments[part].annotations[name]) for name in ("n", "theta"))
    line = np.linspace(drives.min() / theta, drives.max() / theta, 1000)
    theory = np.clip(line, 0, 1) if n > 1 else (line > 0.5).astype(float)
    axes.plot(line, theory, "-", color=ORANGE, lw=1.0, label="clipped ReLU" if n > 1 else "step at 1/2")
    axes.plot(drives / theta, found["o"] / n, "o", ms=1.8, mfc="none", mew=0.6, color=BLACK, label="o, in spikes")
    axes.set(ylim=(-0.06, 1.2))
    key(axes, loc="upper left")
    name_axes(axes, "drive in units of $\\theta$", "share of neurons that fire" if part == 0 else "")


def _draw_mask(axes: Axes, block: neo.Block) -> None:
    drives, found, _ = curves(block, 0)
    n, theta = (int(block.segments[0].annotations[name]) for name in ("n", "theta"))
    looks = (("o_low", BLUE, "above 0"), ("o_high", VERMILION, "above $\\theta$"), (MASK, BLACK, "mask"))
    for place, (name, colour, label) in enumerate(looks):
        axes.axhline(1.4 * place, color=INK, lw=0.3)
        axes.plot(drives / theta, 1.4 * place + found[name] / n, "-", color=colour, lw=1.0)
        axes.text(drives.min() / theta, 1.4 * place + 0.35, f"{name}: {label}", fontsize=SMALL, color=colour)
    axes.set(yticks=[])
    axes.spines["left"].set_visible(False)
    name_axes(axes, "drive in units of $\\theta$", "")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    words = []
    for part, (name, _, _, _) in enumerate(SHOWN):
        drives, found, theory = curves(block, part)
        wrong = sum(int((found[each] != theory[each]).sum()) for each in theory)
        theta = int(block.segments[part].annotations["theta"])
        low, high = drives.min() / theta, drives.max() / theta
        words.append(f"{name}, {len(drives)} samples with drives from {low:.2f} to {high:.2f} theta: {wrong}")
    return (
        f"A unit is driven through its weights, on {recorded.where(block)}, and its activation, the two edges "
        f"of its derivative and the mask are read in spikes. Numbers of neurons that differ from theory (the drive "
        f"rounded to the nearest n-th of theta and clipped; above 0, above theta, between): {'; '.join(words)}."
    )
