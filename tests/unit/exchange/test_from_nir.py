"""Reading graphs of others: what they do, or which node can't be read and why."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.nir_graphs import READ, REFUSED, affine, answers, chain, leaky, nir, sources, two_leaky_layers

from pynn_backprop.errors import InputError
from pynn_backprop.exchange import from_nir, read_nir, write_nir

STEPS, N = 12, 5


def spikes(n_in: int) -> np.ndarray:
    return np.random.default_rng(7).random((STEPS, N, n_in)) < 0.4


def by_hand(graph: object, x: np.ndarray) -> np.ndarray:
    """The graph node by node, one sample at a time, as its documentation defines each; dt is 1 ms."""
    outputs = []
    for sample in range(x.shape[1]):
        v = {name: getattr(node, "v_leak", 0.0) + np.zeros(1) for name, node in graph.nodes.items()}
        for step in range(len(x)):
            held = {}
            while len(held) < len(graph.nodes):
                for name, node in graph.nodes.items():
                    ways = [pre for pre, post in graph.edges if post == name]
                    if name in held or not all(pre in held for pre in ways):
                        continue
                    drive = x[step, sample].astype(float) if not ways else sum(held[pre] for pre in ways)
                    held[name] = node_by_hand(node, drive, name, v)
            outputs.append(next(held[name] for name, node in graph.nodes.items() if isinstance(node, nir.Output)))
    return np.array(outputs).reshape(x.shape[1], len(x), -1).transpose(1, 0, 2)


def node_by_hand(node: object, drive: np.ndarray, name: str, v: dict) -> np.ndarray:
    if isinstance(node, (nir.Affine, nir.Linear)):
        return node.weight @ drive + (node.bias if isinstance(node, nir.Affine) else 0)
    if isinstance(node, nir.Scale):
        return node.scale * drive
    if isinstance(node, nir.Threshold):
        return (drive > node.threshold).astype(float)
    if isinstance(node, nir.IF):
        v[name] = v[name] + node.r * drive
    elif isinstance(node, nir.LIF):
        v[name] = v[name] + 1e-3 / node.tau * (node.v_leak - v[name] + node.r * drive)
    else:
        return drive
    fires = v[name] > node.v_threshold
    v[name] = np.where(fires, node.v_reset, v[name])
    return fires.astype(float)


@pytest.mark.parametrize("made", READ.values(), ids=READ)
def test_a_graph_of_others_does_what_its_nodes_say(made, tmp_path):
    graph = made()
    write_nir(tmp_path / "a.nir", graph)
    read = from_nir(tmp_path / "a.nir", 1e-3)
    x = spikes(read.n_in)
    found = read.respond(x)
    np.testing.assert_allclose(found, by_hand(graph, x), rtol=1e-12)
    assert np.mean(found != 0) > 0.02
    assert np.ptp(found) > 0


@pytest.mark.parametrize("made", REFUSED, ids=lambda made: made.__name__)
def test_a_graph_that_cannot_be_read_is_refused_by_node_and_reason(made, tmp_path):
    write_nir(tmp_path / "a.nir", made())
    with pytest.raises(InputError, match=REFUSED[made]):
        from_nir(tmp_path / "a.nir")


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ((sources(3), affine(4, 2), leaky(2), answers(2)), r"weight of the node '1' has the shape \(2, 4\) but .* 3\)"),
        ((sources(4), affine(4, 2), leaky(3), answers(2)), "tau of the node '2' has 3 numbers but receives 2"),
        ((affine(4, 2), leaky(2), answers(2)), "has 0 nodes of the kind Input but must have one"),
        ((sources(4), affine(4, 2), leaky(2)), "has 0 nodes of the kind Output"),
        ((sources(4), affine(4, 2), leaky(2, tau=5e-4), answers(2)), r"tau of the node '2' is 0\.0005 s .* shorter dt"),
        ((sources(4), affine(4, 2, scale=np.nan), leaky(2), answers(2)), "weight of the node '1' .* finite numbers"),
        ((nir.Input(input_type={"input": np.array([2**40])}), answers(2)), "the shape of the node '0' is"),
        ((sources(2**20), leaky(1), answers(2**20)), "one weight for each of 1,048,576 neurons"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(nodes, said):
    with pytest.raises(InputError, match=said):
        from_nir(chain(*nodes), 1e-3)


def test_a_reset_above_the_threshold_is_refused():
    one = np.ones(2)
    node = nir.IF(r=one, v_threshold=one, v_reset=2 * one)
    with pytest.raises(InputError, match="v_reset of the node '2' is above v_threshold"):
        from_nir(chain(sources(2), affine(2, 2), node, answers(2)))


def test_edges_lead_to_nodes_and_count_once():
    graph = two_leaky_layers()
    graph.edges = [*graph.edges, graph.edges[1]]
    x = spikes(6)
    np.testing.assert_array_equal(from_nir(graph).respond(x), from_nir(graph).respond(x))
    assert len(from_nir(graph).connections) == 2
    graph.edges = [*graph.edges, ("1", "nowhere")]
    with pytest.raises(InputError, match="leads to 'nowhere', which is no node"):
        from_nir(graph)


@pytest.mark.parametrize("dt", [0, -1.0, float("nan"), "1", [1], True])
def test_a_step_that_is_none_is_refused(dt):
    with pytest.raises(InputError, match=r"dt is .* but must be the length of a step"):
        from_nir(two_leaky_layers(), dt)


@pytest.mark.parametrize("source", [5, None, {"nodes": {}}])
def test_what_is_no_graph_is_refused(source):
    with pytest.raises(InputError, match=r"source is .* but must be a file or a nir\.NIRGraph"):
        from_nir(source)


def test_samples_of_another_shape_are_refused():
    graph = from_nir(two_leaky_layers(), 1e-3)
    for x in (np.zeros((3, 2, 5)), np.zeros((3, 6)), np.full((1, 1, 6), "a")):
        with pytest.raises(InputError, match=r"x is .* but must be numbers of shape \(steps, n, 6\)"):
            graph.respond(x)


def test_an_answer_is_the_sum_over_the_steps_of_a_sample():
    graph = from_nir(two_leaky_layers(), 1e-3)
    x = spikes(6)[0]
    np.testing.assert_array_equal(graph.answer(x, 9), graph.respond(np.repeat(x[None], 9, axis=0)).sum(axis=0))


def test_a_shorter_step_leaves_more_of_a_potential(tmp_path):
    write_nir(tmp_path / "a.nir", two_leaky_layers())
    (first, _), (half, _) = (from_nir(read_nir(tmp_path / "a.nir"), dt).neurons for dt in (1e-3, 5e-4))
    np.testing.assert_allclose([first.decay[0], half.decay[0]], [0.8, 0.9], rtol=1e-6)
