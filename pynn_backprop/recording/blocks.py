"""Neo blocks: what was recorded, with everything that is needed to analyse it from the file alone.

A block has one Segment per recorded stretch of samples.  A segment holds

- one SpikeTrain for all neurons of each recorded population, which says so in its name and in the annotation
  ``pooled``, with the array annotation ``index`` (which neuron fired, for each spike) and the annotations
  ``population``, ``size``, ``layer`` (-1 for gates and reinforcement) and ``role``; or where it is asked for one
  SpikeTrain for each neuron (:mod:`~pynn_backprop.recording.trains`);
- an Epoch ``samples``, one entry per sample with its label, and an Epoch ``phases``, one entry per time step with what
  happens in it (array annotations ``phase`` and ``step``);
- an Event ``reinforcement``, the spikes of the reinforcement neuron.

Groups hold the trains of a population, and those of a layer, in all segments.  The block's annotations describe the
circuit and the versions of what ran.  Times are circuit time in ms.  Spikes are at whole steps, and epochs and trains
begin and end half a step before one, so that Neo cuts them without having a spike twice.

One train per neuron in the file would be the usual form, but NIX takes 13 ms and 25 kB for each SpikeTrain: 43 s and
80 MB for one segment of 400-400-10, against 0.3 s and 1 MB.  An ``.npz`` file has either form at the price of arrays.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import neo
import numpy as np
import quantities as pq

from ..arguments import checked
from ..checks import check_choice
from ..circuit.circuit import Circuit
from ..circuit.parts import PROBE
from ..circuit.published import PublishedSchedule
from ..errors import InputError
from ..files import check_room, read_npz, write_npz, written_whole
from ..spikes import NO_LABEL, Stretch
from .compact import pack, unpack
from .older import bring_up_to_date
from .reading import circuit_of as circuit_of
from .reading import labels_of as labels_of
from .reading import samples_of as samples_of
from .reading import spikes_of as spikes_of
from .trains import EDGE, groups_of, pooled_train
from .trains import by_neuron as by_neuron

PICKLE, COMPACT = ".pkl", ".npz"
FORMATS = (".nix", COMPACT, PICKLE)

MOST_TRAINS = 200
"""So many spike trains are written as NIX without waiting: 13 ms each."""


@checked
def to_block(
    circuit: Circuit,
    stretches: Sequence[Stretch],
    description: Mapping[str, str],
    name: str,
    per_neuron: bool = False,
) -> neo.Block:
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
    per_neuron : bool
        Whether there is one SpikeTrain for each neuron, or one for all of a population.

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
    if circuit.readout:
        block.annotate(readout_levels=len(circuit.readout))
    block.segments = [_segment(circuit, stretch, per_neuron) for stretch in stretches]
    block.groups = groups_of(circuit, [train for segment in block.segments for train in segment.spiketrains])
    return block


def _segment(circuit: Circuit, stretch: Stretch, per_neuron: bool) -> neo.Segment:
    length, n = circuit.schedule.length, len(stretch.labels)
    start, stop = (stretch.first + 1) * length, (stretch.first + n + 1) * length
    segment = neo.Segment(name=f"samples {stretch.first} to {stretch.first + n - 1}")
    pooled = [pooled_train(circuit, name, table, start, stop) for name, table in stretch.spikes.items()]
    segment.spiketrains = [train for whole in pooled for train in by_neuron(whole)] if per_neuron else pooled
    segment.epochs = [_samples(stretch, start, length), _phases(circuit, start, stop)]
    reinforced = stretch.spikes.get("r", np.zeros((0, 2)))[:, 0].astype(float)
    segment.events = [
        neo.Event(times=reinforced * pq.ms, labels=np.full(len(reinforced), "reinforcement"), name="reinforcement")
    ]
    return segment


def _samples(stretch: Stretch, start: int, length: int) -> neo.Epoch:
    n, labelled = len(stretch.labels), (stretch.labels != NO_LABEL).all()
    return neo.Epoch(
        times=(start - EDGE + length * np.arange(n, dtype=float)) * pq.ms,
        durations=np.full(n, float(length)) * pq.ms,
        labels=stretch.labels.astype(str) if labelled else np.full(n, ""),
        name="samples",
        array_annotations={"sample": stretch.first + np.arange(n)} | ({"label": stretch.labels} if labelled else {}),
    )


def _phases(circuit: Circuit, start: int, stop: int) -> neo.Epoch:
    steps = np.arange(start, stop)
    phases = steps % circuit.schedule.length
    return neo.Epoch(
        times=(steps - EDGE) * pq.ms,
        durations=np.ones(len(steps)) * pq.ms,
        labels=np.array(circuit.schedule.labels)[phases],
        name="phases",
        array_annotations={"phase": phases, "step": steps},
    )


@checked
def save(block: neo.Block, path: str | os.PathLike[str]) -> None:
    """Write a block as ``.nix``, ``.npz`` (:mod:`pynn_backprop.recording.compact`) or ``.pkl``, whole or not at all."""
    check_choice("the format of the recording", Path(path).suffix, FORMATS)
    if Path(path).suffix == COMPACT:
        write_npz(path, pack(block))
        return
    with written_whole(path) as temporary:
        if temporary.suffix == ".nix":
            # HDF5 ends the process with a segmentation fault, at its exit, if the disk is full while it writes.
            check_room(temporary, _most_bytes(block))
            with _system_errors(path), neo.NixIO(str(temporary), mode="ow") as stream:
                stream.write_block(block)
        else:
            neo.PickleIO(str(temporary)).write_block(block)


def _most_bytes(block: neo.Block) -> int:
    """No ``.nix`` file of the block has more: measured were 25 kB a train, and 30 bytes a spike or an entry."""
    trains = [train for segment in block.segments for train in segment.spiketrains]
    entries = sum(len(epoch) for segment in block.segments for epoch in (*segment.epochs, *segment.events))
    return 2**20 + 40_000 * len(trains) + 60 * sum(map(len, trains)) + 120 * entries


@contextlib.contextmanager
def _system_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """HDF5 says in words what the system could not do; as a number it is known what it was."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        found = re.search(r"errno = (\d+)", str(error))
        if found is None:
            raise
        number = int(found[1])
        raise OSError(number, os.strerror(number), os.fspath(path)) from error


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
    if Path(path).suffix == COMPACT:
        return _unpacked(path)
    try:
        if Path(path).suffix == ".nix":
            with neo.NixIO(str(path), mode="ro") as stream:
                return bring_up_to_date(stream.read_block())
        return bring_up_to_date(neo.PickleIO(str(path)).read_block())
    except MemoryError:
        raise
    except Exception as error:  # the readers raise whatever their libraries raise on a broken file
        raise InputError(f"{path} can't be read as a Neo file: {error}") from error


def _unpacked(path: str | os.PathLike[str]) -> neo.Block:
    try:
        content = unpack(read_npz(path))
        block = to_block(content.circuit, content.stretches, {}, content.name, content.per_neuron)
    except InputError as error:
        raise InputError(f"{path} can't be read as a recording: {error}") from error
    block.annotate(**content.annotations)
    return block


def suitable_format(block: neo.Block) -> str:
    """The suffix of the format in which a block is written without waiting: NIX, or ``.npz`` for very many trains."""
    trains = sum(len(segment.spiketrains) for segment in block.segments)
    return ".nix" if trains <= MOST_TRAINS else COMPACT
