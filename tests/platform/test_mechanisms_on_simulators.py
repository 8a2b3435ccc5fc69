"""The circuits of single mechanisms do what theory says, with the same spikes and weights on every simulator."""

from __future__ import annotations

import pytest
from scenarios import mechanisms
from simulators import NUMPY, ONE_EACH, run_with_simulators

QUICK = ("decision of three", "prediction, compact", "synaptic copy", "hebbian")
"""The others have nothing that these do not ask of a simulator."""

NAMES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in mechanisms.SCENARIOS]


@pytest.mark.parametrize("name", NAMES)
@run_with_simulators(*ONE_EACH, slow=ONE_EACH[1:])
def test_a_mechanism_follows_theory_and_equals_the_step_simulator(platform, name):
    mechanisms.follows_theory_and_equals_the_steps(platform, mechanisms.SCENARIOS[name]())


@pytest.mark.slow
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_noisy_decisions_keep_their_odds(platform):
    mechanisms.noisy_decisions_keep_their_odds(platform)
