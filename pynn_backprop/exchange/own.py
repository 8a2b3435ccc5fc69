"""Graphs that this package wrote: they say so, and are read back to the last integer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..circuit.parameters import Parameters
from ..errors import InputError
from ..weights import CheckedWeights, check_weights
from .from_nir import step_of
from .to_nir import NODES, to_nir

KEY = "pynn_backprop"
"""Under which the metadata hold what the package says of its network, as JSON."""


def description_in(graph: Any) -> dict[str, Any] | None:
    """What a graph's metadata say of the network; None if this package did not write it.

    Parameters
    ----------
    graph : nir.NIRGraph
        Anybody's.

    Raises
    ------
    InputError
        If they can't be read.
    """
    text = dict(graph.metadata or {}).get(KEY)
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"metadata[{KEY!r}] of the graph is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"metadata[{KEY!r}] of the graph is {found!r} but must describe a network")
    return found


def weights_in(graph: Any, parameters: Parameters, readout_levels: int, source: str = "the graph") -> CheckedWeights:
    """The weight matrices of a graph that :func:`~.to_nir.to_nir` made with the same arguments.

    Parameters
    ----------
    graph : nir.NIRGraph
        What it made, perhaps read from a file.
    parameters : Parameters
        Threshold and bound.
    readout_levels : int
        K.
    source : str
        What to call the graph in an error.

    Raises
    ------
    InputError
        If the graph is not, node by node, the one that these weights have.
    """
    names = [name for name in graph.nodes if name.startswith("W") and name[1:].isdecimal()]
    n_out = int(np.prod(graph.nodes["output"].output_type["output"])) if "output" in graph.nodes else 0
    last = max(names, key=lambda name: int(name[1:]), default=None)
    matrices = {}
    for name in sorted(names, key=lambda name: int(name[1:])):
        weight = np.asarray(getattr(graph.nodes[name], "weight", np.zeros((0, 0))))
        matrices[name] = (weight[:n_out] if name == last else weight).T
    weights, dt = check_weights(matrices, parameters, source=source), step_of(graph)
    if not any(_equal(graph, to_nir(weights, parameters, readout_levels, node, dt=dt)) for node in NODES):
        raise InputError(
            f"{source} is not the graph that its metadata describe: nodes were changed since it was written; "
            "from_nir reads it as anybody's"
        )
    return weights


def _equal(one: Any, other: Any) -> bool:
    if {tuple(map(str, edge)) for edge in one.edges} != set(other.edges) or set(one.nodes) != set(other.nodes):
        return False
    return all(_same(one.nodes[name], other.nodes[name]) for name in other.nodes)


def _same(one: Any, other: Any) -> bool:
    fields: Mapping[str, Any] = vars(other)
    if type(one) is not type(other):
        return False
    arrays = {name: value for name, value in fields.items() if isinstance(value, np.ndarray)}
    return all(np.array_equal(np.asarray(getattr(one, name, None)), value) for name, value in arrays.items())
