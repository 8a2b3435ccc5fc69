"""The figure ``product``: errors are multiplied with a mask by gating."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.product import ERROR, MASK, PRODUCT
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, INK, SMALL, VERMILION, styled, write
from ..recording.blocks import spikes_of
from ..tasks.mechanisms import product_trial
from . import recorded
from .panels import Row, draw_rows, name_axes, panel, sheet
from .trials import numbers_of, recorded_trial, together

NAME = "product"
NEURONS, UNITS, GRADED_UNITS, SEED = 32, 5, 24, 0
_ROWS = ((ERROR, VERMILION), (MASK, BLUE), (PRODUCT, BLACK))
_NAMES = tuple(name for name, _ in _ROWS)
_DRAWN = 4


def record(platform: Platform) -> neo.Block:
    """Multiply random errors with masks of 0 and 1, and with graded ones, each pair in every turn of the levels.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        A segment for masks of 0 and 1, and one for graded ones.
    """
    code, random = Graded(NEURONS), np.random.default_rng(SEED)
    binary = random.integers(0, NEURONS + 1, (NEURONS, UNITS)), NEURONS * random.integers(0, 2, (NEURONS, UNITS))
    graded = tuple(np.tile(random.integers(0, NEURONS + 1, GRADED_UNITS), (NEURONS, 1)) for _ in range(2))

    def recorded_with(what: str, errors: np.ndarray, masks: np.ndarray) -> neo.Block:
        trial = product_trial(code, errors / NEURONS, masks / NEURONS)
        return recorded_trial(NAME, platform, trial, _NAMES, what, seed=SEED)

    return together([recorded_with("mask of 0 and 1", *binary), recorded_with("graded mask", *graded)])


def numbers(block: neo.Block, part: int) -> dict[str, np.ndarray]:
    """Firing neurons of error, mask and product, int of shape (n_samples, n_units) of each.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    part : int
        0 for masks of 0 and 1, 1 for graded ones.
    """
    return numbers_of(block.segments[part], dict.fromkeys(_NAMES, (UNITS, GRADED_UNITS)[part]))


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw some samples in spikes, with numbers, and the products against the numbers' own.

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
    figure = sheet(f"The Hadamard product by gating, on {recorded.where(block)}", 5.4, width)
    axes = panel(figure, (0.5, 2.8, 6.5, 2.15), "a", f"{UNITS} units of {NEURONS} neurons: error, mask, product")
    length = int(block.segments[0].annotations["length"])
    rows = [Row(name, UNITS * NEURONS, colour) for name, colour in _ROWS]
    draw_rows(axes, spikes_of(block.segments[0]), rows, length, (_DRAWN + 1) * length, length)
    found = numbers(block, 0)
    for (place, (name, colour)), sample in ((each, s) for each in enumerate(_ROWS) for s in range(_DRAWN)):
        # To the right of error and mask, to the left of the product: both in the phase that is left free.
        side = -1 if name == PRODUCT else 1
        at, ends = (sample + 1) * length + (2 if name == PRODUCT else 1) + 0.4 * side, "right" if side < 0 else "left"
        for unit, count in enumerate(found[name][sample]):
            write(axes, at, place + 0.9 - 0.8 * (unit + 0.5) / UNITS, f"{count}", SMALL, ha=ends, color=colour)
    _draw_products(panel(figure, (0.5, 0.42, 1.75, 1.75), "b", "mask of 0 and 1, one window"), block, 0)
    _draw_products(panel(figure, (2.95, 0.42, 1.75, 1.75), "c", f"graded mask, mean of {NEURONS}"), block, 1)
    _draw_windows(panel(figure, (5.3, 0.42, 1.7, 1.75), "d", "graded mask, each window"), block)
    return figure


def products(block: neo.Block, part: int) -> tuple[np.ndarray, np.ndarray]:
    """The product of the numbers, and what fired: of each window, or with graded masks the means of all windows.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    part : int
        0 for masks of 0 and 1, 1 for graded ones.

    Returns
    -------
    tuple of numpy.ndarray
        From 0 to 1.
    """
    found = numbers(block, part)
    wanted, fired = found[ERROR] * found[MASK] / NEURONS**2, found[PRODUCT] / NEURONS
    return (wanted.mean(axis=0), fired.mean(axis=0)) if part else (wanted.ravel(), fired.ravel())


def _draw_products(axes: Axes, block: neo.Block, part: int) -> None:
    axes.plot([0, 1], [0, 1], "-", color=INK, lw=0.5)
    axes.plot(*products(block, part), "o", ms=2.2, mfc="none", mew=0.7, color=BLACK)
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04))
    name_axes(axes, "error x mask, in numbers", "share of the product that fires" if part == 0 else "")


def _draw_windows(axes: Axes, block: neo.Block) -> None:
    found = numbers(block, 1)
    fired = found[PRODUCT] / NEURONS
    wanted, _ = products(block, 1)
    axes.plot([0, 1], [0, 1], "-", color=INK, lw=0.5)
    axes.vlines(wanted, fired.min(axis=0), fired.max(axis=0), color=BLACK, lw=0.8)
    axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04))
    name_axes(axes, "error x mask, in numbers", "")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    worst = [float(np.abs(np.subtract(*products(block, part))).max()) for part in (0, 1)]
    found = numbers(block, 1)
    single = np.abs(found[PRODUCT] / NEURONS - found[ERROR] * found[MASK] / NEURONS**2)
    return (
        f"Errors are multiplied with masks by gating, on {recorded.where(block)}, {NEURONS} neurons a unit. "
        "With masks of 0 and 1 the largest distance of the share that fires from the product of the numbers is "
        f"{worst[0]:.4f} in {numbers(block, 0)[ERROR].size} single windows. With graded masks it is {worst[1]:.4f} for "
        f"the means over the {NEURONS} turns of the levels, and up to {single.max():.3f} in a single window. Numbers: "
        f"seed {block.annotations['seed']}."
    )
