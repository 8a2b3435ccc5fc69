"""The folder in which commands run, and the check that one refuses its input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from command_line import DATA, WEIGHTS, Refused, content
from compared_platforms import COMPARE, COMPARED, Other

from pynn_backprop.cli.main import main
from pynn_backprop.platforms import get_platform


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder of each test: it holds the data set d.npz and the weights w.npz."""
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", **DATA)
    np.savez("w.npz", **WEIGHTS)
    return tmp_path


@pytest.fixture
def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Checks that a command says one line with all the given words, leaves with 2, and changed no file."""

    def check(arguments: Sequence[str], words: Sequence[str]) -> None:
        before = content(folder)
        capsys.readouterr()
        assert main(arguments) == 2
        out, error = capsys.readouterr()
        assert out == ""
        (line,) = error.splitlines()
        assert line.startswith("pynn-backprop: error: ")
        assert [word for word in words if word not in line] == [], line
        assert content(folder) == before

    return check


@pytest.fixture
def compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data set is one for comparisons, and ``other`` is a platform."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(
        "pynn_backprop.comparison.named.get_platform",
        lambda name, options: Other() if name == "other" else get_platform(name, options),
    )
    np.savez("d.npz", **COMPARED)


@pytest.fixture
def said(compared: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the command with more options; returns the exit status and what it printed, with single spaces."""

    def run(*options: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([*COMPARE, *options])
        return status, " ".join(capsys.readouterr().out.split())

    return run
