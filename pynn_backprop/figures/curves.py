"""The figure ``curves``: test accuracy while digits are learnt, by the binary circuit and by the graded one.

The binary circuit learns on the platform, and by the rule in numbers for longer, with the paper's learning rule and
with the default one; the graded circuit learns by the rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import neo
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ..circuit.training import DEFAULT_FORM
from ..codes.binary import Binary
from ..codes.code import Code
from ..codes.graded import Graded
from ..data.datasets import written
from ..interfaces import Platform
from ..platforms import ReferencePlatform
from ..plots.parts import units_text
from ..plots.style import BLACK, BLUE, GREEN, VERMILION, head, new_figure, styled
from ..runs.config import RunConfig
from ..runs.prepare import circuit_of, samples_of
from . import recorded
from .accuracy import Learnt, learn
from .recorded import signal_of

NAME = "curves"
DATA, CROP, HIDDEN, SEED, NEURONS = "mnist", 20, (400,), 0, 4

STOPS = (100, 300, 1000, 3000, 10_000, 30_000, 60_000, 120_000)
"""After how many samples the network is asked; an epoch of MNIST has 60,000."""

ON_PLATFORM = 60_000
"""So many samples run on the platform, an epoch: NEST takes two to three minutes for them."""

PUBLISHED, MARGIN, GRADED = "binary, published rule", "binary, margin", "graded, margin"


@dataclass(frozen=True)
class Learner:
    """One curve.

    Parameters
    ----------
    rule : str
        Name of the learning rule.
    neurons : int
        Of a unit.
    look : tuple of str
        Colour, line and marker.
    """

    rule: str
    neurons: int
    look: tuple[str, str, str]

    def config(self, data: str, crop: int | None, hidden: tuple[int, ...], form: str, epochs: int) -> RunConfig:
        """What ``pynn-backprop train`` would be told."""
        code: Code = Graded(self.neurons) if self.neurons > 1 else Binary()
        return RunConfig(
            "reference",
            data=data,
            crop=crop,
            hidden=hidden,
            form=form,
            rule=self.rule,
            epochs=epochs,
            seed=SEED,
            code=code,
        )


LEARNERS = MappingProxyType(
    {
        PUBLISHED: Learner("published", 1, (BLUE, "-", "o")),
        MARGIN: Learner("margin", 1, (GREEN, "--", "s")),
        GRADED: Learner("margin", NEURONS, (VERMILION, "-.", "^")),
    }
)


def record(
    platform: Platform,
    form: str = DEFAULT_FORM,
    data: str = DATA,
    crop: int | None = CROP,
    hidden: tuple[int, ...] = HIDDEN,
    stops: Sequence[int] = STOPS,
    on_platform: int = ON_PLATFORM,
    tell: Callable[[str], None] = lambda words: None,
) -> neo.Block:
    """Learn the digits, and ask the test samples at each stop.

    Parameters
    ----------
    platform : pynn_backprop.platforms.Platform
        Where the binary circuit learns, by the published rule.
    form : str
        Of the circuit that learns.
    data : str
        Name of the data set.
    crop : int or None
        Side of the central part of the images.
    hidden : tuple of int
        Units of the hidden layers.
    stops : sequence of int
        After how many samples the networks are asked.
    on_platform : int
        How many samples run on the platform.
    tell : callable
        Told now and then how far it is.

    Returns
    -------
    neo.Block
        Test accuracies by samples, as signals.

    Raises
    ------
    InputError
        If there are no such data.
    """
    found, names = dict[str, Learnt](), {}
    circuit = None
    for name, learner in LEARNERS.items():
        config = learner.config(data, crop, hidden, form, 1)
        samples = samples_of(config)
        config = learner.config(data, crop, hidden, form, -(-max(stops) // len(samples.x_train)))
        found[name] = learn(config, samples, ReferencePlatform(), stops, _headed(f"{name}: ", tell))
        names[name] = units_text(circuit_of(config, samples))
        if name == PUBLISHED:
            circuit = circuit_of(config, samples)
            early = [stop for stop in stops if stop <= on_platform]
            found["platform"] = learn(config, samples, platform, early, _headed(f"{name} on {platform.name}: ", tell))
    assert circuit is not None
    block = recorded.block_of(NAME, circuit, platform, {}, 1, seed=SEED, units=json.dumps(names), data=data)
    equal = found["platform"].begins(found[PUBLISHED])
    block.annotate(equal_to_rule=equal, weights_compared=True, test_samples=len(samples.x_test))
    for name, learnt in found.items():
        recorded.add_signals(block.segments[0], learnt.shown, circuit.schedule.length, {name: learnt.scores})
    return block


def _headed(heading: str, tell: Callable[[str], None]) -> Callable[[str], None]:
    return lambda words: tell(heading + words)


@styled
def draw(block: neo.Block, width: float | None = None) -> Figure:
    """Draw test accuracy over samples, by output spikes and by potential.

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
    figure = new_figure(85, width, layout="constrained")
    segment, units = block.segments[0], json.loads(block.annotations["units"])
    figure.suptitle(f"Digits are learnt: {written(block.annotations['data'])}, test accuracy while learning")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, letter, words, column in (
        (panels[0], "a", "by output spikes", 0),
        (panels[1], "b", "by output potential", 2),
    ):
        for name, learner in LEARNERS.items():
            colour, line, marker = learner.look
            shown, scores = signal_of(segment, name)
            label = f"{name}, {units[name]}" + (f" of {learner.neurons} neurons" if learner.neurons > 1 else "")
            axes.plot(shown, 100 * scores[:, column], color=colour, ls=line, marker=marker, ms=2.5, label=label)
        shown, scores = signal_of(segment, "platform")
        label = f"{PUBLISHED}, on {recorded.where(block)}"
        axes.plot(shown, 100 * scores[:, column], "o", ls="", color=BLACK, mfc="none", ms=6, mew=0.8, label=label)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator([10.0**power for power in range(1, 7)]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.set_xlabel("samples")
        axes.grid(axis="y")
        head(axes, letter, words)
    panels[0].set_ylabel("right answers to test samples (%)")
    panels[0].legend(loc="lower right")
    return figure


def caption(block: neo.Block) -> str:
    """Say what the figure shows, with what was measured in its recording."""
    segment, lines = block.segments[0], []
    for name in LEARNERS:
        shown, scores = signal_of(segment, name)
        spikes, single, potential = scores[-1]
        lines.append(
            f"{name}: {spikes:.2%} by spikes of the read-out, {single:.2%} by single spikes, {potential:.2%} by "
            f"potential after {shown[-1]:,} samples"
        )
    shown, scores = signal_of(segment, "platform")
    told, asked = block.annotations, int(block.annotations["test_samples"])
    words = f"{'' if told['equal_to_rule'] else 'not '}equal at every reading to that of the rule"
    # Recordings of older versions hold nothing of weights.
    words += ", weights included" if told.get("weights_compared") else ""
    text = (
        f"Test accuracy while {written(told['data'])} is learnt, of {asked:,} test samples. Circles: the binary "
        f"circuit on {recorded.where(block)}, up to {shown[-1]:,} samples, {words}. Weights and order of samples have "
        f"the seed {told['seed']}."
    )
    return "\n".join([text, *lines])
