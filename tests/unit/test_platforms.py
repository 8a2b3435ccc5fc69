"""A name becomes a platform."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scenarios.cases import random_case
from scenarios.stand_in import StandInSimulator, stand_in

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.interfaces import Options, Records, Response, Shows, spikes_of
from pynn_backprop.platforms import PyNNPlatform, ReferencePlatform, get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network

CASE = random_case((12, 3), 10)
CIRCUIT = training_circuit(CASE.layer_sizes)


def test_reference_is_the_rule_and_the_step_simulator_where_spikes_are_recorded():
    platform = get_platform("reference")
    assert isinstance(platform, ReferencePlatform)
    assert isinstance(platform.build(CIRCUIT, CASE.weights), Rule)
    steps = platform.build(CIRCUIT, CASE.weights, ["o", "g0"])
    assert isinstance(steps, StepSimulator)
    steps.train(CASE.x, CASE.labels)
    assert list(spikes_of(steps)) == ["o", "g0"]
    assert set(platform.describe()) == {"platform", "variant", "numba"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(variant="fast"), "variant on reference is 'fast' but must be one of auto"),
        (Options(layout="fused"), "layout on reference is 'fused' but must be one of auto"),
    ],
)
def test_reference_has_no_variants_and_layouts(options, message):
    with pytest.raises(InputError, match=message):
        get_platform("reference", options)


def test_an_imported_simulator_is_a_platform_of_its_own_name():
    module = ModuleType("my_simulator")
    module.pynn_backprop_backend = StandInSimulator().pynn_backprop_backend
    platform = get_platform(module, Options(variant="plain"))
    assert isinstance(platform, PyNNPlatform)
    assert (platform.name, platform.sim, platform.samples_per_run) == ("my_simulator", module, 7)
    assert platform.options == Options(variant="plain")


def test_a_slow_variant_shows_fewer_samples_a_run():
    quick, slow = (get_platform("lava", Options(variant=variant)) for variant in ("emulator", "stock"))
    assert quick.samples_per_run > slow.samples_per_run == 250


@pytest.mark.parametrize("wrong", [None, 3, b"nest", ["nest"]])
def test_what_is_neither_name_nor_module_is_refused(wrong):
    with pytest.raises(InputError, match="must be a name or an imported PyNN simulator"):
        get_platform(wrong)


def test_a_choice_that_the_simulator_does_not_have_is_refused_before_anything_is_built():
    with pytest.raises(InputError, match=r"variant is 'plane' but must be one of auto, plain .did you mean 'plain'"):
        stand_in(Options(variant="plane"))


def test_a_simulator_is_described_with_its_name_versions_and_variant():
    described = stand_in().describe()
    assert described["platform"] == "stand-in"
    assert described["variant"] == "plain"
    assert {"PyNN", "Stand-in"} < set(described)


def test_options_of_the_platform_reach_the_backend():
    options = Options(layout="fused")
    platform = stand_in(options)
    network = platform.build(CIRCUIT, CASE.weights)
    assert platform.backend.opened[0]["options"] is options
    network.close()


@pytest.mark.parametrize(("name", "value"), [("threads", 0), ("layout", "fuse")])
def test_options_are_checked(name, value):
    with pytest.raises(InputError, match=f"{name} is {value!r} but must be"):
        Options(**{name: value})


# --- what only some can do


class Silent:
    """A running circuit that can do no more than it must."""

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        return Response(np.zeros((len(x), 3), bool))


def test_networks_and_the_step_simulator_record_and_show():
    for running in (stand_in().build(CIRCUIT, CASE.weights), StepSimulator(CIRCUIT, CASE.weights)):
        assert isinstance(running, Records)
        assert isinstance(running, Shows)
    assert isinstance(stand_in().build(CIRCUIT, CASE.weights), Network)
    assert not isinstance(Silent(), (Records, Shows))


def test_spikes_of_what_records_none_are_refused():
    with pytest.raises(PlatformError, match="a Silent records no spikes"):
        spikes_of(Silent())
