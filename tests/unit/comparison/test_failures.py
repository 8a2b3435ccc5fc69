"""What a platform returns that can be no result is a failure with its reason, and no platform's network stays open."""

from __future__ import annotations

import numpy as np
import pytest
from altered_platform import CIRCUIT, LENGTH, PER_RUN, SAMPLES, SIZES, WEIGHTS, Altered, N, against_reference, changed

from pynn_backprop.comparison.compare import compare
from pynn_backprop.errors import EqualityError, PlatformError
from pynn_backprop.interfaces import Response
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.weights import Weights


def nan_in(weights: Weights) -> Weights:
    return {**weights, "W1": np.where(np.eye(*SIZES[:2]) == 1, np.nan, weights["W1"])}


RUN_LONG, THREE_ON = np.array([PER_RUN * LENGTH, 0]), np.array([0, 3])
NO_RESULTS = {
    "a population is missing": (Altered(spikes=lambda s: {n: t for n, t in s.items() if n != "m_h"}), ["m_h"], 6),
    "a population too many": (Altered(spikes=lambda s: {**s, "z": s["h"]}), ["z"], 6),
    "a spike is there twice": (Altered(spikes=changed("h", lambda t: np.repeat(t, 2, axis=0))), ["'h'", "twice"], 6),
    "spikes are not sorted": (Altered(spikes=changed("h", lambda t: t[::-1])), ["'h'", "not sorted"], 6),
    "a run comes twice": (Altered(spikes=changed("x", lambda t: t - RUN_LONG)), ["'x'", "119 to 220"], 6),
    "a run too late": (Altered(spikes=changed("x", lambda t: t + RUN_LONG)), ["'x'", "119 to 220"], 6),
    "a neuron that is not there": (Altered(spikes=changed("o", lambda t: t + THREE_ON)), ["'o'", "outside 0 to 2"], 6),
    "spikes with NaN": (Altered(spikes=changed("o", lambda t: t * np.nan)), ["'o'", "float64"], 6),
    "spikes without neurons": (Altered(spikes=changed("o", lambda t: t[:, 0])), ["'o'", "shape"], 6),
    "too few answers": (Altered(response=lambda r: Response(r.outputs[1:], r.potentials)), ["outputs", "(5, 3)"], 6),
    "answers of numbers": (Altered(response=lambda r: Response(r.outputs * np.nan)), ["outputs", "float64"], 6),
    "potentials with NaN": (
        Altered(response=lambda r: Response(r.outputs, r.potentials * np.nan)),
        ["potentials", "float64"],
        6,
    ),
    "weights with NaN": (Altered(learnt=nan_in), ["W1[0, 0]", "nan", "integers"], N),
    "weights beyond the bound": (Altered(learnt=lambda w: {**w, "W2": w["W2"] + 999}), ["W2[0, 0]", "254"], N),
    "a matrix is missing": (Altered(learnt=lambda w: {"W1": w["W1"]}), ["holds W1", "W2"], N),
    "it raises": (Altered(raises=EqualityError("fires where no sample is shown")), ["no sample is shown"], 6),
}


@pytest.mark.parametrize(("platform", "words", "shown"), NO_RESULTS.values(), ids=NO_RESULTS)
def test_what_can_be_no_result_is_a_failure_with_its_reason(platform, words, shown):
    (pair,) = against_reference(platform).pairs
    assert not pair.equal
    (failure,) = pair.failures
    assert failure.startswith(f"bad broke off in training, after {shown} samples: ")
    assert [word for word in words if word not in failure] == [], failure
    assert all(matrix.compared == 0 for matrix in pair.weights.values())
    assert pair.inference.compared > 0, "the rest is compared all the same"
    assert (pair.inference.total, pair.outputs.differing) == (0, 0)


@pytest.mark.parametrize(("platform", "words", "shown"), NO_RESULTS.values(), ids=NO_RESULTS)
def test_a_standard_that_gives_no_result_ends_the_comparison(platform, words, shown):
    with pytest.raises(EqualityError, match="bad can't be the standard, it broke off in training") as caught:
        compare({"bad": platform, "good": ReferencePlatform()}, CIRCUIT, SAMPLES, WEIGHTS)
    assert [word for word in words if word not in str(caught.value)] == []


def test_networks_are_closed_whatever_happens():
    for raises in (None, EqualityError("no"), KeyboardInterrupt()):
        platform = Altered(raises=raises)
        try:
            against_reference(platform)
        except KeyboardInterrupt:
            assert isinstance(raises, KeyboardInterrupt)
        assert [running.closed for running in platform.built] == [1] * (
            1 if isinstance(raises, KeyboardInterrupt) else 2
        )


def test_a_simulator_that_breaks_is_no_difference():
    with pytest.raises(PlatformError, match="died"):
        against_reference(Altered(raises=PlatformError("a process died")))
