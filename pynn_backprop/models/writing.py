"""Writes a trained network: to an ``.npz`` file with all that is known of it, or as NIR."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from .. import __version__
from ..arguments import checked
from ..checks import shown
from ..codes.binary import Binary
from ..errors import InputError
from ..exchange.nir_file import SUFFIX as NIR
from ..exchange.nir_file import write_nir
from ..exchange.own import KEY
from ..exchange.to_nir import LIF, STEP, to_nir
from ..files import write_npz
from .trained import TrainedNetwork

NETWORK = "network"
"""Name of the array with the description, as JSON, in an ``.npz`` file."""

NPZ = ".npz"


@checked
def write_network(path: str | os.PathLike[str], network: TrainedNetwork, node: str = LIF, dt: float = STEP) -> None:
    """Write a network, whole or not at all.

    Parameters
    ----------
    path : str or os.PathLike
        Ends in ``.npz`` or ``.nir``.
    network : TrainedNetwork
        What to write.
    node : str
        What its neurons become in NIR, see :mod:`pynn_backprop.exchange.to_nir`.
    dt : float
        The time step of whoever is to read it, in s.

    Raises
    ------
    InputError
        If the ending is another one, the file can't be written, or NIR has no nodes for the code.
    PlatformError
        If ``nir`` is wanted but not installed.
    """
    kind = Path(path).suffix.lower()
    if kind == NIR:
        write_nir(path, graph_of(network, node, dt))
    elif kind == NPZ:
        label = {} if network.code.name == Binary().name else {"code": np.array(network.code.name)}
        described = np.array(json.dumps(network.description()))
        write_npz(path, {**network.weights, **label, NETWORK: described})
    else:
        raise InputError(f"path is {shown(os.fspath(path))} but must end in {NPZ} or {NIR}")


def graph_of(network: TrainedNetwork, node: str = LIF, dt: float = STEP) -> object:
    """The NIR graph of a network, with metadata that say what its inputs and outputs are.

    Parameters
    ----------
    network : TrainedNetwork
        With one neuron a unit.
    node : str
        What its neurons become.
    dt : float
        The time step of whoever is to read it, in s.

    Returns
    -------
    nir.NIRGraph
        Its metadata are ``pynn_backprop`` (JSON, all that this package knows), ``version``, ``levels``, ``crop``,
        ``classes`` (JSON) and ``dt`` in s; what is not known is not there.

    Raises
    ------
    InputError
        If a unit has several neurons.
    """
    if network.code.n > 1:
        raise InputError(
            f"code is {network.code.name} but must be binary: which neurons of a unit fire turns from sample to "
            "sample, and NIR has no node for that"
        )
    known = {"levels": network.levels, "crop": network.crop, "classes": json.dumps(network.labels.tolist())}
    metadata = {
        KEY: json.dumps(network.description()),
        "version": __version__,
        **{name: value for name, value in known.items() if value is not None},
    }
    return to_nir(network.weights, network.strengths, network.rule.readout_levels, node, metadata, dt)
