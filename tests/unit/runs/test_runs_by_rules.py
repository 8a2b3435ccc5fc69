"""Runs by rules that change from epoch to epoch: stopped anywhere, they end as if they never had been."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from small_runs import TOTAL, assert_same_end, stopped_after

from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.errors import InputError
from pynn_backprop.files import read_json
from pynn_backprop.recording import blocks
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import CONFIG, METRICS, SPIKES
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.run import Run
from pynn_backprop.spikes import check_silence

SAMPLES = TOTAL // 3


@pytest.fixture(scope="module")
def thinned(config: RunConfig) -> RunConfig:
    """Of three epochs the first is whole, in the second every second neuron learns and in the last every ninth."""
    return dataclasses.replace(config, thinning=(1, 2, 9), record=("all",))


@pytest.fixture(scope="module")
def never_stopped(thinned: RunConfig, tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = start(thinned, tmp_path_factory.mktemp("thinned") / "run")
    assert run.train()
    return run


@pytest.mark.parametrize("shown", [10, SAMPLES, SAMPLES + 10, 2 * SAMPLES, TOTAL - 20])
def test_a_run_stopped_in_any_epoch_ends_as_if_never_stopped(thinned, never_stopped, tmp_path, shown):
    stopped_after(start(thinned, tmp_path / "run"), shown)
    run = resume(tmp_path / "run")
    assert (run.progress.shown, run.config) == (shown, thinned)
    assert run.train()
    assert_same_end(run, never_stopped)


@pytest.mark.slow
def test_the_rule_is_in_the_configuration_and_in_the_recording(never_stopped):
    never_stopped.write_results(never_stopped.evaluate())
    rule = LearningRule(thinning=(1, 2, 9))
    stored = read_json(never_stopped.folder / CONFIG)
    assert LearningRule.from_dict({name: stored[name] for name in rule.as_dict()}) == rule
    block = blocks.load(never_stopped.folder / SPIKES)
    assert LearningRule.from_dict(json.loads(block.annotations["learning_rule"])) == rule
    circuit, (first, last) = blocks.circuit_of(block), [blocks.spikes_of(segment) for segment in block.segments]
    assert circuit.parameters.thinning == 9
    for spikes in (first, last):
        check_silence(spikes, circuit)
    assert not len(first["thinning"])
    fired = last["thinning"][:, 1]
    np.testing.assert_array_equal(fired, np.arange(TOTAL - len(fired), TOTAL) % 9)
    scores = read_json(never_stopped.folder / METRICS)["test"]
    assert {"by_spikes", "by_single_spikes", "by_potential", "all_right", "ties"} <= set(scores)


def test_a_read_out_that_a_platform_can_t_hold_is_refused_before_anything_is_written(thinned, tmp_path):
    pytest.importorskip("lava")
    with pytest.raises(InputError, match=r"readout_levels is 9, which Lava can't hold .* is 8"):
        start(dataclasses.replace(thinned, simulator="lava", readout_levels=9), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_only_images_can_be_shifted(config, tmp_path):
    with pytest.raises(InputError, match=r"shift is 1 but only images can be shifted, and a sample has the shape"):
        start(dataclasses.replace(config, shift=1), tmp_path / "run")
