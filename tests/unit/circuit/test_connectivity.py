"""Kinds of connectivity: every one has the pairs of neurons of its definition, in spikes as in blocks."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from pynn_backprop.circuit.connectivity import (
    AllToAll,
    Block,
    Connectivity,
    Levels,
    OneToOne,
    Ring,
    UnitToUnit,
    unit_to_unit,
)

Pairs = set[tuple[int, int]]

LEVELS = Levels(n=4, units=3, base=192, slope=128, step=3)
EVERY: dict[str, tuple[Connectivity, int, int, Pairs]] = {
    "one to one": (OneToOne(), 3, 3, {(0, 0), (1, 1), (2, 2)}),
    "one to the first": (OneToOne(), 1, 3, {(0, 0)}),
    "all to all": (AllToAll(), 2, 3, set(itertools.product(range(2), range(3)))),
    "unit to unit": (
        UnitToUnit(2), 4, 4, {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)},
    ),
    "ring": (Ring(), 3, 3, {(0, 1), (1, 2), (2, 0)}),
    "ring of two": (Ring(), 2, 2, {(0, 1), (1, 0)}),
    "ring of one": (Ring(), 1, 1, {(0, 0)}),
    "levels": (LEVELS, 2, 12, set(itertools.product(range(2), range(12)))),
}  # fmt: skip
every_kind = pytest.mark.parametrize(("kind", "n_pre", "n_post", "pairs"), EVERY.values(), ids=EVERY.keys())


def pairs_of(blocks: list[Block]) -> list[tuple[int, int]]:
    return [pair for block in blocks for pair in zip(*map(np.ndarray.tolist, block.indices()), strict=True)]


# --- kinds


@every_kind
def test_the_blocks_have_the_pairs_of_the_definition_wherever_the_neurons_lie(kind, n_pre, n_post, pairs):
    blocks = kind.blocks(slice(5, 5 + n_pre), slice(7, 7 + n_post), 3, 1.5)
    assert sorted(pairs_of(blocks)) == sorted((5 + pre, 7 + post) for pre, post in pairs)
    assert {(block.weight, block.delay) for block in blocks} == {(3, 1.5)}


@every_kind
def test_spikes_arrive_at_the_partners_of_those_that_fire(kind, n_pre, n_post, pairs):
    for count in range(n_pre + 1):
        for firing in itertools.combinations(range(n_pre), count):
            arriving = kind.arriving(np.array(firing, int), n_post)
            wanted = [sum((pre, post) in pairs for pre in firing) for post in range(n_post)]
            assert arriving.tolist() == wanted


@every_kind
def test_the_synapses_are_counted(kind, n_pre, n_post, pairs):
    assert kind.synapses(n_pre, n_post) == len(pairs)


@every_kind
def test_a_kind_is_dense_where_every_neuron_reaches_every_other_one(kind, n_pre, n_post, pairs):
    if n_pre > 1:
        assert kind.dense == (len(pairs) == n_pre * n_post)


def test_the_first_block_is_that_of_the_first_neuron_or_closes_the_ring():
    closing, *others = Ring().blocks(slice(2, 6), slice(2, 6), 1, 1.0)
    assert pairs_of([closing]) == [(5, 2)]
    assert pairs_of(others) == [(2, 3), (3, 4), (4, 5)]
    assert {block.kind for block in (closing, *others)} == {"one_to_one"}
    assert len(Ring().blocks(slice(2, 3), slice(2, 3), 1, 1.0)) == 1
    assert pairs_of(UnitToUnit(2).blocks(slice(0, 4), slice(8, 12), 1, 1.0)[:1]) == [(0, 8), (0, 9), (1, 8), (1, 9)]


def test_units_are_as_many_on_both_sides():
    with pytest.raises(ValueError, match="shorter"):
        UnitToUnit(2).blocks(slice(0, 6), slice(0, 4), 1, 1.0)


def test_a_unit_of_one_neuron_is_joined_one_to_one():
    assert unit_to_unit(1) == OneToOne()
    assert unit_to_unit(2) == UnitToUnit(2)


def test_kinds_are_told_apart_by_name_and_numbers():
    kinds = [OneToOne(), AllToAll(), UnitToUnit(2), Ring(), LEVELS]
    assert [kind.name for kind in kinds] == ["one_to_one", "all_to_all", "unit_to_unit", "ring", "levels"]
    assert len({*kinds, UnitToUnit(3), Levels(4, 3, 192, 128, 1), OneToOne()}) == 7


# --- weights


def test_a_rotor_lifts_neurons_by_the_levels_of_the_documentation():
    """base - slope ((k + step c + floor(i n / units)) mod n), from rotor neuron c to neuron k of unit i."""
    weights = LEVELS.weights(4, 12)
    assert weights.dtype == np.int64
    for c, i, k in itertools.product(range(4), range(3), range(4)):
        assert weights[c, 4 * i + k] == 192 - 128 * ((k + 3 * c + i * 4 // 3) % 4)


def test_only_levels_have_weights_of_their_own():
    assert [kind.weights(3, 3) for kind in (OneToOne(), AllToAll(), UnitToUnit(3), Ring())] == [None] * 4


def test_weights_are_told_in_words():
    assert [OneToOne().weight_in_words(weight) for weight in (520, -520, None)] == ["+520", "-520", ""]
    assert LEVELS.weight_in_words(None) == "+192 - 128 level (step 3)"


# --- blocks


def test_the_indices_and_weights_of_a_full_block_go_row_by_row():
    weights = np.arange(6.0).reshape(2, 3)
    block = Block(slice(4, 6), slice(1, 4), True, weights, 1.0)
    matrix = np.zeros((6, 4))
    matrix[block.indices()] = block.weights()
    np.testing.assert_array_equal(matrix[4:6, 1:4], weights)
    assert np.count_nonzero(matrix) == 5
    assert (block.shape, block.kind) == ((2, 3), "all_to_all")


@pytest.mark.parametrize(("all_to_all", "kind", "n"), [(False, "one_to_one", 3), (True, "all_to_all", 9)])
def test_one_weight_holds_for_all_synapses_of_a_block(all_to_all, kind, n):
    block = Block(slice(2, 5), slice(0, 3), all_to_all, 7, 1.0)
    pre, post = block.indices()
    assert len(pre) == len(post) == n
    np.testing.assert_array_equal(block.weights(), np.full(n, 7.0))
    assert block.weights().dtype == float
    assert block.kind == kind


def test_a_block_can_not_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Block(slice(2, 5), slice(0, 3), True, 7, 1.0).delay = 2.0
