"""Numbers from a Neo block alone: spikes per population and phase, silence, answers.

A block is what :func:`pynn_backprop.recording.blocks.to_block` makes and :func:`pynn_backprop.recording.blocks.load`
reads; nothing else is needed, neither the simulator nor the data set.  A segment may have been cut: what is asked of
samples is asked of those of which all is there.
"""

from __future__ import annotations

from dataclasses import dataclass

import neo
import numpy as np

from .. import spikes as spiking
from ..checks import check_count
from ..circuit.circuit import Circuit
from ..errors import InputError
from ..spikes import Spikes, first_firing
from .reading import circuit_of, labels_of, samples_of, spikes_of

LAST = -1
"""The stretch at the end of a training, which shows what was learnt; the first shows what there was before."""


@dataclass(frozen=True, eq=False)
class SpikeTable:
    """How many spikes each population has in each phase of each sample.

    Parameters
    ----------
    circuit : Circuit
        What was recorded.
    samples : numpy.ndarray of int64, shape (n,)
        Indices of the samples, counted from the start of training.
    labels : numpy.ndarray of int64, shape (n,)
        Labels of the samples.
    counts : dict of str to numpy.ndarray of int64, shape (n, phases in a cycle)
        By population in the order of the circuit.
    """

    circuit: Circuit
    samples: np.ndarray
    labels: np.ndarray
    counts: dict[str, np.ndarray]

    def total(self) -> dict[str, np.ndarray]:
        """Spikes in each phase of all samples together, int64 of shape (phases in a cycle,)."""
        return {name: counts.sum(axis=0) for name, counts in self.counts.items()}

    def per_sample(self) -> dict[str, np.ndarray]:
        """Mean spikes in each phase of one sample, float64 of shape (phases in a cycle,)."""
        return {name: counts / len(self.samples) for name, counts in self.total().items()}

    def format(self, mean: bool = True) -> str:
        """The table as text: populations as rows, phases as columns, and what happens in each phase.

        A dot stands for no spikes where there must be none; spikes that must not be are marked ``!``.

        Parameters
        ----------
        mean : bool
            Spikes per sample with one decimal if True, those of all samples together if False.

        Returns
        -------
        str
            Lines without a newline at the end.
        """
        values = self.per_sample() if mean else self.total()
        schedule = self.circuit.schedule
        rows = [["phase", *map(str, range(schedule.length)), "all"]]
        rows += [self._row(name, numbers, "{:.1f}" if mean else "{:,d}") for name, numbers in values.items()]
        name_width, width = max(len(row[0]) for row in rows), max(len(cell) for row in rows for cell in row[1:])
        lines = [f"{row[0]:<{name_width}}" + "".join(f" {cell:>{width}}" for cell in row[1:]) for row in rows]
        what = "mean spikes per sample" if mean else "spikes of all samples"
        heading = f"{what}, samples {self.samples[0]} to {self.samples[-1]}"
        words = [f"  {phase:2d}  {label}" for phase, label in enumerate(schedule.labels)]
        return "\n".join([heading, "", *(line.rstrip() for line in lines), "", "phases", *words])

    def _row(self, name: str, numbers: np.ndarray, form: str) -> list[str]:
        open_phases = self.circuit[name].phases
        cells = []
        for phase, number in enumerate(numbers):
            silent = phase not in open_phases
            cells.append("." if silent and not number else form.format(number) + "!" * silent)
        return [name, *cells, form.format(numbers.sum())]


def segment_of(block: neo.Block, segment: int | neo.Segment = LAST) -> neo.Segment:
    """A stretch of samples of a block.

    Parameters
    ----------
    block : neo.Block
        The recording.
    segment : int or neo.Segment
        Index of the stretch, negative numbers counting from the end; or one that was cut from it, which is returned.

    Raises
    ------
    InputError
        If the block has no such segment.
    """
    if isinstance(segment, neo.Segment):
        return segment
    n = len(block.segments)
    if n == 0:
        raise InputError(f"the block {block.name!r} holds no segment: nothing was recorded")
    return block.segments[check_count("segment", segment, -n, n - 1)]


def spike_table(block: neo.Block, segment: int | neo.Segment = LAST) -> SpikeTable:
    """Count the spikes of each recorded population in each phase of each sample.

    Of a segment that was cut, those samples count of which all is there.

    Parameters
    ----------
    block : neo.Block
        The recording.
    segment : int or neo.Segment
        As of :func:`segment_of`.

    Returns
    -------
    SpikeTable

    Raises
    ------
    InputError
        If the block was not made by this package or has no such segment.
    """
    circuit, chosen = circuit_of(block), segment_of(block, segment)
    spikes, samples, length = in_order(spikes_of(chosen), circuit), samples_of(chosen), circuit.schedule.length
    cycles = [
        spiking.count_by_phase(spiking.between(spikes, (sample + 1) * length, (sample + 2) * length), circuit)
        for sample in samples
    ]
    counts = {name: np.array([cycle[name] for cycle in cycles], np.int64) for name in spikes}
    return SpikeTable(circuit, samples, labels_of(chosen), counts)


def in_order(spikes: Spikes, circuit: Circuit) -> Spikes:
    """The same spikes with the populations in the order of the circuit; a file may have them in another."""
    order = {population.name: place for place, population in enumerate(circuit.populations)}
    return {name: spikes[name] for name in sorted(spikes, key=lambda name: order.get(name, len(order)))}


def check_silence(block: neo.Block) -> None:
    """Check that the populations of all segments fire only in the phases in which they may.

    Raises
    ------
    EqualityError
        Names population, neuron, step and phase of a spike that must not be.
    InputError
        If the block was not made by this package.
    """
    circuit = circuit_of(block)
    for segment in block.segments:
        spiking.check_silence(spikes_of(segment), circuit)


def check_gated(block: neo.Block) -> None:
    """Check that a sample without an error costs a forward pass only (:func:`pynn_backprop.spikes.check_gated`).

    Raises
    ------
    EqualityError
        Names the first population, phase and sample of a spike that must not be.
    InputError
        If the circuit is not an error-gated one, e was not recorded, or the block was not made by this package.
    """
    circuit = circuit_of(block)
    for segment in block.segments:
        spiking.check_gated(spikes_of(segment), circuit)


def outputs(block: neo.Block, segment: int | neo.Segment = LAST) -> np.ndarray:
    """Which output neurons answered each sample: those that fire in the output phase.

    Parameters
    ----------
    block : neo.Block
        The recording.
    segment : int or neo.Segment
        As of :func:`segment_of`.

    Returns
    -------
    numpy.ndarray of bool, shape (n_samples, n_out)
        Of output neurons.

    Raises
    ------
    InputError
        If the output was not recorded, the block was not made by this package or has no such segment.
    """
    circuit, chosen = circuit_of(block), segment_of(block, segment)
    spikes, samples, schedule = spikes_of(chosen), samples_of(chosen), circuit.schedule
    if "o" not in spikes:
        raise InputError(f"the output population 'o' was not recorded, only {', '.join(spikes) or 'nothing'}")
    steps, neurons = spikes["o"].T
    place = steps // schedule.length - 1 - samples[0]
    answers = (steps % schedule.length == schedule.output) & (place >= 0) & (place < len(samples))
    fired = np.zeros((len(samples), circuit.neurons[-1]), bool)
    fired[place[answers], neurons[answers]] = True
    return fired


def answers_of(block: neo.Block, segment: int | neo.Segment = LAST) -> np.ndarray:
    """The output unit that answered each sample.

    Parameters and errors are those of :func:`outputs`.

    Returns
    -------
    numpy.ndarray of int64, shape (n_samples,)
        The unit of which most neurons fire, of several the first; -1 where none does.
    """
    return first_firing(circuit_of(block).code.counts(outputs(block, segment)))


def accuracy(block: neo.Block, segment: int | neo.Segment = LAST) -> float:
    """Share of the samples whose answer is the label; silence counts as wrong.

    In a training each sample is answered before it is learnt.  Parameters and errors are those of :func:`outputs`.
    """
    return float(np.mean(answers_of(block, segment) == labels_of(segment_of(block, segment))))
