"""``pynn-backprop compare``: how it ends where nothing can be compared, its progress and its help."""

from __future__ import annotations

import io
import signal

import numpy as np
import pytest
from command_line import content
from compared_platforms import COMPARE
from rich.console import Console

from pynn_backprop.cli import terminal_compare
from pynn_backprop.cli.main import main
from pynn_backprop.reference.steps import StepSimulator

pytestmark = pytest.mark.usefixtures("compared")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reference"], ["reference", "at least two"]),
        (["reference", "nst"], ["'nst'", "did you mean 'nest'"]),
        (["reference", "pyNN.nosuch"], ["'pyNN.nosuch'", "not installed"]),
        (["reference", "reference:fast"], ["variant", "'fast'"]),
        (["reference", "other", "--samples", "31"], ["samples", "31", "from 1 to 30"]),
        (["reference", "other", "--samples", "0"], ["samples", "0", "at least 1"]),
        (["reference", "other", "--test-samples", "13"], ["test_samples", "13", "from 1 to 12"]),
        (["reference", "other", "--hidden", "-1"], ["hidden", "-1", "at least 0"]),
        (["reference", "other", "--seed", "-1"], ["seed", "-1", "at least 0"]),
        (["reference", "other", "--eta", "0"], ["eta", "0", "at least 1"]),
        (["reference", "other", "--threads", "0"], ["threads", "0", "at least 1"]),
        (["reference", "other", "--initialisation", "alife"], ["'alife'", "did you mean 'alive'"]),
        (["reference", "other", "--init-weights", "missing.npz"], ["missing.npz", "not a file"]),
        (["reference", "other", "--json", "nowhere/c.json"], ["nowhere/c.json"]),
        (["reference", "other", "--plot", "nowhere/c.png"], ["nowhere/c.png"]),
        (["reference", "other", "--plot", "c.xyz"], ["'xyz'", "png"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_bad_input_is_refused_before_anything_runs(folder, capsys, monkeypatch, arguments, words):
    before = content(folder)
    monkeypatch.setattr(StepSimulator, "train", lambda *_: pytest.fail("it ran"))
    assert main(["compare", *arguments, "--data", "d.npz"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    (line,) = error.splitlines()
    assert [word for word in words if word not in line] == [], line
    assert content(folder) == before


def test_ctrl_c_leaves_with_130_and_writes_nothing(folder, capsys, monkeypatch):
    before, real = content(folder), StepSimulator.train

    def interrupted(self: StepSimulator, x: np.ndarray, labels: np.ndarray) -> object:
        signal.raise_signal(signal.SIGINT)
        return real(self, x, labels)

    monkeypatch.setattr(StepSimulator, "train", interrupted)
    assert main([*COMPARE, "--json", "c.json"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert content(folder) == before


def test_progress_is_shown_for_every_platform_in_a_terminal():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with terminal_compare.comparison_progress(["one", "two"], 10, console) as tick:
        for shown in (0, 5, 10):
            tick("one", "training", shown, 10)
        shown_meanwhile = screen.getvalue()
        tick("one", "inference", 4, 4)
    assert "one" in shown_meanwhile
    assert "two" in shown_meanwhile
    assert "waiting" in shown_meanwhile
    assert "done" in screen.getvalue()


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["compare", "--help"])
    assert leaving.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "NAME:VARIANT:LAYOUT" in text
    assert "the exit status is 1 if anything differs" in text
    assert "(default: 200)" in text
    assert "(default: 50)" in text
