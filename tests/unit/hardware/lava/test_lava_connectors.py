"""PyNN's connectors on the Lava backend make the same synapses as PyNN itself, with arrays instead of loops."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyNN.mock
import pytest
from pyNN.errors import ConnectionError as PyNNConnectionError
from pyNN.random import NumpyRNG, RandomDistribution
from pyNN.space import Grid2D

import hardware.lava as sim
from pynn_backprop.errors import InputError

WEIGHTS = np.arange(20.0).reshape(4, 5)
CONNECTED = np.random.default_rng(3).random((4, 5)) < 0.5
ROWS = [(0, 4, 1.5, 2.0), (3, 1, 2.5, 1.0), (0, 0, 3.5, 3.0), (2, 1, 4.5, 1.0), (0, 4, 5.5, 1.0)]


def rng() -> NumpyRNG:
    return NumpyRNG(seed=7)


def random(**values: float) -> RandomDistribution:
    return RandomDistribution("uniform", **values, rng=NumpyRNG(seed=9))


Make = Callable[[Any], Any]
CONNECTORS: dict[str, Make] = {
    "all to all": lambda s: s.AllToAllConnector(),
    "one to one": lambda s: s.OneToOneConnector(),
    "array": lambda s: s.ArrayConnector(CONNECTED),
    "list": lambda s: s.FromListConnector(ROWS),
    "list of pairs": lambda s: s.FromListConnector([row[:2] for row in ROWS]),
    "list of weights": lambda s: s.FromListConnector([row[:3] for row in ROWS], column_names=["weight"]),
    "empty list": lambda s: s.FromListConnector([]),
    "fixed probability": lambda s: s.FixedProbabilityConnector(0.5, rng=rng()),
    "distance": lambda s: s.DistanceDependentProbabilityConnector("exp(-d)", rng=rng()),
    "fixed number of pre": lambda s: s.FixedNumberPreConnector(3, rng=rng()),
    "fixed number of pre, repeated": lambda s: s.FixedNumberPreConnector(6, rng=rng(), with_replacement=True),
    "fixed number of post": lambda s: s.FixedNumberPostConnector(2, rng=rng()),
    "fixed total number": lambda s: s.FixedTotalNumberConnector(9, rng=rng()),
    "PyNN's own all to all": lambda s: pyNN.mock.AllToAllConnector(),
}
SYNAPSES: dict[str, Make] = {
    "numbers": lambda s: s.StaticSynapse(weight=2.0, delay=3.0),
    "random weights": lambda s: s.StaticSynapse(weight=random(low=1, high=9), delay=2.0),
    "random weights, computed": lambda s: s.StaticSynapse(weight=2.0, delay=random(low=1, high=9)),
    "weights by distance": lambda s: s.StaticSynapse(weight=lambda d: 1.0 + d, delay=lambda d: 1.0 + 0.5 * d),
}


def cells(s: Any, size: int = 4) -> Any:
    return s.Population(size, s.IF_curr_exp(), label=f"{size} cells")


def synapses(s: Any, connector: Make, synapse: Make, ends: Callable[[Any], tuple[Any, Any]] | None = None) -> list[Any]:
    """Index of pre and post, weight and delay of every synapse, sorted."""
    s.setup(timestep=1.0, min_delay=1.0, **({"engine": None} if s is sim else {}))
    pre, post = (ends or (lambda s: (cells(s), cells(s, 5))))(s)
    projection = s.Projection(pre, post, connector(s), synapse(s), receptor_type="excitatory")
    return sorted(projection.get(["weight", "delay"], format="list"))


def same_as_pynn(*make: Any) -> None:
    found, expected = synapses(sim, *make), synapses(pyNN.mock, *make)
    assert len(found) == len(expected)
    np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-12)


# PyNN's lists take no functions of the distance.
PAIRS = [(c, s) for c in CONNECTORS for s in SYNAPSES if not (c.startswith("list") and "distance" in s)]


@pytest.mark.parametrize(("connector", "synapse"), PAIRS)
def test_every_connector_makes_pynns_synapses(connector, synapse):
    same_as_pynn(CONNECTORS[connector], SYNAPSES[synapse])


def test_a_matrix_of_weights_goes_where_it_belongs():
    same_as_pynn(CONNECTORS["all to all"], lambda s: s.StaticSynapse(weight=WEIGHTS, delay=WEIGHTS + 1))
    same_as_pynn(CONNECTORS["array"], lambda s: s.StaticSynapse(weight=WEIGHTS, delay=WEIGHTS + 1))


def recurrent(s: Any) -> tuple[Any, Any]:
    population = cells(s, 6)
    return population, population


def views(s: Any) -> tuple[Any, Any]:
    population = cells(s, 6)
    return population[1:4], population[np.array([0, 2, 5])]


def views_of_views(s: Any) -> tuple[Any, Any]:
    population = cells(s, 9)
    return population[2:8][::2], population[np.arange(9) % 2 == 0]


def assemblies(s: Any) -> tuple[Any, Any]:
    one, two, three = cells(s, 2), cells(s, 3), cells(s, 4)
    return one + two, s.Assembly(three, one[:1])


@pytest.mark.parametrize("ends", [recurrent, views, views_of_views, assemblies])
@pytest.mark.parametrize("connector", ["all to all", "one to one", "fixed probability", "fixed number of pre"])
def test_views_and_assemblies_are_ends_like_others(connector, ends):
    same_as_pynn(CONNECTORS[connector], SYNAPSES["random weights"], ends)


def test_no_neuron_is_connected_to_itself_if_that_is_asked_for():
    for ends in (recurrent, views):
        same_as_pynn(lambda s: s.AllToAllConnector(allow_self_connections=False), SYNAPSES["numbers"], ends)


def test_positions_decide_on_distances():
    def in_space(s: Any) -> tuple[Any, Any]:
        population = s.Population(9, s.IF_curr_exp(), structure=Grid2D(dx=2.0, dy=3.0))
        return population, population

    same_as_pynn(CONNECTORS["distance"], SYNAPSES["weights by distance"], in_space)


def test_a_clone_connects_the_same_neurons():
    def cloned(s: Any) -> list[Any]:
        s.setup(timestep=1.0, **({"engine": None} if s is sim else {}))
        pre, post = cells(s), cells(s, 5)
        first = s.Projection(pre, post, CONNECTORS["fixed probability"](s), s.StaticSynapse(weight=1.0, delay=1.0))
        second = s.Projection(pre, post, s.CloneConnector(first), s.StaticSynapse(weight=2.0, delay=1.0))
        return sorted(second.get("weight", format="list"))

    assert cloned(sim) == cloned(pyNN.mock)


def test_a_callback_hears_of_the_progress():
    heard: list[float] = []
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    sim.Projection(
        cells(sim), cells(sim, 5), sim.AllToAllConnector(callback=heard.append), sim.StaticSynapse(weight=1.0)
    )
    assert len(heard) == 5


# --- what is refused


@pytest.mark.parametrize("rows", [[(4, 0, 1.0, 1.0)], [(0, 5, 1.0, 1.0)], [(-1, 0, 1.0, 1.0)]])
def test_a_list_with_neurons_that_do_not_exist_is_refused(rows):
    with pytest.raises(PyNNConnectionError, match="index out of range"):
        synapses(sim, lambda s: s.FromListConnector(rows), SYNAPSES["numbers"])


def test_a_list_with_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="U is not a valid parameter for StaticSynapse"):
        synapses(sim, lambda s: s.FromListConnector([row[:3] for row in ROWS], column_names=["U"]), SYNAPSES["numbers"])


@pytest.mark.parametrize(("kind", "weight"), [("excitatory", -1.0), ("inhibitory", 1.0)])
@pytest.mark.parametrize("connector", ["all to all", "fixed probability", "one to one"])
def test_weights_of_the_wrong_sign_are_refused_as_elsewhere(connector, kind, weight):
    for s in (sim, pyNN.mock):
        s.setup(timestep=1.0, **({"engine": None} if s is sim else {}))
        with pytest.raises(PyNNConnectionError, match="Weights must be"):
            s.Projection(
                cells(s), cells(s), CONNECTORS[connector](s), s.StaticSynapse(weight=weight), receptor_type=kind
            )


def test_weights_of_both_signs_are_accepted():
    weights = WEIGHTS - 7.5
    found = synapses(sim, CONNECTORS["all to all"], lambda s: s.StaticSynapse(weight=weights, delay=1.0))
    assert [row[2] for row in found] == weights.ravel().tolist()


def test_weights_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="weight of '4 cells→5 cells' is nan for 20 synapses"):
        synapses(sim, CONNECTORS["all to all"], lambda s: s.StaticSynapse(weight=np.nan, delay=1.0))


def test_synapse_types_of_other_simulators_are_refused():
    with pytest.raises(InputError, match="is StaticSynapse, but must be this simulator's"):
        synapses(sim, CONNECTORS["all to all"], lambda s: pyNN.mock.StaticSynapse(weight=1.0, delay=1.0))


# --- how long it takes


def test_a_hundred_and_two_projections_of_the_published_size_connect_in_three_seconds():
    """30 of 400 x 400, of which 3 with a matrix of weights, and 72 one to one or small, with PyNN's connectors."""
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    large = [cells(sim, 400) for _ in range(6)]
    small = cells(sim, 10)
    matrix = np.random.default_rng(0).integers(0, 255, (400, 400)).astype(float)
    start = time.perf_counter()
    for k in range(102):
        pre, post = large[k % 6], large[(k // 6) % 6]
        connector, weight = sim.OneToOneConnector(), 1.0
        if k < 30:
            connector, weight = sim.AllToAllConnector(), matrix if k < 3 else 2.0
        elif k % 2:
            connector, post = sim.AllToAllConnector(), small
        sim.Projection(pre, post, connector, sim.StaticSynapse(weight=weight, delay=1.0))
    assert time.perf_counter() - start < 3
