"""Where a training came to, as a file: what goes on from it ends with bit-identical weights.

A checkpoint is an ``.npz`` file with the matrices by name, ``shown``, ``right`` and ``seconds`` of the progress, and of
the k-th recorded stretch ``k/first``, ``k/labels`` and, for each population, ``k/spikes/NAME``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..errors import InputError
from ..files import read_npz, write_npz
from ..learning.progress import Progress, Stretch
from ..weights import CheckedWeights, Weights, check_weights

NEEDED = ("shown", "right", "seconds")


def write_checkpoint(path: Path, weights: Weights, progress: Progress) -> None:
    """Write where training came to, whole or not at all."""
    arrays = {
        **weights,
        "shown": np.array(progress.shown),
        "right": progress.right,
        "seconds": np.array(progress.seconds),
    }
    for k, stretch in enumerate(progress.stretches):
        arrays[f"{k}/first"], arrays[f"{k}/labels"] = np.array(stretch.first), stretch.labels
        arrays |= {f"{k}/spikes/{name}": table for name, table in stretch.spikes.items()}
    write_npz(path, arrays)


def read_checkpoint(path: Path, circuit: Circuit, samples: int, epochs: int) -> tuple[CheckedWeights, Progress]:
    """Read what :func:`write_checkpoint` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    circuit : Circuit
        What is trained.
    samples, epochs : int
        Samples in an epoch, and number of epochs.

    Returns
    -------
    weights : CheckedWeights
        The weights of that moment.
    progress : Progress
        How far training had come.

    Raises
    ------
    InputError
        If it is no checkpoint of such a training.
    """
    arrays = read_npz(path)
    missing = set(NEEDED).difference(arrays)
    if missing:
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}: it is no checkpoint of a training run")
    weights = {name: array for name, array in arrays.items() if name in circuit.matrices}
    checked = check_weights(weights, circuit.parameters, circuit.neurons, source=str(path))
    try:
        return checked, _checked_progress(arrays, samples, epochs)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise InputError(f"{path} is no checkpoint of this run: {error}") from error


def _checked_progress(arrays: dict[str, np.ndarray], samples: int, epochs: int) -> Progress:
    """What a checkpoint says of the progress, or a ValueError."""
    for name in ("shown", "seconds"):
        if arrays[name].ndim or arrays[name].dtype.kind not in "iuf":
            raise ValueError(f"{name} is {arrays[name]!r} but must be a number")
    shown = check_count("shown", arrays["shown"].item(), 0, samples * epochs)
    right, seconds = arrays["right"], float(arrays["seconds"])
    most = np.clip(shown - samples * np.arange(epochs), 0, samples)
    if right.shape != (epochs,) or right.dtype.kind not in "iu" or np.any((right < 0) | (right > most)):
        raise ValueError(f"right is {right!r} but must be {epochs} counts of at most {', '.join(map(str, most))}")
    if not 0 <= seconds < np.inf:
        raise ValueError(f"seconds is {seconds!r} but must be a time")
    return Progress(samples, epochs, shown, right, _stretches(arrays), seconds)


def _stretches(arrays: dict[str, np.ndarray]) -> list[Stretch]:
    found: list[Stretch] = []
    while f"{len(found)}/first" in arrays:
        k = len(found)
        prefix = f"{k}/spikes/"
        spikes = {name[len(prefix) :]: table for name, table in arrays.items() if name.startswith(prefix)}
        found.append(Stretch(int(arrays[f"{k}/first"]), arrays[f"{k}/labels"], spikes))
    return found
