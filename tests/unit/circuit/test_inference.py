"""The circuit that only answers, and the probe that shows the drive of its output."""

from __future__ import annotations

import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        ((5, 3), {("input", "x"), ("x", "o"), ("g0", "x"), ("g1", "o")}),
        ((5, 4, 3), {("input", "x"), ("x", "h"), ("h", "o"), ("g0", "x"), ("g1", "h"), ("g2", "o")}),
    ],
)
def test_each_layer_drives_the_next_when_its_gate_opens_it(units, wanted):
    circuit = inference_circuit(units)
    ring = {("start", "g0"), *((f"g{k}", f"g{(k + 1) % (len(units) + 1)}") for k in range(len(units) + 1))}
    assert {(p.pre, p.post) for p in circuit.projections} == wanted | ring
    assert {p.latency for p in circuit.projections} == {1}
    strength = circuit.parameters
    weights = {(p.pre, p.post): p.weight or p.matrix for p in circuit.projections}
    assert weights[("input", "x")] == strength.copy
    assert {weights[pair] for pair in wanted if pair[0].startswith("g")} == {strength.half}
    assert {weights[pair] for pair in ring} == {strength.chain}
    assert [weights[pair] for pair in (("x", "o"), ("x", "h"), ("h", "o")) if pair in weights] == list(circuit.matrices)


def test_nothing_learns():
    circuit = inference_circuit((5, 4, 3), probe=True)
    assert not circuit.schedule.training
    assert not any(projection.plastic for projection in circuit.projections)
    assert [source.name for source in circuit.sources] == ["input", "start"]


def test_a_population_fires_in_its_phase_and_the_probe_in_none():
    circuit = inference_circuit((5, 4, 3), probe=True)
    phases = {p.name: p.phases for p in circuit.simulated}
    assert phases == {"x": (1,), "h": (2,), "o": (3,), "v_o": (), "g0": (0,), "g1": (1,), "g2": (2,), "g3": (3,)}


@pytest.mark.parametrize(("units", "below"), [((5, 3), "x"), ((5, 4, 3), "h")])
def test_the_probe_receives_what_the_output_receives_and_has_no_bias(units, below):
    circuit = inference_circuit(units, probe=True)
    assert (circuit["v_o"].size, circuit["v_o"].layer, circuit["v_o"].bias) == (3, len(units) - 1, 0)
    (projection,) = (p for p in circuit.projections if p.post == "v_o")
    assert (projection.pre, projection.matrix, projection.sign, projection.latency) == (below, circuit.copies(
        f"W{len(units) - 1}")[0].matrix, 1, 1)  # fmt: skip


def test_there_is_no_probe_unless_asked_for():
    assert "v_o" not in {population.name for population in inference_circuit((5, 3)).populations}


def test_strengths_and_code_are_those_that_are_given():
    parameters = Parameters(theta=512, bias=2048)
    circuit = inference_circuit((3, 2), parameters, code=Graded(4))
    assert (circuit.parameters, circuit.code) == (parameters, Graded(4))
    assert inference_circuit((3, 2), code=Graded(32)).parameters.theta == 4096


def test_a_threshold_that_does_not_suit_the_code_is_refused():
    with pytest.raises(InputError, match="theta is 1024 but must be a multiple of 2 n = 24"):
        inference_circuit((3, 2), Parameters(), code=Graded(12))


def test_a_read_out_has_a_population_like_the_output_for_each_level():
    circuit = inference_circuit((5, 4, 3), readout_levels=2)
    assert [(circuit[name].size, circuit[name].layer, circuit[name].phases) for name in ("o", "o_1", "o_2")] == [
        (3, 2, (3,))
    ] * 3
    below = {(p.pre, p.matrix) for p in circuit.projections if p.post.startswith("o_") and p.matrix}
    assert below == {("h", "W2")}
