"""Figures of graded circuits: legible, true to what was recorded, and the same when drawn again from the file."""

from __future__ import annotations

import argparse
import dataclasses
import json

import neo
import numpy as np
import pytest
import quantities as pq
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from test_plots import check_legible, words

from pynn_backprop.circuit.chain import chain_circuit, drift
from pynn_backprop.circuit.published import training_circuit
from pynn_backprop.cli import figures as figures_command
from pynn_backprop.codes.code import DITHERS, Graded
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.figures import circuit, convergence, copy, cycle, layer, mean_field, recorded, table, xor
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.plots.graded_raster import SHADE
from pynn_backprop.recording import blocks as recording
from pynn_backprop.tasks.graded_tasks import learn_map, random_map
from pynn_backprop.tasks.mean_field import LeakyPopulation

REFERENCE = ReferencePlatform()


def theoretical_chains(interval: float = 0.5) -> neo.Block:
    """A block of the figure mean-field in which every population does what the law says, to a spike."""
    population = LeakyPopulation(mean_field.NEURONS)
    block = neo.Block(name=mean_field.NAME)
    block.annotate(figure=mean_field.NAME, platform="theory", n=population.n, interval=interval)
    for chain in mean_field.CHAINS:
        segment = neo.Segment(name=f"T/tau {chain.ratio}, {chain.factor} S")
        segment.annotate(**dataclasses.asdict(chain))
        window = chain.ratio * population.tau_syn
        for place in range(mean_field.POPULATIONS):
            time = interval * np.arange(round(window / interval))
            share = chain.value * chain.factor**place * np.exp(-time / population.tau_syn)
            firing = np.rint(population.n * share).astype(int)
            times = np.repeat(mean_field.START + place * window + time, firing)
            segment.spiketrains.append(neo.SpikeTrain(times * pq.ms, t_stop=200 * pq.ms, name=f"population {place}"))
        block.segments.append(segment)
    return block


MAKERS = {
    "circuit": lambda: circuit.record(REFERENCE),
    "layer": lambda: layer.record(REFERENCE),
    "cycle": lambda: cycle.record(REFERENCE),
    "convergence": lambda: convergence.record(REFERENCE, 600),
    "copy": lambda: copy.record(REFERENCE, 120),
    "mean-field": theoretical_chains,
    "xor": lambda: xor.record(REFERENCE, 200, 2),
}


@pytest.fixture(scope="module")
def blocks() -> dict[str, neo.Block]:
    return {name: make() for name, make in MAKERS.items()}


def drawn(figure: Figure) -> str:
    """All that can be seen, as text."""
    lines = [line.get_xydata() for axes in figure.axes for line in axes.lines]
    bars = [path.vertices for axes in figure.axes for found in axes.collections for path in found.get_paths()]
    return repr([words(figure), *(np.round(data, 6).tolist() for data in (*lines, *bars))])


# --- every figure


def test_there_is_a_test_for_every_figure_and_the_command_knows_all():
    assert tuple(MAKERS) == tuple(table.FIGURES) == figures_command.NAMES


@pytest.mark.parametrize("name", MAKERS)
def test_no_text_lies_on_another(blocks, name):
    check_legible(table.FIGURES[name].draw(blocks[name]))


@pytest.mark.parametrize("name", MAKERS)
def test_files_are_written_and_the_same_figure_can_be_drawn_from_the_recording(blocks, name, tmp_path):
    files = table.write_figure(name, blocks[name], tmp_path)
    assert [path.name for path in files] == [f"{name}{suffix}" for suffix in (".png", ".svg", ".nix", ".txt")]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert "<svg" in files[1].read_text()
    recipe, again = table.FIGURES[name], table.redrawn(name, files[2])
    assert files[3].read_text() == recipe.caption(again) + "\n"
    assert drawn(recipe.draw(again)) == drawn(recipe.draw(blocks[name]))


@pytest.mark.parametrize("name", MAKERS)
def test_the_caption_names_the_platform(blocks, name):
    platform = blocks[name].annotations["platform"]
    assert f"on {platform}" in table.FIGURES[name].caption(blocks[name])


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "mean-field"])
def test_the_caption_names_the_seed(blocks, name):
    assert f"seed {blocks[name].annotations['seed']}" in table.FIGURES[name].caption(blocks[name])


# --- blocks


def test_a_block_describes_the_circuit_with_its_code(blocks):
    assert recorded.circuit_of(blocks["layer"]) == training_circuit((4, 3), code=Graded(32))
    chain = chain_circuit(1, copy.POPULATIONS, Graded(32, "rotating"), copy.ROUTES)
    assert recorded.circuit_of(blocks["copy"]) == chain
    assert recorded.described(blocks["cycle"]) == "3-3-1 with 32 neurons a unit"


def test_signals_come_back_in_their_shape_after_a_file(blocks, tmp_path):
    values = np.arange(24.0).reshape(2, 3, 4)
    block = neo.Block()
    block.segments = [neo.Segment(name="numbers")]
    recorded.add_signals(block.segments[0], np.array([0, 5]), 7, {"numbers": values})
    recording.save(block, tmp_path / "file.nix")
    segment = recording.load(tmp_path / "file.nix").segments[0]
    shown, found = recorded.signal_of(segment, "numbers")
    assert shown.tolist() == [0, 5]
    np.testing.assert_array_equal(found, values)
    with pytest.raises(InputError, match="has no signal 'others'; it has numbers"):
        recorded.signal_of(segment, "others")


# --- what each of them shows


def test_circuit_refuses_a_platform_that_fires_where_the_table_says_silence():
    class Wrong(ReferencePlatform):
        def build(self, *arguments):
            running = super().build(*arguments)
            spikes = running.take_spikes
            running.take_spikes = lambda: {name: found + np.array([1, 0]) for name, found in spikes().items()}
            return running

    with pytest.raises(EqualityError, match="x"):
        circuit.record(Wrong())


def test_circuit_shows_the_rotor_and_marks_what_it_lifts(blocks):
    shown = words(table.FIGURES["circuit"].draw(blocks["circuit"]))
    assert "rotor" in shown
    assert shown.count("λ") == 4 + 1  # x, o, d+, d- and the key
    assert "Training circuit of 4-3 units, 32 neurons each" in shown
    assert "one to one (from input and t: unit to unit), excites" in shown
    assert "one to one (from t: unit to unit), inhibits" in shown


def test_layer_has_a_bar_for_every_spike_and_a_mark_for_every_pass_and_window(blocks):
    figure = table.FIGURES["layer"].draw(blocks["layer"])
    spikes = recording.spikes_of(blocks["layer"].segments[0])
    bars = [found for found in figure.axes[0].collections if isinstance(found, LineCollection)]
    assert sum(len(found.get_segments()) for found in bars) == sum(map(len, spikes.values()))
    shown = words(figure)
    assert [f"pass {number}" in shown for number in range(1, layer.SAMPLES + 2)] == [True] * layer.SAMPLES + [False]
    assert sum(line.get_linewidth() == 1.5 for line in figure.axes[0].lines) >= layer.SAMPLES + 1


def test_cycle_writes_the_number_of_spikes_of_every_unit_that_fires(blocks):
    spikes = recording.spikes_of(blocks["cycle"].segments[0])
    gates = [population.name for population in recorded.circuit_of(blocks["cycle"]).populations if population.size == 1]
    expected = []
    for name, found in spikes.items():
        if name not in ("rotor", *gates):
            keys = np.column_stack((found[:, 0], found[:, 1] // 32))
            expected += np.unique(keys, axis=0, return_counts=True)[1].tolist()
    shown = words(table.FIGURES["cycle"].draw(blocks["cycle"]))
    small = {str(number) for number in range(13)}  # also units and phases
    assert sorted(text for text in shown if text.isdigit() and text not in small and len(text) < 3) == sorted(
        str(number) for number in expected if str(number) not in small
    )


def test_cycle_shows_hidden_errors_of_both_signs_and_shades_the_memories(blocks):
    found = recorded.circuit_of(blocks["cycle"])
    phases = recording.spikes_of(blocks["cycle"].segments[0])["hT"][:, 0] % found.schedule.length
    assert set(found.schedule.hidden_error(1)) <= set(phases.tolist())
    figure = table.FIGURES["cycle"].draw(blocks["cycle"])
    shade = [patch for patch in figure.axes[0].patches if patch.get_facecolor() == to_rgba(SHADE)]
    assert len(shade) == sum(population.role == "memory" for population in found.populations) == 3


def test_convergence_holds_what_the_oracle_learns(blocks):
    block, matrix = blocks["convergence"], random_map(convergence.SEED)
    for dither in DITHERS:
        expected = learn_map(matrix, Graded(32, dither, convergence.SEED), 600, convergence.SEED)
        shown, learnt = recorded.signal_of(block.segments[0], f"weights {dither}")
        assert shown.tolist() == [0, 100, 200, 300, 400, 500, 600]
        np.testing.assert_array_equal(learnt, expected.learnt)
        worst, mean, error = convergence.results(block)[dither]
        distance = np.abs(expected.learnt[-1] - matrix)
        assert (worst, mean) == (distance.max(), distance.mean())
        assert error == pytest.approx(expected.output_error[-500:].mean())
    assert json.loads(block.annotations["equal_to_oracle"]) == list(DITHERS)


def test_convergence_says_with_which_dithers_a_platform_differs_from_the_oracle():
    class Wrong(ReferencePlatform):
        def build(self, circuit, weights, record=()):
            changed = {"W1": weights["W1"] + 2 * (circuit.code.dither == "fixed")}
            return super().build(circuit, changed, record)

    caption = convergence.caption(convergence.record(Wrong(), 100))
    assert "equal at every reading: rotating, noise." in caption


def test_float_backpropagation_is_gradient_descent_and_finds_the_map():
    matrix = random_map(1)
    weights, error = convergence.float_map(matrix, 4000, 2 / 128, 1000)
    assert weights.shape == (5, 4, 3)
    np.testing.assert_array_equal(weights[0], 0.25)
    assert np.abs(weights[-1] - matrix).max() < 0.01 < np.abs(weights[1] - matrix).max()
    assert error[-500:].mean() < 0.02 < error[:100].mean()


def test_float_backpropagation_does_not_learn_outside_the_box():
    weights, _ = convergence.float_map(np.full((4, 1), 0.25), 1, 0.0, 1)
    assert weights.shape == (2, 4, 1)
    np.testing.assert_array_equal(weights[0], weights[1])


def test_copies_are_exact_but_for_noise_which_drifts_as_theory_says(blocks):
    for dither in ("rotating", "fixed"):
        error, leak = copy.errors(blocks["copy"], dither)
        assert error.tolist() == pytest.approx([0.0] * copy.POPULATIONS, abs=1e-12)
        assert leak == 0.0
    error, leak = copy.errors(blocks["copy"], "noise")
    values, routes, share = copy.shares(blocks["copy"], "noise")
    assert leak == 0.0
    assert set(routes.tolist()) == {0, 1}
    assert share.shape == (120, 2, copy.POPULATIONS)
    copies = np.arange(1, copy.POPULATIONS + 1)
    theory = np.sqrt(np.mean([drift(value, 32, copies) ** 2 for value in values], axis=0))
    np.testing.assert_allclose(error, theory, rtol=0.25)  # 120 samples: a standard deviation of 6 %, and drift adds up


def test_xor_holds_the_margins_of_all_seeds_and_the_spikes_of_the_four_patterns(blocks):
    segment = blocks["xor"].segments[0]
    _, margins = recorded.signal_of(segment, "margins of seeds")
    _, ours = recorded.signal_of(segment, "margins")
    _, outputs = recorded.signal_of(segment, "outputs")
    assert (margins.shape, outputs.shape) == ((3, 2), (3, 4, 32))
    np.testing.assert_array_equal(margins[:, 0], ours.ravel())
    spikes = recording.spikes_of(segment)
    assert set(spikes) == {"x", "h", "o"}
    fired = np.bincount(spikes["o"][:, 0] // 4 - 1, minlength=16) / 32
    # The recorded windows are cycles 0 to 15, window w of pattern p being cycle 4 p + w; the readings' are 32 p + w.
    np.testing.assert_allclose(fired[:4], outputs[-1, 0, :4])


def test_mean_field_measures_the_gain_that_the_law_gives():
    for chain, segment in zip(mean_field.CHAINS, theoretical_chains().segments, strict=True):
        assert mean_field.gain_per_copy(segment) == pytest.approx(chain.factor, rel=0.01)


def test_mean_field_needs_a_simulator_with_leaky_neurons():
    with pytest.raises(InputError, match="'reference', which lacks IF_curr_exp and DCSource"):
        mean_field.record(REFERENCE)


# --- the command


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


def test_the_command_draws_again_from_a_file_without_a_simulator(blocks, tmp_path, monkeypatch):
    recording.save(blocks["layer"], tmp_path / "mine.nix")
    monkeypatch.setitem(table.FIGURES, "layer", dataclasses.replace(table.FIGURES["layer"], record=None))
    assert called("layer", tmp_path / "mine.nix", "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "layer.svg").is_file()


def test_the_command_refuses_the_file_of_another_figure(blocks, tmp_path):
    recording.save(blocks["layer"], tmp_path / "mine.nix")
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


def test_all_figures_are_made_but_those_that_the_simulator_can_not_do(blocks, tmp_path, monkeypatch, capsys):
    for name in set(MAKERS) - {"mean-field"}:
        quick = table.Recipe(lambda platform: blocks["layer"], lambda block: Figure(), lambda block: "a caption")
        monkeypatch.setitem(table.FIGURES, name, quick)
    assert called("all", "reference", "--out", tmp_path) == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(MAKERS) - {"mean-field"}
    assert "mean-field is left out: the simulator is 'reference'" in capsys.readouterr().out
