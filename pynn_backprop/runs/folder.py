"""The folder of a training run: its files, whether it can be used, and its configuration.

======================  ================================================================================
``config.json``         everything that is needed to repeat the run, with versions
``checkpoint.npz``      where it came to; a killed run goes on from here to bit-identical weights
``weights.npz``         the weights in the end: integers, ``W1``, ``W2``, ... of shape (n_pre, n_post) each
``metrics.json``        accuracy, times, memory, spikes per sample; without those of the test until the end
``learning_curve.png``  a picture of the epochs so far
``spikes.nix``          what was recorded, a Neo block (:mod:`pynn_backprop.recording.blocks`)
``spikes.npz``          the same in place of it, where every neuron of many has a spike train of its own
``raster.png``          a picture of it
``view.html``           a page to step through samples, where it was asked for (:mod:`pynn_backprop.view`)
======================  ================================================================================
"""

from __future__ import annotations

import os
from pathlib import Path

from ..circuit.circuit import Circuit
from ..data.samples import Samples
from ..errors import InputError
from ..files import read_json, write_json
from .config import RunConfig
from .versions import versions

CONFIG, CHECKPOINT, WEIGHTS, METRICS = "config.json", "checkpoint.npz", "weights.npz", "metrics.json"
CURVE = "learning_curve.png"
SPIKES, MANY_SPIKES, RASTER = "spikes.nix", "spikes.npz", "raster.png"
FILES = (CONFIG, CHECKPOINT, WEIGHTS, METRICS, CURVE, SPIKES, MANY_SPIKES, RASTER)
PAGE = "view.html"
"""Not a run's own: it is made of one that is done, and goes when the run is replaced."""

FORMAT = 2
READ_FORMATS = (1, 2)
"""From 2 on the checkpoint says of which run it is."""

FINGERPRINT = "samples_sha256"


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that can't be written or, unless `overwrite`, holds another run.

    Raises
    ------
    InputError
        Says which, and what can be done.
    """
    there = [name for name in FILES if os.path.exists(folder / name)]
    if there and not overwrite and not _begun_only(folder, there):
        raise InputError(
            f"the output folder {folder} holds another run ({', '.join(there)}): choose another one, go on with it "
            f"(--resume {folder}), or replace it (--overwrite)"
        )
    nearest = folder
    while not os.path.exists(nearest) and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"the output folder {folder} can't be written: {nearest} is no folder that you may write to")


def _begun_only(folder: Path, there: list[str]) -> bool:
    """Whether a folder holds only the configuration of a run that was killed before its first checkpoint."""
    if there != [CONFIG]:
        return False
    try:
        stored = read_json(folder / CONFIG)
    except InputError:
        return False
    return isinstance(stored, dict) and {"format", FINGERPRINT} <= set(stored)


def write_config(folder: Path, config: RunConfig, circuit: Circuit, samples: Samples) -> None:
    """Write the configuration with what shows whether data and circuit are still the same."""
    write_json(
        folder / CONFIG,
        {
            "format": FORMAT,
            **config.as_dict(),
            "layer_sizes": list(circuit.neurons),
            FINGERPRINT: samples.fingerprint,
            "versions": versions(),
        },
    )


def read_config(folder: Path) -> tuple[RunConfig, str, bool]:
    """Read what :func:`write_config` wrote, also an older version's.

    Returns
    -------
    config : RunConfig
        The choices.
    fingerprint : str
        That of the samples when the run was started.
    signed : bool
        Whether its checkpoint says of which run it is.

    Raises
    ------
    InputError
        If the folder holds no run that can be gone on with.
    """
    path = folder / CONFIG
    stored = read_json(path)
    if not isinstance(stored, dict):
        raise InputError(f"{path} is not the configuration of a run: it holds {stored!r}")
    if stored.get("format") not in READ_FORMATS:
        readable = " and ".join(map(str, READ_FORMATS))
        raise InputError(f"{path} has format {stored.get('format')!r}; this version reads {readable}")
    missing = {*RunConfig.needed(), FINGERPRINT}.difference(stored)
    if missing:
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}")
    try:
        return RunConfig.from_dict(stored), stored[FINGERPRINT], stored["format"] > 1
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
