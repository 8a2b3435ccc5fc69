"""Rows of benchmark results, made by hand."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from benchmarks.jobs.job import Job
from benchmarks.measure.energy import estimates
from benchmarks.report.groups import Group, groups_of
from benchmarks.report.summary import lines_of
from benchmarks.rows import INFERENCE, OK, TRAINING, Row
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit

PEER_COUNTS = {"macs_per_sample": 18, "inference": {"macs_per_sample": 6}}
OF_A_PEER = {"means": "right", "weights_equal_reference": None, "answers_equal_reference": None, "is": None}
METER, DECLARED = "RAPL (package-0)", "CPU time x 15 W declared"


def job(**changes: Any) -> Job:
    """A job that takes a second: the integer rule on a few digits."""
    usual = {"case": "digits", "platform": "reference", "variant": "oracle", "seed": 0, "hidden": 20, "repeats": 3}
    return Job(
        **{**usual, "form": "published", "samples": 40, "test_samples": 20, "epochs": 1, "count_samples": 3, **changes}
    )


def row(train: list[float] | None = None, accuracy: float = 0.9, **changes: Any) -> Row:
    """A row that is ok, with these seconds of training."""
    found = job(**changes).row(OK, "")
    found["repeat_seconds"] = {"build": [0.5] * 3, "train": train or [2.0, 2.1, 2.2], "test": [1.0, 1.1, 1.2]}
    found["metrics"] = {"ClassificationAccuracy": accuracy, "SynapticOperations": {"Effective_ACs": 12.5}}
    found["counts"] = {
        "spikes_per_sample": {"h": 3.5},
        "spikes_by_phase": {"h": [0, 3.5]},
        "counted_on": {"numpy": "1"},
    }
    found["correct"] = {"means": "it is right", "is": True}
    found["warm_up_seconds"], found["peak_memory_MB"] = 1.5, 200.0
    return found


def made(platform: str, variant: str, ms: float = 2.0, accuracy: float = 0.9, **changes: Any) -> Row:
    """A row that is ok, of a counted network, with energies; no two of its values are the same.

    ``joule`` and ``kind`` are those of the run: None for a machine without a meter.
    """
    sizes = changes.pop("layer_sizes", [4, 3, 2])
    joule, kind = changes.pop("joule", 0.03), changes.pop("kind", "estimated")
    found = row(accuracy=accuracy)
    samples = found["samples"]
    found |= {
        "platform": platform,
        "variant": variant,
        "layer_sizes": sizes,
        "host": {"cpu": "a processor"},
    }
    found |= {"versions": {"numpy": "1.26"}, "started": "2026-01-02T03:04:05+00:00", "command": f"run {platform}"}
    found["repeat_seconds"] = {
        "build": [0.5, 0.6, 0.8],
        "train": [ms * samples * 1e-3 * factor for factor in (0.9, 1.0, 1.2)],
        "build_test": [0.1, 0.2, 0.3],
        "test": [1.0, 1.1, 1.3],
    }
    found["counts"] = counts(training_circuit(sizes, form=changes.get("form", "published"))) | {
        "inference": counts(inference_circuit(sizes))
    }
    found["metrics"] |= neurobench(1000)
    found["metrics"]["training"] = neurobench(2000)
    found["correct"] = {"means": "equal", "weights_equal_reference": True, "answers_equal_reference": True, "is": True}
    found |= changes
    if joule is not None:
        found["energy"] = [
            {"kind": kind, "of": of, "by": METER if kind == "measured" else DECLARED, "covers": "the run"}
            | {"joule_per_sample": joule * factor}
            for of, factor in ((TRAINING, 1), (INFERENCE, 0.5))
        ]
    found["energy"] = [*found["energy"], *estimates(found)]
    return found


def main_group(rows: Iterable[Row]) -> Group:
    """The first of the groups of rows."""
    return groups_of(lines_of(rows))[0]


def whole(rows: Iterable[Row]) -> list[Row]:
    """The rows as if their trainings were whole ones."""
    return [row | {"whole_training": {"samples": row["samples"], "epochs": row["epochs"]}} for row in rows]


def counts(circuit: Circuit) -> dict[str, Any]:
    """Population k, from 0, fires k + 1 times a sample, in phase k (counted round the cycle)."""
    length = circuit.schedule.length
    spikes = {population.name: k + 1.0 for k, population in enumerate(circuit.populations)}
    phases = {
        name: [number if phase == k % length else 0.0 for phase in range(length)]
        for k, (name, number) in enumerate(spikes.items())
    }
    return {
        "spikes_per_sample": spikes,
        "spikes_by_phase": phases,
        "all_spikes_per_sample": sum(spikes[population.name] for population in circuit.simulated),
        "synaptic_events_per_sample": 41.5,
        "plastic_updates_per_sample": 5.25,
        "counted_samples": 6,
    }


def neurobench(first: int) -> dict[str, Any]:
    """NeuroBench's metrics, each another number."""
    return {
        "Footprint": first + 1,
        "ConnectionSparsity": 0.25,
        "ActivationSparsity": 0.875,
        "MembraneUpdates": first + 2.5,
        "SynapticOperations": {"Effective_ACs": first + 3.5, "Effective_MACs": 0.0, "Dense": first + 4},
    }


def lost(status: str, why: str) -> Row:
    """A row without a result."""
    found = made("lava", "stock", joule=None)
    empty = {"repeat_seconds": {}, "metrics": {}, "counts": {}, "energy": [], "correct": {"means": "equal"}}
    return found | {"status": status, "why": why, **empty, "warm_up_seconds": None, "peak_memory_MB": None}


def mixed(**changes: Any) -> list[Row]:
    """Three platforms, two seeds of one of them, a peer, three sizes more, and one that took too long; MNIST."""
    make = functools.partial(made, **changes)
    found = [
        make("nest", "compiled", 5.0, kind="measured", joule=0.2),
        make("nest", "compiled", 6.0, accuracy=0.94, seed=1, kind="measured", joule=0.4),
        make("brian2", "cython", 9.0),
        make("reference", "oracle", 0.01, joule=None),
        make("scikit-learn", "batch1", 0.1, counts=PEER_COUNTS, correct=OF_A_PEER),
        *(make("nest", "compiled", 5.0 * hidden, layer_sizes=[4, hidden, 2]) for hidden in (6, 12, 24)),
        lost("timeout", "ended after 300 s"),
    ]
    return [one | {"case": "mnist"} for one in found]
