"""The folder of a training run: its files, whether it can be used, and its configuration.

===================  =================================================================================
``config.json``      everything that is needed to repeat the run, with versions
``checkpoint.npz``   where it came to; a killed run goes on from here to bit-identical weights
``weights.npz``      the weights in the end: integers, ``W1``, ``W2``, ... of shape (n_pre, n_post) each
``metrics.json``     accuracy, times, memory, spikes per sample
``spikes.nix``       what was recorded, a Neo block (:mod:`pynn_backprop.recording.blocks`)
``raster.png``       a picture of it
===================  =================================================================================
"""

from __future__ import annotations

import os
from pathlib import Path

from ..circuit.circuit import Circuit
from ..data.samples import Samples
from ..errors import InputError
from ..files import check_writable, read_json, write_json
from .config import RunConfig
from .versions import versions

CONFIG, CHECKPOINT, WEIGHTS, METRICS = "config.json", "checkpoint.npz", "weights.npz", "metrics.json"
SPIKES, RASTER = "spikes.nix", "raster.png"
FILES = (CONFIG, CHECKPOINT, WEIGHTS, METRICS, SPIKES, RASTER)
FORMAT = 1
FINGERPRINT = "samples_sha256"


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that can't be written or, unless `overwrite`, holds another run.

    Raises
    ------
    InputError
        Says which, and what can be done.
    """
    there = [name for name in FILES if (folder / name).exists()]
    if there and not overwrite:
        raise InputError(
            f"the output folder {folder} holds another run ({', '.join(there)}): choose another one, go on with it "
            f"(--resume {folder}), or replace it (--overwrite)"
        )
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"the output folder {folder} can't be written: {nearest} is no folder that you may write to")


def make_folder(folder: Path) -> None:
    """Make the folder if need be, without the files of another run.

    Raises
    ------
    InputError
        If it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the output folder {folder} can't be made: {error.strerror}") from error
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


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


def read_config(folder: Path) -> tuple[RunConfig, str]:
    """Read what :func:`write_config` wrote, also an older version's.

    Returns
    -------
    config : RunConfig
        The choices.
    fingerprint : str
        That of the samples when the run was started.

    Raises
    ------
    InputError
        If the folder holds no run that can be gone on with.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise InputError(f"{folder} holds no run to resume: there is no {CONFIG} in it")
    check_writable(folder / CHECKPOINT)
    stored = read_json(path)
    if not isinstance(stored, dict):
        raise InputError(f"{path} is not the configuration of a run: it holds {stored!r}")
    if stored.get("format") != FORMAT:
        raise InputError(f"{path} has format {stored.get('format')!r}; this version reads {FORMAT}")
    missing = {*RunConfig.needed(), FINGERPRINT}.difference(stored)
    if missing:
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}")
    try:
        return RunConfig.from_dict(stored), stored[FINGERPRINT]
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
