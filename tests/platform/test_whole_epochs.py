"""Every spike of a whole epoch, sample by sample, against the compiled step simulator; minutes each."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scenarios import equality
from scenarios.cases import Case, blurred_prototypes, image_case
from simulators import run_with_simulators

from pynn_backprop import datasets

SAMPLES = 60_000


def epoch() -> Case:
    """MNIST 20x20 where there is some, else as many images like it."""
    if not os.environ.get("PYNN_BACKPROP_DATA"):
        return image_case(*blurred_prototypes(SAMPLES))
    data = datasets.load("mnist", crop=20)
    return image_case(datasets.encode(data.x_train), np.asarray(data.y_train))


@pytest.mark.slow
@pytest.mark.timeout(5400)
@run_with_simulators("nest:compiled", "brian2:cython", "lava:fast")
def test_every_spike_of_an_epoch_equals_the_step_simulator(platform):
    case = epoch()
    assert len(case.x) == SAMPLES
    equality.training_equals_the_step_simulator_run_by_run(platform, case)


@run_with_simulators("nest:compiled", "brian2:numpy", "lava:fast", slow=("nest:compiled", "brian2:numpy"))
def test_every_spike_of_the_network_equals_the_step_simulator_run_by_run(platform, fifty_images):
    equality.training_equals_the_step_simulator_run_by_run(platform, fifty_images, samples_per_run=20)
