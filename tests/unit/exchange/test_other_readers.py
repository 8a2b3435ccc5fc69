"""Programs of others read our graphs, and give the same predictions; each sample has one step, from rest."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.nir_graphs import nir

from pynn_backprop.exchange import to_nir, write_nir
from pynn_backprop.exchange.to_nir import STEP
from pynn_backprop.reference.rule import Rule

SIZES, N = (60, 40, 30, 5), 1000


def expected(weights: dict[str, np.ndarray], x: np.ndarray, levels: int) -> np.ndarray:
    response = Rule(weights, readout_levels=levels).infer(x)
    found = response.outputs if levels == 1 else response.readout
    assert len(np.unique(found, axis=0)) > 3
    return found


@pytest.fixture(scope="module")
def learnt() -> tuple[dict[str, np.ndarray], np.ndarray]:
    random = np.random.default_rng(6)
    weights = {f"W{k}": random.integers(-150, 255, SIZES[k - 1 : k + 1]) for k in (1, 2, 3)}
    return weights, random.random((N, SIZES[0])) < 0.3


def answers(network: object, x: np.ndarray) -> np.ndarray:
    torch = pytest.importorskip("torch")
    with torch.no_grad():
        found = network(torch.from_numpy(x.astype(np.float32)))
    return (found[0] if isinstance(found, tuple) else found).numpy()


@pytest.mark.parametrize("levels", [1, 8])
def test_snntorch_answers_as_the_rule_does(learnt, levels, tmp_path):
    imported = pytest.importorskip("snntorch.import_nir", reason="it needs the packages snntorch and nirtorch")
    weights, x = learnt
    write_nir(tmp_path / "a.nir", to_nir(weights, readout_levels=levels))
    found = answers(imported.import_from_nir(nir.read(tmp_path / "a.nir")), x)
    np.testing.assert_array_equal(found, expected(weights, x, levels))


@pytest.mark.parametrize("node", ["lif", "if"])
@pytest.mark.parametrize("levels", [1, 8])
def test_norse_answers_as_the_rule_does(learnt, levels, node, tmp_path):
    norse = pytest.importorskip("norse.torch", reason="it needs the packages norse and nirtorch")
    weights, x = learnt
    write_nir(tmp_path / "a.nir", to_nir(weights, readout_levels=levels, node=node))
    found = answers(norse.from_nir(nir.read(tmp_path / "a.nir"), dt=STEP), x)
    np.testing.assert_array_equal(found, expected(weights, x, levels))
