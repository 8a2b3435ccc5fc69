"""The circuits of single mechanisms do what theory says, with the same spikes and weights on every simulator."""

from __future__ import annotations

import pytest
from scenarios import mechanisms
from simulators import ONE_EACH, run_with_simulators


@pytest.mark.parametrize("name", mechanisms.SCENARIOS)
@run_with_simulators(*ONE_EACH, slow=ONE_EACH[1:])
def test_a_mechanism_follows_theory_and_equals_the_step_simulator(platform, name):
    mechanisms.follows_theory_and_equals_the_steps(platform, mechanisms.SCENARIOS[name]())


@pytest.mark.slow
@run_with_simulators(*ONE_EACH)
def test_noisy_decisions_keep_their_odds(platform):
    mechanisms.noisy_decisions_keep_their_odds(platform)
