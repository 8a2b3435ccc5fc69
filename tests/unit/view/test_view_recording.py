"""What a page shows of a run: right and wrong samples, weights, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scenarios.viewed import TEST_SAMPLES, small_run

from pynn_backprop.errors import InputError
from pynn_backprop.recording.analysis import answers_of
from pynn_backprop.recording.blocks import circuit_of, labels_of, spikes_of
from pynn_backprop.view import record
from pynn_backprop.view.recording import LEAD
from pynn_backprop.weights import load_weights


def test_half_of_the_samples_are_answered_wrongly_before_learning_goes_on(finished_run):
    recorded = record(finished_run, 12)
    segment = recorded.block.segments[0]
    wrong = (answers_of(recorded.block, 0) != labels_of(segment))[LEAD:]
    assert len(wrong) == 12
    assert 4 <= wrong.sum() <= 8


def test_as_many_samples_as_there_are_can_be_shown(finished_run):
    recorded = record(finished_run, TEST_SAMPLES - LEAD)
    assert len(labels_of(recorded.block.segments[0])) == TEST_SAMPLES


def test_every_population_is_recorded_and_the_run_is_left_as_it_is(finished_run):
    before = {path.name: path.read_bytes() for path in finished_run.iterdir() if path.is_file()}
    recorded = record(finished_run, 4)
    assert set(spikes_of(recorded.block.segments[0])) == {p.name for p in circuit_of(recorded.block).populations}
    assert recorded.shape == (8, 8)
    for name, matrix in load_weights(finished_run / "weights.npz").items():
        np.testing.assert_array_equal(recorded.weights[name], matrix)
    assert {path.name: path.read_bytes() for path in finished_run.iterdir() if path.is_file()} == before


def test_another_form_has_the_same_answers(finished_run):
    one, other = record(finished_run, 10), record(finished_run, 10, "published")
    assert circuit_of(other.block).schedule.form == "published"
    np.testing.assert_array_equal(answers_of(one.block, 0), answers_of(other.block, 0))


@pytest.mark.parametrize("samples", [0, TEST_SAMPLES, 2.5])
def test_a_number_of_samples_that_there_are_not_is_refused(finished_run, samples):
    with pytest.raises(InputError, match=rf"samples is {samples}.*from 1 to {TEST_SAMPLES - LEAD}"):
        record(finished_run, samples)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no run"):
        record(tmp_path)


def test_a_run_that_has_not_come_to_its_end_is_refused(tmp_path):
    folder = small_run(tmp_path / "run", samples=20, epochs=1)
    (folder / "weights.npz").unlink()
    with pytest.raises(InputError, match=r"has no weights\.npz yet.*--resume"):
        record(folder)


def test_other_data_than_those_of_the_run_are_refused(tmp_path):
    folder = small_run(tmp_path / "run", samples=20, epochs=1)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "samples": 30}))
    with pytest.raises(InputError, match="is not what it was"):
        record(folder)
