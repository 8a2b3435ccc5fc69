"""What each of many processes has a part of, as all of them need it whole (:mod:`pynn_backprop.processes`)."""

from __future__ import annotations

import numpy as np

from ..processes import Processes


def all_spikes(processes: Processes, times: np.ndarray, neurons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The spikes of all processes, those of the first one first.

    Parameters
    ----------
    processes : Processes
        All of them call this.
    times, neurons : numpy.ndarray, shape (n_spikes,)
        The spikes of this one.
    """
    if processes.size == 1:
        return times, neurons
    parts = processes.gather((times, neurons))
    return np.concatenate([part for part, _ in parts]), np.concatenate([part for _, part in parts])


def all_columns(processes: Processes, matrix: np.ndarray) -> np.ndarray:
    """A matrix of which each process has some whole columns: those of its own neurons.

    Parameters
    ----------
    processes : Processes
        All of them call this.
    matrix : numpy.ndarray of float, shape (n, n_neurons)
        What this one has; nan in columns of other processes' neurons, and where there is nothing.
    """
    if processes.size == 1:
        return matrix
    ours = np.flatnonzero(~np.isnan(matrix).all(axis=0))
    for columns, values in processes.gather((ours, matrix[:, ours])):
        matrix[:, columns] = values
    return matrix
