"""Where PyNN's neurons are on the chip: groups of equal decays, parts of populations, inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hardware.lava.translation.network import Part
from hardware.lava.translation.neurons import Cells
from hardware.lava.translation.numbering import groups_of, number_neurons, parts_of
from hardware.lava.translation.receptors import Dendrite, Receptor


@dataclass(eq=False)
class Some:
    """What the numbering wants to know of a population."""

    label: str
    ids: np.ndarray

    @property
    def size(self) -> int:
        return len(self.ids)


def cells(*decays: tuple[int, int], threshold: int = 0, late: int = 0) -> Cells:
    """Cells with these du and dv; all other values count up from the threshold."""
    du, dv = np.array(decays).T
    count = threshold + np.arange(len(decays))
    receptors = {"excitatory": Receptor(0, count * 2.0), "inhibitory": Receptor(0, count * 3.0)}
    ones, currents = np.ones_like(count), {"resting": 0.0 * count, "per_nanoampere": 0.0 * count}
    return Cells(du, dv, count, -count, count % 8, ones, count + 0.5, receptors, (), late, (), **currents)


NONE, SLOW = (4095, 4096), (4095, 300)


def network(**decays: tuple[tuple[int, int], ...]):
    """Populations in order, those without decays being sources; and the cells of the others."""
    populations, held, start = [], {}, 0
    for number, (label, own) in enumerate(decays.items()):
        size = len(own) or 2
        populations.append(Some(label, np.arange(start, start + size)))
        start += size
        if own:
            held[populations[-1]] = cells(*own, threshold=10 * (number + 1), late=number % 2)
    return populations, held


def test_cells_with_equal_decays_are_one_group_in_the_order_of_their_creation():
    _, held = network(a=(NONE, NONE), b=(SLOW, SLOW, SLOW), c=(NONE,))
    first, second = groups_of(held)
    assert (first.label, first.first, first.size, first.du, first.dv) == ("b", 0, 3, 4095, 300)
    assert (second.label, second.first, second.size, second.du, second.dv) == ("a, c", 3, 3, 4095, 4096)
    assert first.threshold.tolist() == [20, 21, 22]
    assert second.threshold.tolist() == [10, 11, 30]
    assert second.bias_mantissa.tolist() == [-10, -11, -30]
    assert second.bias_exponent.tolist() == [2, 3, 6]
    assert type(first.du) is type(first.dv) is int


def test_decays_that_have_equal_sums_are_different():
    _, held = network(a=((300, 500), (500, 300), (300, 500)), b=((400, 400),))
    groups = groups_of(held)
    assert [(g.label, g.first, g.size, g.du, g.dv) for g in groups] == [
        ("a", 0, 2, 300, 500), ("b", 2, 1, 400, 400), ("a", 3, 1, 500, 300),
    ]  # fmt: skip


def test_cells_with_one_equal_decay_are_different():
    _, held = network(a=((300, 500), (300, 600), (400, 600)))
    assert [(g.du, g.dv) for g in groups_of(held)] == [(300, 500), (300, 600), (400, 600)]


def test_a_decay_of_nothing_begins_a_group():
    _, held = network(a=((0, 0), (0, 0)))
    assert [(g.first, g.size) for g in groups_of(held)] == [(0, 2)]


def test_neurons_are_numbered_in_groups_and_inputs_among_themselves():
    populations, held = network(s=(), a=(NONE, NONE), b=(SLOW, SLOW, SLOW), t=(), c=(NONE,))
    found = number_neurons(populations, held)
    assert found.number.tolist() == [0, 1, 3, 4, 0, 1, 2, 2, 3, 5]
    assert found.is_input.tolist() == [1, 1, 0, 0, 0, 0, 0, 1, 1, 0]
    assert found.neuron.tolist() == [4, 5, 6, 2, 3, 9]
    assert found.origin.tolist() == [30.5, 31.5, 32.5, 20.5, 21.5, 50.5]


def test_what_weights_and_delays_need_goes_by_the_neuron():
    populations, held = network(s=(), a=(NONE, NONE), b=(SLOW,), c=(NONE,))
    found = number_neurons(populations, held)
    assert found.scale.tolist() == [1.0, 1.0, 40.0, 42.0, 60.0, 80.0]
    assert found.lateness.tolist() == [0, 0, 1, 1, 0, 1]
    assert found.in_mv.tolist() == [1, 1, 0, 0, 1, 0]
    assert (found.number.dtype, found.lateness.dtype, found.in_mv.dtype) == (np.int64, np.int64, bool)


def test_a_population_with_different_decays_is_in_several_parts():
    populations, held = network(a=(NONE, SLOW, SLOW, NONE), b=(SLOW,))
    assert parts_of(list(held), number_neurons(populations, held)) == (
        Part("a", 0, 2, 1),
        Part("b", 2, 1, 0),
        Part("a", 3, 1, 0),
        Part("a", 4, 1, 3),
    )


def test_dendrites_follow_after_all_cells_and_are_joined_by_theirs():
    populations, held = network(a=(NONE, SLOW), s=(), b=(NONE,))
    a, _, _ = populations
    slow = Dendrite(np.array([100, 200]), np.array([4096, 4096]))
    held[a] = replace(
        held[a],
        dendrites=(slow, Dendrite(np.array([100, 100]), np.array([50, 50]))),
        receptors={"excitatory": Receptor(1, np.ones(2)), "inhibitory": Receptor(2, np.ones(2))},
    )
    found, groups = number_neurons(populations, held), groups_of(held)
    # 0 is the second cell of a, 1 and 2 are its first and b; then dendrites by their decays.
    assert found.number.tolist() == [1, 0, 0, 1, 2]
    assert found.neuron.tolist() == [1, 0, 4, 0, 1, 0, 1]
    assert found.ends["excitatory"].compartment.tolist() == [5, 6, -1, -1, 2]
    assert found.ends["inhibitory"].compartment.tolist() == [3, 4, -1, -1, 2]
    assert [(g.first, g.size, g.dendrite) for g in groups] == [
        (0, 1, False), (1, 2, False), (3, 2, True), (5, 1, True), (6, 1, True),
    ]  # fmt: skip
    assert groups[0].joined.tolist() == [[6], [4]]
    assert groups[1].joined.tolist() == [[5, -1], [3, -1]]
    assert groups[2].joined is None
    labels = [(part.label, part.first, part.size, part.offset) for part in parts_of(list(held), found)]
    assert labels == [
        ("a", 0, 1, 1), ("a", 1, 1, 0), ("b", 2, 1, 0), ("dendrites of a", 3, 2, 0), ("dendrites of a", 5, 2, 0),
    ]  # fmt: skip


def test_a_network_without_neurons_has_no_numbers():
    found = number_neurons([], {})
    assert [len(values) for values in (found.number, found.origin, found.neuron)] == [0, 0, 0]
    assert (groups_of({}), parts_of([], found)) == ((), ())
    only_inputs, _ = network(s=())
    assert number_neurons(only_inputs, {}).number.tolist() == [0, 1]
