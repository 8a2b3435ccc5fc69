"""The plots of energy: what is drawn where, and what is said of it."""

from __future__ import annotations

import pytest
from benchmark_rows import made, main_group, mixed, whole
from plot_reading import by_label, dots, key, look

from benchmarks.report.plots.accuracy_energy import accuracy_and_energy
from benchmarks.report.plots.energy_delay import energy_delay
from pynn_backprop.plots.style import BLUE, GREY, ORANGE, VERMILION


@pytest.fixture
def group():
    return main_group(whole(mixed(rule="published")))


# --- accuracy against energy


def test_each_platform_and_model_is_drawn_at_its_energy_and_accuracy(group):
    plot = accuracy_and_energy(group)
    drawn = by_label(plot)
    models = ["cpu-mac", "gpu-mac", "loihi-events", "loihi-silicon", "loihi-sweep", "spinnaker1", "spinnaker2"]
    assert list(drawn) == [
        "NEST compiled, measured",
        "Brian2 cython, CPU time",
        "scikit-learn batch1, CPU time",
        *(f"{name}, estimated" for name in models),
        "this circuit, published",
        "others, published",
    ]
    nest, brian2, sklearn = list(drawn.values())[:3]
    assert (nest.get_xdata(), nest.get_ydata()) == (pytest.approx([0.3]), pytest.approx([0.92]))
    assert (brian2.get_xdata(), brian2.get_ydata()) == (pytest.approx([0.03]), pytest.approx([0.9]))
    # A filled circle where a meter measured, else an open one; the third line has no meter, but keeps its colour.
    assert [look(line) for line in (nest, brian2, sklearn)] == [
        ("o", BLUE.lower(), BLUE.lower()),
        ("o", ORANGE.lower(), "none"),
        ("o", VERMILION.lower(), "none"),
    ]
    model = drawn["cpu-mac, estimated"]
    # Of the network that the three platforms share, and of scikit-learn's 18 multiply-accumulates.
    assert model.get_xdata() == pytest.approx([18 * 8.6e-9, 293 * 12 * 8.6e-9])
    assert model.get_ydata() == pytest.approx([0.9, 0.92])
    assert look(model) == ("s", BLUE.lower(), "none")
    assert look(drawn["gpu-mac, estimated"]) == ("s", ORANGE.lower(), "none")
    ours, others = drawn["this circuit, published"], drawn["others, published"]
    assert (ours.get_xdata(), ours.get_ydata()) == ([0.59e-3], [0.963])
    assert look(ours) == ("D", GREY.lower(), GREY.lower())
    assert others.get_xdata() == pytest.approx([8.4e-3, 0.366e-6, 0.253e-6, 17e-6, 15e-9, 0.553e-3, 50e-9])
    assert list(others.get_ydata()) == [0.947, 0.953, 0.981, 0.89, 0.845, 0.964, 0.88]
    assert look(others) == ("D", GREY.lower(), "none")


def test_the_axes_of_accuracy_and_energy_say_what_they_are(group):
    plot = accuracy_and_energy(group)
    (axes,) = plot.figure.axes
    assert (axes.get_xscale(), axes.get_xlabel()) == ("log", "energy of a training sample")
    assert (axes.get_yscale(), axes.get_ylabel()) == ("linear", "test samples right")
    assert axes.xaxis.get_major_formatter()(2e-6) == "2 µJ"
    assert axes.yaxis.get_major_formatter()(0.9) == "90%"
    assert [text.get_text() for text in plot.figure.legends[0].get_texts()] == list(by_label(plot))


def test_a_range_of_accuracies_by_chance_is_not_magnified():
    near = main_group([made("nest", "compiled"), made("lava", "fast", accuracy=0.91)])
    assert accuracy_and_energy(near).figure.axes[0].get_ylim() == pytest.approx((0.875, 0.935))
    far = main_group([made("nest", "compiled"), made("lava", "fast", accuracy=0.1)])
    low, high = accuracy_and_energy(far).figure.axes[0].get_ylim()
    assert low < 0.1
    assert high > 0.9
    assert (low + high) / 2 == pytest.approx(0.5)


def test_no_share_is_above_one_or_below_nothing():
    group = main_group([made("nest", "compiled", accuracy=1.0), made("lava", "fast", accuracy=0.0)])
    assert accuracy_and_energy(group).figure.axes[0].get_ylim() == (0.0, 1.0)


def test_what_is_said_of_accuracy_and_energy_and_that_published_ones_stand_beside_whole_trainings_only(group):
    plot = accuracy_and_energy(group)
    assert (plot.name, plot.case) == ("accuracy-energy-mnist-4-3-2-40x1-20", "mnist")
    ours = (
        "Test accuracy against the energy of a training sample: mnist, 4-3-2, 40 samples. Circles: the computer's"
        " energy while it ran the platform, filled where a meter measured it, open where it is processor time × a"
        " declared power. Open squares: estimated by model from counts, for the device that the model is of; "
        "equal spikes give equal estimates, so the squares of one network stand in a row."
    )
    assert plot.caption == (
        f"{ours} Grey diamonds: published by others for other networks and conditions, not measured here."
    )
    said = plot.description.split("; ")
    assert said[:3] == [
        "nest compiled, measured: 300 mJ, 92.0% right",
        "brian2 cython, CPU time: 30.0 mJ, 90.0% right",
        "scikit-learn batch1, CPU time: 30.0 mJ, 90.0% right",
    ]
    assert said[-1] == "others, published: 8.40 mJ, 94.7% right"
    part = accuracy_and_energy(main_group(mixed()))
    assert part.caption == ours
    assert "others, published" not in by_label(part)


def test_without_an_energy_of_ours_published_ones_are_not_drawn_alone():
    nothing = main_group([made("nest", "compiled", joule=None, counts={})])
    assert accuracy_and_energy(nothing) is None
    unscored = main_group([made("nest", "compiled", metrics={})])
    assert accuracy_and_energy(unscored) is None
    tiny = main_group([made("nest", "compiled", joule=0.0, counts={})])
    assert accuracy_and_energy(tiny) is None


def test_more_platforms_than_colours_have_other_markers():
    many = main_group(made(f"p{number}", "v", joule=0.01 * (number + 1), counts={}) for number in range(9))
    looks = [look(line) for line in by_label(accuracy_and_energy(many)).values()]
    assert [marker for marker, *_ in looks] == ["o"] * 8 + ["p"]
    assert looks[8][1] == looks[0][1] == BLUE.lower()
    assert len({colour for _, colour, _ in looks}) == 8


# --- energy x time


def test_energy_x_time_is_drawn_where_there_is_an_energy_and_beside_the_published_ones(group):
    plot = energy_delay(group)
    found = dict(dots(plot))
    assert list(found) == [
        "NEST compiled",
        "Brian2 cython",
        "scikit-learn batch1",
        "Loihi, Renner et al. 2024",
        "Loihi, Shrestha et al. 2021",
        "SPOON, Frenkel et al. 2020",
        "ASIC, Park et al. 2019",
        "ASIC, Chen et al. 2018",
        "ASIC, Buhler et al. 2017",
    ]
    values = {name: (shown, at) for name, ((shown, at, _),) in found.items()}
    assert values["NEST compiled"] == (("o", BLUE.lower(), BLUE.lower()), pytest.approx(0.3 * 5.7e-3))
    assert values["Brian2 cython"] == (("o", BLUE.lower(), "none"), pytest.approx(0.03 * 9e-3))
    assert values["Loihi, Renner et al. 2024"] == (("D", GREY.lower(), "none"), pytest.approx(0.59e-3 * 1.5e-3))
    assert all(bar == [at, at] for ((_, at, bar),) in found.values())
    assert key(plot) == [
        ("measured", ("o", BLUE.lower(), BLUE.lower())),
        ("CPU time × power", ("o", BLUE.lower(), "none")),
        ("published", ("D", GREY.lower(), "none")),
    ]
    (axes,) = plot.figure.axes
    assert axes.get_xlabel() == "energy × time of a training sample"
    assert axes.xaxis.get_major_formatter()(2e-6) == "2 µJ s"


def test_what_is_said_of_energy_x_time(group):
    plot = energy_delay(group)
    assert (plot.name, plot.case) == ("energy-delay-mnist-4-3-2-40x1-20", "mnist")
    ours = (
        "Energy-delay product of a training sample: mnist, 4-3-2, 40 samples; the lower, the better. Circles: "
        "energy of the run × its wall time, filled where a meter measured the energy, open where it is processor "
        "time × a declared power. Energy models have no time, so they are not in it."
    )
    assert plot.caption == f"{ours} Diamonds: published by others, not measured here."
    assert plot.description.startswith("nest compiled: training 1.71 mJ s; brian2 cython: training 270 µJ s; ")
    part = energy_delay(main_group(mixed()))
    assert part.caption == ours
    assert len(dots(part)) == 3


def test_where_all_was_measured_the_key_is_left_out():
    assert key(energy_delay(main_group([made("nest", "compiled", kind="measured")]))) == []
    assert key(energy_delay(main_group([made("nest", "compiled")]))) == [
        ("CPU time × power", ("o", BLUE.lower(), "none"))
    ]


def test_without_an_energy_of_the_run_there_is_no_product():
    assert energy_delay(main_group([made("nest", "compiled", joule=None)])) is None
    assert energy_delay(main_group([made("nest", "compiled", joule=0.0)])) is None
