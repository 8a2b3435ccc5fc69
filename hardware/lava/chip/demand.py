"""What compartments need of the core that they are placed on.

A core holds compartments and the synapses that end at them.  Each presynaptic neuron has an input axon there (and one
more if some of its synapses on the core learn), which leads to lists of synapses in the core's memory, one or more for
each format of synapse.  Synapses of a list to compartments in a row are stored without the compartments' numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..translation import ranges
from ..translation.network import DiscreteNetwork, Synapses
from . import limits, memory

MEMORY = "bits of synaptic memory"
"""Name of this resource among those of :attr:`Need.uses`."""


@dataclass(frozen=True)
class Need:
    """What compartments in a row need of one core.

    Parameters
    ----------
    compartments
        How many they are.
    room
        For how many a core has places for delayed input, given the longest delay of the synapses that end at them.
    static_synapses, plastic_synapses
        Synapses that end at them.
    static_bits, plastic_bits
        Synaptic memory of these.
    input_axons
        Entries in the core's table.
    formats, thresholds, decays
        Different formats of synapses, thresholds, and pairs of decays.
    decays_clash
        Whether one of them keeps nothing of v and another all of it.
    """

    compartments: int
    room: int
    static_synapses: int
    plastic_synapses: int
    static_bits: int
    plastic_bits: int
    input_axons: int
    formats: int
    thresholds: int
    decays: int
    decays_clash: bool

    @property
    def memory_bits(self) -> int:
        """All synaptic memory."""
        return self.static_bits + self.plastic_bits

    @property
    def uses(self) -> dict[str, tuple[int, int]]:
        """What is used, and what a core has of it."""
        return {
            "compartments": (self.compartments, self.room),
            MEMORY: (self.memory_bits, limits.SYNAPSE_MEMORY),
            "input axons": (self.input_axons, limits.INPUT_AXONS),
            "formats of synapses": (self.formats, limits.SYNAPSE_FORMATS),
            "different thresholds": (self.thresholds, limits.THRESHOLD_PROFILES),
            "different pairs of decays": (self.decays, limits.DECAY_PROFILES),
            "different offsets of dv": (1 + self.decays_clash, 1),
        }

    @property
    def excess(self) -> dict[str, tuple[int, int]]:
        """Of :attr:`uses`, what is more than a core has."""
        return {name: (used, limit) for name, (used, limit) in self.uses.items() if used > limit}


class Demand:
    """Answers what any compartments in a row need of a core.

    Parameters
    ----------
    network
        Its arrays must fit together (see :mod:`hardware.lava.chip.validate`); its values may be out of range.

    Attributes
    ----------
    n_compartments
        Of the network.
    pre, post, projection, delay
        Of each synapse, in the order of `post`, int (n_synapses,) each; inputs are counted after the compartments.
    reinforcement
        Of each projection: its reinforcement neuron, or -1, int (n_projections,).
    """

    def __init__(self, network: DiscreteNetwork) -> None:
        self.n_compartments = network.n_compartments
        projections, sizes = network.synapses, [len(synapses.post) for synapses in network.synapses]
        order = np.argsort(network.of_synapses("post"), kind="stable")
        self.pre, self.post = network.sources[order], network.of_synapses("post")[order]
        self.projection = np.repeat(np.arange(len(projections)), sizes)[order]
        self.delay = network.of_synapses("delay")[order]
        self._first_synapse = np.searchsorted(self.post, np.arange(network.n_compartments + 1))
        formats = [_format(synapses) for synapses in projections]
        different = sorted(set(formats))
        self._format = np.array([different.index(each) for each in formats], np.int64)
        self._width = np.array([weight + delay for _, weight, delay, _, _ in different], np.int64)
        self._learns = np.array([plastic for plastic, *_ in different], bool)
        self._bits_before = np.append(0, np.cumsum(self._width[self._format][self.projection]))
        rules = [synapses.rule for synapses in projections]
        self.reinforcement = np.array([rule.reinforcement if rule else -1 for rule in rules], np.int64)
        self._threshold, self._du, self._dv = (network.of_compartments(name) for name in ("threshold", "du", "dv"))
        # A profile of decays holds the refractory time, too (nengo-loihi's CxProfile).
        width = ranges.VOLTAGE_DECAY.high + 1, ranges.REFRACTORY.high + 1
        self._profile = (self._du * width[0] + self._dv) * width[1] + network.of_compartments("refractory")

    def most(self, first: int) -> int:
        """A stop after which the compartments from `first` on can't fit a core: their weights alone fill its memory."""
        filled = self._bits_before[self._first_synapse] - self._bits_before[self._first_synapse[first]]
        return max(first + 1, int(np.searchsorted(filled, limits.SYNAPSE_MEMORY, side="right")) - 1)

    def learns(self) -> np.ndarray:
        """Which synapses are plastic, bool (n_synapses,)."""
        return self._learns[self._format][self.projection]

    def of(self, first: int, stop: int) -> Need:
        """What the compartments ``first`` to ``stop - 1`` need together."""
        here = slice(self._first_synapse[first], self._first_synapse[stop])
        projection, size = self.projection[here], stop - first
        n_formats = max(len(self._width), 1)
        keys = (self.pre[here] * n_formats + self._format[projection]) * size + self.post[here] - first
        lists, lengths, in_a_row = _lists(np.sort(keys), size)
        axon, kind = np.divmod(lists, n_formats)
        learns = self._learns[kind]
        bits = memory.synapse_bits(lengths, self._width[kind] + np.where(in_a_row, 0, memory.index_bits(size)))
        present = np.bincount(projection, minlength=len(self.reinforcement)) > 0
        teachers = np.unique(self.reinforcement[present])
        entries = len(np.unique(axon[~learns])) + limits.PLASTIC_ENTRIES * len(np.unique(axon[learns]))
        dv = self._dv[first:stop]
        return Need(
            compartments=size,
            room=limits.compartments_for(int(self.delay[here].max(initial=0))),
            static_synapses=int(lengths[~learns].sum()),
            plastic_synapses=int(lengths[learns].sum()),
            static_bits=int(bits[~learns].sum()),
            plastic_bits=int(bits[learns].sum()),
            input_axons=entries + int((teachers >= 0).sum()),
            formats=len(np.unique(kind)),
            thresholds=len(np.unique(self._threshold[first:stop])),
            decays=len(np.unique(self._profile[first:stop])),
            decays_clash=bool((dv == ranges.NO_VOLTAGE_LEFT).any() and (dv == ranges.ALL_VOLTAGE_LEFT).any()),
        )


def _format(synapses: Synapses) -> tuple[bool, int, int, int, str]:
    """Plastic or not, bits of the weight and of the delay, exponent, sign mode."""
    plastic = synapses.rule is not None
    width = memory.weight_bits(synapses.weight, plastic)
    delay = memory.delay_bits(int(np.max(synapses.delay, initial=0)))
    return plastic, width, delay, synapses.exponent, ranges.sign_mode(synapses.weight, plastic).name


def _lists(keys: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Split sorted ``list * size + compartment`` into lists.

    Returns the lists, their lengths, and whether their compartments are in a row.
    """
    lists = keys // size
    begins = np.append(True, lists[1:] != lists[:-1])[: len(keys)]
    starts = np.flatnonzero(begins)
    follows = begins | np.append(True, np.diff(keys) == 1)[: len(keys)]
    in_a_row = np.logical_and.reduceat(follows, starts) if len(starts) else np.zeros(0, bool)
    return lists[starts], np.diff(np.append(starts, len(keys))), in_a_row
