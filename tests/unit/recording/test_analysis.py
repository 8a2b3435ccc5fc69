"""Numbers from a Neo block: counts, silence, answers, and that a file is enough."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import neo
import numpy as np
import pytest

from pynn_backprop import platforms
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.learning.presentation import Record
from pynn_backprop.learning.progress import Progress, Stretch
from pynn_backprop.learning.training import Trainer
from pynn_backprop.recording import analysis
from pynn_backprop.recording.blocks import FORMATS, load, save, to_block
from pynn_backprop.spikes import count_by_phase
from pynn_backprop.weights import initial_weights

pytestmark = pytest.mark.filterwarnings("ignore:reading .* runs what its writer wanted:UserWarning")

ROOT = Path(__file__).resolve().parents[3]
SIZES = [(20, 12, 3), (20, 3)]
# A threshold at which so small circuits fire.
SMALL = Parameters(theta=256)

# Samples 1 and 2 of a circuit with cycles of 12 steps: they begin at steps 24 and 36.
TINY = training_circuit((2, 2, 2), form="published")
TINY_SPIKES = {
    "o": np.array([[27, 1], [29, 0], [39, 0], [39, 1]]),
    "x": np.array([[25, 0], [25, 1], [31, 1], [47, 0]]),
    "r": np.array([[29, 0], [31, 0], [41, 0], [43, 0]]),
    "d+": np.zeros((0, 2), np.int64),
}


def tiny_block(**more: np.ndarray) -> neo.Block:
    return to_block(TINY, [Stretch(1, np.array([1, 1]), {**TINY_SPIKES, **more})], {"platform": "by hand"}, "tiny")


def trained(sizes: tuple[int, ...], record_samples: int = 4, n: int = 11) -> tuple[neo.Block, Progress]:
    """The block of a training of `n` samples that recorded every population."""
    generator, circuit = np.random.default_rng(5), training_circuit(sizes, SMALL, form="published")
    x, labels = generator.random((n, sizes[0])) < 0.5, generator.integers(0, sizes[-1], n)
    record = Record([population.name for population in circuit.populations], record_samples)
    trainer = Trainer(platforms.get_platform("reference"), circuit, record=record)
    _, progress = trainer.train(x, labels, initial_weights(sizes, 2, parameters=SMALL))
    return to_block(circuit, progress.stretches, {"platform": "reference"}, "small"), progress


def inferred(sizes: tuple[int, ...], n: int = 5) -> tuple[Circuit, neo.Block, np.ndarray]:
    """The circuit, the block and the outputs of an inference."""
    generator, circuit = np.random.default_rng(7), inference_circuit(sizes, SMALL)
    record = [population.name for population in circuit.populations]
    running = platforms.get_platform("reference").build(circuit, initial_weights(sizes, 2, parameters=SMALL), record)
    response = running.infer(generator.random((n, sizes[0])) < 0.5)
    stretch = Stretch(0, generator.integers(0, sizes[-1], n), running.take_spikes())
    return circuit, to_block(circuit, [stretch], {}, "inference"), response.outputs


# --- the table


def test_counts_made_by_hand():
    table = analysis.spike_table(tiny_block())
    assert table.samples.tolist() == [1, 2]
    assert table.labels.tolist() == [1, 1]
    expected = {
        "x": [[0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
        "o": [[0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]],
        "d+": [[0] * 12] * 2,
        "r": [[0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]] * 2,
    }
    assert {name: counts.tolist() for name, counts in table.counts.items()} == expected
    # In the order of the circuit, though the recording has another.
    assert list(table.counts) == list(expected)
    assert table.total()["x"].tolist() == [0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert table.per_sample()["x"].tolist() == [0, 1, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0.5]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("segment", [0, 1, -1])
def test_counts_equal_those_of_the_spikes(sizes, segment):
    block, progress = trained(sizes)
    stretch, circuit = progress.stretches[segment], training_circuit(sizes, SMALL, form="published")
    table, length = analysis.spike_table(block, segment), circuit.schedule.length
    assert set(table.counts) == set(stretch.spikes)
    for name, spikes in stretch.spikes.items():
        seen = Counter((step // length - 1, step % length) for step, _ in spikes.tolist())
        assert {
            (int(table.samples[n]), phase): count for (n, phase), count in np.ndenumerate(table.counts[name]) if count
        } == seen, name
    totals = count_by_phase(stretch.spikes, circuit)
    assert all(np.array_equal(table.total()[name], totals[name]) for name in totals)


@pytest.mark.parametrize(
    ("sizes", "suffix"),
    [
        pytest.param(sizes, suffix, marks=[pytest.mark.slow] * (len(sizes) > 2 and suffix == ".nix"))
        for sizes in SIZES
        for suffix in FORMATS
    ],
)
def test_a_file_gives_the_same_table_and_answers(tmp_path, suffix, sizes):
    block, _ = trained(sizes)
    save(block, tmp_path / f"spikes{suffix}")
    read = load(tmp_path / f"spikes{suffix}", allow_pickle=True)
    for segment in (0, 1):
        before, after = analysis.spike_table(block, segment), analysis.spike_table(read, segment)
        assert after.format() == before.format()
        assert after.format(mean=False) == before.format(mean=False)
        assert all(np.array_equal(after.counts[name], before.counts[name]) for name in before.counts)
        assert np.array_equal(after.samples, before.samples)
        assert np.array_equal(after.labels, before.labels)
        assert np.array_equal(analysis.outputs(read, segment), analysis.outputs(block, segment))
        assert analysis.accuracy(read, segment) == analysis.accuracy(block, segment)
    analysis.check_silence(read)


def row(text: str, name: str) -> list[str]:
    (found,) = [line.split() for line in text.splitlines() if line.split()[:1] == [name]]
    return found[1:]


def test_the_text_has_a_row_per_population_and_a_column_per_phase():
    text = analysis.spike_table(tiny_block()).format()
    assert "samples 1 to 2" in text
    assert row(text, "phase") == [*map(str, range(12)), "all"]
    assert row(text, "x") == [".", "1.0", ".", ".", ".", ".", ".", "0.5", ".", ".", ".", "0.5", "2.0"]
    # Silence where it may fire is a number, silence where it must not is a dot.
    assert row(text, "d+") == [".", ".", ".", ".", "0.0", ".", ".", ".", ".", ".", ".", ".", "0.0"]
    assert "5  W2 potentiation" in text
    widths = {len(line) for line in text.splitlines() if line.split()[:1] in (["phase"], ["x"], ["o"], ["r"])}
    assert len(widths) == 1


def test_the_text_of_totals_has_whole_numbers():
    text = analysis.spike_table(tiny_block()).format(mean=False)
    assert row(text, "x") == [".", "2", ".", ".", ".", ".", ".", "1", ".", ".", ".", "1", "4"]


def test_the_text_marks_a_spike_that_must_not_be():
    text = analysis.spike_table(tiny_block(t=np.array([[27, 0], [28, 1]]))).format(mean=False)
    assert row(text, "t") == [".", ".", ".", "1", "1!", ".", ".", ".", ".", ".", ".", ".", "2"]


@pytest.mark.parametrize("segment", [1, -2, 0.0, True])
def test_a_segment_that_is_not_there_is_named(segment):
    with pytest.raises(InputError, match=f"segment is {segment!r} but must be a whole number from -1 to 0"):
        analysis.spike_table(tiny_block(), segment)


def test_a_block_without_segments_says_so():
    with pytest.raises(InputError, match="'empty' holds no segment"):
        analysis.spike_table(to_block(TINY, [], {}, "empty"))


@pytest.mark.parametrize("ask", [analysis.spike_table, analysis.check_silence, analysis.outputs])
def test_a_foreign_block_is_refused(ask):
    with pytest.raises(InputError, match="not a block of ours"):
        ask(neo.Block(name="foreign"))


# --- silence


@pytest.mark.parametrize("sizes", SIZES)
def test_what_ran_is_silent_where_it_must_be(sizes):
    analysis.check_silence(trained(sizes)[0])
    analysis.check_silence(inferred(sizes)[1])


@pytest.mark.parametrize("segment", [0, 1])
def test_one_spike_in_a_wrong_phase_is_found_in_any_segment(segment):
    block, progress = trained((20, 12, 3))
    stretch = progress.stretches[segment]
    step = (stretch.first + 2) * 12 + 8
    stretch.spikes["h"] = np.array(sorted([*stretch.spikes["h"].tolist(), [step, 4]]))
    broken = to_block(training_circuit((20, 12, 3), SMALL, form="published"), progress.stretches, {}, "broken")
    analysis.check_silence(block)
    with pytest.raises(EqualityError, match=rf"1 spikes of 'h' .* neuron 4 at step {step} \(phase 8\)"):
        analysis.check_silence(broken)


# --- answers


def test_outputs_are_those_of_the_output_phase_only():
    assert analysis.outputs(tiny_block()).tolist() == [[False, True], [True, True]]
    # Of the second sample both fire, and the first of them is not the label.
    assert analysis.accuracy(tiny_block()) == 0.5


@pytest.mark.parametrize("sizes", SIZES)
def test_the_accuracy_of_a_training_is_what_the_training_counted(sizes):
    block, progress = trained(sizes, record_samples=20, n=30)
    assert len(block.segments) == 1
    assert 0 < progress.right[0] < 30
    assert analysis.accuracy(block) == progress.right[0] / 30


@pytest.mark.parametrize("sizes", SIZES)
def test_outputs_of_an_inference_are_what_it_answered(sizes):
    _, block, answers = inferred(sizes)
    assert answers.any()
    assert np.array_equal(analysis.outputs(block), answers)


def test_an_output_that_was_not_recorded_is_missed():
    block = to_block(TINY, [Stretch(1, np.array([1, 1]), {"x": TINY_SPIKES["x"]})], {}, "no output")
    with pytest.raises(InputError, match="'o' was not recorded, only x"):
        analysis.outputs(block)


# --- the example


def run_example(*arguments: object) -> subprocess.CompletedProcess[str]:
    script = ROOT / "docs/examples/analyse_recording.py"
    if not script.is_file():
        pytest.skip("this test is about the source tree, and this is an installed package")
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_the_example_prints_the_table_and_saves_the_raster(tmp_path):
    block, _ = trained((20, 12, 3))
    save(block, tmp_path / "spikes.nix")
    done = run_example(tmp_path / "spikes.nix", "--segment", -1, "--plot-figure")
    assert done.returncode == 0, done.stderr
    named = ", ".join(f"{n}: {segment.name}" for n, segment in enumerate(block.segments))
    assert done.stdout.startswith(f"segment 1 of {named}\n\n{analysis.spike_table(block, -1).format()}")
    assert f"{analysis.accuracy(block, -1):.0%} of these samples" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spikes.nix", "spikes.png"]


@pytest.mark.slow
def test_the_example_reports_a_wrong_spike_after_the_table(tmp_path):
    save(tiny_block(t=np.array([[28, 1]])), tmp_path / "spikes.nix")
    done = run_example(tmp_path / "spikes.nix")
    assert done.returncode == 1
    assert "0.5!" in done.stdout
    assert done.stderr.startswith("error: 1 spikes of 't'")


def test_the_example_reads_no_pickle(tmp_path):
    save(tiny_block(), tmp_path / "spikes.pkl")
    done = run_example(tmp_path / "spikes.pkl")
    assert done.returncode == 1
    assert "is a pickle" in done.stderr


def test_the_example_says_what_is_wrong_with_the_file(tmp_path):
    done = run_example(tmp_path / "none.nix")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "none.nix is not a file" in done.stderr
