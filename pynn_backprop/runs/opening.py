"""Opens training runs: new ones, and those that were stopped."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InputError
from ..processes import first_alone, launched, world
from .config import RunConfig
from .folder import check_folder, read_config, write_config
from .place import existing, new, releasing, shared
from .prepare import samples_of, unchanged_samples_of
from .run import Run


def start(config: RunConfig, folder: str | os.PathLike[str], overwrite: bool = False, fresh: bool = False) -> Run:
    """Prepare a new run: check everything, make its folder, write configuration and first checkpoint.

    Parameters
    ----------
    config : RunConfig
        What it does.
    folder : str or os.PathLike
        Where its files go.
    overwrite : bool
        Whether another run that is there may be replaced; it stays until the results of the new one are written.
    fresh : bool
        Take another name if there is something of this one.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If anything in the configuration can't be used, or the folder is not writable, holds another run or is held by
        another process.
    """
    target = Path(folder)
    if not fresh and launched().is_first:
        check_folder(target, overwrite)
    run = Run(config, samples_of(config))
    _check_alike(run)
    run.weights = run.initial_weights()
    run.place = shared(run.processes, lambda: new(target, overwrite, fresh))
    with releasing(run.place):
        if run.writes:
            write_config(run.place.files, config, run.circuit, run.samples)
        run.write_checkpoint(run.weights)
    return run


def _check_alike(run: Run) -> None:
    """All processes must do the same run; those of other machines may see other files."""
    seen = run.processes.gather((run.config.as_dict(), run.samples.fingerprint))
    others = [rank for rank, said in enumerate(seen) if said != seen[0]]
    if others:
        raise InputError(
            f"process {others[0]} of {len(seen)} does not do the run of the first one: choices and data "
            f"({run.config.data!r}) must be the same for all of them"
        )


def resume(folder: str | os.PathLike[str]) -> Run:
    """Take up a run where its last checkpoint left off.

    Parameters
    ----------
    folder : str or os.PathLike
        Where its files are.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the folder holds no run or is held by another process, the data have changed since, or the checkpoint is not
        of this run.
    """
    processes = world()
    place = shared(processes, lambda: existing(Path(folder)))
    with releasing(place):
        config, fingerprint, signed = first_alone(processes, lambda: read_config(place.files))
        run = Run(config, unchanged_samples_of(config, fingerprint, Path(folder)))
        run.place = place
        run.read_checkpoint(signed)
    return run
