"""Graded circuits as data: with one neuron a unit they are the binary ones, and what they need fits the chip."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.connectivity import AllToAll, Block, Levels, OneToOne, Ring, UnitToUnit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters, default_parameters, graded_parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import InputError

MAP = training_circuit((4, 3), code=Graded(32))
XOR = training_circuit((3, 12, 1), code=Graded(32))


@pytest.mark.parametrize("layer_sizes", [(9, 4), (20, 15, 4)])
@pytest.mark.parametrize("dither", DITHERS)
def test_with_one_neuron_a_unit_the_circuits_are_the_binary_ones(layer_sizes, dither):
    code = Graded(1, dither)
    for graded, binary in (
        (training_circuit(layer_sizes, code=code), training_circuit(layer_sizes)),
        (inference_circuit(layer_sizes, probe=True, code=code), inference_circuit(layer_sizes, probe=True)),
    ):
        assert (graded.populations, graded.projections) == (binary.populations, binary.projections)
        assert {projection.connectivity for projection in binary.projections} == {OneToOne(), AllToAll()}


def test_the_counts_are_those_of_the_documentation():
    """Plastic: 3 copies of W1; for XOR also 3 + 2 of W2."""
    assert (MAP.count().neurons, MAP.count().synapses, MAP.count().plastic_synapses) == (871, 63_945, 3 * 128 * 96)
    assert (XOR.count().neurons, XOR.count().synapses) == (2_764, 235_118)
    assert XOR.count().plastic_synapses == 3 * 96 * 384 + 5 * 384 * 32
    levels, units = (
        sum(MAP.synapses(p) for p in MAP.projections if isinstance(p.connectivity, kind))
        for kind in (Levels, UnitToUnit)
    )
    assert (levels, units) == (32 * (128 + 3 * 96), 32 * (128 + 2 * 96))


def test_neurons_and_units_what_was_asked_for():
    assert (XOR.neurons, XOR.units) == ((96, 384, 32), (3, 12, 1))
    assert XOR.matrices == {"W1": (96, 384), "W2": (384, 32)}


@pytest.mark.parametrize(("dither", "rotor", "sources"), [("rotating", 8, 0), ("fixed", 1, 0), ("noise", 1, 4 * 3)])
def test_each_dither_has_its_rotor_and_sources(dither, rotor, sources):
    circuit = training_circuit((3, 2, 2), code=Graded(8, dither))
    assert circuit["rotor"].size == rotor
    assert len([source for source in circuit.sources if source.name.startswith("noise_")]) == sources
    assert [p.latency for p in circuit.projections if p.connectivity == Ring()] == [circuit.schedule.length]


def loihi_holds(weight: int, mixed: bool) -> bool:
    """8 bits, of which a projection with both signs needs one, times a power of two up to 2^7."""
    even = 2 if mixed else 1
    return any(weight % (even << e) == 0 and abs(weight) >> e <= 255 for e in range(8))


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("n", [1, 4, 8, 16, 32, 64])
def test_every_static_weight_is_one_of_loihi(n, dither):
    circuit = training_circuit((5, 4, 3), code=Graded(n, dither))
    assert loihi_holds(circuit.parameters.bias, mixed=False)
    for projection in circuit.projections:
        if isinstance(projection.connectivity, Levels):
            weights = np.unique(circuit.level_weights(projection))
            mixed = weights.min() < 0 < weights.max()
            assert all(loihi_holds(int(weight), mixed) for weight in weights), projection.label
        elif projection.weight is not None:
            assert loihi_holds(projection.weight, mixed=False), projection.label


# --- levels and noise


@pytest.mark.parametrize("n", [2, 8])
def test_the_rotor_lifts_every_neuron_to_its_level(n):
    """Its weight leaves the neuron q (level + 1/2) below the half gate's opening at drive theta / 2."""
    code = Graded(n)
    circuit = training_circuit((3, 4, 2), code=code)
    q = circuit.parameters.quantum(n)
    for projection in circuit.projections:
        if isinstance(projection.connectivity, Levels):
            population = {"d+": "o", "d-": "o"}.get(projection.post, projection.post)
            levels = code.levels(population, circuit[projection.post].size // n, np.arange(n))
            centred, half_step = q * (n - 1) // 2 - q * levels, q // 2
            wanted = {"d-": -centred, "hT": -half_step * levels}.get(projection.post, centred)
            np.testing.assert_array_equal(circuit.level_weights(projection), wanted, err_msg=projection.label)


def test_noise_sources_are_those_of_the_circuit_and_of_the_sample():
    circuit = training_circuit((3, 2), code=Graded(4, "noise", seed=1))
    fires = circuit.noise(np.arange(6))
    assert {name: table.shape for name, table in fires.items()} == {
        **{f"noise_x{bit}": (6, 12) for bit in range(2)},
        **{f"noise_o{bit}": (6, 8) for bit in range(2)},
    }
    later = circuit.noise(np.arange(4, 6))
    assert all((fires[name][4:] == later[name]).all() for name in fires)
    assert MAP.noise(np.arange(6)) == {}


# --- blocks


@pytest.mark.parametrize("circuit", [MAP, XOR, training_circuit((3, 2), code=Graded(4, "fixed"))], ids=["1", "2", "3"])
def test_the_blocks_of_every_projection_have_its_synapses(circuit):
    for projection in circuit.projections:
        pre, post = slice(5, 5 + circuit[projection.pre].size), slice(7, 7 + circuit[projection.post].size)
        blocks = projection.connectivity.blocks(pre, post, projection.weight or 0, 1.0)
        pairs = [pair for block in blocks for pair in zip(*map(np.ndarray.tolist, block.indices()), strict=True)]
        assert len(pairs) == len(set(pairs)) == circuit.synapses(projection)


def pairs_of(blocks: list[Block]) -> set[tuple[int, int]]:
    return {pair for block in blocks for pair in zip(*map(np.ndarray.tolist, block.indices()), strict=True)}


def test_a_ring_is_closed():
    assert pairs_of(Ring().blocks(slice(2, 5), slice(2, 5), 1, 1.0)) == {(2, 3), (3, 4), (4, 2)}
    assert pairs_of(Ring().blocks(slice(2, 3), slice(2, 3), 1, 1.0)) == {(2, 2)}


def test_units_are_joined_with_each_other_only():
    pairs = pairs_of(UnitToUnit(2).blocks(slice(0, 4), slice(10, 14), 1, 1.0))
    assert pairs == {(0, 10), (0, 11), (1, 10), (1, 11), (2, 12), (2, 13), (3, 12), (3, 13)}


# --- strengths


@pytest.mark.parametrize("n", [2, 8, 32, 64])
def test_as_many_neurons_fire_as_their_unit_to_unit_copy_says(n):
    p = graded_parameters(n)
    q, levels = p.quantum(n), np.arange(n)
    for m in range(n + 1):
        drive = -p.bias + p.half + q * (n - 1) // 2 - q * levels + m * Graded(n).unit_copy(p.copy, q)
        assert (drive > p.theta).sum() == m


def test_graded_strengths_follow_from_the_quantum():
    assert graded_parameters(32) == Parameters(4096, bias=16384)
    assert graded_parameters(64, eta=4) == Parameters(8192, bias=16384, eta=4)
    assert (default_parameters(Binary()), default_parameters(Graded(8))) == (Parameters(), graded_parameters(8))


@pytest.mark.parametrize("build", [training_circuit, inference_circuit])
def test_a_threshold_that_does_not_suit_the_code_is_refused(build):
    with pytest.raises(InputError, match="theta is 1024 but must be a multiple of 2 n = 24"):
        build((3, 2), Parameters(), code=Graded(12))


def test_the_table_names_code_and_levels():
    table = str(training_circuit((4, 3), code=Graded(32)))
    assert "training circuit 4-3 of 32 neurons each (rotating), 7 phases" in table
    assert "+1984 - 128 level (step 1)" in table
    assert Circuit.__str__(training_circuit((4, 3))).startswith("training circuit 4-3, 7 phases")
