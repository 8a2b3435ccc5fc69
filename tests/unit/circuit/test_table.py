"""The table that a circuit prints: phases, populations, projections, totals."""

from __future__ import annotations

import re

import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded

CIRCUIT = training_circuit((5, 4, 3), form="published")
INFERENCE = inference_circuit((5, 4, 3), probe=True)
GRADED = training_circuit((4, 3), code=Graded(32), form="published")


@pytest.mark.parametrize("circuit", [CIRCUIT, INFERENCE, GRADED], ids=["training", "inference", "graded"])
def test_the_table_shows_every_population_and_every_projection(circuit):
    table = str(circuit)
    for p in circuit.populations:
        layer, phases = "" if p.layer is None else p.layer, ", ".join(map(str, p.phases))
        row = rf"^{re.escape(p.name)} +{p.size:,} +{p.role} +{layer}  {phases}$"
        assert re.search(row, table, re.M)
    for q in circuit.projections:
        row = (
            rf"^{re.escape(q.pre)} *{re.escape(q.post)} +{q.connectivity.name} +{circuit.synapses(q):,} +{q.latency}  "
        )
        assert re.search(row, table, re.M)


def test_the_table_begins_with_the_phases_and_ends_with_the_count():
    first, *lines = str(training_circuit((4, 3), form="published")).splitlines()
    assert first == "training circuit 4-3, 7 phases a cycle"
    assert lines[:9] == [
        "", "phases", "   0  clear outputs", "   1  input", "   2  output and target", "   3  output error",
        "   4  W1 potentiation", "   5  clear", "   6  W1 depression",
    ]  # fmt: skip
    assert "population    neurons  role           layer  fires in phase" in lines
    assert "pre       post      kind         synapses  latency  weight" in lines
    assert lines[-1] == str(training_circuit((4, 3), form="published").count())


@pytest.mark.parametrize(
    ("row", "circuit"),
    [
        ("input     x         one_to_one          5        1  +520", CIRCUIT),
        ("h_high    c_h       one_to_one          4        4  -520", CIRCUIT),
        ("h         o         all_to_all         12        1  W2, plastic", CIRCUIT),
        ("oT-       hT        all_to_all         12        1  -W2^T, plastic", CIRCUIT),
        ("h         o         all_to_all         12        1  W2", INFERENCE),
        ("start               1  source                11", CIRCUIT),
        ("x                   5  data               0  1, 7, 11", CIRCUIT),
        (f"v_o                 3  probe              2  {''}", INFERENCE),
        ("rotor     x         levels          4,096        1  +1984 - 128 level (step 1)", GRADED),
    ],
)
def test_a_row_of_the_table(row, circuit):
    assert row in str(circuit).splitlines()


def test_the_table_names_the_code():
    assert str(GRADED).startswith("training circuit 4-3 of 32 neurons each (rotating), 7 phases a cycle\n")
    assert str(INFERENCE).startswith("inference circuit 5-4-3, 4 phases a cycle\n")
