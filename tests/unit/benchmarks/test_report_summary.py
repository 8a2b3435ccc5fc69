"""Which rows of results are taken together, and what is said of them."""

from __future__ import annotations

import pytest
from benchmark_rows import DECLARED, METER, lost, made, main_group, mixed, whole

from benchmarks.report.groups import by_case, groups_of, main_groups
from benchmarks.report.numbers import Spread
from benchmarks.report.summary import Energy, counts_in, lines_of, same_counts
from benchmarks.rows import INFERENCE, TRAINING


@pytest.fixture
def rows():
    return mixed()


def names(groups):
    return [[line.name for line in group] for group in groups]


# --- which rows are one line


def test_seeds_are_taken_together(rows):
    assert [(line.name, line.sizes, len(line.rows)) for line in lines_of(rows)] == [
        ("nest compiled", "4-3-2", 2),
        ("brian2 cython", "4-3-2", 1),
        ("reference oracle", "4-3-2", 1),
        ("scikit-learn batch1", "4-3-2", 1),
        ("nest compiled", "4-6-2", 1),
        ("nest compiled", "4-12-2", 1),
        ("nest compiled", "4-24-2", 1),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"case": "xor"},
        {"platform": "lava"},
        {"variant": "dopamine"},
        {"layer_sizes": [4, 5, 2]},
        {"samples": 41},
        {"test_samples": 21},
        {"epochs": 2},
        {"threads": 2},
        {"form": "compact"},
        {"rule": "published"},
        {"code": {"kind": "graded", "n": 4}},
        {"validation": 7},
        {"stretch": [3, 9]},
        {"until": 0.9},
    ],
)
def test_rows_that_differ_in_anything_but_the_seed_stay_apart(change):
    one = made("nest", "compiled")
    assert len(lines_of([one, one | change])) == 2
    assert len(lines_of([one, one | {"seed": 7, "repeats": 5, "time_limit": 9.0}])) == 1


def test_only_rows_that_are_ok_are_lines(rows):
    assert lines_of([lost("failed", "it broke"), lost("missing", "not there"), lost("timeout", "too long")]) == []


def test_lines_are_in_order_of_their_cases_and_then_of_their_sizes():
    sizes = [("mnist", [4, 24, 2]), ("digits", [4, 3, 2]), ("mnist", [4, 3, 2])]
    lines = lines_of(made("nest", "compiled", layer_sizes=size) | {"case": case} for case, size in sizes)
    assert [(line.case, line.sizes) for line in lines] == [("mnist", "4-3-2"), ("mnist", "4-24-2"), ("digits", "4-3-2")]
    cases = by_case(groups_of(lines))
    assert {case: [group.sizes for group in some] for case, some in cases.items()} == {
        "mnist": ["4-3-2", "4-24-2"],
        "digits": ["4-3-2"],
    }


def test_whole_trainings_or_what_most_platforms_ran_are_shown_at_length(rows):
    (one,) = main_groups(groups_of(lines_of(rows)))
    assert [line.name for line in one.lines] == [
        "nest compiled",
        "brian2 cython",
        "reference oracle",
        "scikit-learn batch1",
    ]
    groups = groups_of(lines_of(rows))
    assert len(groups) > 1
    assert [group.lines for group in main_groups(list(reversed(groups)))] == [one.lines]
    trained = whole([made("nest", "compiled", epochs=3) | {"case": "mnist"}])
    assert [group.whole for group in main_groups(groups_of(lines_of([*rows, *trained])))] == [True]


def test_trainings_up_to_a_score_are_not_shown_at_length():
    assert main_groups(groups_of(lines_of([made("nest", "compiled", until=0.9)]))) == []
    assert main_groups([]) == []


def test_a_group_says_of_what_it_is():
    changes = ({}, {"epochs": 3, "samples": 1234}, {"until": 0.95, "validation": 1000})
    rows = [made("nest", "compiled", **change) for change in changes]
    rows += [row | {"platform": "lava", "layer_sizes": [4, 2]} for row in rows[:1]]
    assert {group.title: (group.case, group.sizes, len(group.lines)) for group in groups_of(lines_of(rows))} == {
        "digits, 4-2, 40 samples": ("digits", "4-2", 1),
        "digits, 4-3-2, 40 samples": ("digits", "4-3-2", 1),
        "digits, 4-3-2, 3 epochs of 1,234 samples": ("digits", "4-3-2", 1),
        "digits, 4-3-2, until 95% of 1,000 validation samples are right": ("digits", "4-3-2", 1),
    }


@pytest.mark.parametrize(
    ("changes", "common", "labels"),
    [
        ([{}, {}], "published form, margin rule", ["", ""]),
        ([{"threads": 2}, {"threads": 2}], "published form, margin rule, 2 threads", ["", ""]),
        ([{"threads": 2}, {}], "published form, margin rule", [", 2 threads", ""]),
        ([{"code": {"n": 4}}, {}], "published form, margin rule", [", graded code of 4", ""]),
        ([{"stretch": [1000, 1040]}, {}], "published form, margin rule", [", samples 1,000 to 1,040", ""]),
        ([{"rule": "published"}, {}], "published form", [", published rule", ", margin rule"]),
        # A peer has no circuit of which anything could be said.
        ([{"form": "", "rule": ""}, {}], "published form, margin rule", ["", ""]),
    ],
)
def test_what_all_lines_of_a_group_have_in_common_is_said_once(changes, common, labels):
    rows = [made(platform, "v") | change for platform, change in zip(("a", "b"), changes, strict=True)]
    group = main_group(rows)
    assert group.common == common
    assert [line.name for line in group.lines] == [f"a v{labels[0]}", f"b v{labels[1]}"]


def test_no_two_groups_have_one_name():
    apart = (
        {},
        {"test_samples": 30},
        {"validation": 9},
        {"validation": 9, "until": 0.9},
        {"epochs": 2},
        {"samples": 50},
    )
    rows = whole([made("nest", "compiled", **change) for change in apart])
    names = [group.name for group in groups_of(lines_of(rows))]
    ends = ("40x1-20", "40x1-30", "40x1-20-held-9", "40x1-20-held-9-until-0.9", "40x2-20", "50x1-20")
    assert names == [f"digits-4-3-2-{end}" for end in ends]


def test_only_a_network_of_one_hidden_layer_has_a_hidden_size():
    lines = lines_of(made("nest", "compiled", layer_sizes=sizes) for sizes in ([4, 2], [4, 3, 2]))
    assert [line.hidden for line in lines] == [None, 3]


# --- their values


def test_times_are_over_the_repeats_of_all_seeds(rows):
    line = lines_of(rows)[0]
    # Seed 0 takes 4.5, 5, 6 ms a training sample, seed 1 takes 5.4, 6, 7.2.
    training, inference = line.ms_per_sample(TRAINING), line.ms_per_sample(INFERENCE)
    assert (training.median, training.low, training.high, training.count) == pytest.approx((5.7, 4.5, 7.2, 6))
    assert (inference.median, inference.low, inference.high) == pytest.approx((55, 50, 65))
    assert line.seconds("build") == Spread(0.6, 0.5, 0.8, 6)
    assert line.seconds("build_test") == Spread(0.2, 0.1, 0.3, 6)


def test_the_time_of_a_sample_is_that_of_all_epochs():
    (line,) = lines_of([made("nest", "compiled", 5.0, epochs=2)])
    assert line.ms_per_sample(TRAINING).median == pytest.approx(2.5)
    assert line.ms_per_sample(INFERENCE).median == pytest.approx(55)


def test_what_was_not_timed_has_no_time():
    (line,) = lines_of([made("nest", "compiled", repeat_seconds={"train": None})])
    assert (line.seconds("train"), line.seconds("build"), line.ms_per_sample(TRAINING)) == (None, None, None)


def test_accuracy_and_counts_are_medians_over_the_seeds_that_have_them(rows):
    rows[1]["counts"]["synaptic_events_per_sample"] = 43.5
    line = lines_of(rows)[0]
    assert line.accuracy == Spread(pytest.approx(0.92), 0.9, 0.94, 2)
    assert line.count("synaptic_events_per_sample") == Spread(42.5, 41.5, 43.5, 2)
    del rows[1]["counts"]["synaptic_events_per_sample"]
    assert lines_of(rows)[0].count("synaptic_events_per_sample") == Spread(41.5, 41.5, 41.5, 1)
    assert line.count("all_spikes_per_sample", INFERENCE) == Spread(42, 42, 42, 2)  # 3 + 4 + ... + 9
    assert line.count("nothing") is None


def test_counts_are_those_of_training_or_of_inference():
    one = made("nest", "compiled")
    assert counts_in(one, TRAINING) is one["counts"]
    assert counts_in(one, INFERENCE) is one["counts"]["inference"]
    for empty in ({}, None, {"inference": None}):
        assert counts_in({"counts": empty}, INFERENCE) == {}
    assert counts_in({"counts": None}, TRAINING) == {}


def test_an_energy_is_the_median_over_the_seeds(rows):
    line = lines_of(rows)[0]
    assert line.energies[0] == Energy("measured", TRAINING, METER, pytest.approx(0.3), "the run", False)
    assert line.energies[1] == Energy("measured", INFERENCE, METER, pytest.approx(0.15), "the run", False)
    model = line.energies[2]
    assert (model.kind, model.of, model.by, model.model) == ("estimated", TRAINING, "cpu-mac", True)
    assert len(line.energies) == 2 + 2 * 7
    rows[1]["energy"][0]["covers"] = "more than the run"
    assert lines_of(rows)[0].energies[0].covers == "the run"


def test_the_energy_of_the_run_is_that_of_a_meter_or_of_a_declared_power(rows):
    nest, brian2, oracle = lines_of(rows)[:3]
    assert nest.metered(TRAINING).joule == pytest.approx(0.3)
    assert nest.metered(INFERENCE).joule == pytest.approx(0.15)
    assert (brian2.metered(TRAINING).by, brian2.metered(TRAINING).kind) == (DECLARED, "estimated")
    assert oracle.metered(TRAINING) is None


def test_energy_x_time_is_of_a_sample_and_in_joule_seconds(rows):
    nest, _, oracle = lines_of(rows)[:3]
    assert nest.joule_seconds(TRAINING) == pytest.approx(0.3 * 5.7e-3)
    assert nest.joule_seconds(INFERENCE) == pytest.approx(0.15 * 55e-3)
    assert oracle.joule_seconds(TRAINING) is None
    (untimed,) = lines_of([made("nest", "compiled", repeat_seconds={})])
    assert untimed.joule_seconds(TRAINING) is None


# --- who fired the same


def test_platforms_that_fired_the_same_are_together(rows):
    assert names(same_counts(main_group(rows).lines, TRAINING)) == [
        ["nest compiled", "brian2 cython", "reference oracle"]
    ]
    rows[2]["counts"]["spikes_per_sample"]["h"] += 0.01
    lines = main_group(rows).lines
    assert names(same_counts(lines, TRAINING)) == [["nest compiled", "reference oracle"], ["brian2 cython"]]
    # In inference they still did.
    assert names(same_counts(lines, INFERENCE)) == [["nest compiled", "brian2 cython", "reference oracle"]]


def test_every_seed_that_they_share_must_agree(rows):
    second = made("brian2", "cython", seed=1) | {"case": "mnist"}
    second["counts"]["spikes_per_sample"]["h"] += 0.01
    lines = main_group([*rows, second]).lines
    assert names(same_counts(lines, TRAINING)) == [["nest compiled", "reference oracle"], ["brian2 cython"]]


def test_lines_are_held_against_the_first_that_fired_so():
    both = [made("nest", "compiled", seed=seed) for seed in (0, 1)]
    lines = lines_of([*both, made("lava", "fast", seed=1), made("brian2", "cython", seed=0)])
    assert names(same_counts(lines, TRAINING)) == [["nest compiled", "lava fast", "brian2 cython"]]


def test_without_a_seed_in_common_nobody_can_say_that_they_did():
    lines = lines_of([made("nest", "compiled", seed=0), made("brian2", "cython", seed=1)])
    assert names(same_counts(lines, TRAINING)) == [["nest compiled"], ["brian2 cython"]]


def test_networks_of_two_sizes_never_fired_the_same():
    one, other = made("nest", "compiled"), made("brian2", "cython", layer_sizes=[4, 5, 2])
    other["counts"] = one["counts"]
    assert names(same_counts(lines_of([one, other]), TRAINING)) == [["nest compiled"], ["brian2 cython"]]
