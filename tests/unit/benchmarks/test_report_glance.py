"""What a reader is told first: how accurate, how fast, how much energy, and whether all are equal."""

from __future__ import annotations

import pytest
from benchmark_rows import METER, OF_A_PEER, made, mixed, whole

from benchmarks.report.glance import glances, headline
from benchmarks.report.groups import groups_of
from benchmarks.report.numbers import with_prefix
from benchmarks.report.summary import lines_of
from benchmarks.rows import TRAINING, Row


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


def test_one_seed_has_no_range_and_a_peer_that_says_no_share_is_not_named():
    rows = [made("nest", "compiled"), made("peer", "v", correct=OF_A_PEER, metrics={})]
    assert told(rows)["How accurate?"] == ("90.0%", "of the test samples right: digits, 4-3-2, 40 samples.")


def test_what_was_published_is_named_only_beside_a_whole_training_of_the_published_network():
    rows = [made("nest", "compiled", layer_sizes=[400, 400, 10]) | {"case": "mnist"}]
    assert "Published" not in told(rows)["How accurate?"][1]
    assert told(whole(rows))["How accurate?"][1].endswith("Published, on Loihi: 96.3%.")


@pytest.mark.parametrize("other", [{"case": "digits"}, {"layer_sizes": [400, 300, 10]}])
def test_what_was_published_is_named_beside_no_other_network(other):
    rows = whole([made("nest", "compiled", layer_sizes=[400, 400, 10]) | {"case": "mnist"} | other])
    assert [detail for _, detail in told(rows).values() if "ublished" in detail] == []


def test_the_fastest_simulator_is_named_and_the_rule_without_spikes_is_none():
    answer, detail = told(mixed())["How fast?"]
    assert answer == "5.70 ms"
    assert detail == (
        "a training sample on nest compiled, 55.0 ms a test sample. Others, each at its fastest, in ms: "
        "reference oracle 0.0100, brian2 cython 9.00."
    )


def test_the_rule_is_timed_where_nothing_else_is():
    rows = [made("reference", "oracle", 0.5, repeat_seconds={"train": [0.02]}), made("peer", "v", correct=OF_A_PEER)]
    assert told(rows)["How fast?"] == ("0.500 ms", "a training sample on reference oracle.")


def test_of_equal_times_and_energies_the_first_is_named():
    rows = [made(platform, "v", kind="measured") for platform in ("nest", "lava", "brian2")]
    assert told(rows)["How fast?"][1].startswith("a training sample on nest v, ")
    assert told(rows)["How much energy?"][1].startswith("a training sample on nest v, ")


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
    assert detail == "a training sample, estimated for Loihi by loihi-sweep. No energy was measured here."


def test_the_least_of_the_estimates_is_said_beside_what_was_published_of_that_network():
    forms = [made("nest", "compiled", layer_sizes=[400, 400, 10], form=form) for form in ("published", "compact")]
    rows = [row | {"case": "mnist"} for row in forms]
    each = [one.joule for line in lines_of(rows) for one in line.energies if one.by == "loihi-sweep"]
    trained = [
        one.joule for line in lines_of(rows) for one in line.energies if one.by == "loihi-sweep" and one.of == TRAINING
    ]
    assert min(trained) < max(trained)
    assert min(each) < min(trained)
    answer, detail = told(rows)["How much energy?"]
    assert answer == with_prefix(min(trained), "J")
    assert detail == (
        "a training sample, estimated for Loihi by loihi-sweep; measured on a chip and published: 0.59 mJ. No energy "
        "was measured here."
    )


def test_what_differs_from_the_rule_is_named():
    rows = mixed()
    told_of = "all 7 runs of the circuit ended with the rule's weights and answers, on nest, brian2, reference."
    assert told(rows)["All equal?"] == ("yes", told_of)
    for row in rows[2:4]:
        row["correct"]["weights_equal_reference"] = False
    told_of = "these differ from the integer rule: brian2 cython (mnist 4-3-2); reference oracle (mnist 4-3-2)."
    assert told(rows)["All equal?"] == ("no", told_of)


def test_without_results_nothing_is_told():
    assert glances([]) == []


def test_peers_alone_answer_none_of_the_questions():
    assert told([made("peer", "v", correct=OF_A_PEER, counts={}, energy=[], joule=None)]) == {}


def test_nothing_is_said_of_what_the_results_do_not_have():
    bare = made("nest", "compiled", joule=None, counts={}, energy=[], metrics={}, repeat_seconds={})
    assert list(told([bare])) == ["All equal?"]


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        # The largest, and of equal ones the first.
        ([made("nest", "a", samples=30), made("nest", "a"), made("nest", "b")], "digits, 4-3-2, 40 samples"),
        ([made("nest", "a", samples=30), made("nest", "a")], "digits, 4-3-2, 30 samples"),
        # A whole training, and that of the published case before larger ones.
        (
            [made("nest", "a"), made("nest", "b"), *whole([made("nest", "a", epochs=2)])],
            "digits, 4-3-2, 2 epochs of 40",
        ),
        (
            whole([made("nest", "a"), made("nest", "b"), made("nest", "a") | {"case": "mnist"}]),
            "mnist, 4-3-2, 40 samples",
        ),
        # Trainings up to a score where there are no others.
        ([made("nest", "a", until=0.9, validation=9)], "digits, 4-3-2, until 90% of 9 validation samples are right"),
    ],
)
def test_what_is_told_of_first_is_a_whole_training_of_the_published_case_or_the_largest(rows, title):
    assert headline(groups_of(lines_of(rows))).title.startswith(title)
