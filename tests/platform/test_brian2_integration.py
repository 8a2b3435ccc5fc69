"""On Brian2 neurons without memory take a short cut, and only they; what v becomes is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from simulators import skip_unless_installed

from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform

skip_unless_installed("brian2")

SHORT, LONG = 0.001, 5.0
REST, CURRENT, CAPACITY = -3.0, 0.25, 2.0
"""In mV, nA and nF."""
STEPS = 6


@pytest.fixture
def brian2() -> Iterator[PyNNPlatform]:
    platform = get_platform("brian2", Options(variant="numpy"))
    platform.backend.open(platform.sim, platform.options, 1.0)
    yield platform
    platform.sim.end()


def population(sim: Any, tau_m: Any, cell: str = "IF_curr_delta") -> Any:
    values = {"v_rest": REST, "v_reset": REST, "v_thresh": 500.0, "tau_refrac": 0.0}
    made = sim.Population(2, getattr(sim, cell)(**values, tau_m=tau_m, cm=CAPACITY, i_offset=CURRENT))
    made.initialize(v=[40.0, REST])
    made.record("v")
    return made


def code_of(population: Any) -> str:
    return population.brian2_group.state_updater.abstract_code


def potentials(population: Any) -> np.ndarray:
    return np.asarray(population.get_data("v").segments[0].analogsignals[0].magnitude)[1 : STEPS + 1]


def expected(tau_m: Any) -> np.ndarray:
    """The solution of the equation, (steps, 2)."""
    settled, start = REST + np.asarray(tau_m) * CURRENT / CAPACITY, np.array([40.0, REST])
    left = np.exp(-np.arange(1, STEPS + 1)[:, np.newaxis] / np.asarray(tau_m))
    return settled + (start - settled) * left


@pytest.mark.parametrize("tau_m", [SHORT, LONG, [SHORT, LONG]], ids=["short", "long", "both"])
def test_v_is_what_the_equation_says(brian2, tau_m):
    cells = population(brian2.sim, tau_m)
    brian2.sim.run(STEPS + 1.0)
    np.testing.assert_allclose(potentials(cells), expected(tau_m), rtol=1e-12, atol=1e-9)
    assert ("exp" not in code_of(cells)) == (tau_m == SHORT)


def test_cells_that_are_given_a_memory_between_runs_are_integrated(brian2):
    cells = population(brian2.sim, SHORT)
    brian2.sim.run(2.0)
    assert "exp" not in code_of(cells)
    cells.set(tau_m=LONG)
    brian2.sim.run(2.0)
    assert "exp" in code_of(cells)


def test_other_cells_are_left_to_brian2(brian2):
    cells = population(brian2.sim, SHORT, "IF_curr_exp")
    brian2.sim.run(2.0)
    assert "exp" in code_of(cells)
