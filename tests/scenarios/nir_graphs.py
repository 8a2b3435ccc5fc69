"""Graphs of NIR as several programs write them, made here in the same shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

nir = pytest.importorskip("nir", reason="NIR needs the package nir")

_random = np.random.default_rng(3)


def sources(n: int) -> Any:
    return nir.Input(input_type={"input": np.array([n])})


def answers(n: int) -> Any:
    return nir.Output(output_type={"output": np.array([n])})


def affine(n_in: int, n_out: int, scale: float = 1.0, bias: float = 0.1) -> Any:
    weight = scale * _random.normal(0.2, 1, (n_out, n_in))
    return nir.Affine(weight=weight.astype(np.float32), bias=(bias * _random.normal(0, 1, n_out)).astype(np.float32))


def leaky(n: int, tau: float = 5e-3, dt: float = 1e-3, threshold: float = 1.0) -> Any:
    """As snnTorch and norse write it: r makes up for the time step."""
    one = np.ones(n, np.float32)
    return nir.LIF(tau=tau * one, r=tau / dt * one, v_leak=0 * one, v_threshold=threshold * one, v_reset=0 * one)


def chain(*nodes: Any, **options: Any) -> Any:
    """One node after the other, called by their numbers."""
    names = [str(k) for k in range(len(nodes))]
    edges = [(names[k], names[k + 1]) for k in range(len(nodes) - 1)]
    return nir.NIRGraph(nodes=dict(zip(names, nodes, strict=True)), edges=edges, type_check=False, **options)


def two_leaky_layers() -> Any:
    return chain(sources(6), affine(6, 8), leaky(8), affine(8, 3), leaky(3, tau=8e-3), answers(3))


def integrators() -> Any:
    """As sinabs writes it."""
    one = np.ones(8)
    return chain(sources(6), affine(6, 8), nir.IF(r=one, v_threshold=1.5 * one, v_reset=0 * one), answers(8))


def thresholds() -> Any:
    return chain(sources(6), affine(6, 8), nir.Threshold(threshold=np.linspace(-1, 1.5, 8)), answers(8))


def skipping() -> Any:
    """The input reaches the last layer by two ways."""
    nodes = {
        "in": sources(6),
        "w1": affine(6, 8),
        "l1": leaky(8),
        "w2": nir.Linear(weight=_random.normal(0, 1, (4, 8))),
        "around": affine(6, 4),
        "l2": leaky(4),
        "sum": nir.Linear(weight=_random.normal(0, 1, (2, 4))),
        "out": answers(2),
    }
    edges = [("in", "w1"), ("w1", "l1"), ("l1", "w2"), ("w2", "l2"), ("in", "around"), ("around", "l2"), ("l2", "sum")]
    return nir.NIRGraph(nodes=nodes, edges=[*edges, ("sum", "out")], type_check=False)


def folded() -> Any:
    """Linear nodes in a row, a scale, an image that is flattened, and one parameter for all neurons."""
    image = nir.Input(input_type={"input": np.array([1, 2, 3])})
    flat = nir.Flatten(start_dim=0, end_dim=-1, input_type={"input": np.array([1, 2, 3])})
    scale = nir.Scale(scale=np.full(5, 1.7))
    one = np.array([1.0])
    neurons = nir.LIF(tau=4e-3 * one, r=4 * one, v_leak=0.2 * one, v_threshold=one, v_reset=-0.3 * one)
    return chain(image, flat, affine(6, 5), scale, affine(5, 7), neurons, answers(7))


READ = {graph.__name__: graph for graph in (two_leaky_layers, integrators, thresholds, skipping, folded)}


def convolution() -> Any:
    """As the convolutional networks of the NIR paper."""
    conv = nir.Conv2d(
        input_shape=(28, 28),
        weight=np.zeros((2, 1, 5, 5)),
        stride=(1, 1),
        padding=(0, 0),
        dilation=(1, 1),
        groups=1,
        bias=np.zeros(2),
    )
    image = nir.Input(input_type={"input": np.array([1, 28, 28])})
    return chain(image, conv, nir.Flatten(start_dim=0, end_dim=-1, input_type={"input": np.array([2, 24, 24])}),
                 affine(1152, 10), leaky(10), answers(10))  # fmt: skip


def current_based() -> Any:
    """As the recurrent network for braille of the NIR paper has it."""
    one = np.ones(3)
    cuba = nir.CubaLIF(tau_syn=5e-3 * one, tau_mem=8e-3 * one, r=one, v_leak=0 * one, v_threshold=one, v_reset=0 * one)
    return chain(sources(2), affine(2, 3), cuba, answers(3))


def recurrent() -> Any:
    nodes = {"in": sources(2), "w": affine(2, 3), "lif": leaky(3), "back": affine(3, 3), "out": answers(3)}
    edges = [("in", "w"), ("w", "lif"), ("lif", "back"), ("back", "lif"), ("lif", "out")]
    return nir.NIRGraph(nodes=nodes, edges=edges, type_check=False)


def nested() -> Any:
    return chain(sources(6), two_leaky_layers(), answers(3))


def integrator() -> Any:
    """A neuron that never fires, as norse's tutorial has it."""
    one = np.ones(3)
    return chain(sources(2), affine(2, 3), nir.LI(tau=5e-3 * one, r=one, v_leak=0 * one), answers(3))


REFUSED = {
    convolution: r"the node '1' is a Conv2d, which is not read: read are Input, Output, Affine, .* LIF",
    current_based: r"the node '2' is a CubaLIF, which is not read",
    recurrent: r"leads back to where it was, by .*'lif'.*: recurrent networks are not read",
    nested: r"the node '1' is a NIRGraph, which is not read",
    integrator: r"the node '2' is a LI, which is not read",
}
"""Graphs that can't be read, and what is said."""
