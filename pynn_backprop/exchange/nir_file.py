"""NIR files: an HDF5 file with the nodes and edges of a graph."""

from __future__ import annotations

import os
from typing import Any

from ..errors import InputError
from ..extras import require
from ..files import written_whole
from .hdf5 import Tree, read_tree

SUFFIX = ".nir"
GRAPH = "NIRGraph"


def write_nir(path: str | os.PathLike[str], graph: Any) -> None:
    """Write a graph, whole or not at all.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    graph : nir.NIRGraph
        The graph.

    Raises
    ------
    InputError
        If the file can't be written.
    PlatformError
        If ``nir`` is not installed.
    """
    nir = require("nir", "NIR")
    with written_whole(path) as temporary:
        nir.write(temporary, graph)


def read_nir(path: str | os.PathLike[str], most_bytes: int | None = None) -> Any:
    """Read a graph that anybody wrote.

    ``nir.read`` follows whatever a file tells it to; here the file is read by :func:`~.hdf5.read_tree`, and ``nir``
    makes nodes of what was in it.  Types are not checked by ``nir``, which older files don't pass:
    :func:`~.from_nir.from_nir` checks all shapes.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    most_bytes : int, optional
        See :func:`~.hdf5.read_tree`.

    Returns
    -------
    nir.NIRGraph

    Raises
    ------
    InputError
        If the file holds no graph, or one that ``nir`` can't make nodes of.
    PlatformError
        If ``nir`` is not installed.
    """
    nir = require("nir", "NIR")
    tree = read_tree(path, most_bytes)
    node = tree.get("node")
    if not isinstance(node, dict) or node.get("type") != GRAPH:
        raise InputError(f"{path} holds no NIR graph: it has {', '.join(sorted(tree)) or 'nothing'}")
    try:
        return nir.dict2NIRNode(_unchecked(node))
    except Exception as error:  # nodes check what they are given by assertions, or not at all
        raise InputError(f"{path} is no NIR graph of nir {nir.version}: {error!r}") from error


def _unchecked(node: Tree) -> Tree:
    """The same nodes, for which ``nir`` is told not to check types."""
    inner = {name: _unchecked(value) if isinstance(value, dict) else value for name, value in node.items()}
    return {**inner, "type_check": False} if node.get("type") == GRAPH else inner
