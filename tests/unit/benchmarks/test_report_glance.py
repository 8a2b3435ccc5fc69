"""What a reader is told first: how accurate, how fast, how much energy, and whether all are equal."""

from __future__ import annotations

from benchmark_rows import METER, made, mixed, whole

from benchmarks.report.glance import glances
from benchmarks.report.groups import groups_of
from benchmarks.report.summary import lines_of
from benchmarks.rows import Row


def told(rows: list[Row]) -> dict[str, tuple[str, str]]:
    return {one.question: (one.answer, one.detail) for one in glances(groups_of(lines_of(rows)))}


def test_the_four_questions_are_answered_in_this_order():
    assert list(told(mixed())) == ["How accurate?", "How fast?", "How much energy?", "All equal?"]


def test_the_best_accuracy_is_said_with_its_seeds_and_its_training_and_peers_beside_it():
    answer, detail = told(mixed())["How accurate?"]
    assert answer == "92.0%"
    assert detail == (
        "of the test samples right (90.0% to 94.0% with 2 seeds): mnist, 4-3-2, 40 samples. After the same: "
        "scikit-learn batch1 90.0%."
    )


def test_what_was_published_is_named_only_beside_a_whole_training_of_the_published_network():
    rows = [made("nest", "compiled", layer_sizes=[400, 400, 10]) | {"case": "mnist"}]
    assert "Published" not in told(rows)["How accurate?"][1]
    assert told(whole(rows))["How accurate?"][1].endswith("Published, on Loihi: 96.3%.")


def test_the_fastest_simulator_is_named_and_the_rule_without_spikes_is_none():
    answer, detail = told(mixed())["How fast?"]
    assert answer == "5.70 ms"
    assert detail == (
        "a training sample on nest compiled, 55.0 ms a test sample. Others, each at its fastest, in ms: "
        "reference oracle 0.0100, brian2 cython 9.00."
    )


def test_a_platform_is_named_once_with_its_fastest_circuit_of_as_many_threads():
    rows = [
        made("lava", "emulator", 1.0),
        *(made("nest", "compiled", 9.0 - threads, threads=threads) for threads in (1, 2)),
        made("nest", "compiled", 20.0, form="compact"),
    ]
    assert told(rows)["How fast?"][1].endswith(". Others, each at its fastest, in ms: nest compiled 8.00.")


def test_an_energy_says_whether_a_meter_read_it():
    rows = mixed()
    assert told(rows)["How much energy?"] == ("300 mJ", f"a training sample on nest compiled, measured by {METER}.")
    answer, detail = told([row for row in rows if row["platform"] == "brian2"])["How much energy?"]
    assert answer.endswith("J")
    assert detail.endswith("estimated for Loihi by loihi-sweep. No energy was measured here.")


def test_what_differs_from_the_rule_is_named():
    rows = mixed()
    assert told(rows)["All equal?"][0] == "yes"
    rows[2]["correct"]["weights_equal_reference"] = False
    answer, detail = told(rows)["All equal?"]
    assert (answer, "brian2 cython (mnist 4-3-2)" in detail) == ("no", True)


def test_without_results_nothing_is_told():
    assert glances([]) == []
