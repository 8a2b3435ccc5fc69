"""Neo blocks: what was recorded, with everything that is needed to analyse it from the file alone.

A block has one Segment per recorded stretch of samples.  A segment holds

- one SpikeTrain per recorded population, with its name, the array annotation ``index`` (which neuron fired, for each
  spike) and the annotations ``population``, ``size``, ``layer`` (-1 for gates and reinforcement) and ``role``;
  :func:`by_neuron` makes one SpikeTrain per neuron of it, as Elephant takes them;
- an Epoch ``samples``, one entry per sample with its label, and an Epoch ``phases``, one entry per time step with what
  happens in it (array annotation ``phase``);
- an Event ``reinforcement``, the spikes of the reinforcement neuron.

The block's annotations describe the circuit and the versions of what ran.  Times are circuit time in ms.

One train per neuron in the file would be the usual form, but NIX takes 13 ms and 25 kB for each SpikeTrain: 43 s and
80 MB for one segment of 400-400-10, against 0.3 s and 1 MB.
"""

from __future__ import annotations

import functools
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import neo
import numpy as np
import quantities as pq

from ..arguments import checked
from ..checks import check_choice
from ..circuit.circuit import Circuit
from ..circuit.inference import inference_circuit
from ..circuit.parameters import Parameters
from ..circuit.parts import PROBE
from ..circuit.published import PublishedSchedule
from ..circuit.training import training_circuit
from ..codes.code import code_of
from ..errors import InputError
from ..files import written_whole
from ..learning.progress import Stretch
from ..spikes import Spikes, sorted_spikes

PICKLE = ".pkl"
FORMATS = (".nix", PICKLE)
NO_LAYER = -1


@checked
def to_block(circuit: Circuit, stretches: Sequence[Stretch], description: Mapping[str, str], name: str) -> neo.Block:
    """Recorded stretches as a Neo block.

    Parameters
    ----------
    circuit : Circuit
        The circuit that ran.
    stretches : sequence of Stretch
        What was recorded, in order.
    description : Mapping of str to str
        Versions and whatever else tells how the data came about; becomes annotations.
    name : str
        Name of the block.

    Returns
    -------
    neo.Block

    Raises
    ------
    InputError
        If a stretch was learnt with targets, which are no labels to write.
    """
    if any(stretch.labels.ndim > 1 for stretch in stretches):
        raise InputError("a stretch holds targets of shape (n, n_out) but must hold labels of shape (n,) to be written")
    block = neo.Block(name=name, description="spikes of a pulse-gated backpropagation circuit")
    block.annotate(
        layer_sizes=json.dumps(circuit.neurons),
        parameters=json.dumps(asdict(circuit.parameters)),
        training=circuit.schedule.training,
        probe=PROBE in {population.name for population in circuit.populations},
        circuit=str(circuit),
        **description,
    )
    if circuit.code.arguments():
        block.annotate(code=json.dumps(circuit.code.arguments()))
    if circuit.schedule.form not in ("", PublishedSchedule.form):
        block.annotate(form=circuit.schedule.form)
    block.segments = [_segment(circuit, stretch) for stretch in stretches]
    return block


def _segment(circuit: Circuit, stretch: Stretch) -> neo.Segment:
    length, n = circuit.schedule.length, len(stretch.labels)
    start, stop = (stretch.first + 1) * length, (stretch.first + n + 1) * length
    segment = neo.Segment(name=f"samples {stretch.first} to {stretch.first + n - 1}")
    segment.spiketrains = [_train(circuit, name, table, start, stop) for name, table in stretch.spikes.items()]
    segment.epochs = [_samples(stretch, start, length), _phases(circuit, start, stop)]
    reinforced = stretch.spikes.get("r", np.zeros((0, 2)))[:, 0].astype(float)
    segment.events = [
        neo.Event(times=reinforced * pq.ms, labels=np.full(len(reinforced), "reinforcement"), name="reinforcement")
    ]
    return segment


def _train(circuit: Circuit, name: str, table: np.ndarray, start: int, stop: int) -> neo.SpikeTrain:
    population = circuit[name]
    return neo.SpikeTrain(
        table[:, 0].astype(float) * pq.ms,
        t_start=start * pq.ms,
        t_stop=stop * pq.ms,
        name=name,
        array_annotations={"index": table[:, 1]},
        population=name,
        size=population.size,
        layer=NO_LAYER if population.layer is None else population.layer,
        role=population.role,
    )


def by_neuron(train: neo.SpikeTrain) -> list[neo.SpikeTrain]:
    """One SpikeTrain per neuron of a population's SpikeTrain, silent ones too, named ``<population>[<index>]``."""
    index, annotations = np.asarray(train.array_annotations["index"]), train.annotations
    return [
        neo.SpikeTrain(
            train.times[index == neuron],
            t_start=train.t_start,
            t_stop=train.t_stop,
            name=f"{train.name}[{neuron}]",
            population=annotations["population"],
            index=neuron,
            layer=annotations["layer"],
            role=annotations["role"],
        )
        for neuron in range(int(annotations["size"]))
    ]


def _samples(stretch: Stretch, start: int, length: int) -> neo.Epoch:
    n = len(stretch.labels)
    return neo.Epoch(
        times=(start + length * np.arange(n, dtype=float)) * pq.ms,
        durations=np.full(n, float(length)) * pq.ms,
        labels=stretch.labels.astype(str),
        name="samples",
        array_annotations={"label": stretch.labels, "sample": stretch.first + np.arange(n)},
    )


def _phases(circuit: Circuit, start: int, stop: int) -> neo.Epoch:
    steps = np.arange(start, stop)
    phases = steps % circuit.schedule.length
    return neo.Epoch(
        times=steps.astype(float) * pq.ms,
        durations=np.ones(len(steps)) * pq.ms,
        labels=np.array(circuit.schedule.labels)[phases],
        name="phases",
        array_annotations={"phase": phases},
    )


def circuit_of(block: neo.Block) -> Circuit:
    """The circuit that a block's annotations describe.

    Raises
    ------
    InputError
        If the block was not made by this package, or what it says of its circuit can't be.
    """
    missing = [key for key in ("layer_sizes", "parameters", "training", "probe") if key not in block.annotations]
    if missing:
        raise InputError(f"the block {block.name!r} lacks the annotations {', '.join(missing)}: not a block of ours")
    said = block.annotations
    # Recordings of before there were forms are of the published one.
    form = said.get("form", PublishedSchedule.form) if said["training"] else ""
    try:
        return _built(said["layer_sizes"], said["parameters"], form, bool(said["probe"]), said.get("code", "{}"))
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"the block {block.name!r} describes no circuit: {error}") from error


@functools.lru_cache(maxsize=8)
def _built(neurons: str, parameters: str, form: str, probe: bool, code: str) -> Circuit:
    """The circuit of these annotations, of which a block is asked again and again."""
    strengths, numbers = Parameters(**json.loads(parameters)), code_of(json.loads(code))
    units = [size // numbers.n for size in json.loads(neurons)]
    if form:
        return training_circuit(units, strengths, numbers, form)
    return inference_circuit(units, strengths, probe=probe, code=numbers)


def spikes_of(segment: neo.Segment) -> Spikes:
    """The spikes of a segment by population, as :mod:`pynn_backprop.spikes` describes."""
    return {
        str(train.annotations["population"]): sorted_spikes(
            np.rint(train.times.rescale("ms").magnitude), train.array_annotations["index"]
        )
        for train in segment.spiketrains
    }


def labels_of(segment: neo.Segment) -> np.ndarray:
    """Labels of the samples of a segment, int64, shape (n,)."""
    return np.asarray(_sample_epoch(segment).array_annotations["label"], dtype=np.int64)


def samples_of(segment: neo.Segment) -> np.ndarray:
    """Indices of the samples of a segment, counted from the start of training, int64, shape (n,)."""
    return np.asarray(_sample_epoch(segment).array_annotations["sample"], dtype=np.int64)


def _sample_epoch(segment: neo.Segment) -> neo.Epoch:
    for epoch in segment.epochs:
        if epoch.name == "samples":
            return epoch
    raise InputError(f"the segment {segment.name!r} has no epoch 'samples': not a segment of ours")


@checked
def save(block: neo.Block, path: str | os.PathLike[str]) -> None:
    """Write a block as ``.nix`` or ``.pkl``, whole or not at all."""
    check_choice("the format of the recording", Path(path).suffix, FORMATS)
    with written_whole(path) as temporary:
        if temporary.suffix == ".nix":
            with neo.NixIO(str(temporary), mode="ow") as stream:
                stream.write_block(block)
        else:
            neo.PickleIO(str(temporary)).write_block(block)


@checked
def load(path: str | os.PathLike[str], allow_pickle: bool = False) -> neo.Block:
    """Read a block that :func:`save` wrote.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    allow_pickle : bool
        Whether a ``.pkl`` may be read.  Reading one runs whatever its writer wanted: only for files of your own.

    Returns
    -------
    neo.Block

    Raises
    ------
    InputError
        If the file is missing, of another format, a ``.pkl`` without `allow_pickle`, or broken.
    """
    check_choice("the format of the recording", Path(path).suffix, FORMATS)
    if not Path(path).is_file():
        raise InputError(f"{path} is not a file")
    if Path(path).suffix == PICKLE:
        if allow_pickle is not True:
            raise InputError(
                f"{path} is a pickle, and reading one runs whatever its writer wanted: use the .nix file, or load it "
                "with allow_pickle=True if you wrote it yourself"
            )
        warnings.warn(f"reading {path} runs what its writer wanted, since it is a pickle", stacklevel=2)
    try:
        if Path(path).suffix == ".nix":
            with neo.NixIO(str(path), mode="ro") as stream:
                return stream.read_block()
        return neo.PickleIO(str(path)).read_block()
    except MemoryError:
        raise
    except Exception as error:  # the readers raise whatever their libraries raise on a broken file
        raise InputError(f"{path} can't be read as a Neo file: {error}") from error
