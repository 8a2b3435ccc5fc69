"""What a page shows: samples that the trained network of a run goes on with, recorded on the simulator of the run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import neo
import numpy as np

from .. import __version__
from ..checks import check_count
from ..circuit.circuit import Circuit
from ..circuit.compact import ERROR
from ..circuit.training import thinned
from ..data.samples import Samples
from ..errors import InputError
from ..interfaces import check_holds, spikes_of
from ..platforms import get_platform
from ..recording import blocks
from ..reference.rule import Rule
from ..runs.config import RunConfig
from ..runs.folder import CONFIG, WEIGHTS, read_config
from ..runs.prepare import circuit_of, unchanged_samples_of
from ..spikes import Stretch, check_gated, check_silence, first_firing
from ..weights import Weights, load_weights

SHOWN, MOST_SHOWN = 24, 200
"""Samples of a page, and the most of them."""

_ASKED = 2000
"""Test samples among which wrong ones are looked for."""

LEAD = 1
"""Samples before the first that a page shows: what arrives in the first phases of a cycle was sent in the last one."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recording, and what the spikes alone do not tell.

    Parameters
    ----------
    block : neo.Block
        All spikes of all populations, one Segment; the first :data:`LEAD` samples are not to be shown.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        Those before the first sample.
    shape : tuple of int
        Of a sample before it was flattened; empty if it is not known.
    """

    block: neo.Block
    weights: Weights
    shape: tuple[int, ...]


def record(folder: str | os.PathLike[str], samples: int = SHOWN, form: str | None = None) -> Recorded:
    """Let the network of a run go on learning, with test samples, and record every spike.

    Half of the samples are such that the network answers wrongly, if there are as many.  The run is left as it is.

    Parameters
    ----------
    folder : str or os.PathLike
        Of the run, which must have come to its end.
    samples : int
        How many samples are to be shown.
    form : str, optional
        Of the circuit, which has the same weights in each; that of the run if None.

    Returns
    -------
    Recorded

    Raises
    ------
    InputError
        If there is no such run, it has no weights yet, its data have changed, or there are fewer test samples.
    EqualityError
        If the simulator gives a spike in a phase in which there must be none.
    """
    path = Path(folder)
    if not (path / CONFIG).is_file():
        raise InputError(f"{path} holds no run: there is no {CONFIG} in it")
    config, fingerprint, _ = read_config(path)
    if form is not None:
        config = replace(config, form=form)
    if not (path / WEIGHTS).is_file():
        raise InputError(f"the run in {path} has no {WEIGHTS} yet: it must come to its end (train --resume {path})")
    data = unchanged_samples_of(config, fingerprint, path)
    check_count("samples", samples, 1, min(MOST_SHOWN, len(data.x_test) - LEAD))
    circuit = thinned(circuit_of(config, data), config.learning_rule.thinning[-1])
    weights = load_weights(path / WEIGHTS, circuit.parameters, circuit.neurons, circuit.code)
    chosen = _choose(circuit, weights, data, samples)
    block = _recorded(config, circuit, weights, data.x_test[chosen], data.y_test[chosen])
    return Recorded(block, weights, data.shape)


def _choose(circuit: Circuit, weights: Weights, data: Samples, samples: int) -> np.ndarray:
    """Numbers of test samples: one that leads in, then right and wrong ones in the order of the data."""
    asked = max(_ASKED, samples + LEAD)
    x, labels = data.x_test[:asked], data.y_test[:asked]
    rule = Rule(weights, circuit.parameters, circuit.code, circuit.schedule.form)
    answers = first_firing(circuit.code.counts(rule.infer(x).outputs))
    right = _of_each_label(np.flatnonzero(answers == labels), labels)
    wrong = _of_each_label(np.flatnonzero(answers != labels), labels)
    lead = np.concatenate((right, wrong))[:LEAD]
    right, wrong = (numbers[~np.isin(numbers, lead)] for numbers in (right, wrong))
    kept = wrong[: max(samples // 2, samples - len(right))]
    return np.concatenate((lead, np.sort(np.concatenate((kept, right[: samples - len(kept)])))))


def _of_each_label(numbers: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The same numbers, so that the first few have as many labels as can be."""
    seen: dict[int, int] = {}
    turn = []
    for label in labels[numbers].tolist():
        turn.append(seen.get(label, 0))
        seen[label] = turn[-1] + 1
    return numbers[np.argsort(turn, kind="stable")]


def _recorded(config: RunConfig, circuit: Circuit, weights: Weights, x: np.ndarray, labels: np.ndarray) -> neo.Block:
    platform = get_platform(config.simulator, config.options)
    check_holds(platform, circuit)
    running = platform.build(circuit, weights, [population.name for population in circuit.populations])
    try:
        running.train(x, labels)
        running.check_copies()
        spikes = spikes_of(running)
    finally:
        running.close()
    check_silence(spikes, circuit)
    if ERROR in circuit:
        check_gated(spikes, circuit)
    description = {
        **platform.describe(),
        "pynn_backprop": __version__,
        "data": config.data,
        "epochs": str(config.epochs),
        "learning_rule": json.dumps(config.learning_rule.as_dict()),
    }
    return blocks.to_block(circuit, [Stretch(0, labels, spikes)], description, f"{config.data} on {platform.name}")
