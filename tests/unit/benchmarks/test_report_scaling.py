"""How time, memory and events grow with the size of a network."""

from __future__ import annotations

import pytest
from benchmark_rows import made

from benchmarks.report.scaling import DEPTH, EVENTS, HIDDEN, MEMORY, TIME, series_of
from benchmarks.report.summary import lines_of


def test_a_fitted_slope_is_the_exponent_of_a_power_law():
    lines = lines_of(
        made("nest", "compiled", 0.3 * hidden**1.5, layer_sizes=[4, hidden, 2], joule=None)
        for hidden in (1600, 50, 100, 400)
    )
    (series,) = series_of(lines, HIDDEN)
    assert series.name == "nest compiled, published form, margin rule"
    fit = series.fit(TIME)
    assert fit.slope == pytest.approx(1.5)
    assert fit.intercept == pytest.approx(-1.2039728)  # ln 0.3
    assert fit.at(200) == pytest.approx(0.3 * 200**1.5)
    assert fit.sizes == (50, 100, 400, 1600)
    assert fit.values == pytest.approx([0.3 * hidden**1.5 for hidden in fit.sizes])


def test_fewer_than_three_sizes_have_no_slope():
    sizes = ([4, 50, 2], [4, 100, 2], [4, 2])
    assert series_of(lines_of(made("nest", "compiled", layer_sizes=size, joule=None) for size in sizes), HIDDEN) == []


@pytest.mark.parametrize("other", [{"threads": 2}, {"platform": "lava"}, {"variant": "dopamine"}])
def test_a_slope_is_of_one_platform_with_one_number_of_threads(other):
    changes = [{}, {}, other]
    lines = lines_of(
        made("nest", "compiled", layer_sizes=[4, hidden, 2], joule=None) | change
        for hidden, change in zip((50, 100, 200), changes, strict=True)
    )
    assert series_of(lines, HIDDEN) == []


@pytest.mark.parametrize("sizes", [[5, 200, 2], [4, 200, 3]])
def test_a_slope_is_of_one_input_and_one_output_layer(sizes):
    lines = lines_of(
        made("nest", "compiled", layer_sizes=size, joule=None) for size in ([4, 50, 2], [4, 100, 2], sizes)
    )
    assert series_of(lines, HIDDEN) == []


def test_memory_and_events_grow_too_and_so_does_all_with_depth():
    rows = [
        made("nest", "compiled", 0.3 * depth, layer_sizes=[4, *[50] * (depth - 1), 2], form="compact", joule=None)
        | {"peak_memory_MB": 100.0 * depth**2}
        for depth in (1, 2, 4)
    ]
    for row, depth in zip(rows, (1, 2, 4), strict=True):
        row["counts"]["synaptic_events_per_sample"] = 40.0 * depth**3
    lines = lines_of(rows)
    (series,) = series_of(lines, DEPTH)
    assert [series.fit(quantity).slope for quantity in (TIME, MEMORY, EVENTS)] == pytest.approx([1, 2, 3])
    assert series.sizes == (1, 2, 4)
    # 0.3, 0.6 and 1.2 ms for 40, 320 and 2,560 events: 469 ns an event at the least.
    least, limit = series.limit
    assert least == pytest.approx(1.2e6 / 2560)
    assert dict(limit) == pytest.approx({1: 40 * 1.2 / 2560, 2: 320 * 1.2 / 2560, 4: 1.2})


def test_only_networks_whose_hidden_layers_are_as_wide_make_a_series_of_depths():
    mixed = ([4, 5, 6, 2], [4, 5, 6, 5, 2], [4, 5, 6, 5, 6, 2])
    wide = [[4, *[width] * hidden, 2] for width in (5, 6) for hidden in (1, 2, 3)]
    rows = [made("nest", "v", layer_sizes=sizes, form="compact", joule=None) for sizes in (*mixed, *wide)]
    found = series_of(lines_of(rows), DEPTH)
    assert [(series.sizes, [line.sizes for line in series.lines]) for series in found] == [
        ((2, 3, 4), ["4-5-2", "4-5-5-2", "4-5-5-5-2"]),
        ((2, 3, 4), ["4-6-2", "4-6-6-2", "4-6-6-6-2"]),
    ]


def test_the_size_that_fills_the_machine_is_told_by_a_straight_line():
    rows = [made("nest", "compiled", layer_sizes=[4, hidden, 2], joule=None) for hidden in (50, 100, 400, 800)]
    for row, mb in zip(rows, (300.0, 300.0, 400.0, 600.0), strict=True):
        row |= {"peak_memory_MB": mb, "host": {"memory_GB": 10.2}}
    (series,) = series_of(lines_of(rows), HIDDEN)
    assert series.most_hidden == 20_000  # 200 MB and half a MB a hidden unit
    # The machine is that of the largest.
    rows[-1]["host"] = {"memory_GB": 5.2}
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden == 10_000
    for row in rows:
        row["peak_memory_MB"] = 300.0
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden is None


def test_memory_that_hardly_grows_tells_of_no_largest_size():
    rows = [made("nest", "compiled", layer_sizes=[4, hidden, 2], joule=None) for hidden in (10, 20, 40, 80)]
    for row, mb in zip(rows, (1000.0, 1000.0, 1015.0, 1030.0), strict=True):
        row |= {"peak_memory_MB": mb, "host": {"memory_GB": 10.2}}
    # 30 MB more than the 1000 MB that every process takes.
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden is None


def test_memory_of_which_a_tenth_grows_tells_of_a_largest_size():
    rows = [made("nest", "compiled", layer_sizes=[4, hidden, 2], joule=None) for hidden in (10, 20, 40, 80)]
    for row, mb in zip(rows, (1000.0, 1000.0, 1050.0, 1100.0), strict=True):
        row |= {"peak_memory_MB": mb, "host": {"memory_GB": 11}}
    # 1,000 MB and 1.25 a hidden unit.
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden == pytest.approx(8_000, abs=1)
    rows[1]["peak_memory_MB"] = None
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden == pytest.approx(8_000, abs=1)
    rows[0]["peak_memory_MB"] = None
    assert series_of(lines_of(rows), HIDDEN)[0].most_hidden is None


def test_no_number_of_matrices_is_told_to_fill_the_machine():
    rows = [made("nest", "v", layer_sizes=[4, *[50] * hidden, 2], form="compact", joule=None) for hidden in (1, 2, 3)]
    for mb, row in enumerate(rows):
        row |= {"peak_memory_MB": 100.0 + 100 * mb, "host": {"memory_GB": 10.2}}
    assert series_of(lines_of(rows), DEPTH)[0].most_hidden is None


def test_the_least_time_an_event_is_of_sizes_whose_time_and_events_are_known():
    rows = [made("nest", "v", 1.0 * hidden, layer_sizes=[4, hidden, 2], joule=None) for hidden in (10, 20, 40)]
    for row, events in zip(rows, (1000.0, 40.0, 40.0), strict=True):
        row["counts"] = {"synaptic_events_per_sample": events}
    rows[0]["repeat_seconds"] = {}
    (series,) = series_of(lines_of(rows), HIDDEN)
    assert series.limit == (pytest.approx(500_000, rel=1e-9), ((20, 20.0), (40, 20.0)))  # 20 ms for 40 events
    assert series.fit(TIME) is None
    for row in rows[1:]:
        row["counts"] = {}
    assert series_of(lines_of(rows), HIDDEN)[0].limit is None


def test_of_two_lines_of_one_size_the_first_is_taken():
    rows = [made("nest", "v", layer_sizes=[4, hidden, 2], joule=None) for hidden in (30, 20, 10, 20)]
    rows[3]["code"] = {"n": 1}
    (series,) = series_of(lines_of(rows), HIDDEN)
    assert [line.first for line in series.lines] == [rows[2], rows[1], rows[0]]


def test_a_size_of_which_there_is_nothing_is_left_out():
    rows = [made("nest", "compiled", layer_sizes=[4, hidden, 2], joule=None) for hidden in (50, 100, 200, 400)]
    rows[0]["counts"]["synaptic_events_per_sample"] = 0.0
    rows[1]["counts"]["synaptic_events_per_sample"] = 0.5
    (series,) = series_of(lines_of(rows), HIDDEN)
    assert series.fit(EVENTS).sizes == (100, 200, 400)
    assert [size for size, _ in series.limit[1]] == [100, 200, 400]
