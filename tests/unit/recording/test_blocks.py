"""Neo blocks: their structure, and that files keep all of it."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import neo
import numpy as np
import pytest
import quantities as pq

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.recording.blocks import FORMATS, by_neuron, circuit_of, labels_of, load, save, spikes_of, to_block
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import first_difference

pytestmark = pytest.mark.filterwarnings("ignore:reading .* runs what its writer wanted:UserWarning")

SMALL = Parameters(theta=64, eta=3)
SIZES = (6, 5, 3)
CIRCUIT = training_circuit(SIZES, SMALL, form="published")
LENGTH = CIRCUIT.schedule.length
DESCRIPTION = {"platform": "reference", "PyNN": "0.13.0", "numba": "0.59"}


def recorded(circuit: Circuit, first: int, n: int, record: list[str] | None = None) -> Stretch:
    """A stretch of `n` samples from sample `first` on, as training records it."""
    generator = np.random.default_rng(first)
    weights = {name: generator.integers(-100, 100, shape) for name, shape in circuit.matrices.items()}
    steps, labels = StepSimulator(circuit, weights, record), generator.integers(0, circuit.neurons[-1], n)
    x = generator.random((n, circuit.neurons[0])) < 0.5
    if circuit.schedule.training:
        steps.train(x, labels)
    else:
        steps.infer(x)
    shift = np.array([first * circuit.schedule.length, 0])
    return Stretch(first, labels, {name: table + shift for name, table in steps.take_spikes().items()})


# Every role, and few enough for NIX to be quick.
RECORD = ["input", "start", "x", "h", "o", "d-", "hT", "c_h", "r", "g0"]
STRETCHES = [recorded(CIRCUIT, 0, 4, RECORD), recorded(CIRCUIT, 36, 3, RECORD)]


def the_block() -> neo.Block:
    return to_block(CIRCUIT, STRETCHES, DESCRIPTION, "learns digits")


@pytest.fixture
def block() -> neo.Block:
    return the_block()


@pytest.fixture(scope="module", params=FORMATS)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The block in a folder of its own, which takes NIX two seconds; not to be changed."""
    path = tmp_path_factory.mktemp("saved") / f"spikes{request.param}"
    save(the_block(), path)
    return path


def in_ms(quantity: pq.Quantity) -> list[float]:
    """The numbers of a quantity that must be given in ms."""
    assert quantity.dimensionality == pq.ms.dimensionality
    return quantity.magnitude.tolist()


# --- structure


def test_a_block_has_a_segment_for_each_stretch(block):
    assert block.name == "learns digits"
    assert [segment.name for segment in block.segments] == ["samples 0 to 3", "samples 36 to 38"]


def test_every_population_is_a_spike_train_with_its_spikes(block):
    for segment, stretch in zip(block.segments, STRETCHES, strict=True):
        assert [train.annotations["population"] for train in segment.spiketrains] == list(stretch.spikes)
        for train in segment.spiketrains:
            table = stretch.spikes[train.annotations["population"]]
            assert in_ms(train.times) == table[:, 0].tolist()
            assert train.array_annotations["index"].tolist() == table[:, 1].tolist()


def test_spike_trains_say_where_they_come_from(block):
    annotations = {train.name: train.annotations for train in block.segments[0].spiketrains}
    pooled = {"pooled": True}
    assert annotations["h (5 neurons pooled)"] == {"population": "h", "size": 5, "layer": 1, "role": "data", **pooled}
    assert annotations["d- (3 neurons pooled)"] == {
        "population": "d-",
        "size": 3,
        "layer": 2,
        "role": "error",
        **pooled,
    }
    assert annotations["g0"] == {"population": "g0", "size": 1, "layer": -1, "role": "gate", "pooled": False}


def test_spike_trains_last_from_the_first_sample_to_the_last_between_two_steps(block):
    for segment, (first, end) in zip(block.segments, [(1, 5), (37, 40)], strict=True):
        for train in segment.spiketrains:
            assert (in_ms(train.t_start), in_ms(train.t_stop)) == (first * LENGTH - 0.5, end * LENGTH - 0.5)


def test_samples_are_epochs_with_their_labels(block):
    samples = next(epoch for epoch in block.segments[1].epochs if epoch.name == "samples")
    assert in_ms(samples.times) == [37 * LENGTH - 0.5, 38 * LENGTH - 0.5, 39 * LENGTH - 0.5]
    assert in_ms(samples.durations) == [LENGTH] * 3
    assert samples.labels.tolist() == STRETCHES[1].labels.astype(str).tolist()
    assert samples.array_annotations["label"].tolist() == STRETCHES[1].labels.tolist()
    assert samples.array_annotations["sample"].tolist() == [36, 37, 38]


def test_phases_are_epochs_that_say_what_happens(block):
    phases = next(epoch for epoch in block.segments[1].epochs if epoch.name == "phases")
    assert in_ms(phases.times) == [step - 0.5 for step in range(37 * LENGTH, 40 * LENGTH)]
    assert phases.array_annotations["step"].tolist() == list(range(37 * LENGTH, 40 * LENGTH))
    assert in_ms(phases.durations) == [1] * 3 * LENGTH
    assert phases.array_annotations["phase"].tolist() == list(range(LENGTH)) * 3
    assert phases.labels.tolist() == list(CIRCUIT.schedule.labels) * 3


def test_reinforcement_is_an_event(block):
    for segment, first, n in zip(block.segments, (0, 36), (4, 3), strict=True):
        (event,) = segment.events
        assert event.name == "reinforcement"
        assert in_ms(event.times) == [(first + 1 + k) * LENGTH + phase for k in range(n) for phase in (5, 7)]
        assert set(event.labels.tolist()) == {"reinforcement"}


def test_the_annotations_describe_the_circuit_and_what_ran(block):
    assert json.loads(block.annotations["layer_sizes"]) == list(SIZES)
    strengths = {"theta": 64, "bias": 512, "eta": 3, "w_max": 254}
    rule = {"output_error": "published", "hidden_threshold": 0, "thinning": 1, "inhibitors": 1}
    assert json.loads(block.annotations["parameters"]) == {**strengths, **rule}
    assert block.annotations["circuit"] == str(CIRCUIT)
    assert {name: block.annotations[name] for name in DESCRIPTION} == DESCRIPTION


@pytest.mark.parametrize(
    "circuit",
    [
        CIRCUIT,
        training_circuit((4, 2), form="published"),
        inference_circuit(SIZES, SMALL),
        inference_circuit(SIZES, SMALL, probe=True),
    ],
    ids=["training", "one matrix", "inference", "inference with probe"],
)
def test_a_block_gives_back_circuit_spikes_and_labels(circuit):
    stretch = recorded(circuit, 5, 3)
    block = to_block(circuit, [stretch], {}, "")
    assert circuit_of(block) == circuit
    assert first_difference(spikes_of(block.segments[0]), stretch.spikes, circuit) is None
    np.testing.assert_array_equal(labels_of(block.segments[0]), stretch.labels, strict=True)


def test_a_block_of_somebody_else_has_no_circuit():
    with pytest.raises(InputError, match=r"'theirs' lacks the annotations parameters, training"):
        circuit_of(neo.Block(name="theirs", layer_sizes="[1, 2]"))


# --- files


def content(thing: Any) -> Any:
    """All that a Neo object holds, as plain Python data that can be compared.

    NIX names its objects, gives numbers back as numpy's, and does not keep the type of empty arrays.
    """
    if isinstance(thing, neo.Block):
        inside: dict[str, Any] = {"segments": [content(segment) for segment in thing.segments]}
        inside["groups"] = [content(group) for group in thing.groups]
    elif isinstance(thing, neo.Group):
        inside = {"trains": [train.name for train in thing.spiketrains], "groups": [g.name for g in thing.groups]}
    elif isinstance(thing, neo.Segment):
        children = (thing.spiketrains, thing.epochs, thing.events, thing.analogsignals)
        inside = {"index": thing.index, "children": [[content(child) for child in group] for group in children]}
    else:
        arrays = thing.array_annotations.items()
        inside = {"array annotations": {n: (len(v) and v.dtype.kind, v.tolist()) for n, v in arrays}}
        for attribute in ("times", "durations", "t_start", "t_stop", "labels"):
            value = getattr(thing, attribute, None)
            if value is not None:
                inside[attribute] = (value.tolist(), str(getattr(value, "dimensionality", "")))
    annotations = {n: np.asarray(v).item() for n, v in thing.annotations.items() if n != "nix_name"}
    said = {"type": type(thing).__name__, "name": thing.name, "description": thing.description}
    return {**said, "annotations": annotations, **inside}


def test_a_block_is_read_as_it_was_written(file, block):
    assert content(load(file, allow_pickle=True)) == content(block)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("record", [["o"], ["d+", "r"], ["hT", "start"]], ids=str)
def test_a_block_of_few_populations_is_read_as_it_was_written(tmp_path, suffix, record):
    """Some of them silent: start fires before the first sample only; without r there are no events."""
    block = to_block(CIRCUIT, [recorded(CIRCUIT, 3, 1, record)], DESCRIPTION, "few")
    before = content(block)
    save(block, tmp_path / f"spikes{suffix}")
    assert content(load(tmp_path / f"spikes{suffix}", allow_pickle=True)) == before


def test_all_can_be_asked_of_the_file_alone(file):
    read = load(file, allow_pickle=True)
    assert circuit_of(read) == CIRCUIT
    for segment, stretch in zip(read.segments, STRETCHES, strict=True):
        assert first_difference(spikes_of(segment), stretch.spikes, CIRCUIT) is None
        np.testing.assert_array_equal(labels_of(segment), stretch.labels, strict=True)
        assert [len(by_neuron(train)) for train in segment.spiketrains] == [
            CIRCUIT[name].size for name in stretch.spikes
        ]


def test_a_second_save_replaces_the_first(file, tmp_path):
    path = Path(shutil.copy(file, tmp_path))
    other = to_block(CIRCUIT, STRETCHES[:1], DESCRIPTION, "other")
    before = content(other)
    save(other, path)
    assert content(load(path, allow_pickle=True)) == before


@pytest.mark.parametrize("name", ["spikes.txt", "spikes", "spikes.nxi", "spikes.PKL"])
def test_another_format_is_refused(tmp_path, block, name):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / name).write_bytes(b"")
    with pytest.raises(InputError, match=r"one of \.nix, \.npz, \.pkl"):
        save(block, tmp_path / name)
    with pytest.raises(InputError, match=r"one of \.nix, \.npz, \.pkl"):
        load(tmp_path / "there" / name)
    assert not (tmp_path / name).exists()


def damaged(whole: bytes) -> list[bytes]:
    return [b"", b"\0" * 200, b"no Neo file", whole[: len(whole) // 2], whole[:-1000], whole[1000:]]


@pytest.mark.parametrize("how", range(6), ids=["empty", "zeros", "text", "half", "end lacks", "start lacks"])
def test_a_broken_file_is_named(file, tmp_path, how):
    path = tmp_path / file.name
    path.write_bytes(damaged(file.read_bytes())[how])
    with pytest.raises(InputError, match=rf"{re.escape(file.name)} can't be read"):
        load(path, allow_pickle=True)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_file_and_a_folder_are_named(tmp_path, suffix):
    (tmp_path / f"folder{suffix}").mkdir()
    for name in (f"missing{suffix}", f"folder{suffix}"):
        with pytest.raises(InputError, match="is not a file"):
            load(Path(tmp_path / name))


class Payload:
    """Leaves a folder behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("said", [{}, {"allow_pickle": False}])
def test_a_pickle_is_not_read_unless_that_is_asked_for(tmp_path, said):
    (tmp_path / "x.pkl").write_bytes(pickle.dumps(Payload(tmp_path / "was run")))
    with pytest.raises(InputError, match=r"x\.pkl is a pickle, and reading one runs .* use the \.nix file"):
        load(tmp_path / "x.pkl", **said)
    assert not (tmp_path / "was run").exists()


def test_who_asks_for_a_pickle_is_warned(tmp_path, block):
    save(block, tmp_path / "x.pkl")
    with pytest.warns(UserWarning, match=r"reading .*x\.pkl runs what its writer wanted"):
        load(tmp_path / "x.pkl", allow_pickle=True)


@pytest.mark.parametrize(
    "annotations",
    [
        {"layer_sizes": "[" * 100_000},
        {"layer_sizes": "3"},
        {"layer_sizes": "[1099511627776, 1099511627776]"},
        {"layer_sizes": '["a", 2]'},
        {"parameters": "[1]"},
        {"parameters": '{"eta": "x"}'},
        {"parameters": '{"unknown": 1}'},
        {"code": "{"},
        {"form": 7},
    ],
    ids=str,
)
def test_a_block_that_describes_no_circuit_is_refused(block, annotations):
    block.annotate(**annotations)
    with pytest.raises(InputError, match="the block"):
        circuit_of(block)
