"""Reads graphs that anybody wrote in NIR, or says which node can't be read, and why.

Read are ``Input``, ``Output``, ``Affine``, ``Linear``, ``Scale``, ``Flatten``, ``Threshold``, ``IF`` and ``LIF``.  What
stands between two nodes of neurons is linear, so that it becomes one matrix and one bias.
"""

from __future__ import annotations

import graphlib
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ..checks import shown
from ..errors import InputError
from ..extras import require
from ..resources import check_memory
from .graph import Connection, Neurons, SpikingGraph
from .nir_file import read_nir
from .to_nir import DT, STEP, checked_step

LINEAR = ("Affine", "Linear", "Scale", "Flatten")
INPUT, OUTPUT = "Input", "Output"

MOST_NEURONS = 2**24
"""Of one node; far more than a simulator holds on one machine."""


def from_nir(source: Any, dt: float | None = None) -> SpikingGraph:
    """Read a graph.

    Parameters
    ----------
    source : str, os.PathLike or nir.NIRGraph
        A file, or a graph.
    dt : float, optional
        Length of a step in s, which decides what is left of a leaky neuron's potential; what the graph's metadata say
        as ``dt``, or 0.1 ms, if None.

    Returns
    -------
    SpikingGraph

    Raises
    ------
    InputError
        If the file holds no graph, or a node of it can't be read; says which, and why.
    PlatformError
        If ``nir`` is not installed.
    """
    if dt is not None:
        checked_step(dt)
    if isinstance(source, (str, os.PathLike)):
        source = read_nir(source)
    elif not isinstance(source, require("nir", "NIR").NIRGraph):
        raise InputError(f"source is {shown(source)} but must be a file or a nir.NIRGraph")
    return _Reading(source, step_of(source) if dt is None else float(dt)).graph()


def step_of(graph: Any) -> float:
    """The time step that a graph's metadata name, in s; :data:`~.to_nir.STEP` if they name none.

    Raises
    ------
    InputError
        If it is none.
    """
    return checked_step(dict(graph.metadata or {}).get(DT, STEP))


@dataclass
class _Sum:
    """What arrives at, or leaves, a node: a sum over spiking nodes, None for what is handed on as it is."""

    terms: dict[str, np.ndarray | None]
    bias: np.ndarray | None
    size: int


class _Reading:
    """One graph while it is read."""

    def __init__(self, graph: Any, dt: float) -> None:
        self.nodes, self.dt, self.metadata = dict(graph.nodes), dt, dict(graph.metadata or {})
        self.pre: dict[str, list[str]] = {name: [] for name in self.nodes}
        for pre, post in dict.fromkeys((str(pre), str(post)) for pre, post in graph.edges):
            for end in (pre, post):
                if end not in self.nodes:
                    raise InputError(f"the edge {pre!r} to {post!r} leads to {end!r}, which is no node of the graph")
            self.pre[post].append(pre)
        self.kinds = {name: type(node).__name__ for name, node in self.nodes.items()}
        self.leaving: dict[str, _Sum] = {}
        self.neurons: list[Neurons] = []
        self.connections: list[Connection] = []

    def graph(self) -> SpikingGraph:
        for name, kind in self.kinds.items():
            if kind not in (INPUT, OUTPUT, *LINEAR, *NEURONS):
                raise InputError(
                    f"the node {name!r} is a {kind}, which is not read: read are "
                    f"{', '.join((INPUT, OUTPUT, *LINEAR, *NEURONS))}"
                )
        source, output = self._only(INPUT), self._only(OUTPUT)
        for name in self._order():
            self._read(name)
        answer = self.leaving[output]
        return SpikingGraph(
            source,
            self.leaving[source].size,
            tuple(self.neurons),
            tuple(self.connections),
            tuple(self._connections(answer, output)),
            np.zeros(answer.size) if answer.bias is None else answer.bias,
            self.metadata,
        )

    def _only(self, kind: str) -> str:
        found = [name for name in self.nodes if self.kinds[name] == kind]
        if len(found) != 1:
            raise InputError(f"the graph has {len(found)} nodes of the kind {kind} but must have one")
        return found[0]

    def _order(self) -> tuple[str, ...]:
        try:
            return tuple(graphlib.TopologicalSorter(self.pre).static_order())
        except graphlib.CycleError as error:
            way = ", ".join(map(repr, error.args[1]))
            raise InputError(
                f"the graph leads back to where it was, by {way}: recurrent networks are not read, since readers of "
                "NIR don't agree when what leads back arrives"
            ) from None

    def _read(self, name: str) -> None:
        node, kind = self.nodes[name], self.kinds[name]
        if kind == INPUT:
            self.leaving[name] = _Sum({name: None}, None, _size(name, node.input_type["input"]))
            return
        arriving = self._arriving(name)
        if kind in LINEAR:
            self.leaving[name] = LINEAR_NODES[kind](name, node, arriving)
        elif kind == OUTPUT:
            self.leaving[name] = arriving
        else:
            neurons = NEURONS[kind](name, node, arriving, self.dt, self._depth(arriving))
            self.neurons.append(neurons)
            self.connections += self._connections(arriving, name)
            self.leaving[name] = _Sum({name: None}, None, neurons.size)

    def _arriving(self, name: str) -> _Sum:
        sums = [self.leaving[pre] for pre in self.pre[name]]
        if not sums:
            raise InputError(f"the node {name!r} receives nothing")
        sizes = {one.size for one in sums}
        if len(sizes) > 1:
            raise InputError(f"the node {name!r} receives {sorted(sizes)} numbers, which can't be added")
        whole = _Sum({}, None, sizes.pop())
        for one in sums:
            for pre, weight in one.terms.items():
                if pre in whole.terms:
                    weight = _matrix(whole.terms[pre], whole) + _matrix(weight, whole)
                whole.terms[pre] = weight
            if one.bias is not None:
                whole.bias = one.bias if whole.bias is None else whole.bias + one.bias
        return whole

    def _depth(self, arriving: _Sum) -> int:
        depths = {group.name: group.depth for group in self.neurons}
        return 1 + max(depths.get(pre, 0) for pre in arriving.terms)

    def _connections(self, arriving: _Sum, post: str) -> list[Connection]:
        return [Connection(pre, post, _matrix(weight, arriving)) for pre, weight in arriving.terms.items()]


def _matrix(weight: np.ndarray | None, of: _Sum) -> np.ndarray:
    """A matrix, also of what is handed on as it is."""
    if weight is not None:
        return weight
    check_memory(f"one weight for each of {of.size:,} neurons, and those between them", 8 * of.size**2)
    return np.eye(of.size)


def _size(name: str, shape: Any) -> int:
    """How many numbers an array of this shape has."""
    lengths = [int(length) for length in _numbers(name, "the shape", shape).ravel()]
    size = math.prod(lengths)
    if min(lengths) < 1 or size > MOST_NEURONS:
        raise InputError(
            f"the shape of the node {name!r} is {lengths} but must have from 1 to {MOST_NEURONS:,} numbers"
        )
    return size


def _numbers(name: str, parameter: str, given: Any) -> np.ndarray:
    """Finite numbers of a node as float64."""
    values = np.asarray(given)
    if values.dtype.kind not in "biuf" or not values.size or not np.isfinite(values).all():
        raise InputError(f"{parameter} of the node {name!r} is {shown(given)} but must be finite numbers")
    return values.astype(np.float64)


# -- linear nodes ------------------------------------------------------------------------------------------------------


def _affine(name: str, node: Any, arriving: _Sum) -> _Sum:
    weight = _numbers(name, "weight", node.weight)
    if weight.ndim != 2 or weight.shape[1] != arriving.size:
        raise InputError(
            f"weight of the node {name!r} has the shape {weight.shape} but must have (n_out, {arriving.size})"
        )
    bias = _numbers(name, "bias", node.bias).ravel() if hasattr(node, "bias") else np.zeros(len(weight))
    if bias.shape != (len(weight),):
        raise InputError(f"bias of the node {name!r} has the shape {bias.shape} but must have ({len(weight)},)")
    for pre, held in arriving.terms.items():
        rows = arriving.size if held is None else len(held)
        check_memory(f"the weights from {pre!r} through the node {name!r}", 8 * rows * len(weight))
    terms = {pre: weight.T if held is None else held @ weight.T for pre, held in arriving.terms.items()}
    return _Sum(terms, bias if arriving.bias is None else arriving.bias @ weight.T + bias, len(weight))


def _scale(name: str, node: Any, arriving: _Sum) -> _Sum:
    scale = _spread(name, "scale", node.scale, arriving.size)
    terms = {pre: _matrix(held, arriving) * scale for pre, held in arriving.terms.items()}
    return _Sum(dict(terms), None if arriving.bias is None else arriving.bias * scale, arriving.size)


def _flatten(name: str, node: Any, arriving: _Sum) -> _Sum:
    """Numbers are in a row anyway."""
    return arriving


LINEAR_NODES: Mapping[str, Callable[[str, Any, _Sum], _Sum]] = MappingProxyType(
    {"Affine": _affine, "Linear": _affine, "Scale": _scale, "Flatten": _flatten}
)
"""What leaves a linear node, by its kind."""


# -- neurons -----------------------------------------------------------------------------------------------------------


def _spread(name: str, parameter: str, given: Any, size: int) -> np.ndarray:
    """One number for each neuron; older files have one for all."""
    values = _numbers(name, parameter, given).ravel()
    if values.size not in (1, size):
        raise InputError(f"{parameter} of the node {name!r} has {values.size} numbers but receives {size}")
    return np.broadcast_to(values, (size,)).copy()


def _neurons(
    name: str, node: Any, arriving: _Sum, depth: int, decay: np.ndarray, gain: np.ndarray, leak: np.ndarray
) -> Neurons:
    size = arriving.size
    threshold = _spread(name, "v_threshold", node.v_threshold, size)
    reset = _spread(name, "v_reset", node.v_reset, size)
    if np.any(reset > threshold):
        raise InputError(f"v_reset of the node {name!r} is above v_threshold, so that its neurons would fire for ever")
    bias = np.zeros(size) if arriving.bias is None else arriving.bias
    return Neurons(name, type(node).__name__, depth, bias, decay, gain, leak, threshold, reset)


def _integrate_and_fire(name: str, node: Any, arriving: _Sum, dt: float, depth: int) -> Neurons:
    ones = np.ones(arriving.size)
    return _neurons(name, node, arriving, depth, ones, _spread(name, "r", node.r, arriving.size), 0 * ones)


def _leaky(name: str, node: Any, arriving: _Sum, dt: float, depth: int) -> Neurons:
    tau = _spread(name, "tau", node.tau, arriving.size)
    # In 32 bits a time constant of one step may be a little less than it.
    share = np.where(np.isclose(tau, dt, rtol=1e-6, atol=0), 1.0, dt / np.where(tau > 0, tau, np.inf))
    if np.any(share > 1) or np.any(tau <= 0):
        raise InputError(
            f"tau of the node {name!r} is {tau.min():g} s but must be at least one step, which is {dt:g} s: give a "
            "shorter dt"
        )
    r, leak = (_spread(name, each, getattr(node, each), arriving.size) for each in ("r", "v_leak"))
    return _neurons(name, node, arriving, depth, 1 - share, r * share, leak)


def _threshold(name: str, node: Any, arriving: _Sum, dt: float, depth: int) -> Neurons:
    size = arriving.size
    zeros, threshold = np.zeros(size), _spread(name, "threshold", node.threshold, size)
    bias = zeros if arriving.bias is None else arriving.bias
    # Nothing is left of the potential, whatever it is reset to; simulators want it below the threshold.
    return Neurons(name, "Threshold", depth, bias, zeros, zeros + 1, zeros, threshold, threshold - 1)


NEURONS: Mapping[str, Callable[[str, Any, _Sum, float, int], Neurons]] = MappingProxyType(
    {"Threshold": _threshold, "IF": _integrate_and_fire, "LIF": _leaky}
)
"""What makes neurons of a node, by its kind."""
