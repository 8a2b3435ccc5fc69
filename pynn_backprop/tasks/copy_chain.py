"""What a gated chain is shown, and how values drift along it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..checks import check_choice
from ..circuit.chain import OPENS
from ..circuit.circuit import Circuit
from ..errors import InputError


def chain_sources(circuit: Circuit, values: np.ndarray, routes: Sequence[str]) -> dict[str, np.ndarray]:
    """Which sources of a chain fire when values are handed down.

    Parameters
    ----------
    circuit
        A :func:`~pynn_backprop.circuit.chain.chain_circuit`.
    values
        From 0 to 1, shape (n_samples, units).
    routes
        Which route opens for each sample, n_samples names.

    Returns
    -------
    dict
        Bool of shape (n_samples, size) by name of the source.

    Raises
    ------
    InputError
        If a value is not from 0 to 1, or a route is none of the circuit's.
    """
    code, generator = circuit.code, np.random.default_rng(circuit.code.seed)
    if len(routes) != len(values):
        raise InputError(f"there are {len(values)} samples but {len(routes)} routes")
    for route in set(routes):
        check_choice("route", route, _routes(circuit))
    fires = {"input": code.fire(values)}
    for source in circuit.sources:
        if source.name.startswith(OPENS):
            fires[source.name] = np.array([[route == source.name[len(OPENS) :]] for route in routes])
        elif source.name not in ("input", "start"):
            fires[source.name] = generator.random((len(values), source.size)) < 0.5
    return fires


def _routes(circuit: Circuit) -> list[str]:
    return [source.name[len(OPENS) :] for source in circuit.sources if source.name.startswith(OPENS)]


def drift(value: float, n: int, copies: np.ndarray) -> np.ndarray:
    """Standard deviation of the share of firing neurons after each number of copies with noise.

    The variance is that of :mod:`pynn_backprop.circuit.chain`.

    Parameters
    ----------
    value
        From 0 to 1.
    n
        Neurons of a unit.
    copies
        How often it was copied, shape (k,).
    """
    return np.asarray(np.sqrt(value * (1 - value) * (1 - (1 - 1 / n) ** np.asarray(copies))))
