"""The mapping report: what a core needs, counted synapse by synapse; the published network; files, picture, command."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from discrete_circuits import discrete_circuit
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from hardware.lava.chip import limits as chip
from hardware.lava.chip.demand import Demand
from hardware.lava.chip.mapping import DISCLAIMER, MappingReport, mapping_report
from hardware.lava.chip.partition import output_axons
from hardware.lava.translation.network import Compartments, DiscreteNetwork, Rule, Synapses
from pynn_backprop import plots
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.cli import map as map_command
from pynn_backprop.errors import InputError
from pynn_backprop.simulation import network
from pynn_backprop.simulation.backends import registry

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scenarios.stand_in import StandInBackend

PUBLISHED_CORES = 81
PUBLISHED_US_PER_STEP = 1500 / 12
"""1.5 ms a sample of 12 steps (Renner et al. 2024, table 1)."""


def cells(size: int, first: int = 0, **changes) -> Compartments:
    values = {"label": "cells", "du": 4095, "dv": 4096, "threshold": np.full(size, 9)}
    values |= {"bias_mantissa": np.zeros(size, int), "bias_exponent": np.zeros(size, int)}
    return Compartments(first=first, size=size, **(values | changes))


def connected(pre, post, weight=2, delay=0, **changes) -> Synapses:
    pre, post = np.asarray(pre), np.asarray(post)
    values = {"label": "projection", "from_input": False, "exponent": 0, "pre": pre, "post": post}
    values |= {"weight": np.full(len(pre), weight), "delay": np.full(len(pre), delay)}
    return Synapses(**(values | changes))


def of_cells(size: int, *projections: Synapses, **changes) -> DiscreteNetwork:
    return DiscreteNetwork(n_inputs=size, compartments=(cells(size, **changes),), synapses=projections)


@pytest.fixture(scope="module")
def training() -> DiscreteNetwork:
    return discrete_circuit(training_circuit((400, 400, 10)))


@pytest.fixture(scope="module")
def packed(training) -> MappingReport:
    return mapping_report(training)


# --- what a core needs, counted in another way


def random_network(seed: int) -> DiscreteNetwork:
    """60 compartments with multiple synapses, runs of neighbours, delays, inputs and two reinforcement neurons."""
    generator = np.random.default_rng(seed)
    projections = []
    for number, n in enumerate((400, 300, 200, 150, 100)):
        weight = generator.choice([[2, 4, 250], [-8, 8, 128], [1, 3, 255], [-4, -16, -248], [64, 128, 192]][number], n)
        rule = Rule(reinforcement=7 + number, eta=2, w_max=254) if number < 2 else None
        delay = generator.integers(0, 1 if rule else 9, n)
        pre, post = generator.integers(0, 60, n), generator.integers(0, 60, n)
        projections.append(connected(pre, post, weight=1, from_input=bool(number % 2), rule=rule))
        projections[-1] = Synapses(
            **{**vars(projections[-1]), "weight": weight, "delay": delay, "exponent": number % 2}
        )
    pre, post = np.repeat(np.arange(20), 50), np.tile(np.arange(5, 55), 20)
    projections.append(connected(pre, post, label="all to all"))
    return of_cells(60, *projections)


def counted(net: DiscreteNetwork, first: int, stop: int) -> dict[str, int]:
    """The same as a Need, with dictionaries, one synapse after the other."""
    lists, teachers = defaultdict(list), set()
    for synapses in net.synapses:
        plastic = synapses.rule is not None
        mode = chip.sign_mode(synapses.weight, plastic).name
        width = chip.weight_bits(synapses.weight, plastic)
        delay_bits = len(f"{synapses.delay.max():b}") if synapses.delay.max() else 0
        for pre, post in zip(synapses.pre.tolist(), synapses.post.tolist(), strict=True):
            if first <= post < stop:
                neuron = (synapses.from_input, pre)
                lists[neuron, plastic, (mode, width, delay_bits, synapses.exponent)].append(post)
                if plastic:
                    teachers.add(synapses.rule.reinforcement)
    bits = Counter()
    for (_, plastic, (_, width, delay_bits, _)), posts in lists.items():
        posts.sort()
        in_a_row = posts == list(range(posts[0], posts[0] + len(posts)))
        index_bits = 0 if in_a_row else max(6, (stop - first - 1).bit_length())
        for start in range(0, len(posts), 64):
            n = len(posts[start : start + 64])
            bits[plastic] += 64 * int(np.ceil((10 + n * (width + delay_bits + index_bits)) / 64))
    axons = {(neuron, plastic) for neuron, plastic, _ in lists}
    return {
        "static_bits": bits[False],
        "plastic_bits": bits[True],
        "static_synapses": sum(len(posts) for (_, plastic, _), posts in lists.items() if not plastic),
        "plastic_synapses": sum(len(posts) for (_, plastic, _), posts in lists.items() if plastic),
        "input_axons": sum(2 if plastic else 1 for _, plastic in axons) + len(teachers),
        "formats": len({(plastic, key) for _, plastic, key in lists}),
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("first", "stop"), [(0, 60), (0, 1), (13, 14), (5, 41), (59, 60)])
def test_needs_are_those_of_a_count_synapse_by_synapse(seed, first, stop):
    net = random_network(seed)
    need = Demand(net).of(first, stop)
    expected = counted(net, first, stop)
    assert {name: getattr(need, name) for name in expected} == expected
    assert need.compartments == stop - first


@pytest.mark.parametrize("seed", range(3))
def test_output_axons_are_those_of_a_count_spike_by_spike(seed):
    net, begins = random_network(seed), np.array([0, 9, 10, 33, 60])
    core = np.repeat(np.arange(4), np.diff(begins))
    reached = set()
    for synapses in net.synapses:
        for pre, post in zip(synapses.pre.tolist(), synapses.post.tolist(), strict=True):
            if not synapses.from_input:
                reached.add((pre, core[post], "plastic" if synapses.rule else "static"))
            if synapses.rule:
                reached.add((synapses.rule.reinforcement, core[post], "teaches"))
    expected = np.bincount([core[pre] for pre, _, _ in reached], minlength=4)
    assert output_axons(Demand(net), begins).tolist() == expected.tolist()


# --- the partition


def assert_sound(report: MappingReport, net: DiscreteNetwork) -> None:
    """Every compartment has one place, no core holds too much, and no core would take one more."""
    demand, stop = Demand(net), 0
    for core in report.cores:
        assert core.first == stop
        stop = core.first + core.need.compartments
        assert core.need == demand.of(core.first, stop)
        assert core.need.excess == {}
        assert core.output_axons <= chip.OUTPUT_AXONS
        assert max(core.occupancy.values()) <= 1
        if core.full and core.full != "output axons":
            more = demand.of(core.first, stop + 1)
            assert more.excess or core.need.compartments == report.compartments_per_core
    assert stop == net.n_compartments


def test_cores_are_filled_one_after_the_other(training, packed):
    assert_sound(packed, training)
    assert [core.full for core in packed.cores[:4]] == ["bits of synaptic memory"] * 4


def test_a_core_takes_1024_compartments_and_512_if_a_delay_is_above_6():
    assert [core.need.compartments for core in mapping_report(of_cells(2500)).cores] == [1024, 1024, 452]
    delayed = of_cells(2500, connected(range(2500), range(2500), delay=7))
    report = mapping_report(delayed)
    assert [core.need.compartments for core in report.cores] == [512] * 4 + [452]
    assert_sound(report, delayed)


def test_only_delays_of_synapses_that_end_on_a_core_count():
    net = of_cells(2048, connected([0], [2000], delay=62))
    assert [core.need.compartments for core in mapping_report(net).cores] == [1024, 976, 48]


def test_a_core_holds_eight_different_thresholds():
    report = mapping_report(of_cells(20, threshold=np.arange(20)))
    assert [core.need.thresholds for core in report.cores] == [8, 8, 4]
    assert report.cores[0].full == "different thresholds"


def test_neurons_that_keep_all_of_v_and_none_of_it_are_on_different_cores():
    groups = (cells(10, dv=4096), cells(10, 10, dv=1), cells(10, 20, dv=0))
    report = mapping_report(DiscreteNetwork(0, groups, ()))
    assert [core.need.compartments for core in report.cores] == [20, 10]
    assert report.cores[0].full == "different offsets of dv"


def test_a_core_that_reaches_too_many_others_is_cut_in_two():
    # Each of the first 1,024 reaches one compartment on each of five other cores: 5,120 output axons.
    pre = np.repeat(np.arange(1024), 5)
    net = of_cells(6 * 1024, connected(pre, pre + 1024 * np.tile(np.arange(1, 6), 1024)))
    report = mapping_report(net)
    assert [core.need.compartments for core in report.cores] == [512, 512, *[1024] * 5]
    assert [core.output_axons for core in report.cores] == [2560, 2560, 0, 0, 0, 0, 0]
    assert report.cores[0].full == "output axons"
    assert_sound(report, net)


def test_a_network_that_needs_more_cores_than_a_chip_has_takes_more_chips():
    report = mapping_report(of_cells(300), compartments_per_core=1)
    assert (report.totals["cores"], report.n_chips) == (300, 3)
    rows = report.to_dict()["cores"]
    assert [(row["chip"], row["core"]) for row in (rows[0], rows[127], rows[128], rows[299])] == [
        (0, 0),
        (0, 127),
        (1, 0),
        (2, 43),
    ]
    assert "300 cores, 3 chips of 128" in str(report)


def test_what_can_not_be_placed_is_refused():
    with pytest.raises(InputError, match="no neurons"):
        mapping_report(DiscreteNetwork(0, (), ()))
    with pytest.raises(InputError, match=r"input axons is 4,097 but must be at most 4,096"):
        mapping_report(of_cells(4097, connected(range(4097), [0] * 4097)))
    with pytest.raises(InputError, match="compartments_per_core is 0 "):
        mapping_report(of_cells(1), 0)
    with pytest.raises(InputError, match="compartment 0 go to 4,100 lists"):
        mapping_report(of_cells(4100, connected([0] * 4100, range(4100))), 1)


# --- the published network


def test_the_published_training_network_is_counted_as_the_circuit_counts_it(packed):
    count = training_circuit((400, 400, 10)).count()
    assert packed.totals["compartments"] == count.neurons + count.reinforcement_neurons == 3283
    assert packed.totals["synapses"] == count.synapses + count.reinforcement_synapses == 517_205
    assert packed.totals["plastic_synapses"] == count.plastic_synapses == 500_000


def test_packed_it_takes_6_cores_which_memory_alone_nearly_demands(packed):
    assert len(packed.cores) == 6
    assert packed.totals["synapse_memory_bits"] / chip.SYNAPSE_MEMORY == pytest.approx(4.9, abs=0.1)


def test_packed_it_could_not_learn_as_fast_as_published(packed, training):
    """Six cores save space; the published speed needs plastic synapses on at least 25."""
    assert packed.learning_us > 5 * PUBLISHED_US_PER_STEP
    least = 500_000 * chip.LEARNING_UPDATE_NS / 1e3 / PUBLISHED_US_PER_STEP
    assert 24 < least < 25
    spread = mapping_report(training, compartments_per_core=41)
    assert spread.learning_us == pytest.approx(100, abs=0.5)
    assert spread.learning_us < PUBLISHED_US_PER_STEP
    assert_sound(spread, training)


def test_it_also_fits_the_published_number_of_cores_with_much_room_left(training):
    spread = mapping_report(training, compartments_per_core=41)
    assert len(spread.cores) == PUBLISHED_CORES
    assert max(core.occupancy["synaptic memory"] for core in spread.cores) < 0.2


def test_the_inference_network_takes_2_cores():
    report = mapping_report(discrete_circuit(inference_circuit((400, 400, 10))))
    assert len(report.cores) == 2
    assert report.totals["compartments"] == 814
    assert report.totals["synapses"] == 165_215
    assert report.totals["plastic_synapses"] == 0
    assert report.warnings == ()


# --- text, files and picture


def test_the_report_names_populations_and_says_that_nothing_has_run(packed):
    text = str(packed)
    assert text.startswith("6 of the 128 cores of a chip\n3,283 compartments and 411 inputs\n")
    assert "400 x, 246 h" in text
    assert "estimated" in text
    assert "warning: populations 'h', " in text
    assert text.endswith(DISCLAIMER)


def test_populations_without_names_are_named_by_their_groups():
    report = mapping_report(of_cells(3))
    assert report.cores[0].populations == (("cells", 3),)


def test_the_json_file_holds_all_of_it(packed, tmp_path):
    packed.write(tmp_path / "map.json")
    read = json.loads((tmp_path / "map.json").read_text())
    assert read == packed.to_dict()
    assert read["learning_time"]["us_per_step"] == pytest.approx(packed.learning_us, abs=1e-3)
    assert "Davies" in read["learning_time"]["estimated_by"]
    assert read["limits"]["synapse_memory_bits_per_core"] == 2**20
    for name in ("compartments", "synapses", "plastic_synapses", "synapse_memory_bits", "input_axons", "output_axons"):
        assert sum(core[name] for core in read["cores"]) == read["totals"][name]
    shares = Counter()
    for core in read["cores"]:
        shares.update(core["populations"])
    circuit = training_circuit((400, 400, 10))
    assert shares == {population.name: population.size for population in circuit.simulated}
    assert [warning["level"] for warning in read["warnings"]] == ["warning"] * 3


def shown(figure) -> list[tuple[str, Bbox]]:
    """The texts that a reader sees, and where they are."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in axis.get_ticklabels()
        if not axes.axison or (axis is axes.xaxis and not axis.get_tick_params()["labelbottom"])
    }
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text() and text not in hidden]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]


PICTURES = {"packed": None, "81 cores": 41, "three chips": 10}


@pytest.mark.parametrize("most", PICTURES.values(), ids=PICTURES)
def test_in_the_picture_no_text_lies_on_another_or_beyond_the_edge(training, most):
    figure = mapping_report(training, most).figure("Training circuit 400-400-10")
    texts = shown(figure)
    whole = figure.bbox
    for place, (text, box) in enumerate(texts):
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, text
        for other, over in texts[place + 1 :]:
            assert not box.shrunk(0.9, 0.8).overlaps(over.shrunk(0.9, 0.8)), (text, other)


def test_the_picture_shows_each_core_with_its_amounts_and_populations(packed):
    texts = [text for text, _ in shown(packed.figure("A title"))]
    assert "A title: 6 of the 128 cores of a chip" in texts
    for core in packed.cores:
        for amount in (core.need.compartments, core.need.input_axons, core.output_axons):
            assert f"{amount:,}" in texts
    assert {"x", "h", "h_low", "h_high", "hT", "c_h", "plastic synapses", "100%"} <= set(texts)


def test_the_picture_is_written_as_png_and_svg(packed, tmp_path):
    plots.save(packed.figure(), tmp_path / "map.png")
    assert imread(tmp_path / "map.png").shape[:2] == (1000, 1600)
    plots.save(packed.figure(), tmp_path / "map.svg")
    assert "<svg" in (tmp_path / "map.svg").read_text()


def test_nothing_of_it_needs_lava():
    modules = "validate, mapping, figure, partition, demand, limits"
    script = (
        f"import sys; sys.modules['lava'] = None\nfrom hardware.lava.chip import {modules}\n"
        "from hardware.lava.translation import network"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


# --- the command


@pytest.fixture
def chip_platform(monkeypatch):
    """A platform with a chip behind it, whose networks are built by hand; keeps what was asked and closed."""
    asked = SimpleNamespace(sims=[], closed=0, bounds=[])

    class Built:
        def __init__(self, sim, circuit, weights) -> None:
            asked.sims.append(sim)
            assert set(weights) == set(circuit.matrices)
            asked.circuit = circuit

        def close(self) -> None:
            asked.closed += 1

    class Chip(StandInBackend):
        def mapping_report(self, sim, compartments_per_core=None):
            asked.bounds.append(compartments_per_core)
            return mapping_report(discrete_circuit(asked.circuit), compartments_per_core)

    chip = SimpleNamespace(__name__="a chip", pynn_backprop_backend=Chip())
    plain = SimpleNamespace(__name__="no chip", pynn_backprop_backend=StandInBackend())
    monkeypatch.setattr(registry, "load_simulator", lambda name: chip if name == "chip" else plain)
    monkeypatch.setattr(network, "Network", Built)
    return asked


def mapped(*arguments) -> int:
    parser = argparse.ArgumentParser()
    map_command.add_arguments(parser, "chip, or another")
    return map_command.run(parser.parse_args([str(argument) for argument in arguments]))


def test_the_command_prints_writes_and_draws(chip_platform, tmp_path, capsys):
    json_file, picture = tmp_path / "map.json", tmp_path / "map.svg"
    assert mapped("chip", "--sizes", 30, 20, 4, "--json", json_file, "--plot", picture, "--per-core", 50) == 0
    said = capsys.readouterr().out
    assert said.startswith("Training circuit 30-20-4 on chip\n5 of the 128 cores of a chip\n")
    assert json.loads(json_file.read_text())["totals"]["cores"] == 5
    assert "<svg" in picture.read_text()
    assert (len(chip_platform.sims), chip_platform.closed, chip_platform.bounds) == (1, 1, [50])


def test_the_command_maps_the_published_network_by_default_and_inference_on_demand(chip_platform, capsys):
    assert mapped("chip") == 0
    assert "Training circuit 400-400-10 on chip\n6 of the 128 cores" in capsys.readouterr().out
    assert mapped("chip", "--inference") == 0
    assert "Inference circuit 400-400-10 on chip\n2 of the 128 cores" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["plain", "reference"])
def test_a_platform_without_a_chip_is_refused(chip_platform, name):
    with pytest.raises(InputError, match=f"'{name}', which has no chip"):
        mapped(name)
    assert chip_platform.sims == []


def test_files_that_can_not_be_written_are_refused_before_the_work(chip_platform, tmp_path):
    with pytest.raises(InputError, match="no folder"):
        mapped("chip", "--json", tmp_path / "nowhere" / "map.json")
    with pytest.raises(InputError, match="format of the figure"):
        mapped("chip", "--sizes", 4, 3, 2, "--plot", tmp_path / "map.xyz")
    assert len(chip_platform.sims) == 1


def test_the_network_is_closed_when_it_can_not_be_placed(chip_platform):
    with pytest.raises(InputError, match="compartments_per_core is 2000"):
        mapped("chip", "--sizes", 4, 3, 2, "--per-core", 2000)
    assert chip_platform.closed == 1
