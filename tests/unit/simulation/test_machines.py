"""Machines, which take whole circuits, are found by their entry points, or it is said what is wrong with them."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.cli.main import main
from pynn_backprop.cli.map import map_circuit
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform
from pynn_backprop.simulation.backends import registry
from pynn_backprop.simulation.backends.registry import MACHINES, find_machine, load_simulator, machines


class Abacus:
    """A machine that remembers what it was asked."""

    name = "abacus"

    def __init__(self):
        self.asked = []

    def platform(self, options):
        self.asked.append(options)
        return "a platform"

    def map_circuit(self, circuit, weights, per_core=None):
        self.asked.append((circuit.units, {name: matrix.shape for name, matrix in weights.items()}, per_core))
        return "a mapping"


ABACUS = Abacus()


@pytest.fixture
def entries(monkeypatch):
    """The entry points that there are."""
    found = [EntryPoint("abacus", f"{__name__}:ABACUS", MACHINES)]
    monkeypatch.setattr(registry, "installed", lambda group: EntryPoints(found).select(group=group))
    ABACUS.asked.clear()
    return found


def test_a_machine_is_found_by_its_name(entries):
    assert machines() == ("abacus",)
    assert find_machine("abacus") is ABACUS
    assert find_machine("nest") is None
    assert find_machine(3) is None


def test_it_is_a_platform_with_the_options_that_were_given(entries):
    assert get_platform("abacus") == get_platform("abacus", Options(threads=2)) == "a platform"
    assert ABACUS.asked == [Options(), Options(threads=2)]


def test_it_maps_whole_circuits(entries):
    assert map_circuit("abacus", inference_circuit((5, 4, 3)), 7) == "a mapping"
    assert ABACUS.asked == [((5, 4, 3), {"W1": (5, 4), "W2": (4, 3)}, 7)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("no_such_module:ABACUS", r"the machine 'broken' can't be had: .*no_such_module"),
        (f"{__name__}:MACHINES", r"the machine 'broken' .* is none: 'pynn_backprop.machines' is no Machine"),
    ],
)
def test_what_is_wrong_with_it_is_said(entries, value, said):
    entries.append(EntryPoint("broken", value, MACHINES))
    with pytest.raises(PlatformError, match=said):
        find_machine("broken")
    assert find_machine("abacus") is ABACUS


def test_it_is_named_where_simulators_are(capsys):
    assert {"spinnaker"} <= set(machines())
    with pytest.raises(SystemExit):
        main(["map", "--help"])
    assert "spinnaker" in capsys.readouterr().out
    with pytest.raises(InputError, match=r"must be one of .*reference, spinnaker"):
        load_simulator("no such thing")
