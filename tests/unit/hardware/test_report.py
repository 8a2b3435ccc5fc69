"""What is said of a network on a chip: findings, refusals, and the words of a mapping."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from hardware.integers import Range
from hardware.report import (
    DISCLAIMER,
    ERROR,
    WARNING,
    Finding,
    Mapping,
    chips_of,
    contents,
    extent,
    outside,
    refuse_errors,
    wrong,
)
from pynn_backprop.errors import InputError

# --- findings


def test_a_finding_is_one_sentence():
    assert (
        str(Finding(ERROR, "population 'a'", "du", "9", "at most 8")) == "population 'a': du is 9 but must be at most 8"
    )
    assert str(Finding(WARNING, "all", "u", "up to 9,", "it wraps")) == "all: u is up to 9, but it wraps"
    assert (ERROR, WARNING) == ("error", "warning")


def found(*arguments: Any, **keywords: Any) -> list[Finding]:
    return list(wrong("here", "it", *arguments, **keywords))


def test_a_wrong_number_has_no_place():
    assert found(1_234, False, "less") == [Finding("error", "here", "it", "1,234", "less")]
    assert found(1_234, True, "less") == []


def test_one_wrong_value_is_named_with_its_place():
    values = np.array([5, 7_000, 6])
    assert found(values, values < 10, "less") == [Finding("error", "here", "it", "7,000 at [1]", "less")]
    assert found(values, values < 10, "less", 100)[0].value == "7,000 at [101]"
    assert found(values[1:2], np.array([False]), "less")[0].value == "7,000 at [0]"


def test_of_many_wrong_values_the_first_and_the_extremes_are_named():
    values = np.array([5, 7_000, 6] * 1000)
    (finding,) = found(values, values == 5, "five")
    assert finding.value == "7,000 at [1] and wrong 2,000 times of 3,000, from 6 to 7,000,"
    (finding,) = found(values[:3], values[:3] == 5, "five")
    assert finding.value == "7,000 at [1] and wrong 2 times of 3, from 6 to 7,000,"


def test_what_is_outside_a_range_is_wrong():
    assert next(outside("here", "it", np.array([0, 9]), Range(1, 9))).value == "0 at [0]"
    (finding,) = outside("here", "it", np.array([0, 9, 10]), Range(1, 9), 4)
    assert finding == Finding("error", "here", "it", "0 at [4] and wrong 2 times of 3, from 0 to 10,", str(Range(1, 9)))
    assert list(outside("here", "it", 9, Range(1, 9))) == []


def test_a_network_with_errors_is_refused_with_all_of_them():
    bad, worse = (Finding(ERROR, where, "it", "1", "2") for where in ("a", "b"))
    with pytest.raises(InputError) as refused:
        refuse_errors([bad, Finding(WARNING, "c", "it", "1", "2"), worse], "a chip")
    assert str(refused.value) == (
        "the network has 2 error(s), measured by what a chip can represent:\n"
        "  a: it is 1 but must be 2\n  b: it is 1 but must be 2"
    )


def test_warnings_alone_refuse_nothing():
    refuse_errors([Finding(WARNING, "c", "it", "1", "2")], "a chip")


# --- the place of everything


@pytest.mark.parametrize(("cores", "chips"), [(0, 0), (1, 1), (127, 1), (128, 1), (129, 2), (256, 2), (257, 3)])
def test_a_chip_is_begun_when_the_others_are_full(cores, chips):
    assert chips_of(cores, 128) == chips


def test_the_extent_counts_cores_and_chips():
    assert extent(128, 128) == "128 of the 128 cores of a chip"
    assert extent(1_300, 128) == "1,300 cores, 11 chips of 128"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (100, "1,200 a, 30 bb, 4 c"),
        (19, "1,200 a, 30 bb, 4 c"),
        (18, "1,200 a, 30 bb, 1 more"),
        (14, "1,200 a, 30 bb, 1 more"),
        (13, "1,200 a, 2 more"),
        (1, "1,200 a, 2 more"),
    ],
)
def test_the_populations_of_a_core_are_cut_after_whole_words(length, words):
    assert contents((("a", 1_200), ("bb", 30), ("c", 4)), length) == words


def test_no_populations_are_no_words():
    assert contents((), 10) == ""


class Placed(Mapping):
    """The least that a chip must say."""

    def to_dict(self) -> dict[str, Any]:
        return {"what": DISCLAIMER, "cores": [1, 2]}

    def figure(self, title: str = "") -> Any:
        return title

    def __str__(self) -> str:
        return "two cores"


def test_a_mapping_is_written_as_json(tmp_path):
    Placed().write(tmp_path / "map.json")
    assert json.loads((tmp_path / "map.json").read_text()) == {
        "what": "A placement that was computed from the network; nothing has run on a chip.",
        "cores": [1, 2],
    }
