"""The command ``pynn-backprop figures``."""

from __future__ import annotations

import argparse
import dataclasses

import pytest
from figure_blocks import MAKERS, block_for
from matplotlib.figure import Figure

from pynn_backprop.cli import figures as figures_command
from pynn_backprop.errors import InputError
from pynn_backprop.figures import table
from pynn_backprop.recording import blocks as recording


def called(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    figures_command.add_arguments(parser)
    return figures_command.run(parser.parse_args([str(argument) for argument in arguments]))


def test_the_command_makes_the_folder_writes_and_says_what(tmp_path, capsys):
    folder = tmp_path / "new" / "folder"
    assert called("layer", "reference", "--out", folder) == 0
    said = capsys.readouterr().out
    assert said.startswith("layer: Activity of the one-layer circuit 4-3 with 32 neurons a unit")
    assert f"written: {folder / 'layer.png'}, {folder / 'layer.svg'}" in said
    assert {path.suffix for path in folder.iterdir()} == {".png", ".svg", ".nix", ".txt"}


def test_the_command_draws_again_from_a_file_without_a_simulator(tmp_path, monkeypatch):
    recording.save(block_for("layer"), tmp_path / "mine.nix")
    monkeypatch.setitem(table.FIGURES, "layer", dataclasses.replace(table.FIGURES["layer"], record=None))
    assert called("layer", tmp_path / "mine.nix", "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "layer.svg").is_file()


def test_the_command_refuses_the_file_of_another_figure(tmp_path):
    recording.save(block_for("layer"), tmp_path / "mine.nix")
    with pytest.raises(InputError, match=r"mine.nix was recorded for the figure 'layer', not 'cycle'"):
        called("cycle", tmp_path / "mine.nix", "--out", tmp_path)


def test_the_command_refuses_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"--out is .*file', which can't be made a folder"):
        called("layer", "reference", "--out", tmp_path / "file")


def test_the_command_refuses_an_unknown_figure_and_an_unknown_simulator(tmp_path, capsys):
    with pytest.raises(SystemExit):
        called("layers", "reference")
    assert "invalid choice: 'layers'" in capsys.readouterr().err
    with pytest.raises(InputError, match="the simulator is 'nets'"):
        called("layer", "nets", "--out", tmp_path)


def test_all_figures_are_made_but_those_that_the_simulator_can_not_do(tmp_path, monkeypatch, capsys):
    for name in set(MAKERS) - {"mean-field"}:
        quick = dataclasses.replace(
            table.FIGURES[name],
            record=lambda platform, form=None: block_for("layer"),
            draw=lambda block: Figure(),
            caption=lambda block: "a caption",
        )
        monkeypatch.setitem(table.FIGURES, name, quick)
    assert called("all", "reference", "--out", tmp_path) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(MAKERS) - {"mean-field"}
    assert "mean-field is left out: the simulator is 'reference'" in capsys.readouterr().out
