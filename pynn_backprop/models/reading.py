"""Reads a trained network from what holds one: the folder of a run, a checkpoint, an ``.npz`` or ``.nir`` file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..arguments import checked
from ..checks import shown
from ..circuit.learning_rule import RULES
from ..circuit.parameters import MARGIN, Parameters
from ..codes.binary import Binary
from ..codes.code import Code
from ..data.datasets import known_levels
from ..errors import InputError
from ..exchange.nir_file import SUFFIX as NIR
from ..exchange.nir_file import read_nir
from ..exchange.own import description_in, weights_in
from ..files import read_json, read_npz
from ..runs.checkpoint import is_checkpoint, read_learnt
from ..runs.config import RunConfig
from ..runs.folder import CHECKPOINT, CONFIG, WEIGHTS
from ..weights import check_weights, load_weights
from .trained import TrainedNetwork, asked_with, described
from .writing import NETWORK


def weights_file(path: str | os.PathLike[str]) -> Path:
    """The file with the weights: the one that was given, or that of a run whose folder was given.

    A run that has not come to its end has them in its checkpoint.
    """
    folder = Path(path)
    if not folder.is_dir():
        return folder
    weights, checkpoint = folder / WEIGHTS, folder / CHECKPOINT
    return checkpoint if checkpoint.is_file() and not weights.is_file() else weights


@checked
def read_network(
    path: str | os.PathLike[str],
    code: Code | None = None,
    w_max: int | None = None,
    readout_levels: int | None = None,
) -> TrainedNetwork:
    """Read a network.

    Parameters
    ----------
    path : str or os.PathLike
        The folder of a run; its ``weights.npz`` or ``checkpoint.npz``; any ``.npz`` with integers ``W1``, ``W2``, ...;
        what :func:`~.writing.write_network` wrote; or a ``.nir`` file that this package wrote.
    code : Code, optional
        Of the network; what the file says, or the run beside it, or binary, if None.
    w_max, readout_levels : int, optional
        Bound and read-out, if they are to be others than what is said there.

    Returns
    -------
    TrainedNetwork

    Raises
    ------
    InputError
        If there is no network in it, or it has another code or larger weights.
    PlatformError
        If a package is not installed that the file needs.
    """
    file = weights_file(path)
    if file.suffix.lower() == NIR:
        found = _from_nir(file)
        _check_code(file, found.code, code)
        return found.asked_with(w_max, readout_levels)
    return _from_npz(file, code, w_max, readout_levels)


def _from_nir(file: Path) -> TrainedNetwork:
    graph = read_nir(file)
    stored = description_in(graph)
    if stored is None:
        raise InputError(
            f"{file} was not written by this package, so that nothing is known of its inputs and classes: "
            "pynn_backprop.exchange.from_nir reads it"
        )
    settings = described(stored, str(file))
    rule = settings["rule"]
    parameters = settings["parameters"] or rule.parameters(settings["code"])
    return TrainedNetwork(weights_in(graph, parameters, rule.readout_levels, str(file)), **settings)


def _from_npz(file: Path, code: Code | None, w_max: int | None, readout_levels: int | None) -> TrainedNetwork:
    said = read_npz(file, (), NETWORK)
    if NETWORK in said:
        settings = described(_parsed(file, said[NETWORK]), str(file))
        _check_code(file, settings["code"], code)
        weights = load_weights(file, Parameters(w_max=w_max or settings["rule"].w_max), code=settings["code"])
        return TrainedNetwork(weights, **settings).asked_with(w_max, readout_levels)
    config = _run_beside(file)
    if is_checkpoint(file):
        return _from_checkpoint(file, config, code, w_max, readout_levels)
    asked = _with(config, code, w_max, readout_levels, data=config.data if config else None)
    weights = load_weights(file, Parameters(w_max=asked["rule"].w_max), code=asked["code"])
    return TrainedNetwork(weights, **asked, epochs=config.epochs if config else 0)


def _from_checkpoint(
    file: Path, beside: RunConfig | None, code: Code | None, w_max: int | None, readout_levels: int | None
) -> TrainedNetwork:
    """Newer checkpoints say of which run they are, but for the place of its data."""
    matrices, identity = read_learnt(file)
    config = beside if identity is None else _config_of(file, identity)
    asked = _with(config, code, w_max, readout_levels, data=beside.data if beside else None)
    _check_code(file, config.code if config else Binary(), asked["code"])
    weights = check_weights(matrices, Parameters(w_max=asked["rule"].w_max), source=str(file))
    return TrainedNetwork(weights, **asked)


def _config_of(file: Path, identity: dict[str, Any]) -> RunConfig:
    try:
        return RunConfig.from_dict(identity)
    except (InputError, TypeError, KeyError) as error:
        raise InputError(f"{file} says nothing that is known of the run that it is of: {error}") from error


def _with(
    config: RunConfig | None, code: Code | None, w_max: int | None, readout_levels: int | None, data: str | None
) -> dict[str, Any]:
    """Arguments of a network by what a run did with these data, if there is one, and by what was asked for."""
    rule = asked_with(config.learning_rule if config else RULES[MARGIN], w_max, readout_levels)
    if config is None:
        return {"rule": rule, "code": code or Binary()}
    levels = config.code.value_levels(config.levels)
    if levels is None and data is not None:
        levels = known_levels(data, config.label)
    return {"rule": rule, "code": code or config.code, "levels": levels, "crop": config.crop, "data": data}


def _check_code(file: Path, held: Code, wanted: Code | None) -> None:
    if wanted is not None and wanted.name != held.name:
        raise InputError(
            f"{file} holds weights of a circuit with the code {held.name}, but the code here is {wanted.name}"
        )


def _parsed(file: Path, stored: Any) -> dict[str, Any]:
    try:
        found = json.loads(str(stored))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: {NETWORK} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"{file}: {NETWORK} is {shown(found)} but must describe a network")
    return found


def _run_beside(file: Path) -> RunConfig | None:
    """What the run did whose folder the weights are in; None if they are in that of no run."""
    path = file.with_name(CONFIG)
    stored = read_json(path) if path.is_file() else None
    if not isinstance(stored, dict) or not RunConfig.needed() & set(stored):
        return None
    if missing := RunConfig.needed().difference(stored):
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}")
    try:
        return RunConfig.from_dict(stored)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
