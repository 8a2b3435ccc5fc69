r"""A trained network as a NIR graph.

A layer is an ``Affine`` node with the weight matrix and, behind it, a node of neurons:

=============  ======================================================================================================
``lif``        ``LIF`` with :math:`\tau` = one time step, r = 1 and v_leak = 0, which by the forward Euler method of
               NIR's readers, :math:`v \leftarrow v + dt/\tau\,(v_{leak} - v + r I)`, forgets all within a step
``if``         ``IF`` with r = 1, to be at rest before each sample
``threshold``  ``Threshold``, which is what the neurons are, but which few readers know
=============  ======================================================================================================

In each of them a neuron fires when its drive exceeds :math:`\theta/2 + 1/2`.  Drives are whole numbers, so that it
makes no difference whether a reader asks for more than the threshold, or for as much; and a reader that gives one step
to a sample, from rest, has the same spikes with each of the three.

The K thresholds of a read-out are biases, for some readers have one threshold for a whole layer; a last ``Affine`` node
adds up how many of the K neurons of each class fire.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from ..arguments import checked
from ..checks import check_choice, shown
from ..circuit.parameters import Parameters
from ..circuit.schedule import layer_names
from ..errors import InputError
from ..extras import require
from ..weights import Weights, check_weights

LIF, IF, THRESHOLD = "lif", "if", "threshold"

STEP = 1e-4
"""One time step in s, as snnTorch, which can't be told another one, and the networks of the NIR paper have it."""

DT = "dt"
"""Under which the metadata hold it."""

INPUT, OUTPUT, READOUT, VOTES = "input", "output", "readout", "votes"
"""Names of nodes; the others are those of the circuit: W1, h, W2, o."""

LARGEST = 2**23
"""Up to here 32-bit floats, in which readers compute, hold every half."""


def _lif(nir: Any, threshold: np.ndarray, dt: float) -> Any:
    zeros, ones = np.zeros_like(threshold), np.ones_like(threshold)
    return nir.LIF(tau=np.full_like(threshold, dt), r=ones, v_leak=zeros, v_threshold=threshold, v_reset=zeros.copy())


def _if(nir: Any, threshold: np.ndarray, dt: float) -> Any:
    return nir.IF(r=np.ones_like(threshold), v_threshold=threshold, v_reset=np.zeros_like(threshold))


def _threshold(nir: Any, threshold: np.ndarray, dt: float) -> Any:
    return nir.Threshold(threshold=threshold)


NODES: Mapping[str, Callable[[Any, np.ndarray, float], Any]] = MappingProxyType(
    {LIF: _lif, IF: _if, THRESHOLD: _threshold}
)
"""What makes a node of neurons of their thresholds."""


@checked
def to_nir(
    weights: Weights,
    parameters: Parameters | None = None,
    readout_levels: int = 1,
    node: str = LIF,
    metadata: Mapping[str, Any] | None = None,
    dt: float = STEP,
) -> Any:
    """The graph of a network with one neuron a unit.

    Parameters
    ----------
    weights : Mapping of str to numpy.ndarray of int, shape (n_pre, n_post)
        Any number of matrices, by name.
    parameters : Parameters, optional
        Their threshold counts.
    readout_levels : int
        K: with how many neurons each output answers, see
        :meth:`~pynn_backprop.circuit.parameters.Parameters.readout`.
    node : str
        What neurons become, one of :data:`NODES`.
    metadata : Mapping, optional
        Numbers and text that go with the graph.
    dt : float
        The time step of whoever is to read it, in s.

    Returns
    -------
    nir.NIRGraph
        Nodes ``input``, ``W1``, ``h``, ..., ``output``, and the time step among the metadata.  The output is which
        output neurons fire or, with a read-out, how many neurons of each class do.

    Raises
    ------
    InputError
        If the matrices are no weights, or an argument can't be used, or drives are too large for 32-bit floats.
    PlatformError
        If ``nir`` is not installed.
    """
    nir = require("nir", "NIR")
    p = parameters or Parameters()
    matrices = list(check_weights(weights, p).values())
    made = NODES[check_choice("node", node, NODES)]
    _check_exact(matrices, p)
    readout = p.readout(readout_levels)
    names, n_out = layer_names(len(matrices)), matrices[-1].shape[1]
    nodes = {INPUT: nir.Input(input_type={"input": np.array([len(matrices[0])])})}
    for k, (name, matrix) in enumerate(zip(names[1:], matrices, strict=True), 1):
        answers = k == len(matrices) and readout_levels > 1
        drives = readout if answers else (p.theta // 2,)
        bias = p.theta // 2 - np.repeat(drives, matrix.shape[1])
        nodes[f"W{k}"] = _affine(nir, np.tile(matrix.T, (len(drives), 1)), bias)
        threshold = np.full(len(bias), p.theta // 2 + 0.5, np.float32)
        nodes[READOUT if answers else name] = made(nir, threshold, checked_step(dt))
    if readout_levels > 1:
        nodes[VOTES] = _affine(nir, np.tile(np.eye(n_out), readout_levels), np.zeros(n_out))
    nodes[OUTPUT] = nir.Output(output_type={"output": np.array([n_out])})
    order = list(nodes)
    edges = list(itertools.pairwise(order))
    return nir.NIRGraph(nodes=nodes, edges=edges, metadata={DT: float(dt), **(metadata or {})})


def checked_step(dt: object) -> float:
    """The length of a step in s.

    Raises
    ------
    InputError
        If it is none.
    """
    if isinstance(dt, (bool, np.bool_)) or not isinstance(dt, (int, float, np.number)):
        raise InputError(f"dt is {shown(dt)} but must be the length of a step in s, above 0")
    if not (math.isfinite(float(dt)) and float(dt) > 0):
        raise InputError(f"dt is {shown(dt)} but must be the length of a step in s, above 0")
    return float(dt)


def _affine(nir: Any, weight: np.ndarray, bias: np.ndarray) -> Any:
    """Readers know ``Affine`` more often than ``Linear``, so that there is always a bias."""
    return nir.Affine(weight=weight.astype(np.float32), bias=bias.astype(np.float32))


def _check_exact(matrices: list[np.ndarray], p: Parameters) -> None:
    largest = max(int(np.abs(matrix).sum(axis=0).max()) for matrix in matrices) + 3 * p.theta
    if largest >= LARGEST:
        raise InputError(
            f"drives of these weights reach {largest:,}, but NIR's readers compute in 32-bit floats, which hold all "
            f"halves up to {LARGEST:,} only"
        )
