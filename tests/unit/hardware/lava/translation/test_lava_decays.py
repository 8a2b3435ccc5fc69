"""Time constants in 4096ths of a step, the response to a current, and what cutting off fractions costs, by value."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hardware.integers import Grid, Rounding
from hardware.lava.translation.decays import cut_off, hold_decay, response
from pynn_backprop.errors import InputError

STEP = Grid(1.0)


def time_constant(lost: int, timestep: float = 1.0) -> float:
    """The one that loses this many 4096ths in a step."""
    return -timestep / math.log1p(-lost / 4096)


def decay(*tau: float, grid: Grid = STEP, lowest: int = 0) -> tuple[list[int], Rounding]:
    held, rounding = hold_decay("pop", "tau_m", np.array(tau), grid, lowest)
    assert held.dtype == np.int64
    return held.tolist(), rounding


# --- decays


@pytest.mark.parametrize("timestep", [1.0, 0.1])
def test_a_multiple_of_a_4096th_is_held_exactly(timestep):
    held, rounding = decay(time_constant(300, timestep), time_constant(4000, timestep), grid=Grid(timestep))
    assert held == [300, 4000]
    assert rounding.error < 1e-12


def test_a_decay_is_the_nearest_multiple_and_its_error_that_of_what_is_lost():
    held, rounding = decay(20.0)
    assert held == [200]  # 4096 (1 - exp(-1/20)) = 199.76
    assert (rounding.where, rounding.parameter, rounding.unit, rounding.value) == ("pop", "tau_m", "ms", 20.0)
    assert rounding.held == pytest.approx(19.9758, abs=1e-4)
    assert rounding.error == pytest.approx(0.00118, abs=1e-5)


def test_the_fastest_decay_leaves_nothing_and_the_slowest_everything():
    held, rounding = decay(0.001)
    assert (held, rounding) == ([4096], Rounding("pop", "tau_m", "ms", 0.001, 0.0, 0.0))
    held, rounding = decay(math.inf)
    assert (held, rounding) == ([0], Rounding("pop", "tau_m", "ms", math.inf, math.inf, 0.0))


def test_a_decay_is_at_least_the_lowest():
    with pytest.raises(InputError) as refused:
        decay(math.inf, lowest=1)
    assert str(refused.value) == (
        "tau_m of 'pop' is inf ms, which the chip's integers can't hold: the nearest value is 4095.5 ms, 1e+02 % off, "
        "and no more than 1 % (tolerance in setup()) is accepted; the decay in a step is a multiple of 1/4096"
    )
    assert decay(3000.0, grid=Grid(1.0, tolerance=0.3), lowest=1)[0] == [1]


def test_the_worst_of_many_is_named_and_a_tolerance_accepts_it():
    with pytest.raises(InputError, match=r"tau_m of 'pop' is 2500 ms.*nearest value is 2047\.5 ms"):
        decay(time_constant(300), 2500.0, time_constant(400))
    assert decay(time_constant(300), 2500.0, grid=Grid(1.0, tolerance=0.3))[0] == [300, 2]


# --- the response to a current


@pytest.mark.parametrize("timestep", [1.0, 0.25])
@pytest.mark.parametrize(("tau_m", "tau_s"), [(20.0, 5.0), (5.0, 20.0), (10.0, 10.0), (10.0, 10.0 + 1e-9)])
def test_the_response_is_that_of_the_differential_equation(tau_m, tau_s, timestep):
    n = 100_000
    time = (np.arange(n) + 0.5) / n * timestep
    exact = timestep * np.mean(np.exp(-time / tau_s) * np.exp(-(timestep - time) / tau_m)) / 0.25
    found = response(np.array([tau_m]), np.array([tau_s]), np.array([0.25]), timestep)
    np.testing.assert_allclose(found, exact, rtol=1e-6)


def test_without_a_leak_a_current_is_integrated():
    found = response(np.array([np.inf]), np.array([5.0]), np.array([2.0]), 1.0)
    np.testing.assert_allclose(found, 5.0 / 2.0 * (1 - math.exp(-1 / 5)), rtol=1e-12)


# --- fractions that are cut off


def lost(decay_u: int, decay_v: int, full: float, grid: Grid) -> Rounding:
    return cut_off("pop", np.array([decay_u]), np.array([decay_v]), np.array([full]), grid)


@pytest.mark.parametrize(
    ("decay_u", "decay_v", "units"),
    [(4096, 4096, 0.0), (4096, 0, 0.0), (4096, 1024, 4.0), (2048, 4096, 2.0), (2048, 1024, 4.0 + 2.0 * 4.0)],
)
def test_a_fraction_of_a_64th_of_the_resolution_is_lost_until_it_has_decayed(decay_u, decay_v, units):
    found = lost(decay_u, decay_v, 100.0, Grid(1.0, resolution=0.5))
    held = units / 64 * 0.5
    assert found == Rounding("pop", "v, by fractions cut off", "mV", 0.0, held, held / 100.0)


def test_what_is_lost_may_be_as_large_as_the_tolerance_and_no_larger():
    grid = Grid(1.0, tolerance=0.0625)
    assert lost(4096, 1024, 1.0, grid).error == 0.0625
    with pytest.raises(InputError) as refused:
        lost(4096, 1024, 0.75, grid)
    assert str(refused.value) == (
        "resolution is 1 mV, which is too coarse for 'pop': its potential can lose 0.0625 mV, 8.3% of v_thresh - "
        "v_reset, by the fractions that are cut off in every step; setup(resolution=0.5) is fine enough"
    )


@pytest.mark.parametrize(
    ("resolution", "full", "advised"), [(1.0, 1.0, 0.125), (0.25, 1.0, 0.125), (1.0, 6.25, 1.0), (1.0, 0.1, 2.0**-6)]
)
def test_the_advised_resolution_is_the_largest_power_of_two_that_will_do(resolution, full, advised):
    """4 units of 1/64 are lost: 1/16 mV of the resolution, of which 1 % of `full` is accepted."""
    if advised < resolution:
        with pytest.raises(InputError, match=rf"setup\(resolution={advised:g}\) is fine enough"):
            lost(4096, 1024, full, Grid(1.0, resolution))
    assert lost(4096, 1024, full, Grid(1.0, advised)).error <= 0.01
    with pytest.raises(InputError):
        lost(4096, 1024, full, Grid(1.0, 2 * advised))


def test_the_worst_of_many_cells_decides():
    with pytest.raises(InputError, match=r"can lose 0\.0625 mV, 6\.2% of"):
        cut_off("pop", np.array([4096, 4096]), np.array([4096, 1024]), np.array([0.5, 1.0]), Grid(1.0))
