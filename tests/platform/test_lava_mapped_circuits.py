"""How the circuits sit on Loihi chips, translated as they are when they run; and the command that says so."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from scenarios.translated import translated
from simulators import skip_unless_installed

from hardware.lava.chip import limits
from hardware.lava.chip.demand import MEMORY
from hardware.lava.chip.mapping import MappingReport, mapping_report
from hardware.lava.chip.validate import validate
from hardware.lava.translation.network import DiscreteNetwork
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.cli.main import main
from pynn_backprop.errors import InputError

skip_unless_installed("lava")

PUBLISHED_CORES = 81
PUBLISHED_US_PER_STEP = 1500 / 12
"""1.5 ms a sample of 12 steps (Renner et al. 2024, table 1)."""


@pytest.fixture(scope="module")
def training() -> DiscreteNetwork:
    return translated(training_circuit((400, 400, 10), form="published"))


@pytest.fixture(scope="module")
def packed(training: DiscreteNetwork) -> MappingReport:
    return mapping_report(training)


@pytest.mark.parametrize(
    "circuit",
    [training_circuit((20, 12, 4)), training_circuit((20, 4)), inference_circuit((20, 12, 4), probe=True)],
    ids=["training", "one matrix", "inference"],
)
def test_the_circuits_have_no_number_that_a_chip_does_not_have(circuit):
    network = translated(circuit)
    validate(network)
    assert [(part.label, part.size) for part in network.parts] == [(p.name, p.size) for p in circuit.simulated]
    assert len(network.compartments) == 1


# --- the published network


def test_the_training_network_is_counted_as_the_circuit_counts_it(packed):
    count = training_circuit((400, 400, 10), form="published").count()
    assert packed.totals["compartments"] == count.neurons + count.reinforcement_neurons == 3283
    assert packed.totals["synapses"] == count.synapses + count.reinforcement_synapses == 517_205
    assert packed.totals["plastic_synapses"] == count.plastic_synapses == 500_000
    assert packed.totals["inputs"] == 411


def test_packed_it_takes_6_cores_which_memory_alone_nearly_demands(packed):
    assert packed.extent == "6 of the 128 cores of a chip"
    assert packed.totals["synapse_memory_bits"] / limits.SYNAPSE_MEMORY == pytest.approx(4.9, abs=0.1)
    assert [core.full for core in packed.cores[:4]] == [MEMORY] * 4
    assert packed.cores[0].populations == (("x", 400), ("h", 246))


def test_packed_it_could_not_learn_as_fast_as_published(packed, training):
    """Six cores save space; the published speed needs plastic synapses on at least 25."""
    assert packed.learning_us == pytest.approx(659, abs=1)
    least = 500_000 * limits.LEARNING_UPDATE_NS / 1e3 / PUBLISHED_US_PER_STEP
    assert 24 < least < 25
    spread = mapping_report(training, compartments_per_core=41)
    assert len(spread.cores) == PUBLISHED_CORES
    assert spread.learning_us == pytest.approx(100, abs=0.5)
    assert max(core.share(MEMORY) for core in spread.cores) == pytest.approx(0.17, abs=0.01)


def test_the_inference_network_takes_2_cores():
    report = mapping_report(translated(inference_circuit((400, 400, 10))))
    assert len(report.cores) == 2
    assert report.totals["compartments"] == 814
    assert report.totals["synapses"] == 165_215
    assert report.totals["plastic_synapses"] == 0
    assert report.warnings == ()


def test_each_population_is_there_as_a_whole(packed):
    shares: Counter[str] = Counter()
    for core in packed.cores:
        shares.update(dict(core.populations))
    assert shares == {
        population.name: population.size for population in training_circuit((400, 400, 10), form="published").simulated
    }


# --- the command


def test_the_command_prints_writes_and_draws(tmp_path, capsys):
    table, picture = tmp_path / "map.json", tmp_path / "map.svg"
    where = ["--json", str(table), "--plot", str(picture)]
    assert main(["map", "lava", "--sizes", "30", "20", "4", "--per-core", "50", *where]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Training circuit 30-20-4, compact form on lava\n4 of the 128 cores of a chip\n")
    assert said.endswith(f"report: {table}\ndrawn: {picture}\n")
    assert json.loads(table.read_text())["totals"]["cores"] == 4
    assert "<svg" in picture.read_text()


def test_the_command_maps_the_compact_network_by_default_and_inference_on_demand(capsys):
    assert main(["map", "lava"]) == 0
    assert "Training circuit 400-400-10, compact form on lava\n6 of the 128 cores" in capsys.readouterr().out
    assert main(["map", "lava", "--inference"]) == 0
    assert "Inference circuit 400-400-10 on lava\n2 of the 128 cores" in capsys.readouterr().out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["map", *arguments]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    return error


def test_a_platform_without_a_chip_is_refused(capsys):
    assert "the simulator is 'reference', which has no chip to map a network to" in refusal(capsys, "reference")


@pytest.mark.parametrize(
    ("option", "file", "message"),
    [("--json", "nowhere/map.json", "no folder"), ("--plot", "map.xyz", "format of the figure")],
)
def test_files_that_can_not_be_written_are_refused(option: str, file: str, message: str, tmp_path: Path, capsys):
    main(["map", "lava", "--sizes", "4", "3", "2", option, str(tmp_path / file)])
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_can_not_be_placed_does_not_stay_open(capsys):
    message = "compartments_per_core is 2000 but must be a whole number from 1 to 1024"
    assert message in refusal(capsys, "lava", "--sizes", "4", "3", "2", "--per-core", "2000")
    with pytest.raises(InputError, match="no neurons"):
        mapping_report(DiscreteNetwork(0, (), ()))
    assert main(["map", "lava", "--sizes", "4", "3", "2"]) == 0
