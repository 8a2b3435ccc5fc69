"""A run builds each of its circuits once, and reads weights where they come in and where a platform returns them."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from pynn_backprop import Circuit
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.weights import CheckedWeights


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many circuits were made, and how often all weights were read."""
    counts: Counter[str] = Counter()

    def count(cls: type, method: str) -> None:
        real = getattr(cls, method)

        def counted(self: object, *arguments: object) -> None:
            counts[cls.__name__] += 1
            real(self, *arguments)

        monkeypatch.setattr(cls, method, counted)

    count(Circuit, "__post_init__")
    count(CheckedWeights, "__init__")
    return counts


def test_a_run_makes_two_circuits_and_reads_its_weights_at_the_start_and_after_each_epoch(config, tmp_path, made):
    run = start(dataclasses.replace(config, record=()), tmp_path / "run")
    assert made == {"Circuit": 2}
    run.train(check=True)
    assert made == {"Circuit": 2, "CheckedWeights": 1 + config.epochs}
    run.write_results(run.evaluate())
    run.write_results(run.evaluate())
    assert made == {"Circuit": 2, "CheckedWeights": 1 + config.epochs}


def test_a_run_that_is_taken_up_reads_its_checkpoint(config, tmp_path, made):
    start(dataclasses.replace(config, record=()), tmp_path / "run")
    made.clear()
    run = resume(tmp_path / "run")
    assert made == {"Circuit": 2, "CheckedWeights": 1}
    run.train()
    run.evaluate()
    assert made == {"Circuit": 2, "CheckedWeights": 1 + config.epochs}


def test_a_recording_has_three_networks_whose_weights_are_read(config, tmp_path, made):
    run = start(config, tmp_path / "run")
    run.train()
    # Of three networks, the last ends with an epoch.
    assert made == {"Circuit": 2, "CheckedWeights": 1 + config.epochs + 2}
