"""A trained network as NIR: every answer of the graph is that of the rule, and every integer comes back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scenarios.nir_graphs import nir

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.exchange import from_nir, read_nir, to_nir, write_nir
from pynn_backprop.exchange.own import description_in, weights_in
from pynn_backprop.exchange.to_nir import NODES
from pynn_backprop.reference.rule import Rule

UNITS = {1: (30, 4), 2: (40, 20, 4), 4: (30, 24, 20, 16, 5)}


def learnt(depth: int) -> dict[str, np.ndarray]:
    """Weights whose drives reach all thresholds."""
    random, sizes = np.random.default_rng(depth), UNITS[depth]
    shapes = itertools.pairwise(sizes)
    return {f"W{k}": random.integers(-150, 255, shape) for k, shape in enumerate(shapes, 1)}


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("depth", UNITS)
@pytest.mark.parametrize("levels", [1, 8])
def test_the_graph_answers_as_the_rule_does(node, depth, levels, tmp_path):
    weights, x = learnt(depth), np.random.default_rng(2).random((300, UNITS[depth][0])) < 0.4
    write_nir(tmp_path / "a.nir", to_nir(weights, readout_levels=levels, node=node))
    response = Rule(weights, readout_levels=levels).infer(x)
    expected = response.outputs if levels == 1 else response.readout
    assert len(np.unique(expected, axis=0)) > 3
    np.testing.assert_array_equal(from_nir(tmp_path / "a.nir").answer(x), expected)


@pytest.mark.parametrize("levels", [1, 3])
def test_every_weight_comes_back(levels, tmp_path):
    weights, p = learnt(2), Parameters(theta=2048)
    write_nir(tmp_path / "a.nir", to_nir(weights, p, levels))
    graph = read_nir(tmp_path / "a.nir")
    back = weights_in(graph, p, levels)
    assert [name for name in back if np.array_equal(back[name], weights[name])] == ["W1", "W2"]
    for other, k in ((Parameters(), levels), (p, levels + 1)):
        with pytest.raises(InputError, match="is not the graph that its metadata describe"):
            weights_in(graph, other, k)


def test_a_graph_that_was_changed_is_not_taken_for_ours():
    graph = to_nir(learnt(2), readout_levels=8)
    graph.nodes["readout"].v_threshold[3] += 1
    with pytest.raises(InputError, match="nodes were changed since it was written"):
        weights_in(graph, Parameters(), 8)
    graph = to_nir(learnt(2))
    graph.nodes["W1"].weight[0, 0] = 0.5
    with pytest.raises(InputError, match=r"W1\[0, 0\] is 0\.5 but weights must be integers"):
        weights_in(graph, Parameters(), 1)


def test_a_graph_without_our_metadata_is_not_ours():
    assert description_in(to_nir(learnt(2))) is None
    assert description_in(to_nir(learnt(2), metadata={"pynn_backprop": '{"a": [1]}'})) == {"a": [1]}
    for text in ("{", "[1]", 5):
        with pytest.raises(InputError, match=r"metadata\['pynn_backprop'\] of the graph is"):
            description_in(to_nir(learnt(2), metadata={"pynn_backprop": text}))


def test_what_cannot_be_written_is_refused():
    with pytest.raises(InputError, match="node is 'cuba' but must be one of lif, if, threshold"):
        to_nir(learnt(2), node="cuba")
    with pytest.raises(InputError, match="readout_levels is 0"):
        to_nir(learnt(2), readout_levels=0)
    with pytest.raises(InputError, match=r"reach 12,[\d,]+, but NIR's readers compute in 32-bit floats"):
        to_nir(learnt(2), Parameters(theta=2**22))


def test_the_time_step_is_in_the_graph_and_every_weight_comes_back_with_another():
    graph = to_nir(learnt(2), readout_levels=3, dt=1e-3)
    assert (graph.metadata["dt"], to_nir(learnt(2)).metadata["dt"]) == (1e-3, 1e-4)
    assert np.array_equal(weights_in(graph, Parameters(), 3)["W1"], learnt(2)["W1"])
    assert not from_nir(graph).remembers
    assert from_nir(graph, 5e-4).remembers
    for dt in (0.0, -1e-3, float("inf")):
        with pytest.raises(InputError, match=r"dt is .* but must be"):
            to_nir(learnt(2), dt=dt)


def test_nodes_are_those_that_readers_know():
    kinds = {type(node).__name__ for node in to_nir(learnt(4), readout_levels=8).nodes.values()}
    assert kinds == {"Input", "Affine", "LIF", "Output"}
    for node in to_nir(learnt(4), readout_levels=8).nodes.values():
        if isinstance(node, nir.LIF):
            # snnTorch takes one threshold for a layer, and no leak.
            assert len(np.unique(node.v_threshold)) == 1
            assert not node.v_leak.any()


def test_without_the_package_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "nir", None)
    for call in (lambda: to_nir(learnt(2)), lambda: from_nir(tmp_path), lambda: read_nir(tmp_path / "a.nir")):
        with pytest.raises(PlatformError, match=r"NIR needs the package nir.*pip install 'pynn_backprop\[nir\]'"):
            call()
