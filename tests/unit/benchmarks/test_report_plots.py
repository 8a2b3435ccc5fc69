"""The plots of time and spikes: what is drawn where, and what is said of it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest
from benchmark_rows import DECLARED, made, main_group, mixed
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from plot_reading import dots, key, look

from benchmarks.report.groups import groups_of
from benchmarks.report.plots.all import all_plots
from benchmarks.report.plots.dots import Dot
from benchmarks.report.plots.plot import Plot, milliseconds, named, tick
from benchmarks.report.plots.scaling import scaling
from benchmarks.report.plots.spikes import spikes_by_layer
from benchmarks.report.plots.time import time_per_sample
from benchmarks.report.summary import lines_of
from pynn_backprop.plots.style import BLUE, GREEN, ORANGE, VERMILION

SKY = "#56b4e9"


@pytest.fixture
def group():
    return main_group(mixed())


# --- time


def test_the_time_of_a_sample_is_drawn_with_its_range_for_training_and_inference(group):
    plot = time_per_sample(group)
    found = dots(plot)
    assert [name for name, _ in found] == [named(line.name) for line in group.lines]
    (training, at, bar), (inference, test_at, test_bar) = found[0][1]
    assert (training, at, bar) == (("o", BLUE.lower(), BLUE.lower()), pytest.approx(5.7), pytest.approx([4.5, 7.2]))
    assert (inference, test_at) == (("^", VERMILION.lower(), "none"), pytest.approx(55))
    assert test_bar == pytest.approx([50, 65])
    (axes,) = plot.figure.axes
    assert (axes.get_xscale(), axes.get_xlabel()) == ("log", "wall time of a sample")
    assert axes.xaxis.get_major_formatter()(20.0) == "20 ms"
    low, high = axes.get_xlim()
    assert low < 0.01
    assert high > 100
    assert key(plot) == [
        ("training", ("o", BLUE.lower(), BLUE.lower())),
        ("inference", ("^", VERMILION.lower(), "none")),
    ]


def test_what_is_said_of_time(group):
    plot = time_per_sample(group)
    assert (plot.name, plot.case) == ("time-mnist-4-3-2-40x1-20", "mnist")
    assert plot.caption == (
        "Wall time of a sample, measured: mnist, 4-3-2, 40 samples; the lower, the better. Circles: training; "
        "triangles: inference. Points are medians of the repeats, bars reach from the fastest to the slowest. Building "
        "and warming up are not in it."
    )
    assert plot.description.split("; ")[:2] == [
        "nest compiled: training 5.70 ms, inference 55.0 ms",
        "brian2 cython: training 9.00 ms, inference 55.0 ms",
    ]


def test_a_platform_that_was_not_timed_keeps_its_row_and_is_not_spoken_of():
    untimed = made("x", "y", repeat_seconds={})
    plot = time_per_sample(
        main_group([made("nest", "compiled"), made("lava", "fast", repeat_seconds={"train": [1.0]}), untimed])
    )
    assert [(name, len(there)) for name, there in dots(plot)] == [("NEST compiled", 2), ("Lava fast", 1), ("x y", 0)]
    assert "x y" not in plot.description
    assert time_per_sample(main_group([untimed])) is None


# --- spikes


def test_spikes_are_stacked_by_layer_and_sources_are_left_out(group):
    plot = spikes_by_layer(group)
    (axes,) = plot.figure.axes
    bars = [(bar.get_y() + bar.get_height() / 2, bar.get_x(), bar.get_width(), bar) for bar in axes.patches]
    # Training: x 4 and m_x 14; h 5 6 7, m_h 15, hT 16, c_h 18; o 8 9 10, t 11, d 12 13, oT- 17; r 19 and gates 20-31.
    widths = [18, 67, 80, 19 + sum(range(20, 32))]
    assert [width for height, _, width, _ in bars if height == pytest.approx(0)] == widths
    assert [left for height, left, _, _ in bars if height == pytest.approx(0)] == [0, 18, 85, 165]
    # Inference: x 3, h 4, o 5, gates 6-9.
    assert [width for height, _, width, _ in bars if height == pytest.approx(1)] == [3, 4, 5, 30]
    assert [to_hex(bar.get_facecolor()) for *_, bar in bars[:4]] == [SKY, BLUE.lower(), ORANGE.lower(), GREEN.lower()]
    assert [text.get_text() for text in axes.texts] == ["490", "42.0"]
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "training\npublished form, margin rule",
        "inference\nmargin rule",
    ]
    assert [text.get_text() for text in plot.figure.legends[0].get_texts()] == [
        "input layer",
        "hidden layer",
        "output layer",
        "control",
    ]
    assert axes.get_ylim() == (1.5, -0.5)
    assert axes.get_xlim()[0] == 0
    assert axes.get_xlabel() == "spikes in a sample"
    assert axes.xaxis.get_major_formatter()(12345.0) == "12,345"


def test_what_is_said_of_spikes(group):
    plot = spikes_by_layer(group)
    assert (plot.name, plot.case) == ("spikes-mnist-4-3-2-40x1-20", "mnist")
    three = "nest compiled, brian2 cython, reference oracle"
    assert plot.caption == (
        "Spikes of a sample by layer: mnist, 4-3-2, 40 samples. Counted, not estimated; platforms named together "
        f"fired the same spikes (training: {three}; inference: {three}). A layer holds its memory and error "
        "populations too; control is the gating ring and the reinforcement neuron. Spikes from outside are not in"
        " it."
    )
    assert plot.description == (
        "training: input layer 18.0, hidden layer 67.0, output layer 80.0, control 325; "
        "inference: input layer 3.00, hidden layer 4.00, output layer 5.00, control 30.0"
    )
    assert spikes_by_layer(main_group([made("scikit-learn", "batch1", counts={})])) is None


# --- scaling


def test_time_is_drawn_against_size_with_its_fitted_line():
    exponents = {"nest": 1.5, "lava": 0.5}
    lines = lines_of(
        made(name, "v", 0.3 * hidden**exponent, layer_sizes=[4, hidden, 2])
        for name, exponent in exponents.items()
        for hidden in (1000, 100, 10)
    )
    (plot,) = scaling("mnist", lines)
    axes, memory, events = plot.figure.axes
    points, line, limit, others, *_ = axes.lines
    assert list(points.get_xdata()) == list(line.get_xdata()) == [10, 100, 1000]
    assert points.get_ydata() == pytest.approx([0.3 * hidden**1.5 for hidden in (10, 100, 1000)])
    assert line.get_ydata() == pytest.approx(points.get_ydata())
    # All have the same number of events, so the least time an event is that of the smallest.
    assert (limit.get_linestyle(), limit.get_ydata()) == ("--", pytest.approx([0.3 * 10**1.5] * 3))
    assert [look(one) for one in (points, others)] == [("o", *[BLUE.lower()] * 2), ("s", *[ORANGE.lower()] * 2)]
    circuit = "published form, margin rule"
    assert [text.get_text() for text in plot.figure.legends[0].get_texts()] == [
        f"NEST v, {circuit}: slope of time 1.50",
        f"Lava v, {circuit}: slope of time 0.50",
    ]
    for one in (axes, memory, events):
        assert (one.get_xscale(), one.get_yscale(), one.get_xlabel()) == ("log", "log", "hidden units")
        assert [text.get_text() for text in one.get_xticklabels()] == ["10", "100", "1,000"]
        low, high = one.get_ylim()
        assert sum(low <= tick <= high for tick in one.get_yticks()) > 1
    assert axes.yaxis.get_major_formatter()(0.5) == "500 µs"
    assert [one.get_title() for one in plot.figure.axes] == [
        "wall time of a training sample",
        "MB of memory at most",
        "synaptic events of a sample",
    ]
    assert (plot.name, plot.case) == ("scaling-hidden-mnist", "mnist")
    assert plot.description == (
        f"nest v, {circuit}: 10 hidden units 9.49 ms, 100 hidden units 300 ms, 1000 hidden units 9,487 ms; "
        f"lava v, {circuit}: 10 hidden units 0.949 ms, 100 hidden units 3.00 ms, 1000 hidden units 9.49 ms"
    )
    assert scaling("mnist", lines[:2]) == []


# --- all of them


def drawn(rows):
    return [plot.name for plot in all_plots(groups_of(lines_of(rows)))]


KINDS = ("accuracy-energy", "time", "energy-delay", "spikes")


def test_a_group_has_the_plots_that_it_has_values_for():
    assert drawn([made("nest", "compiled")]) == [f"{kind}-digits-4-3-2-40x1-20" for kind in KINDS]
    assert drawn([made("nest", "compiled", counts={}, joule=None)]) == ["time-digits-4-3-2-40x1-20"]


def test_every_case_has_its_plots():
    rows = [made("nest", "compiled", counts={}, joule=None) | {"case": case} for case in ("mnist", "digits")]
    assert drawn(rows) == [f"time-{case}-4-3-2-40x1-20" for case in ("mnist", "digits")]


def test_sizes_of_a_case_are_drawn_in_one_plot_after_those_of_its_main_group():
    rows = [made("nest", "compiled", counts={}, joule=None, layer_sizes=[4, hidden, 2]) for hidden in (3, 6, 12)]
    assert drawn(rows) == ["time-digits-4-3-2-40x1-20", "scaling-hidden-digits"]


def test_each_group_has_its_learning_curves():
    bare = {"counts": {}, "joule": None, "repeat_seconds": {}, "validation": 9}
    curve = {"curve": [{"shown": 40, "seconds": 1.0, "right": 0.8}]}
    rows = [made("nest", "compiled", **bare), made("nest", "compiled", until=0.9, **bare)]
    assert drawn([row | curve for row in rows]) == [
        "curves-digits-4-3-2-40x1-20-held-9",
        "curves-digits-4-3-2-40x1-20-held-9-until-0.9",
    ]


def test_without_values_there_are_no_plots():
    assert drawn([]) == []
    bare = made("nest", "compiled", counts={}, energy=[], joule=None, repeat_seconds={}) | {"metrics": {}}
    assert drawn([bare]) == []


def test_an_energy_of_nothing_is_not_drawn():
    (plot, *more) = all_plots(groups_of(lines_of([made("reference", "oracle", joule=0.0)])))
    assert [one.name for one in (plot, *more)] == [
        f"{kind}-digits-4-3-2-40x1-20" for kind in KINDS if kind != "energy-delay"
    ]
    assert DECLARED not in plot.description


def test_samples_of_another_number_are_drawn_apart():
    """100 samples once took the place of 1,000 under the same name."""
    rows = [made("nest", "compiled", 5.0), made("nest", "compiled", 50.0, samples=400)]
    plots = [plot for plot in all_plots(groups_of(lines_of(rows))) if plot.name.startswith("time")]
    assert [(plot.name, dots(plot)[0][1][0][1]) for plot in plots] == [
        ("time-digits-4-3-2-40x1-20", pytest.approx(5.0)),
    ]


@pytest.mark.parametrize(("value", "text"), [(0.001, "1 mJ"), (0.25, "250 mJ"), (2.5e4, "25 kJ"), (1.5e6, "1500 kJ")])
def test_ticks_have_no_zeros_that_say_how_precise_they_are(value, text):
    assert tick(value, "J") == text


def test_a_tick_of_time_is_given_in_milliseconds():
    assert (milliseconds(2.0), milliseconds(2500.0)) == ("2 ms", "2.5 s")


@pytest.mark.parametrize("value", [Dot("training", "measured", 2.0, 1.0, 3.0), Plot("a", "b", Figure(), "c", "d")])
def test_nobody_who_is_handed_a_plot_can_change_it(value):
    name = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, getattr(value, name))
