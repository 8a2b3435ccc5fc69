"""Learning curves: what is drawn where, and what is said of it."""

from __future__ import annotations

import pytest
from benchmark_rows import made, main_group
from matplotlib.colors import to_hex
from matplotlib.ticker import NullFormatter

from benchmarks.report.plots.curves import learning_curves
from benchmarks.report.plots.plot import Plot
from benchmarks.rows import Row
from pynn_backprop.plots.style import BLUE, INK, ORANGE

POINTS = ((10, 0.1, 0.5), (40, 0.4, 0.8))


def learnt(platform: str, points: tuple[tuple[int, float | None, float], ...] = POINTS, **changes: object) -> Row:
    """A row whose curve is of these samples shown, seconds, and shares of right answers."""
    curve = [{"shown": shown, "seconds": seconds, "right": right} for shown, seconds, right in points]
    return made(platform, "v", validation=9000, joule=None, **changes) | {"curve": curve}


def drawn(*rows: Row) -> Plot:
    return learning_curves(main_group(rows))


def test_they_are_drawn_against_samples_and_against_time():
    plot = drawn(learnt("nest"), learnt("lava", ()))
    left, right = plot.figure.axes
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in left.lines] == [([10, 40], [0.5, 0.8])]
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in right.lines] == [([0.1, 0.4], [0.5, 0.8])]
    assert (left.get_xlabel(), right.get_xlabel()) == ("training samples shown", "time of learning")
    assert left.get_ylabel() == "validation samples right"
    assert (left.get_xscale(), right.get_xscale()) == ("log", "log")
    assert left.xaxis.get_major_formatter()(12345.0) == "12,345"
    assert right.xaxis.get_major_formatter()(0.5) == "500 ms"
    assert all(isinstance(axes.xaxis.get_minor_formatter(), NullFormatter) for axes in (left, right))


def test_the_end_of_each_is_marked():
    for axes in drawn(learnt("nest")).figure.axes:
        (line,) = axes.lines
        assert (line.get_marker(), line.get_markevery(), line.get_linestyle()) == ("o", [-1], "-")


def test_no_two_platforms_look_the_same():
    lines = drawn(*(learnt(f"p{number}") for number in range(11))).figure.axes[0].lines
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == len(lines) == 11


def test_seeds_of_a_platform_share_a_colour_and_an_entry_of_the_key():
    plot = drawn(learnt("nest", ()), learnt("nest", seed=1), learnt("nest", seed=2), learnt("lava"))
    for axes in plot.figure.axes:
        assert [to_hex(line.get_color()) for line in axes.lines] == [BLUE.lower(), BLUE.lower(), ORANGE.lower()]
    (legend,) = plot.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["NEST v", "Lava v"]


def test_what_was_not_timed_is_drawn_against_samples_only():
    plot = drawn(learnt("nest", ((10, None, 0.5), (40, None, 0.8))), learnt("lava"))
    assert [len(axes.lines) for axes in plot.figure.axes] == [2, 1]
    assert len(plot.figure.legends[0].get_texts()) == 2


@pytest.mark.parametrize(("first", "low"), [(0.5, 0.485), (0.0, 0.0)])
def test_the_ordinate_ends_at_all_right_and_never_below_nothing(first, low):
    left, right = drawn(learnt("nest", ((10, 0.1, first), (40, 0.4, 0.8)))).figure.axes
    assert left.get_ylim() == right.get_ylim() == pytest.approx((low, 1.0))


def test_the_score_at_which_training_ends_is_a_fine_dotted_line():
    for axes in drawn(learnt("nest", until=0.75)).figure.axes:
        curve, score = axes.lines
        assert (list(score.get_ydata()), score.get_linestyle()) == ([0.75, 0.75], ":")
        assert 0.5 < score.get_linewidth() < curve.get_linewidth()
        assert to_hex(score.get_color()) == INK


def test_what_is_said_of_them():
    untimed = learnt("brian2", ((2000, None, 0.65),))
    plot = drawn(learnt("nest"), untimed, learnt("lava", ()), learnt("lava", seed=1))
    assert (plot.name, plot.case) == ("curves-digits-4-3-2-40x1-20-held-9000", "digits")
    assert plot.caption == (
        "Learning curves: digits, 4-3-2, 40 samples. Share of 9,000 training samples that are held out, on the left "
        "against samples shown, on the right against the time that learning took; a line a seed."
    )
    assert plot.description == (
        "nest v: 80.0% after 40 samples in 0.400 s; brian2 v: 65.0% after 2,000 samples; "
        "lava v: 80.0% after 40 samples in 0.400 s"
    )


def test_without_a_curve_there_is_no_plot():
    assert learning_curves(main_group([learnt("nest", ()), made("lava", "fast", validation=9000)])) is None
