"""What a run records: which populations, checks of their spikes, and the files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .. import __version__, plots
from ..circuit.circuit import Circuit
from ..circuit.compact import ERROR
from ..interfaces import Platform
from ..learning.progress import Stretch
from ..recording import blocks
from ..spikes import check_gated, check_silence
from .config import RECORD_ALL, RunConfig
from .folder import RASTER, SPIKES


def recorded(config: RunConfig, circuit: Circuit) -> tuple[str, ...]:
    """The populations that a run records: those that its configuration names, and the reinforcement neuron."""
    names = [circuit[name].name for name in config.record if name != RECORD_ALL]
    if RECORD_ALL in config.record:
        return tuple(population.name for population in circuit.populations)
    return tuple(dict.fromkeys([*names, "r"])) if names else ()


def check_stretches(stretches: Sequence[Stretch], circuit: Circuit) -> None:
    """Check that populations were silent where they must be.

    Raises
    ------
    EqualityError
        If a spike was recorded in a phase in which its population must be silent, or behind e in a sample in which
        e did not fire.
    """
    for stretch in stretches:
        check_silence(stretch.spikes, circuit)
        if ERROR in stretch.spikes:
            check_gated(stretch.spikes, circuit)


def write_recording(
    folder: Path, config: RunConfig, platform: Platform, circuit: Circuit, stretches: Sequence[Stretch]
) -> None:
    """Write the Neo file and its picture.

    Parameters
    ----------
    folder : pathlib.Path
        Where to.
    config : RunConfig
        What the run does.
    platform, circuit
        Where it ran, and what.
    stretches : sequence of Stretch
        What was recorded.
    """
    description = {
        **platform.describe(),
        "pynn_backprop": __version__,
        "data": config.data,
        "learning_rule": json.dumps(config.learning_rule.as_dict()),
    }
    title = f"{config.data} on {platform.name}"
    block = blocks.to_block(circuit, stretches, description, title, config.per_neuron)
    blocks.save(block, (folder / SPIKES).with_suffix(blocks.suitable_format(block)))
    plots.save(plots.overview(block), folder / RASTER)
