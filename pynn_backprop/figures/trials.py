"""Recordings of trials: blocks with a segment for each, whose annotations say what is needed to count its spikes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import neo
import numpy as np

from ..interfaces import Platform
from ..recording.blocks import spikes_of
from ..spikes import Spikes
from ..tasks.trial import Trial, counted
from . import recorded


def recorded_trial(
    figure: str, platform: Platform, trial: Trial, names: Sequence[str], what: str, **annotations: Any
) -> neo.Block:
    """Run a trial and record the populations `names`; all else as of :func:`block_of_trial`."""
    return block_of_trial(figure, platform, trial, trial.run(platform, names), what, **annotations)


def block_of_trial(
    figure: str, platform: Platform, trial: Trial, spikes: Spikes, what: str, **annotations: Any
) -> neo.Block:
    """Make the spikes of a trial the block of a figure.

    Parameters
    ----------
    figure : str
        Its name.
    platform : pynn_backprop.platforms.Platform
        Where it ran.
    trial : pynn_backprop.tasks.trial.Trial
        What ran.
    spikes : dict of str to numpy.ndarray of int64, shape (n_spikes, 2)
        Step in ms and neuron of each spike, by population.
    what : str
        Name of its segment.
    annotations
        Of the block, whatever the drawing needs besides.

    Returns
    -------
    neo.Block
        Its segment has the annotations ``samples``, ``n`` (neurons of a unit), ``length`` (phases in a cycle) and
        ``theta``.
    """
    circuit = trial.circuit
    block = recorded.block_of(figure, circuit, platform, spikes, trial.samples, **annotations)
    segment = block.segments[0]
    segment.name = what
    segment.annotate(
        samples=trial.samples, n=circuit.code.n, length=circuit.schedule.length, theta=circuit.parameters.theta
    )
    return block


def together(blocks: Sequence[neo.Block]) -> neo.Block:
    """The first block with the segments of all."""
    blocks[0].segments = [segment for block in blocks for segment in block.segments]
    return blocks[0]


def numbers_of(segment: neo.Segment, units: Mapping[str, int], phase: int | None = None) -> dict[str, np.ndarray]:
    """How many neurons of each unit fired in each sample, int of shape (n_samples, n_units), by population.

    Parameters
    ----------
    segment : neo.Segment
        Of a :func:`block_of_trial`.
    units : mapping of str to int
        Units of each population.
    phase : int, optional
        The phase that counts; all if None.
    """
    spikes, said = spikes_of(segment), segment.annotations
    n, length, samples = (int(said[name]) for name in ("n", "length", "samples"))
    return {name: counted(spikes[name], n, length, samples, size, phase) for name, size in units.items()}
