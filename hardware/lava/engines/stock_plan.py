"""How a network divides into stock Lava processes.

A LIF process has one output, and a learning process needs the spikes of its own two sets of neurons, no more and no
less.  So compartments that the plastic projections treat alike become one LIF process, inputs alike one source, and
every pair of these that synapses connect one process for each kind of synapse between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pynn_backprop.errors import PlatformError

from ..translation import ranges
from ..translation.network import DiscreteNetwork, PairRule, Rule, Synapses
from .stock_processes import DELAYED, LEARNING, SPARSE, Connection, Place, Plan

LONGEST_LABEL = 60
MODES = (ranges.EXCITATORY, ranges.INHIBITORY, ranges.MIXED)


def plan(network: DiscreteNetwork) -> Plan:
    """Divide a network.

    Raises
    ------
    PlatformError
        If stock Lava processes can't express it.
    """
    return _Planner(network).plan()


class _Planner:
    """Numbers of places and sources, and the place of each compartment and input in them."""

    def __init__(self, network: DiscreteNetwork) -> None:
        self.network = network
        self.plastic = [p for p in network.synapses if p.rule is not None]
        group = np.repeat(np.arange(len(network.compartments)), [g.size for g in network.compartments])
        posts = [_among(network.n_compartments, p.post) for p in self.plastic]
        pres = [_among(network.n_compartments, p.pre) for p in self.plastic if not p.from_input]
        of_input = [_among(network.n_inputs, p.pre) for p in self.plastic if p.from_input]
        self.of, members = _alike(network.n_compartments, [group, *posts, *pres])
        self.input_of, self.sources = _alike(network.n_inputs, of_input)
        self.places = [Place(self._label(numbers), int(group[numbers[0]]), numbers) for numbers in members]
        self.within = _positions(network.n_compartments, members)
        self.input_within = _positions(network.n_inputs, self.sources)

    def plan(self) -> Plan:
        learning = [c for k, p in enumerate(self.network.synapses) if p.rule is not None for c in self._learning(k, p)]
        return Plan(tuple(self.places), tuple(self.sources), (*self._static(), *learning))

    def _label(self, members: np.ndarray) -> str:
        names = [
            part.label
            for part in self.network.populations
            if ((part.first <= members) & (members < part.first + part.size)).any()
        ]
        label = "+".join(names)
        return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 3]}..."

    # -- learning --------------------------------------------------------------------------------------------------

    def _learning(self, index: int, projection: Synapses) -> list[Connection]:
        self._check_plastic(projection)
        senders, columns = self._senders(projection)
        targets = self.of[projection.post]
        found = []
        for pre, post in sorted(set(zip(senders.tolist(), targets.tolist(), strict=True))):
            synapse = np.flatnonzero((senders == pre) & (targets == post))
            row, column = self.within[projection.post[synapse]], columns[synapse]
            n_pre = len(self.sources[pre] if projection.from_input else self.places[pre].members)
            n_post = len(self.places[post].members)
            if len(synapse) != n_pre * n_post or len(np.unique(row * n_pre + column)) != len(synapse):
                raise PlatformError(
                    f"{projection.label} is plastic and connects {len(synapse)} of {n_pre * n_post} pairs of neurons, "
                    "but stock Lava's LearningDense learns in every pair; use the engine 'fast'"
                )
            found.append(
                Connection(
                    kind=LEARNING,
                    label=projection.label,
                    from_input=projection.from_input,
                    pre=pre,
                    post=post,
                    exponent=projection.exponent,
                    projection=np.full(len(synapse), index),
                    synapse=synapse,
                    row=row,
                    column=column,
                    delay=np.zeros(len(synapse), np.int64),
                    rule=projection.rule if isinstance(projection.rule, Rule) else None,
                    reward=self._reward(projection.rule, n_post),
                )
            )
        return found

    def _check_plastic(self, projection: Synapses) -> None:
        if projection.delay.any():
            raise PlatformError(
                f"{projection.label} is plastic and has delays, which stock Lava's LearningDense can't have; use the "
                "engine 'fast'"
            )
        if any(p.rule and np.isin(p.rule.reinforcement, projection.post) for p in self.plastic):
            raise PlatformError(
                f"{projection.label} is plastic and goes to a reinforcement neuron, of which stock Lava needs copies; "
                "use the engine 'fast'"
            )

    def _reward(self, rule: Rule | PairRule | None, n_post: int) -> int:
        """The place with this many copies of the rule's reinforcement neuron, made when it is first asked for."""
        assert isinstance(rule, Rule)
        for index, place in enumerate(self.places):
            if place.copies and len(place.members) == n_post and place.members[0] == rule.reinforcement:
                return index
        original = self.places[self.of[rule.reinforcement]]
        members = np.full(n_post, rule.reinforcement)
        self.places.append(Place(f"{n_post} copies of {original.label}", original.group, members, copies=True))
        return len(self.places) - 1

    # -- static synapses -------------------------------------------------------------------------------------------

    def _static(self) -> list[Connection]:
        for projection in self.plastic:  # the copies must be there before what goes to them
            for n_post in {len(self.places[place].members) for place in np.unique(self.of[projection.post])}:
                self._reward(projection.rule, n_post)
        tables = [self._synapses_of(k, p) for k, p in enumerate(self.network.synapses) if p.rule is None]
        table = np.concatenate([np.zeros((0, len(_COLUMNS)), np.int64), *tables])
        table = np.column_stack([table, _ranks(table[:, : len(_KIND) + len(_ENTRY)])])
        keys, which = np.unique(table[:, [*range(len(_KIND)), len(_COLUMNS)]], axis=0, return_inverse=True)
        order = np.argsort(which, kind="stable")
        parts = np.split(table[order], np.cumsum(np.bincount(which, minlength=len(keys)))[:-1]) if len(keys) else []
        return [self._connection(key, part) for key, part in zip(keys, parts, strict=True)]

    def _synapses_of(self, index: int, projection: Synapses) -> np.ndarray:
        """A row for each synapse, and for each copy of its target."""
        senders, columns = self._senders(projection)
        mode = MODES.index(ranges.sign_mode(projection.weight, False))
        n = len(projection.pre)
        fixed = [
            np.full(n, projection.from_input),
            senders,
            self.of[projection.post],
            np.full(n, projection.exponent),
            np.full(n, mode),
            projection.delay > 0,
            self.within[projection.post],
            columns,
            np.full(n, index),
            np.arange(n),
            projection.delay,
        ]
        tables = [np.column_stack(fixed).astype(np.int64)]
        for number, place in enumerate(self.places):
            if place.copies:
                to_it = tables[0][projection.post == place.members[0]]
                copied = np.repeat(to_it, len(place.members), axis=0)
                copied[:, _COLUMNS.index("post")] = number
                copied[:, _COLUMNS.index("row")] = np.tile(np.arange(len(place.members)), len(to_it))
                tables.append(copied)
        return np.concatenate(tables)

    def _connection(self, key: np.ndarray, rows: np.ndarray) -> Connection:
        from_input, pre, post, exponent, _, delayed, _ = (int(value) for value in key)
        of = {name: rows[:, k] for k, name in enumerate(_COLUMNS)}
        sender = "inputs" if from_input else self.places[pre].label
        return Connection(
            kind=DELAYED if delayed else SPARSE,
            label=f"{sender} -> {self.places[post].label}",
            from_input=bool(from_input),
            pre=pre,
            post=post,
            exponent=exponent,
            projection=of["projection"],
            synapse=of["synapse"],
            row=of["row"],
            column=of["column"],
            delay=of["delay"],
        )

    def _senders(self, projection: Synapses) -> tuple[np.ndarray, np.ndarray]:
        of, within = (self.input_of, self.input_within) if projection.from_input else (self.of, self.within)
        return of[projection.pre], within[projection.pre]


_KIND = ("from_input", "pre", "post", "exponent", "mode", "delayed")
"""What the synapses of one process have in common."""

_ENTRY = ("row", "column")
"""Where a synapse is in the matrix of its process; a second one there needs another process."""

_COLUMNS = (*_KIND, *_ENTRY, "projection", "synapse", "delay")


def _among(count: int, members: np.ndarray) -> np.ndarray:
    found = np.zeros(count, bool)
    found[members] = True
    return found


def _alike(count: int, properties: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Sets of equal properties, in the order of their first members: the set of each, and the members of each set."""
    if not count:
        return np.zeros(0, np.int64), []
    table = np.column_stack([np.zeros(count, np.int64), *properties])
    _, first, which = np.unique(table, axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    of = rank[which.reshape(-1)]
    return of, [np.flatnonzero(of == k) for k in range(len(first))]


def _positions(count: int, sets: Sequence[np.ndarray]) -> np.ndarray:
    within = np.zeros(count, np.int64)
    for members in sets:
        within[members] = np.arange(len(members))
    return within


def _ranks(rows: np.ndarray) -> np.ndarray:
    """How many equal rows come before each."""
    order = np.lexsort(rows.T)
    new = np.ones(len(rows), bool)
    new[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    start = np.flatnonzero(new)
    ranks = np.empty(len(rows), np.int64)
    ranks[order] = np.arange(len(rows)) - start[np.cumsum(new) - 1]
    return ranks
