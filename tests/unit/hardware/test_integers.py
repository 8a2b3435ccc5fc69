"""What integers hold of a parameter, by value: ranges, grids, the errors of rounding, and what is said of them."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from hardware.integers import EXACT, TOLERANCE, Grid, Range, Rounding, RoundingReport, check_rounding, relative_error
from pynn_backprop.errors import InputError

# --- ranges and grids


def test_a_range_holds_both_of_its_ends():
    assert Range(-3, 5).holds([-4, -3, 0, 5, 6]).tolist() == [False, True, True, True, False]
    assert bool(Range(0, 1).holds(1))
    assert str(Range(-4096, 131_071)) == "a whole number from -4,096 to 131,071"


def test_times_are_counted_in_steps():
    assert Grid(0.5).steps(np.array([1.0, 0.75, 0.0])).tolist() == [2.0, 1.5, 0.0]
    assert Grid(0.5).steps([2]).tolist() == [4.0]


@pytest.mark.parametrize(
    ("tolerance", "exact", "computed"), [(None, 1e-9, 0.01), (0, 1e-9, 1e-9), (0.0, 1e-9, 1e-9), (0.25, 0.25, 0.25)]
)
def test_without_a_tolerance_what_is_given_in_mv_is_exact_and_with_one_it_is_for_all(tolerance, exact, computed):
    grid = Grid(1.0, tolerance=tolerance)
    assert (grid.exact, grid.computed) == (exact, computed)
    assert (EXACT, TOLERANCE, grid.resolution) == (1e-9, 0.01, 1.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"timestep": 0.0}, "timestep is 0.0 but must be a positive number"),
        ({"timestep": math.nan}, "timestep is nan but must be a positive number"),
        ({"timestep": True}, "timestep is True but must be a positive number"),
        ({"timestep": "auto"}, "timestep is 'auto' but must be a positive number"),
        ({"timestep": 1.0, "resolution": -1.0}, "resolution is -1.0 but must be a positive number"),
        ({"timestep": 1.0, "resolution": math.inf}, "resolution is inf but must be a positive number"),
        (
            {"timestep": 1.0, "tolerance": 1.0},
            "tolerance is 1.0 but must be None or a number from 0 to below 1",
        ),
        (
            {"timestep": 1.0, "tolerance": -0.1},
            "tolerance is -0.1 but must be None or a number from 0 to below 1",
        ),
        (
            {"timestep": 1.0, "tolerance": False},
            "tolerance is False but must be None or a number from 0 to below 1",
        ),
    ],
)
def test_a_grid_of_nonsense_is_refused(arguments, message):
    with pytest.raises(InputError) as refused:
        Grid(**arguments)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("number", [1, 0.1, np.int64(2), np.float32(0.5)])
def test_a_grid_takes_every_kind_of_number(number):
    assert Grid(number, number, 0.5).timestep == number


# --- errors


def test_an_error_is_relative_to_the_value_and_1_where_there_is_no_scale():
    value, held = np.array([2.0, -4.0, 0.0, 0.0, 5.0, np.nan]), np.array([1.0, -3.0, 0.0, 1.0, np.inf, 1.0])
    assert relative_error(value, held).tolist() == [0.5, 0.25, 0.0, 1.0, 1.0, 1.0]


def test_an_error_can_be_relative_to_something_else():
    assert relative_error(np.array([2.0, 2.0]), np.array([1.0, 2.0]), np.array([-10.0, 0.0])).tolist() == [0.1, 0.0]
    assert relative_error(np.array([2.0]), np.array([1.0]), np.array([0.0])).tolist() == [1.0]


def check(error: list[float], tolerance: float, *advice: str) -> Rounding:
    value = np.arange(1.0, len(error) + 1)
    return check_rounding("pop", "tau", "ms", value, value / 2, np.array(error), tolerance, *advice)


def test_the_worst_rounding_is_the_one_that_is_reported():
    assert check([0.1, 0.3, 0.2], 0.5) == Rounding("pop", "tau", "ms", 2.0, 1.0, 0.3)


def test_an_error_of_the_tolerance_is_accepted_and_a_larger_one_refused():
    assert check([0.25], 0.25).error == 0.25
    for error in (0.2500001, math.nan):
        with pytest.raises(InputError):
            check([error], 0.25)


@pytest.mark.parametrize(
    ("tolerance", "advice", "end"),
    [
        (0.01, (), "99 % off, and no more than 1 % (tolerance in setup()) is accepted"),
        (EXACT, (), "99 % off, and nothing is accepted"),
        (2e-9, ("do this",), "99 % off, and no more than 2e-07 % (tolerance in setup()) is accepted; do this"),
    ],
)
def test_a_refusal_names_the_value_the_nearest_one_and_what_is_accepted(tolerance, advice, end):
    with pytest.raises(InputError) as refused:
        check([0.99], tolerance, *advice)
    assert str(refused.value) == (
        f"tau of 'pop' is 1 ms, which the chip's integers can't hold: the nearest value is 0.5 ms, {end}"
    )


def test_nothing_can_be_rounded_wrongly():
    assert check([], 0.0) == Rounding("pop", "tau", "ms", 0.0, 0.0, 0.0)


# --- the report


def rounding(where: str, error: float) -> Rounding:
    return Rounding(where, "w", "mV", 1.0, 1.0 - error, error)


def test_a_report_lists_the_worst_first_and_counts_what_is_exact():
    report = RoundingReport((rounding("good", 0.001), rounding("exact", EXACT), rounding("bad", 0.01)))
    assert str(report) == (
        "1 of 3 parameters are held exactly\n"
        "bad: w 1 mV is held as 0.99 mV, error 1.00%\n"
        "good: w 1 mV is held as 0.999 mV, error 0.10%"
    )
    assert report.largest_error == 0.01
    assert [each.where for each in report] == ["good", "exact", "bad"]
    assert len(report) == 3


def test_a_report_for_json_holds_all_of_it():
    read = json.loads(json.dumps(RoundingReport((rounding("a", 0.5),)).as_dict()))
    assert read == [{"where": "a", "parameter": "w", "unit": "mV", "value": 1.0, "held": 0.5, "error": 0.5}]


def test_a_report_of_nothing_is_exact():
    assert (str(RoundingReport(())), RoundingReport(()).largest_error) == ("0 of 0 parameters are held exactly", 0.0)
