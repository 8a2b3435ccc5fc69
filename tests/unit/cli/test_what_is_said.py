"""How much a command says: results only, what it does, or all of it; through one logger."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from command_line import EVALUATE, TRAIN

from pynn_backprop.cli.main import main


@pytest.fixture(autouse=True)
def loggers():
    """What the options set of loggers is undone."""
    known = [logging.getLogger(name) for name in ("pynn_backprop", "PyNN")]
    before = [logger.level for logger in known]
    yield
    for logger, level in zip(known, before, strict=True):
        logger.setLevel(level)


def said(capsys, *words: str) -> str:
    capsys.readouterr()
    assert main([*words]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_a_training_says_what_it_does_and_a_quiet_one_its_results_only(capsys, caplog):
    usual = said(capsys, *TRAIN)
    assert "training samples, 2 epochs" in usual
    assert "epoch 1 of 2" in usual
    assert caplog.messages == []
    quiet = said(capsys, *TRAIN, "--epochs", "1", "--overwrite", "-q")
    assert quiet.startswith("accuracy ┏")
    assert quiet.endswith("in run: checkpoint.npz, config.json, learning_curve.png, metrics.json, weights.npz")
    assert "epoch 1 of" not in quiet


def test_a_quiet_evaluation_says_its_score_only(capsys):
    assert said(capsys, *EVALUATE, "w.npz", "-q").startswith("accuracy ┏")


def test_a_verbose_training_says_what_is_built_and_written(caplog):
    assert main([*TRAIN, "--epochs", "1", "-v"]) == 0
    assert {record.name.partition(".")[0] for record in caplog.records} == {"pynn_backprop"}
    assert any(message.startswith("built 40-20-4 on reference in ") for message in caplog.messages)
    assert caplog.messages[-1].startswith("checkpoint after 60 samples: run")


@pytest.mark.parametrize(("option", "shown"), [("-q", "error"), ("", "error warning"), ("-v", "error warning info")])
def test_messages_go_to_the_standard_error(option, shown):
    program = """
import logging, sys
from pynn_backprop.cli.logs import add_verbosity, start_logging
from pynn_backprop.cli.parser import CommandParser
parser = CommandParser()
add_verbosity(parser)
start_logging(parser.parse_args(sys.argv[1:]))
for level in ("error", "warning", "info"):
    getattr(logging.getLogger("pynn_backprop.x"), level)(level)
logging.getLogger("another").info("nobody asked for this")
"""
    done = subprocess.run([sys.executable, "-c", program, *option.split()], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [f"pynn_backprop.x: {level}" for level in shown.split()]
    assert done.stdout == ""
