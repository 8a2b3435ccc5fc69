"""What compartments need of the core that they are placed on.

A core holds compartments and the synapses that end at them.  Each presynaptic neuron has an input axon there (and one
more if some of its synapses on the core learn), which leads to lists of synapses in the core's memory, one or more for
each format of synapse.  Synapses of a list to compartments in a row are stored without the compartments' numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..translation.network import DiscreteNetwork, Synapses
from . import limits as chip


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
            "bits of synaptic memory": (self.memory_bits, chip.SYNAPSE_MEMORY),
            "input axons": (self.input_axons, chip.INPUT_AXONS),
            "formats of synapses": (self.formats, chip.SYNAPSE_FORMATS),
            "different thresholds": (self.thresholds, chip.THRESHOLD_PROFILES),
            "different pairs of decays": (self.decays, chip.DECAY_PROFILES),
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
        Its arrays must fit together (see :mod:`validate`); its values may be out of range.
    """

    def __init__(self, network: DiscreteNetwork) -> None:
        self.n_compartments = network.n_compartments
        projections = [synapses for synapses in network.synapses if len(synapses.post)]
        sizes = [len(synapses.post) for synapses in projections]
        # Inputs are numbered after the compartments, so that each presynaptic neuron has one number.
        starts = [network.n_compartments * synapses.from_input for synapses in projections]
        pre = _joined([synapses.pre + start for synapses, start in zip(projections, starts, strict=True)])
        post = _joined([synapses.post for synapses in projections])
        order = np.argsort(post, kind="stable")
        self.pre, self.post = pre[order], post[order]
        self.projection = np.repeat(np.arange(len(projections)), sizes)[order]
        self.delay = _joined([synapses.delay for synapses in projections])[order]
        self._first_synapse = np.searchsorted(self.post, np.arange(network.n_compartments + 1))
        formats = [_format(synapses) for synapses in projections]
        self._format = np.array([sorted(set(formats)).index(key) for key in formats], np.int64)
        self._width = np.array([key[1] + key[2] for key in sorted(set(formats))], np.int64)
        self._learns = np.array([key[0] for key in sorted(set(formats))], bool)
        self._bits_before = np.append(0, np.cumsum(self._width[self._format][self.projection]))
        rules = [synapses.rule for synapses in projections]
        self.reinforcement = np.array([rule.reinforcement if rule else -1 for rule in rules], np.int64)
        self._threshold = _joined([group.threshold for group in network.compartments])
        groups = network.compartments
        self._du, self._dv = (
            np.repeat([getattr(group, name) for group in groups], [group.size for group in groups])
            for name in ("du", "dv")
        )

    def most(self, first: int) -> int:
        """A stop after which the compartments from `first` on can't fit a core: their weights alone fill its memory."""
        filled = self._bits_before[self._first_synapse] - self._bits_before[self._first_synapse[first]]
        return max(first + 1, int(np.searchsorted(filled, chip.SYNAPSE_MEMORY, side="right")) - 1)

    def synapses_of(self, first: int, stop: int) -> slice:
        """Where in the arrays the synapses are that end at the compartments ``first`` to ``stop - 1``."""
        return slice(self._first_synapse[first], self._first_synapse[stop])

    def learns(self) -> np.ndarray:
        """Which synapses are plastic, bool (n_synapses,)."""
        return self._learns[self._format][self.projection]

    def of(self, first: int, stop: int) -> Need:
        """What the compartments ``first`` to ``stop - 1`` need together."""
        here = self.synapses_of(first, stop)
        projection, size = self.projection[here], stop - first
        n_formats = max(len(self._width), 1)
        keys = (self.pre[here] * n_formats + self._format[projection]) * size + self.post[here] - first
        lists, lengths, in_a_row = _lists(np.sort(keys), size)
        axon, kind = np.divmod(lists, n_formats)
        learns = self._learns[kind]
        bits = chip.synapse_bits(lengths, self._width[kind] + np.where(in_a_row, 0, chip.index_bits(size)))
        present = np.bincount(projection, minlength=len(self.reinforcement)) > 0
        teachers = np.unique(self.reinforcement[present])
        entries = len(np.unique(axon[~learns])) + chip.PLASTIC_ENTRIES * len(np.unique(axon[learns]))
        dv = self._dv[first:stop]
        return Need(
            compartments=size,
            room=chip.compartments_for(int(self.delay[here].max(initial=0))),
            static_synapses=int(lengths[~learns].sum()),
            plastic_synapses=int(lengths[learns].sum()),
            static_bits=int(bits[~learns].sum()),
            plastic_bits=int(bits[learns].sum()),
            input_axons=entries + int((teachers >= 0).sum()),
            formats=len(np.unique(kind)),
            thresholds=len(np.unique(self._threshold[first:stop])),
            decays=len(np.unique(self._du[first:stop] * (chip.VOLTAGE_DECAY.high + 1) + dv)),
            decays_clash=bool((dv == chip.NO_VOLTAGE_LEFT).any() and (dv == chip.ALL_VOLTAGE_LEFT).any()),
        )


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *arrays]).astype(np.int64)


def _format(synapses: Synapses) -> tuple[bool, int, int, int, str]:
    """Plastic or not, bits of the weight and of the delay, exponent, sign mode."""
    plastic = synapses.rule is not None
    width = chip.weight_bits(synapses.weight, plastic)
    delay = chip.delay_bits(int(np.max(synapses.delay, initial=0)))
    return plastic, width, delay, synapses.exponent, chip.sign_mode(synapses.weight, plastic).name


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
