"""Every simulator tells the same of an epoch as the rule, held out samples and a training that is taken up among it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from simulators import NUMPY, ONE_EACH, run_with_simulators

from pynn_backprop.circuit.parameters import MARGIN, Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.interfaces import Platform
from pynn_backprop.learning.evaluation import answering_circuit, evaluate
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.weights import Weights, starting_weights

RANDOM = np.random.default_rng(3)
LABELS = np.arange(40) % 3
X = np.clip(RANDOM.random((3, 12)).round()[LABELS] + RANDOM.normal(0, 0.3, (40, 12)), 0, 1) > 0.5
LEARNT, HELD_OUT = np.arange(28), np.arange(28, 40)
CIRCUIT = training_circuit((12, 6, 3), Parameters(theta=128, w_max=60, output_error=MARGIN, hidden_threshold=64))
EPOCHS = 3


def told(platform: Platform, cut: int | None) -> dict[str, Any]:
    """Right answers and curve of a training whose thinning changes; stopped after `cut` samples, and taken up."""

    def validate(weights: Weights) -> float:
        answers = evaluate(platform, answering_circuit(CIRCUIT), X[HELD_OUT], weights)
        return answers.score(LABELS[HELD_OUT]).by_spikes

    trainer = Trainer(platform, CIRCUIT, Presentation(EPOCHS, seed=2), thinning=(1, 2))
    weights: Weights = starting_weights(CIRCUIT, 0)
    progress = Progress(len(LEARNT), EPOCHS)
    for end in (cut, None) if cut else (None,):
        weights, progress = trainer.train(
            X[LEARNT],
            LABELS[LEARNT],
            weights,
            progress=progress,
            stop_at=[end] if end else [],
            interrupted=lambda: progress.shown == end,  # noqa: B023 it is asked before the next one
            check=True,
            validate=validate,
        )
    return {"right": progress.right.tolist(), **progress.curve.as_dict(EPOCHS)}


@pytest.mark.parametrize("cut", [None, 40])
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_simulator_tells_the_same_of_every_epoch(platform: Platform, cut: int | None):
    expected = told(ReferencePlatform(), None)
    assert told(platform, cut) == expected
    assert all(len(set(values)) > 1 for values in expected.values()), "a case whose curves are flat would say nothing"
