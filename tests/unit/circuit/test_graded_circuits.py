"""Graded circuits as data: the binary ones for one neuron a unit, lifts to levels for more, weights that fit a chip."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.connectivity import AllToAll, Levels, OneToOne, Ring, UnitToUnit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import DITHERS, Graded
from pynn_backprop.errors import InputError

MAP = training_circuit((4, 3), code=Graded(32), form="published")
XOR = training_circuit((3, 12, 1), code=Graded(32), form="published")


@pytest.mark.parametrize("units", [(9, 4), (20, 15, 4)])
@pytest.mark.parametrize("dither", DITHERS)
def test_with_one_neuron_a_unit_the_circuits_are_the_binary_ones(units, dither):
    code = Graded(1, dither)
    for graded, binary in (
        (training_circuit(units, code=code, form="published"), training_circuit(units, form="published")),
        (inference_circuit(units, probe=True, code=code), inference_circuit(units, probe=True)),
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


def test_the_circuit_has_the_neurons_of_its_units():
    assert (XOR.neurons, XOR.units) == ((96, 384, 32), (3, 12, 1))
    assert XOR.matrices == {"W1": (96, 384), "W2": (384, 32)}


def test_numbers_from_outside_are_copied_unit_to_unit_and_vetoed_by_a_whole_unit():
    """With q = 128; o and o_high veto the error of their own neuron against up to n copies of the target's number."""
    copies = {(p.pre, p.post): p.weight for p in MAP.projections if p.connectivity == UnitToUnit(32)}
    assert copies == {("input", "x"): 128, ("t", "d+"): 128, ("t", "d-"): -128}
    vetoes = {(p.pre, p.post): p.weight for p in MAP.projections if abs(p.weight or 0) == 32 * 128}
    assert vetoes == {("o", "d+"): -4096, ("o", "d-"): 4096, ("o_high", "d-"): -4096}


# --- levels


@pytest.mark.parametrize(("dither", "rotor", "sources"), [("rotating", 8, 0), ("fixed", 1, 0), ("noise", 1, 4 * 3)])
def test_each_dither_has_its_rotor_and_sources(dither, rotor, sources):
    circuit = training_circuit((3, 2, 2), code=Graded(8, dither), form="published")
    assert (circuit["rotor"].size, circuit["rotor"].role, circuit["rotor"].phases) == (rotor, "gate", (0,))
    assert len([source for source in circuit.sources if source.name.startswith("noise_")]) == sources


@pytest.mark.parametrize("circuit", [MAP, XOR, inference_circuit((3, 2), code=Graded(8))], ids=["1", "2", "inference"])
def test_the_rotor_moves_on_by_one_neuron_a_cycle(circuit):
    joins = {(p.pre, p.connectivity, p.latency, p.weight) for p in circuit.projections if p.post == "rotor"}
    chain = circuit.parameters.chain
    assert joins == {("rotor", Ring(), circuit.schedule.length, chain), ("start", OneToOne(), 1, chain)}


def lifts(circuit: Circuit, sample: int) -> dict[tuple[str, int], np.ndarray]:
    """What rotor and noise sources together give each neuron of a population in a phase of the cycle of a sample."""
    found: dict[tuple[str, int], np.ndarray] = {}
    noise = circuit.noise(np.array([sample]))
    for p in circuit.projections:
        if p.post == "rotor" or p.pre not in {"rotor", *noise}:
            continue
        if p.pre == "rotor":
            given = circuit.level_weights(p)[sample % circuit["rotor"].size]
        else:
            given = p.weight * noise[p.pre][0]
        found[p.post, p.latency] = found.get((p.post, p.latency), 0) + given
    return found


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("n", [2, 8])
@pytest.mark.parametrize("sample", [0, 5, 13])
def test_every_neuron_is_lifted_to_its_level_and_the_errors_to_that_of_their_output(n, dither, sample):
    """The middle of the levels by q each; d- by the negative of that; hT by q / back_gain each, from the lowest."""
    code = Graded(n, dither, seed=2, back_gain=4)
    circuit = training_circuit((3, 4, 2), code=code, form="published")
    q, s = circuit.parameters.quantum(n), circuit.schedule

    def levels(population: str, units: int) -> np.ndarray:
        return code.levels(population, units, np.array([sample]))[0].astype(int)

    middle = q * (n - 1) // 2
    wanted = {
        ("x", s.forward(0)): middle - q * levels("x", 3),
        ("h", s.forward(1)): middle - q * levels("h", 4),
        ("o", s.forward(2)): middle - q * levels("o", 2),
        ("d+", s.error): middle - q * levels("o", 2),
        ("d-", s.error): q * levels("o", 2) - middle,
        **{("hT", phase): -(q // 4) * levels("hT", 4) for phase in s.hidden_error(1)},
    }
    found = lifts(circuit, sample)
    assert set(found) == set(wanted)
    for place, lift in wanted.items():
        np.testing.assert_array_equal(found[place], lift, err_msg=str(place))


def test_a_bit_of_noise_weighs_twice_the_one_below():
    circuit = inference_circuit((3, 2), code=Graded(8, "noise"))
    weights = {p.pre: (p.weight, p.latency) for p in circuit.projections if p.post == "o" and p.pre.startswith("noise")}
    assert weights == {"noise_o0": (-128, 2), "noise_o1": (-256, 2), "noise_o2": (-512, 2)}
    assert {circuit[name].size for name in weights} == {16}
    assert {circuit[name].layer for name in weights} == {1}


# --- strengths


def loihi_holds(weight: int, mixed: bool) -> bool:
    """8 bits, of which a projection with both signs needs one, times a power of two up to 2^7."""
    even = 2 if mixed else 1
    return any(weight % (even << e) == 0 and abs(weight) >> e <= 255 for e in range(8))


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("n", [1, 4, 8, 16, 32, 64])
def test_every_static_weight_is_one_of_loihi(n, dither):
    circuit = training_circuit((5, 4, 3), code=Graded(n, dither), form="published")
    assert loihi_holds(circuit.parameters.bias, mixed=False)
    for projection in circuit.projections:
        if isinstance(projection.connectivity, Levels):
            weights = np.unique(circuit.level_weights(projection))
            mixed = weights.min() < 0 < weights.max()
            assert all(loihi_holds(int(weight), mixed) for weight in weights), projection.label
        elif projection.weight is not None:
            assert loihi_holds(projection.weight, mixed=False), projection.label


def test_strengths_and_code_are_those_that_are_given():
    parameters = Parameters(theta=512, bias=2048)
    circuit = training_circuit((3, 2), parameters, code=Graded(4), form="published")
    assert (circuit.parameters, circuit.code) == (parameters, Graded(4))
    assert MAP.parameters.theta == 4096


def test_a_threshold_that_does_not_suit_the_code_is_refused():
    with pytest.raises(InputError, match="theta is 1024 but must be a multiple of 2 n = 24"):
        training_circuit((3, 2), Parameters(), code=Graded(12), form="published")
