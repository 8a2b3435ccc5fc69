"""The figure ``gating``: the amplitude of one population decides which way the value of another one goes."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.figure import Figure

from ..circuit.gating import NO, ROUTES, YES
from ..codes.graded import Graded
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, GREEN, GREY, SMALL, VERMILION, styled, write
from ..recording.blocks import spikes_of
from ..tasks.mechanisms import gating_trial
from . import recorded
from .panels import Row, draw_rows, key, name_axes, panel, sheet
from .trials import numbers_of, recorded_trial

NAME = "gating"
NEURONS, TURNS, SEED = 32, 4, 0
_COLOURS = {"then": BLUE, "else": VERMILION}
_SIZES = {"condition": NEURONS, "value": NEURONS, YES: 1, NO: 1, "then": NEURONS, "else": NEURONS}
_DRAWN = 6


def record(platform: Platform) -> neo.Block:
    """Send random values past every condition.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.

    Returns
    -------
    neo.Block
        One segment; values and conditions, in neurons, as signals.
    """
    random, samples = np.random.default_rng(SEED), TURNS * (NEURONS + 1)
    conditions = random.permutation(np.tile(np.arange(NEURONS + 1), TURNS))
    values = random.integers(1, NEURONS + 1, samples)
    trial = gating_trial(Graded(NEURONS), conditions / NEURONS, values / NEURONS)
    block = recorded_trial(NAME, platform, trial, tuple(_SIZES), "all conditions", seed=SEED)
    signals = {"condition": conditions, "value": values}
    recorded.add_signals(block.segments[0], np.arange(samples), trial.circuit.schedule.length, signals)
    return block


def arrived(block: neo.Block) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Conditions and values that were shown, and how many neurons of each route fired, ints of shape (n_samples,).

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.
    """
    segment = block.segments[0]
    condition, value = (recorded.signal_of(segment, name)[1].ravel().astype(int) for name in ("condition", "value"))
    found = numbers_of(segment, dict.fromkeys(ROUTES, 1))
    return condition, value, {route: table[:, 0] for route, table in found.items()}


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw some samples in spikes, and what arrives on each route against the condition.

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
    figure = sheet(f"Conditional gating, on {recorded.where(block)}", 4.1, width)
    axes = panel(figure, (0.6, 2.4, 6.4, 1.1), "a", "one value after the other", 0.22)
    length = int(block.segments[0].annotations["length"])
    colours = {"condition": GREEN, YES: BLUE, NO: VERMILION} | _COLOURS
    rows = [Row(name, size, colours.get(name, BLACK)) for name, size in _SIZES.items()]
    draw_rows(axes, spikes_of(block.segments[0]), rows, length, (_DRAWN + 1) * length, length)
    condition, value, found = arrived(block)
    for sample in range(_DRAWN):
        text = f"condition {condition[sample]}, value {value[sample]}"
        write(axes, (sample + 1.5) * length - 0.5, -0.12, text, SMALL, va="bottom")
    for place, route in enumerate(ROUTES):
        axes = panel(figure, (0.6 + 3.45 * place, 0.45, 2.95, 1.25), "bc"[place], f"what arrives at {route}")
        axes.axvline(NEURONS / 2 + 0.5, color=GREY, lw=0.7, ls="--", label="more than half")
        axes.plot(condition, found[route] / value, "o", ms=2, color=_COLOURS[route], mfc="none", mew=0.6)
        axes.set(ylim=(-0.08, 1.4), yticks=(0, 0.5, 1))
        key(axes, loc="upper left" if place == 0 else "upper right")
        name_axes(axes, f"neurons of the condition that fire, of {NEURONS}", "share of the value" if place == 0 else "")
    return figure


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    condition, value, found = arrived(block)
    open_route = {"then": 2 * condition > NEURONS, "else": 2 * condition <= NEURONS}
    wrong = sum(int((found[route] != np.where(open_route[route], value, 0)).sum()) for route in ROUTES)
    return (
        f"Values go down one of two routes, on {recorded.where(block)}, depending on whether more than half of "
        f"the condition's {NEURONS} neurons fire: {len(value)} samples, every condition {TURNS} times. Numbers of "
        f"neurons that differ from the value on the open route and from 0 on the closed one: {wrong} of "
        f"{2 * len(value)}. Values and order: seed {block.annotations['seed']}."
    )
