"""A case and a platform in files of their own."""

from __future__ import annotations

from pathlib import Path

CASE = '''"""Are most of nine inputs on?"""

from dataclasses import dataclass

import numpy as np
from benchmarks.cases.base import Case
from pynn_backprop.data.samples import Samples

@dataclass(frozen=True)
class Majority(Case):
    def load(self, samples, test_samples, seed):
        x = np.random.default_rng(seed).random((samples + test_samples, self.inputs)) < 0.5
        most = (x.sum(axis=1) > self.inputs // 2).astype(int)
        return Samples(x[:samples], most[:samples], x[samples:], most[samples:], self.outputs)

CASE = Majority("majority", "are most of nine inputs on?", inputs=9, outputs=2, hidden=20, samples=500,
                test_samples=100, epochs=2, correct="weights and answers equal the integer rule's")
'''

PLATFORM = '''"""The class whose mean image is nearest."""

import numpy as np
from benchmarks.platforms.kinds.peer import peer

class NearestMean:
    def __init__(self, task):
        self.total, self.shown = np.zeros((task.units[-1], task.units[0])), np.zeros(task.units[-1])
    def learn(self, x, labels):
        np.add.at(self.total, labels, x)
        np.add.at(self.shown, labels, 1)
    def answer(self, x):
        means = self.total / np.maximum(self.shown, 1)[:, None]
        return ((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    def neurobench(self, x):
        return {}
    def macs(self):
        return {"train": self.total.size, "test": self.total.size}

PLATFORM = peer("nearest-mean", "the nearest mean image", ("online", "all-at-once"), NearestMean, dict)
'''


def a_case(folder: Path, *changes: tuple[str, str], name: str = "my_case.py") -> Path:
    """Write the case into a folder, with parts of it replaced."""
    return _written(folder / name, CASE, changes)


def a_platform(folder: Path, *changes: tuple[str, str], name: str = "my_platform.py") -> Path:
    """Write the platform into a folder, with parts of it replaced."""
    return _written(folder / name, PLATFORM, changes)


def _written(path: Path, text: str, changes: tuple[tuple[str, str], ...]) -> Path:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path
