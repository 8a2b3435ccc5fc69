"""The command itself: help, versions, errors and how it ends; and the demo."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import RECORDED, TRAIN, content, names

import pynn_backprop
from pynn_backprop.cli import demo
from pynn_backprop.cli.main import COMMANDS, main
from pynn_backprop.errors import InputError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["learn"], "'learn'"),
        (["train", "--no-such-option"], "--no-such-option"),
        (["evaluate", "reference"], "--weights"),
        ([*TRAIN, "--epochs", "1.5"], "--epochs: invalid int value: '1.5'"),
        (["circuit", "4", "1.5"], "invalid int value: '1.5'"),
    ],
)
def test_a_command_line_that_is_not_understood_is_refused(folder, capsys, arguments, words):
    before = content(folder)
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    assert words in capsys.readouterr().err
    assert content(folder) == before


def test_debug_raises_the_error():
    with pytest.raises(InputError, match="'digit'"):
        main([*TRAIN, "--data", "digit", "--debug"])


@pytest.mark.parametrize("debug", [False, True])
def test_only_debug_prints_a_traceback(debug):
    command = [sys.executable, "-m", "pynn_backprop.cli.main", "circuit", "6", *["--debug"] * debug]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert ("Traceback" in done.stderr) == debug
    assert "units is (6,)" in done.stderr


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"pynn_backprop {pynn_backprop.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys, command):
    with pytest.raises(SystemExit) as leaving:
        main([command, "--help"])
    assert leaving.value.code == 0
    assert f"pynn-backprop {command}" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "command"), COMMANDS.items())
def test_a_command_is_a_file_with_a_summary_arguments_and_what_it_does(name, command):
    assert command.__name__ == f"pynn_backprop.cli.{name}"
    assert command.SUMMARY.endswith(".")
    assert callable(command.add_arguments)
    assert callable(command.run)


@pytest.mark.slow
def test_the_demo_replaces_an_earlier_demo(monkeypatch):
    monkeypatch.setattr(demo, "CHOICES", {**demo.CHOICES, "data": "d.npz", "epochs": 1, "hidden": 5})
    for _ in range(2):
        assert main(["demo", "--simulator", "reference"]) == 0
    assert names("demo-results") == RECORDED
