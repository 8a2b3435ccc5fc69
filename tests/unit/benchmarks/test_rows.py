"""What a row of benchmark results is: its fields, its key, and what is asked of it."""

from __future__ import annotations

import json

import pytest
from benchmark_rows import job, row

from benchmarks.measure.circuits import circuit_of
from benchmarks.rows import (
    FIELDS,
    KEY,
    MISSING,
    OLDER,
    TRAINING,
    apart_in,
    check_row,
    flat,
    is_whole,
    key_of,
    median_seconds,
    ms_per_sample,
    platform_in,
    samples_in,
    sizes_in,
    whole,
)
from pynn_backprop.errors import InputError


def test_a_row_that_lacks_a_field_is_refused_by_name():
    incomplete = row()
    del incomplete["energy"], incomplete["host"]
    with pytest.raises(InputError, match="the row lacks energy, host"):
        check_row(incomplete)


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "schema"])
def test_every_field_must_be_there_and_of_its_type(name):
    one = row()
    assert check_row(one) is one
    if name not in OLDER:
        with pytest.raises(InputError, match=f"^the row lacks {name}$"):
            check_row({field: value for field, value in one.items() if field != name})
    with pytest.raises(InputError, match=f"^the row: {name} is <object .*> but must be "):
        check_row({**one, name: object()})


@pytest.mark.parametrize("name", [name for name, kind in FIELDS.items() if kind is int and name != "schema"])
def test_a_truth_value_is_no_number(name):
    with pytest.raises(InputError, match=f"the row: {name} is True but must be int"):
        check_row({**row(), name: True})


@pytest.mark.parametrize("name", ["time_limit", "warm_up_seconds", "peak_memory_MB"])
def test_a_truth_value_is_no_time_and_no_memory(name):
    with pytest.raises(InputError, match=f"the row: {name} is False but must be int or float"):
        check_row({**row(), name: False}, "the row")


def test_what_is_no_object_is_refused():
    with pytest.raises(
        InputError, match=r"^line 3 is \[1\] but must be an object with the fields schema, case, platform"
    ):
        check_row([1], "line 3")


# --- the key


@pytest.mark.parametrize(
    "change",
    [
        {"case": "mnist"},
        {"platform": "nest", "variant": "compiled"},
        {"variant": "steps"},
        {"seed": 1},
        {"hidden": 21},
        {"samples": 41},
        {"test_samples": 21},
        {"epochs": 2},
        {"form": "compact"},
        {"rule": "published"},
        {"code": {"kind": "graded", "n": 4}},
        {"validation": 5},
        {"stretch": (10, 20)},
        {"until": 0.9, "validation": 5},
        {"repeats": 4},
        {"threads": 2},
    ],
)
def test_what_decides_a_result_makes_another_row(change):
    assert job(**change).key != job().key
    assert job(**change).key == key_of(job(**change).row())


@pytest.mark.parametrize("change", [{"time_limit": 1.0}, {"watt": 10.0}, {"jobs_at_once": 2}])
def test_what_does_not_decide_a_result_leaves_the_row_the_same(change):
    assert job(**change).key == job().key


def test_the_key_is_what_decides_a_result_in_this_order():
    assert ", ".join(KEY) == (
        "case, platform, variant, seed, layer_sizes, form, rule, code, samples, test_samples, epochs, validation, "
        "stretch, until, repeats, threads"
    )
    one = job(seed=7, epochs=2, repeats=4, threads=5).row()
    assert json.loads(key_of(one)) == [
        "digits",
        "reference",
        "oracle",
        7,
        [192, 20, 10],
        "published",
        "margin",
        one["code"],
        *(40, 20, 2, 0, [], 0.0, 4, 5),
    ]


# --- what is asked of a row


def test_times_are_medians_per_sample_of_all_epochs():
    one = row(train=[9.0, 1.0, 2.0], epochs=5)
    assert median_seconds(one, "train") == 2.0
    assert ms_per_sample(one, "train") == pytest.approx(1e3 * 2.0 / 200)
    assert ms_per_sample(one, "test") == pytest.approx(1e3 * 1.1 / 20)
    assert ms_per_sample(job().row(MISSING, "why"), "train") is None


def test_a_repeat_of_training_shows_all_epochs_and_one_of_a_test_shows_its_samples_once():
    one = row(epochs=5)
    assert [samples_in(one, stage) for stage in ("train", "test")] == [200, 20]


def test_a_stretch_and_a_training_that_ended_early_are_as_long_as_they_were():
    assert samples_in(row(epochs=5, stretch=(150, 180)), "train") == 30
    ended = row(epochs=5, validation=5, until=0.8) | {"curve": [{"shown": 70, "seconds": 1.0, "right": 0.85}]}
    assert samples_in(ended, "train") == 70


def test_an_unknown_stage_is_refused():
    with pytest.raises(InputError, match="stage is 'tain' but must be one of build, train, build_test, test"):
        median_seconds(row(), "tain")


def test_people_read_platform_variant_and_sizes():
    assert (platform_in(row()), sizes_in(row())) == ("reference oracle", "192-20-10")
    assert platform_in(row() | {"variant": ""}) == "reference"


def test_what_tells_rows_of_a_platform_apart_is_named_where_it_is_not_as_usual():
    assert {what: words for what, words in apart_in(row(form="compact")).items() if words} == {
        "form": "compact form",
        "rule": "margin rule",
    }
    other = row(code={"kind": "graded", "n": 4}, threads=2, epochs=30, stretch=(1000, 1200))
    assert {what: apart_in(other)[what] for what in ("code", "threads", "stretch")} == {
        "code": "graded code of 4",
        "threads": "2 threads",
        "stretch": "samples 1,000 to 1,200",
    }
    assert set(apart_in(row() | {"form": "", "rule": ""}).values()) == {""}


def test_a_training_is_whole_if_it_is_at_least_what_its_case_states():
    assert not is_whole(row())
    assert is_whole(row(samples=1437, epochs=10))
    assert not is_whole(row(samples=1437, epochs=9))
    assert not is_whole(row(samples=1200, validation=237, epochs=12, until=0.9))
    assert not is_whole(
        {name: value for name, value in row(samples=1437, epochs=10).items() if name != "whole_training"}
    )


def test_a_row_of_before_there_were_forms_is_of_the_published_one():
    older = {name: value for name, value in row(rule="published").items() if name not in OLDER}
    assert check_row(older) is older
    assert key_of(older) == key_of(row(rule="published")) != key_of(row(rule="published", form="compact"))
    assert circuit_of(older, TRAINING).schedule.form == "published"
    assert circuit_of(row(form="compact"), TRAINING).schedule.form == "compact"
    assert apart_in(older) == apart_in(row(rule="published"))
    assert whole(older) == row(rule="published") | {"started": older["started"], "whole_training": {}}


def test_nested_values_stand_under_dotted_names():
    nested = {"a": 1, "b": {"c": {"d": 2}, "e": [3, 4]}, "f": [{"g": 5}, {"g": [6, 7]}], "h": [], "i": {}, "j": None}
    assert flat(nested) == {"a": 1, "b.c.d": 2, "b.e": "3 4", "f.0.g": 5, "f.1.g": "6 7", "h": "", "j": None}
