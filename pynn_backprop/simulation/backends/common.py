"""What the backends have in common."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from pyNN.connectors import Connector as PyNNConnector

from ...circuit.connectivity import Block


class BlockConnector(PyNNConnector):
    """Base of the connectors that make the synapses of blocks; each backend says how in ``connect``.

    Parameters
    ----------
    blocks
        The synapses.
    """

    parameter_names = ()

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__(safe=False)
        self.blocks = blocks


def with_both_signs(synapse_type: Any, **parameters: Any) -> Any:
    """A synapse of this PyNN type; PyNN refuses arrays that hold weights of both signs, so its check is left out."""
    unchecked = type(synapse_type.__name__, (synapse_type,), {"parameter_checks": {}})
    return unchecked(**parameters)


def block_matrix(block: Block, pre: np.ndarray, post: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weights of a block, shape (n_pre, n_post), among all synapses of a projection, shape (n_synapses,) each.

    `pre` and `post` are places within the two PyNN Populations; where the block has no synapse there is nan.
    """
    pre, post = pre - block.pre.start, post - block.post.start
    n_pre, n_post = block.shape
    ours = (pre >= 0) & (pre < n_pre) & (post >= 0) & (post < n_post)
    matrix = np.full(block.shape, np.nan)
    matrix[pre[ours], post[ours]] = weights[ours]
    return matrix


@functools.cache
def warn_once(text: str) -> None:
    """Warn of what holds for every network, for the first one only."""
    warnings.warn(text, stacklevel=4)
