"""A run that is told to writes a spike train for each neuron, as NIX while they are few and compactly beyond."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pynn_backprop.cli.main import main
from pynn_backprop.errors import InputError
from pynn_backprop.recording import blocks
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import MANY_SPIKES, SPIKES
from pynn_backprop.runs.opening import resume, start


@pytest.mark.parametrize(
    ("record", "name", "trains"),
    [
        pytest.param(("o",), SPIKES, 4 + 1, marks=pytest.mark.slow),
        (("x", "h", "m_x", "hT"), MANY_SPIKES, 121),
    ],
)
def test_a_run_writes_a_train_for_each_neuron(config, tmp_path, record, name, trains):
    pooled, apart = (
        start(
            dataclasses.replace(config, epochs=1, record=record, record_samples=3, per_neuron=per_neuron),
            tmp_path / how,
        )
        for how, per_neuron in (("pooled", False), ("apart", True))
    )
    for run in (pooled, apart):
        run.train()
        run.write_results(run.evaluate())
    assert [(apart.folder / each).is_file() for each in (SPIKES, MANY_SPIKES)] == [name == SPIKES, name == MANY_SPIKES]
    one, other = blocks.load(pooled.folder / SPIKES), blocks.load(apart.folder / name)
    assert [len(segment.spiketrains) for segment in other.segments] == [trains, trains]
    for first, second in zip(one.segments, other.segments, strict=True):
        expected = blocks.spikes_of(first)
        assert list(expected) == list(blocks.spikes_of(second))
        for population, table in blocks.spikes_of(second).items():
            np.testing.assert_array_equal(table, expected[population])


def test_the_command_has_an_option_for_it_and_its_run_is_resumed(tmp_path):
    folder = tmp_path / "run"
    command = [
        "train",
        "reference",
        "--hidden",
        "5",
        "--samples",
        "20",
        "--epochs",
        "1",
        "--record",
        "o",
        "--per-neuron",
    ]
    assert main([*command, "--test-samples", "10", "--record-samples", "2", "--out", str(folder)]) == 0
    assert resume(folder).config.per_neuron is True
    assert len(blocks.load(folder / SPIKES).segments[0].spiketrains) == 10 + 1


def test_a_configuration_of_before_has_trains_of_populations():
    stored = RunConfig("reference").as_dict()
    del stored["per_neuron"], stored["label"]
    assert RunConfig.from_dict(stored) == RunConfig("reference")
    with pytest.raises(InputError, match="per_neuron is 'yes' but must be true or false"):
        RunConfig("reference", per_neuron="yes")


def test_the_command_learns_a_table_and_its_run_is_resumed_from_another_folder(tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    rows = [f"{label},{rng.normal(3 * label):.3f},{rng.normal():.3f}" for label in np.arange(60) % 2]
    (tmp_path / "mine.csv").write_text("\n".join(["kind,a,b", *rows]) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = ["train", "reference", "--data", "mine.csv", "--label", "kind", "--hidden", "10", "--out", "run"]
    assert main(command) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["train", "--resume", str(tmp_path / "run")]) == 0
    scored = ["evaluate", "reference", "--weights", "../run/weights.npz", "--data", "../mine.csv", "--label", "kind"]
    assert main(scored) == 0
