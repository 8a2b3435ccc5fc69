"""Other people's networks: equal on Lava, NEST and Brian2; and what Lava says where it can't be equal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenarios.networks import NETWORKS, Spikes, recipe_of, same
from simulators import platform_of, skip_without_lava

import hardware.lava as sim
from hardware.lava.engines import installed
from hardware.lava.simulator import State
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.platforms import get_platform


@pytest.fixture(scope="module")
def lava() -> Any:
    return get_platform("lava")


@pytest.fixture(scope="module")
def on_lava(lava: Any) -> dict[str, Spikes]:
    return {name: network(recipe_of(lava)) for name, network in NETWORKS.items()}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("simulator", ["nest:dopamine", pytest.param("brian2:numpy", marks=pytest.mark.slow)])
def test_every_spike_is_that_of_other_simulators(on_lava, name, simulator):
    same(on_lava[name], NETWORKS[name](recipe_of(platform_of(simulator))))


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("engine", ["fast", pytest.param("stock", marks=pytest.mark.slow)])
def test_every_spike_is_that_of_lavas_own_processes(on_lava, name, engine):
    same(on_lava[name], NETWORKS[name](recipe_of(platform_of(f"lava:{engine}"))))


def test_the_networks_do_what_they_are_known_for(on_lava):
    chain = on_lava["synfire chain"]
    assert {len(table) for table in chain.values()} == {2 * 20}, "a volley and two halves run through, one half dies"
    assert all(len(set(table[:, 0].tolist())) == 2 for table in chain.values()), "in two volleys without jitter"
    winners = {name: len(table) for name, table in on_lava["winner take all"].items()}
    assert winners["group 2"] > 2 * max(n for name, n in winners.items() if name != "group 2") > 0
    balanced = on_lava["balanced random network"]
    assert all(1_000 < len(table) < 8_000 for table in balanced.values())
    assert len(on_lava["both signs"]["cells"]) > 1_000


# --- currents that decay: equal within a stated error


def potentials(s: Any, delay: float, *, cm: float = 0.5, threshold: float = 1000.0) -> np.ndarray:
    """Of three cells with currents that come and go, in mV, (n_steps, 3)."""
    cell = s.IF_curr_exp(
        tau_m=20.0, tau_syn_E=5.0, tau_syn_I=5.0, cm=cm, tau_refrac=0.0, i_offset=0.1, v_thresh=threshold
    )
    source = s.Population(3, s.SpikeSourceArray(spike_times=[[float(t) for t in range(5, 90, k)] for k in (7, 4, 3)]))
    cells = s.Population(3, cell)
    cells.initialize(v=-65.0)
    cells.record("v")
    weights = np.array([[1.0, 0.25, 2.0], [0.5, 0.0, 1.5], [0.75, 1.25, 0.125]])
    s.Projection(source, cells, s.AllToAllConnector(), s.StaticSynapse(weight=weights, delay=delay))
    s.Projection(
        source[:1],
        cells,
        s.AllToAllConnector(),
        s.StaticSynapse(weight=-0.5, delay=2 * delay),
        receptor_type="inhibitory",
    )
    s.run(100.0)
    (signal,) = cells.get_data("v").segments[0].filter(name="v")
    return np.asarray(signal.rescale("mV"))


def test_decaying_currents_are_nests_within_the_stated_error(lava):
    nest = platform_of("nest:dopamine")
    nest.sim.setup(timestep=1.0, min_delay=1.0, spike_precision="on_grid", strict=True, resolution=1.0)
    expected = potentials(nest.sim, 3.0)
    nest.sim.end()
    sim.setup(timestep=1.0, resolution=2.0**-7)
    found = potentials(sim, 3.0)
    error = sum(rounding.error for rounding in sim.rounding_report())
    sim.end()
    assert found.shape == expected.shape
    reach = np.ptp(expected)
    assert reach > 20
    assert error < 0.01
    assert np.abs(found - expected).max() < error * reach


# --- the documentation

DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "lava.md"


def test_the_first_example_of_the_documentation_runs(lava, capsys):
    code = DOCUMENTATION.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    trains = names["cells"].get_data("spikes").segments[0].spiketrains
    assert [np.asarray(train).tolist() for train in trains] == [[5.0, 10.0]] * 20
    assert "nothing has run on a chip" in capsys.readouterr().out


# --- what is refused, and what is missing


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "chip"}, "engine is 'chip' but must be one of emulator, fast, stock, loihi"),
        ({"resolutoin": 0.5}, "'resolutoin' is not an argument of setup.*did you mean 'resolution'"),
        ({"timestep": -1.0, "min_delay": 1.0}, "timestep is -1.0 but must be a positive number"),
        ({"resolution": 0.0}, "resolution is 0.0 but"),
        ({"tolerance": -0.1}, "tolerance is -0.1 but"),
    ],
)
def test_bad_arguments_of_setup_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        sim.setup(**{"timestep": 1.0, "engine": None, **arguments})


def test_what_other_simulators_want_from_setup_is_ignored():
    sim.setup(
        timestep=1.0, engine=None, spike_precision="on_grid", verbosity="error", threads=2, strict=True, resolution=1.0
    )
    assert sim.get_time_step() == 1.0


def test_nothing_pretends_to_run_on_a_chip():
    skip_without_lava()
    with pytest.raises(PlatformError, match=r"nothing can run on a Loihi chip here.*Missing: .*INRC.*board"):
        sim.setup(timestep=1.0, engine="loihi")


def test_without_lava_its_engines_say_how_to_get_it(monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda module: False)
    with pytest.raises(PlatformError, match=r"install 'pynn_backprop\[lava\]'"):
        sim.setup(timestep=1.0, engine="fast", strict=True, resolution=1.0)
    sim.setup(timestep=1.0, strict=True, resolution=1.0)


def test_without_lava_the_backend_runs_and_reports():
    """In an interpreter in which every import of Lava fails."""
    script = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "lava":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
import hardware.lava as sim
sim.setup(timestep=1.0, strict=True, resolution=1.0)
cells = sim.Population(2, sim.IF_curr_delta(tau_m=0.001, tau_refrac=0.0))
sim.run(3.0)
print(sim.rounding_report())
print(sim.mapping_report())
try:
    sim.setup(timestep=1.0, engine="fast", strict=True, resolution=1.0)
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "parameters are held exactly" in done.stdout
    assert "1 of the 128 cores" in done.stdout
    assert "PlatformError Lava is not installed: pip install" in done.stdout or "needs Python 3.10" in done.stdout


@pytest.mark.parametrize(
    "name", ["HH_cond_exp", "Izhikevich", "TsodyksMarkramSynapse", "MultiplicativeWeightDependence"]
)
def test_models_that_a_chip_has_not_say_why_and_what_to_take(name):
    with pytest.raises(InputError, match=f"{name} can't be had on Loihi: .*Instead: ") as refused:
        getattr(sim, name)()
    assert isinstance(refused.value, NotImplementedError), "as on PyNN's own simulators"


def test_a_cell_with_conductances_is_refused_with_its_substitute():
    sim.setup(timestep=1.0, engine=None)
    with pytest.raises(InputError, match=r"'cells': IF_cond_exp can't be had on Loihi.*IF_curr_exp with weights in nA"):
        sim.Population(2, sim.IF_cond_exp(), label="cells")


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(sim, "nonsense")
    assert sim.list_standard_models() == [
        "IF_curr_alpha", "IF_curr_delta", "IF_curr_exp", "SpikeSourceArray", "SpikeSourceGamma", "SpikeSourcePoisson",
        "SpikeSourcePoissonRefractory",
    ]  # fmt: skip


def test_a_network_for_reports_does_not_run():
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    sim.Population(2, sim.IF_curr_delta(tau_m=0.001, tau_refrac=0.0))
    with pytest.raises(PlatformError, match=r"nothing can be run after setup\(engine=None\)"):
        sim.run(1.0)


@pytest.mark.parametrize("time", [0.5, 10.2, np.inf])
def test_a_run_that_ends_between_two_steps_is_refused(time):
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    with pytest.raises(InputError, match="must be a multiple of the timestep, 1 ms; the nearest is"):
        sim.run(time)


def test_a_population_that_is_refused_leaves_nothing_behind():
    sim.setup(timestep=1.0, engine=None, strict=True, resolution=1.0)
    with pytest.raises(InputError, match="initial value 'w' is not one of 'cells'"):
        sim.Population(2, sim.IF_curr_delta(tau_refrac=0.0, tau_m=0.001), initial_values={"w": 1.0}, label="cells")
    one = sim.Population(1, sim.IF_curr_delta(tau_refrac=0.0, tau_m=0.001), label="one")
    assert [population.label for population in (one,)] == ["one"]
    assert int(one[0]) == 0
    sim.reset()


def test_before_setup_nothing_runs():
    with pytest.raises(PlatformError, match=r"setup\(\) was not called"):
        State().run(1.0)
