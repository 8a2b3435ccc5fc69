"""The command ``pynn-backprop figures``."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import pytest
from figure_blocks import MAKERS, block_for
from matplotlib.image import imread

from pynn_backprop.cli import figures as figures_command
from pynn_backprop.errors import InputError
from pynn_backprop.figures import table
from pynn_backprop.recording import blocks as recording


def called(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    figures_command.add_arguments(parser)
    return figures_command.run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture(scope="module")
def fig3_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the figure fig3; to write it takes two seconds."""
    return _saved("fig3", tmp_path_factory.mktemp("fig3"))


def test_the_command_makes_the_folder_writes_and_says_what(tmp_path, capsys):
    folder = tmp_path / "new" / "folder"
    assert called("fig3", "reference", "--out", folder) == 0
    said = capsys.readouterr().out
    assert "\nfig3: Pass 4 of the figure fig2, the same network 4-3 with 32 neurons a unit" in said
    assert f"written: {folder / 'fig3.png'}, {folder / 'fig3.svg'}" in said
    assert {path.suffix for path in folder.iterdir()} == {".png", ".svg", ".nix", ".txt"}


def test_the_command_draws_again_from_a_file_without_a_simulator(fig3_file, tmp_path, monkeypatch):
    monkeypatch.setitem(table.FIGURES, "fig3", dataclasses.replace(table.FIGURES["fig3"], record=None))
    assert called("fig3", fig3_file, "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "fig3.svg").is_file()


def test_the_command_says_how_far_a_figure_is_that_takes_minutes(tmp_path, monkeypatch, capsys):
    def record(platform, form, tell):
        tell("half of it")
        return block_for("curves")

    monkeypatch.setitem(table.FIGURES, "curves", dataclasses.replace(table.FIGURES["curves"], record=record))
    assert called("curves", "reference", "--out", tmp_path) == 0
    assert "curves: recording on reference\ncurves: half of it\n" in capsys.readouterr().out


@pytest.mark.slow
def test_figures_of_older_versions_are_drawn_by_their_old_names(tmp_path):
    older = recording.load(_saved("fig2", tmp_path))
    older.annotations["figure"] = "layer"
    recording.save(older, tmp_path / "older.nix")
    assert called("layer", tmp_path / "older.nix", "--out", tmp_path / "out", "--format", "svg") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"fig2.svg", "fig2.nix", "fig2.txt"}


def _saved(name, folder):
    recording.save(block_for(name), folder / f"{name}.nix")
    return folder / f"{name}.nix"


def test_formats_width_and_resolution_can_be_chosen(fig3_file, tmp_path):
    asked = ["--format", "pdf", "png", "--width", "200", "--dpi", "50"]
    assert called("fig3", fig3_file, "--out", tmp_path / "out", *asked) == 0
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".pdf", ".png", ".nix", ".txt"}
    assert imread(tmp_path / "out" / "fig3.png").shape[1] == int(200 / 25.4 * 50)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("--width", "100"), "width is 100.0 but must be a number from 120 to 1000"),
        (("--width", "nan"), "width is nan but must be a number from 120 to 1000"),
        (("--dpi", "0"), "dpi is 0.0 but must be a number from 20 to 2400"),
    ],
)
def test_sizes_that_can_not_be_printed_are_refused_before_anything_is_recorded(tmp_path, asked, message):
    with pytest.raises(InputError, match=message):
        called("fig3", "no such simulator", "--out", tmp_path / "out", *asked)
    assert not (tmp_path / "out").exists()


def test_the_command_refuses_the_file_of_another_figure(fig3_file, tmp_path):
    with pytest.raises(InputError, match=r"fig3.nix was recorded for the figure 'fig3', not 'cycle'"):
        called("cycle", fig3_file, "--out", tmp_path)


def test_the_command_refuses_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"--out is .*file', which can't be made a folder"):
        called("fig3", "reference", "--out", tmp_path / "file")


def test_the_command_refuses_an_unknown_figure_and_an_unknown_simulator(tmp_path, capsys):
    with pytest.raises(SystemExit):
        called("fig5", "reference")
    assert "invalid choice: 'fig5'" in capsys.readouterr().err
    with pytest.raises(InputError, match="the simulator is 'nets'"):
        called("fig3", "nets", "--out", tmp_path)


def test_all_figures_are_made_but_those_that_the_simulator_can_not_do(tmp_path, monkeypatch, capsys):
    def write(name, block, folder, *_):
        (folder / f"{name}.png").write_text(str(block))
        return [folder / f"{name}.png"]

    for name in set(MAKERS) - {"mean-field"}:
        quick = dataclasses.replace(
            table.FIGURES[name],
            record=lambda platform, form=None, tell=None: "spikes",
            caption=lambda block: "a caption",
        )
        monkeypatch.setitem(table.FIGURES, name, quick)
    monkeypatch.setattr(table, "write_figure", write)
    assert called("all", "reference", "--out", tmp_path) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(MAKERS) - {"mean-field"}
    assert "mean-field is left out: the simulator is 'reference'" in capsys.readouterr().out


def test_a_figure_that_needs_more_width_is_refused_before_it_is_recorded(tmp_path):
    with pytest.raises(InputError, match=r"width is 130 mm but must be at least 150 mm for the figure fig2"):
        called("fig2", "no such simulator", "--out", tmp_path, "--width", "130")
