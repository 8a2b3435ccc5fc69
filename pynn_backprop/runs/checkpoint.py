"""Where a training came to, as a file: what goes on from it ends with bit-identical weights.

A checkpoint is an ``.npz`` file with the matrices by name, ``shown``, ``right`` and ``seconds`` of the progress, and of
the k-th recorded stretch ``k/first``, ``k/labels`` and, for each population, ``k/spikes/NAME``.  ``curve/NAME`` is what
is told of every epoch, and ``before/W1``, ``before/W2``, ... are, within an epoch, the weights at its start.  ``run``
says of which run it is, and ``sums`` has the SHA-256 of all of it, both as JSON; older checkpoints lack some of these.
Weights are of the smallest integer type that holds them: fast platforms write often.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..errors import InputError
from ..files import read_npz, write_npz
from ..learning.curve import NAMES as TOLD
from ..learning.curve import UNKNOWN, Curve
from ..learning.progress import Progress
from ..weights import CheckedWeights, Weights, check_weights
from .expected import Expected, as_arrays, stretches_in

NEEDED = ("shown", "right", "seconds")
RUN, SUMS = "run", "sums"
CURVE, BEFORE = "curve/", "before/"


def write_checkpoint(path: Path, weights: Weights, progress: Progress, expected: Expected | None = None) -> None:
    """Write where training came to, whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    weights : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        The weights of that moment.
    progress : Progress
        How far training has come.
    expected : Expected, optional
        Whose checkpoint it is.
    """
    arrays = {
        **_narrow(weights),
        "shown": np.array(progress.shown),
        "right": progress.right,
        "seconds": np.array(progress.seconds),
        **as_arrays(progress.stretches),
        **_curve_as_arrays(progress),
    }
    if expected is not None:
        arrays[RUN] = np.array(json.dumps(dict(expected.identity), sort_keys=True))
        arrays[SUMS] = np.array(json.dumps({name: _sum(array) for name, array in arrays.items()}))
    # Spikes shrink to a small part; weights hardly shrink, and packing them would take longer than learning them.
    write_npz(path, arrays, compressed=bool(progress.stretches))


def _narrow(weights: Weights) -> dict[str, np.ndarray]:
    types = {name: np.result_type(*map(np.min_scalar_type, (w.min(), w.max()))) for name, w in weights.items()}
    return {name: matrix.astype(types[name]) for name, matrix in weights.items()}


def _sum(array: np.ndarray) -> str:
    whole = np.ascontiguousarray(array)
    return hashlib.sha256(f"{whole.dtype.str} {array.shape} ".encode() + whole.tobytes()).hexdigest()


def read_checkpoint(
    path: Path, circuit: Circuit, samples: int, epochs: int, expected: Expected | None = None, signed: bool = False
) -> tuple[CheckedWeights, Progress]:
    """Read what :func:`write_checkpoint` wrote.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    circuit : Circuit
        What is trained.
    samples, epochs : int
        Samples in an epoch, and number of epochs.
    expected : Expected, optional
        What it must fit besides.
    signed : bool
        Whether it must say whose it is, as all do but older ones.

    Returns
    -------
    weights : CheckedWeights
        The weights of that moment.
    progress : Progress
        How far training had come.

    Raises
    ------
    InputError
        If it is no checkpoint of such a training; names what differs.
    """
    arrays = read_npz(path, (), _pattern(circuit), None if expected is None else expected.most_bytes)
    missing = set(NEEDED).difference(arrays)
    if missing:
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}: it is no checkpoint of a training run")
    try:
        if expected is not None and (signed or RUN in arrays):
            expected.check_identity(str(arrays.get(RUN, "")))
        weights = {name: array for name, array in arrays.items() if name in circuit.matrices}
        checked = check_weights(weights, circuit.parameters, circuit.neurons, source="it")
        progress = _checked_progress(arrays, samples, epochs)
        progress.curve = _checked_curve(arrays, progress, circuit)
        if expected is not None:
            expected.check_stretches(progress)
        _check_sums(arrays, signed)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise InputError(f"{path} is no checkpoint of this run: {error}") from error
    return checked, progress


def is_checkpoint(path: Path) -> bool:
    """Whether an ``.npz`` file holds where a training came to, and not only weights.

    Raises
    ------
    InputError
        If it is no whole ``.npz`` file.
    """
    return set(NEEDED) <= set(read_npz(path, (), "|".join(NEEDED)))


def read_learnt(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any] | None]:
    """Read the weights of a checkpoint, for whoever does not go on with its training.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    weights : dict of str to numpy.ndarray
        The matrices by name, not checked.
    identity : dict or None
        The choices of its run that decide a result; None if it is older than those that say so.

    Raises
    ------
    InputError
        If it is broken.
    """
    arrays = read_npz(path, NEEDED, rf"W\d+|{RUN}|{SUMS}")
    try:
        if SUMS in arrays:
            sums = json.loads(str(arrays[SUMS]))
            changed = [name for name, array in arrays.items() if name != SUMS and sums.get(name) != _sum(array)]
            if changed:
                raise ValueError(f"{', '.join(changed)} is not what was written")
        identity = json.loads(str(arrays[RUN])) if RUN in arrays else None
        if not isinstance(identity, (dict, type(None))):
            raise TypeError("it does not say of which run it is")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is no whole checkpoint: {error}") from error
    return {name: array for name, array in arrays.items() if name.startswith("W")}, identity


def _pattern(circuit: Circuit) -> str:
    """Matches the names of all that a checkpoint can hold."""
    populations = "|".join(re.escape(population.name) for population in circuit.populations)
    before = [BEFORE + name for name in circuit.matrices]
    names = "|".join([*NEEDED, RUN, SUMS, *circuit.matrices, *before, *(CURVE + name for name in TOLD)])
    return rf"{names}|\d{{1,3}}/(first|labels|spikes/({populations}))"


def _check_sums(arrays: Mapping[str, np.ndarray], signed: bool) -> None:
    if SUMS not in arrays:
        if signed:
            raise ValueError("it holds no sums of its content")
        return
    sums = json.loads(str(arrays[SUMS]))
    if not isinstance(sums, dict):
        raise TypeError("it holds no sums of its content")
    held = {name: _sum(array) for name, array in arrays.items() if name != SUMS}
    changed = [name for name in {**sums, **held} if sums.get(name) != held.get(name)]
    if changed:
        raise ValueError(f"{', '.join(changed)} is not what was written")


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
    return Progress(samples, epochs, shown, right, stretches_in(arrays), seconds)


def _curve_as_arrays(progress: Progress) -> dict[str, np.ndarray]:
    curve = progress.curve
    arrays = {CURVE + name: np.asarray(getattr(curve, name)) for name in TOLD}
    if progress.within_epoch and curve.before is not None:
        arrays |= {BEFORE + name: matrix for name, matrix in _narrow(curve.before).items()}
    return arrays


def _checked_curve(arrays: Mapping[str, np.ndarray], progress: Progress, circuit: Circuit) -> Curve:
    """What a checkpoint says of every epoch, or a ValueError; older ones say nothing."""
    curve = progress.curve
    for name in TOLD:
        wanted, found = getattr(curve, name), arrays.get(CURVE + name)
        if found is None:
            continue
        if found.shape != wanted.shape or found.dtype != wanted.dtype:
            raise ValueError(f"{CURVE + name} is {found.dtype} of shape {found.shape} but must be of {wanted.shape}")
        least, most = (UNKNOWN, progress.samples) if found.dtype.kind == "i" else (0, 1)
        if np.any((found < least) | (found > most)):
            raise ValueError(f"{CURVE + name} is {found!r} but must be from {least} to {most}")
        setattr(curve, name, found)
    before = {name: arrays[BEFORE + name] for name in circuit.matrices if BEFORE + name in arrays}
    if before:
        curve.before = check_weights(before, circuit.parameters, circuit.neurons, source="before")
    return curve
