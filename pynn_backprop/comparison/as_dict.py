"""A comparison as JSON takes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..codes.binary import Binary
from .result import Comparison, Pair, Result, SpikeComparison


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """All of a comparison but the large arrays, as JSON takes it; the code only if it is not the binary one."""
    code = comparison.circuit.code
    return {
        "equal": comparison.equal,
        "layer_sizes": list(comparison.circuit.neurons),
        "parameters": asdict(comparison.circuit.parameters),
        **({} if code == Binary() else {"code": code.arguments()}),
        "samples": comparison.samples,
        "test_samples": comparison.test_samples,
        "weights_changed": comparison.changed,
        "platforms": [_result(result) for result in comparison.results],
        "pairs": [_pair(pair) for pair in comparison.pairs],
    }


def _result(result: Result) -> dict[str, Any]:
    passes = {"training": result.training, "inference": result.inference}
    left_out = ("outputs", "potentials")
    return {
        "name": result.name,
        "description": result.description,
        **{name: {k: v for k, v in vars(run).items() if k not in left_out} for name, run in passes.items()},
        "copies": result.copies or "equal",
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "standard": pair.standard,
        "other": pair.other,
        "equal": pair.equal,
        "spikes": {"training": _spikes(pair.training), "inference": _spikes(pair.inference)},
        **{name: asdict(array) for name, array in pair.arrays()},
        "failures": list(pair.failures),
    }


def _spikes(spikes: SpikeComparison) -> dict[str, Any]:
    return {
        "compared": spikes.compared,
        "differing": spikes.differing,
        "first": asdict(spikes.first) if spikes.first else None,
    }
