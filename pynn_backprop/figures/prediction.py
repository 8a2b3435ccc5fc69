"""The figure ``prediction``: a circuit learns to predict a sequence from the last values, which it remembers."""

from __future__ import annotations

import neo
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..circuit.training import DEFAULT_FORM
from ..codes.graded import Graded, between_units
from ..interfaces import Platform
from ..plots.style import BLACK, BLUE, GREEN, INK, ORANGE, PURPLE, VERMILION, styled
from ..recording.blocks import spikes_of
from ..spikes import between
from ..tasks.prediction import COEFFICIENTS, MEAN, autoregressive, last_values, least_squares, prediction_trial
from ..tasks.trial import counted
from . import recorded
from .panels import Row, draw_rows, key, name_axes, panel, sheet

NAME = "prediction"
NEURONS, ORDER, SAMPLES, SEED = 32, 2, 6000, 0
WINDOW = 200
"""Samples of a mean error."""
_KEPT, _DRAWN = 60, 5
"""Last samples whose spikes are kept, and that are drawn spike by spike."""
_RECORDED = ("t", "past", "x", "o", "d+", "d-", "r")


def record(platform: Platform, samples: int = SAMPLES, form: str = DEFAULT_FORM) -> neo.Block:
    """Learn to predict an autoregressive sequence.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where.
    samples : int
        How long the sequence is.
    form : str
        Of the circuit that learns.

    Returns
    -------
    neo.Block
        The last spikes; and as signals every value, every prediction, and the weights at the end.
    """
    code = Graded(NEURONS)
    trial = prediction_trial(code, ORDER, autoregressive(samples, SEED), form=form)
    circuit = trial.circuit
    *_, (spikes, weights) = trial.parts(platform, _RECORDED, samples)
    n, schedule, quantum = code.n, circuit.schedule, circuit.parameters.quantum(code.n)
    shown = [counted(spikes[name], n, schedule.length, samples, 1, schedule.output)[:, 0] / n for name in ("t", "o")]
    first = samples - min(_KEPT, samples)
    last = between(spikes, (first + 1) * schedule.length, (samples + 1) * schedule.length)
    block = recorded.block_of(
        NAME, circuit, platform, last, samples - first, first, seed=SEED, n=n, length=schedule.length
    )
    signals = {"value": shown[0], "prediction": shown[1]}
    recorded.add_signals(block.segments[0], np.arange(samples), schedule.length, signals)
    learnt = between_units(weights["W1"], n, quantum)[:, 0]
    recorded.add_signals(block.segments[0], np.array([samples]), schedule.length, {"weights": learnt[None]})
    return block


def errors(block: neo.Block) -> dict[str, float]:
    """Root mean square errors of the last half of the sequence.

    Parameters
    ----------
    block : neo.Block
        As of :func:`record`.

    Returns
    -------
    dict of str to float
        ``spikes`` of the predictions of the circuit, each read from one window; ``weights`` of those that its last
        weights make; ``least squares`` of the best possible ones on the same values; ``mean`` of the mean value.
    """
    value, prediction, learnt = _signals(block)
    half = slice(len(value) // 2, None)
    best, _ = least_squares(value, ORDER)
    remembered = last_values(value, ORDER)
    made = {
        "spikes": prediction,
        "weights": np.clip(remembered @ learnt, 0, 1),
        "least squares": remembered @ best,
        "mean": np.full(len(value), value[half].mean()),
    }
    return {name: float(np.sqrt(np.mean((value - guess)[half] ** 2))) for name, guess in made.items()}


def _signals(block: neo.Block) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    value, prediction, learnt = (
        recorded.signal_of(block.segments[0], name)[1] for name in ("value", "prediction", "weights")
    )
    return value.ravel(), prediction.ravel(), learnt[0]


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw the circuit at work, the end of the sequence, the error while it learns, and the weights.

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
    figure = sheet(f"A circuit learns to predict a sequence, on {recorded.where(block)}", 4.9, width)
    _draw_spikes(panel(figure, (0.4, 3.0, 6.6, 1.4), "a", "the last passes, spike by spike"), block)
    _draw_sequence(panel(figure, (0.4, 0.4, 2.6, 1.95), "b", "the end of the sequence"), block)
    _draw_error(panel(figure, (3.5, 0.4, 1.75, 1.95), "c", f"error, means of {WINDOW}"), block)
    _draw_weights(panel(figure, (5.7, 0.4, 1.3, 1.95), "d", "weights"), block)
    return figure


def _draw_spikes(axes: Axes, block: neo.Block) -> None:
    spikes, length, samples = spikes_of(block.segments[0]), int(block.annotations["length"]), len(_signals(block)[0])
    colours = {"t": INK, "past": BLUE, "x": BLACK, "o": BLACK, "d+": VERMILION, "d-": VERMILION, "r": PURPLE}
    sizes = {"past": (ORDER + 1) * NEURONS, "x": (ORDER + 1) * NEURONS, "r": 1}
    rows = [Row(name, sizes.get(name, NEURONS), colours[name]) for name in _RECORDED]
    draw_rows(axes, spikes, rows, (samples + 1 - min(_DRAWN, samples)) * length, (samples + 1) * length, length)


def _draw_sequence(axes: Axes, block: neo.Block) -> None:
    value, prediction, _ = _signals(block)
    shown = np.arange(max(0, len(value) - _KEPT), len(value))
    axes.plot(shown, value[shown], "-", color=BLACK, lw=0.8, label="value")
    axes.plot(shown, prediction[shown], "o", color=ORANGE, ms=1.8, label="predicted before")
    # The key has room above what can be fired.
    axes.set(ylim=(0, 1.15), yticks=np.linspace(0, 1, 6), xlim=(shown[0], shown[-1]))
    key(axes, loc="upper left", ncols=2)
    name_axes(axes, "sample", "share of neurons that fire")


def _draw_error(axes: Axes, block: neo.Block) -> None:
    value, prediction, _ = _signals(block)
    _, best = least_squares(value, ORDER)
    parts = [part for part in np.array_split(np.arange(len(value)), max(1, len(value) // WINDOW)) if len(part)]
    found = [np.sqrt(np.mean((value[part] - prediction[part]) ** 2)) for part in parts]
    axes.plot([part[-1] + 1 for part in parts], found, "o-", color=ORANGE, ms=2, lw=0.8, label="circuit")
    axes.axhline(best, color=BLACK, lw=0.8, ls="--", label="least squares")
    axes.axhline(errors(block)["mean"], color=GREEN, lw=0.8, ls=":", label="the mean value")
    axes.set(ylim=(0, None), xlim=(0, len(value)))
    key(axes, loc="lower left")
    name_axes(axes, "samples", "r.m.s. error")


def _draw_weights(axes: Axes, block: neo.Block) -> None:
    value, _, learnt = _signals(block)
    best, _ = least_squares(value, ORDER)
    true = [*COEFFICIENTS, MEAN * (1 - sum(COEFFICIENTS))]
    place = np.arange(ORDER + 1)
    axes.axhline(0, color=INK, lw=0.4)
    axes.bar(place, best, 0.6, color="#DDDDDD", label="least squares")
    axes.plot(place, true, "_", color=BLACK, ms=11, mew=0.8, label="of the sequence")
    axes.plot(place, learnt, "o", color=ORANGE, ms=3, label="learnt")
    axes.set(xticks=place, xticklabels=[*(f"t-{j + 1}" for j in range(ORDER)), "1"], ylim=(-0.8, 1.75))
    key(axes, loc="upper right")
    name_axes(axes, "from", "between units")


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    value, _, learnt = _signals(block)
    best, _ = least_squares(value, ORDER)
    found = errors(block)
    ours, theirs = (", ".join(f"{number:.3f}" for number in numbers) for numbers in (learnt, best))
    return (
        f"A circuit of {NEURONS} neurons a unit learns, in one run of {len(value)} samples on "
        f"{recorded.where(block)}, to predict an autoregressive sequence (coefficients "
        f"{', '.join(map(str, COEFFICIENTS))}) from its last {ORDER} values, which it remembers by itself. Learnt "
        f"weights {ours}; least squares on the same values {theirs}. Root mean square error over the last half: "
        f"predictions in spikes, one window each, {found['spikes']:.4f}; by the last weights {found['weights']:.4f}; "
        f"least squares {found['least squares']:.4f}; the mean value as prediction {found['mean']:.4f}. Sequence: "
        f"seed {block.annotations['seed']}."
    )
