"""No silent minute: what is told while an epoch lasts, and when."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop import BackpropClassifier
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.told import NowAndThen, told_within


def progress(shown: int) -> Progress:
    return Progress(samples=1000, epochs=3, shown=shown, right=np.array([800, 300, 0]))


def test_within_an_epoch_its_samples_and_answers_so_far_are_told():
    assert told_within(progress(1500)) == "epoch 2 of 3: 500 of 1,000 samples, 60.0% right so far"


def test_it_is_told_again_only_after_a_while_and_an_epoch_that_ends_counts_as_told():
    now, lines = [0.0], []
    tell = NowAndThen(lines.append, seconds=10, clock=lambda: now[0])
    for time, shown in ((1, 100), (9, 200), (11, 300), (20, 400), (22, 500), (31, 1000), (40, 1100), (42, 1200)):
        now[0] = time
        tell(progress(shown))
    assert [line.split(":")[1].split(" of ")[0].strip() for line in lines] == ["300", "500", "200"]


@pytest.mark.parametrize("verbose", [False, True, 1])
def test_verbose_tells_each_epoch(verbose, capsys):
    x = np.random.default_rng(0).random((40, 6))
    BackpropClassifier("reference", hidden=4, epochs=2, verbose=verbose).fit(x, np.arange(40) % 2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == (["epoch 1 of 2", "epoch 2 of 2"] if verbose else [])
