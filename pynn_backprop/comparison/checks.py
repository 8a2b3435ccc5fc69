"""What a platform returns must be what it says it is; else there is nothing to compare."""

from __future__ import annotations

import numpy as np

from ..circuit.circuit import Circuit
from ..errors import EqualityError
from ..interfaces import Response, RunningCircuit
from ..spikes import Spikes


def check_response(response: Response, shape: tuple[int, int]) -> None:
    """Outputs are truth values and potentials, if there are any, integers; both have this shape.

    Raises
    ------
    EqualityError
        Says what it returned.
    """
    for name, values, kinds in (("outputs", response.outputs, "b"), ("potentials", response.potentials, "iu")):
        if values is not None and (values.shape != shape or values.dtype.kind not in kinds):
            wanted = "truth values" if kinds == "b" else "integers"
            raise EqualityError(
                f"it returned {name} of shape {values.shape} and type {values.dtype} where {wanted} of shape {shape} "
                "were asked for"
            )


def check_spikes(spikes: Spikes, circuit: Circuit, record: tuple[str, ...], steps: tuple[int, int]) -> None:
    """Spikes of all recorded populations, sorted, each one once, and of the steps in which the samples were shown.

    Parameters
    ----------
    spikes : dict of str to numpy.ndarray, shape (n_spikes, 2)
        What it returned.
    circuit : Circuit
        What fires.
    record : tuple of str
        The recorded populations.
    steps : tuple of int
        The first of these steps, and the one behind the last.

    Raises
    ------
    EqualityError
        Names the population.
    """
    if set(spikes) != set(record):
        apart = ", ".join(sorted(set(spikes).symmetric_difference(record)))
        raise EqualityError(f"it did not return the spikes of the recorded populations: {apart} too many or missing")
    first_step, last_step = steps
    for name, table in spikes.items():
        if table.ndim != 2 or table.shape[1] != 2 or table.dtype.kind not in "iu":
            raise EqualityError(f"it returned spikes of {name!r} as {table.dtype} of shape {table.shape}")
        size = circuit[name].size
        if np.any((table < (first_step, 0)) | (table >= (last_step, size))):
            raise EqualityError(
                f"it returned spikes of {name!r} outside the steps {first_step} to {last_step - 1} in which the "
                f"samples were shown, or of neurons outside 0 to {size - 1}"
            )
        if np.any(np.diff(keys(table, size)) <= 0):
            raise EqualityError(f"it returned spikes of {name!r} that are not sorted, or are there twice")


def keys(table: np.ndarray, size: int) -> np.ndarray:
    """One number for each spike of a population of `size` neurons, int64 of shape (n_spikes,), in the same order."""
    return table[:, 0].astype(np.int64) * size + table[:, 1]


def differing_copies(running: RunningCircuit) -> str:
    """How copies of a matrix differ; empty if all are equal."""
    try:
        running.check_copies()
    except EqualityError as error:
        return str(error)
    return ""
