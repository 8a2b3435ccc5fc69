"""The comparison on real simulators: the first one that is installed against the reference, and against the others."""

from __future__ import annotations

import pytest
from simulators import SIMULATORS, skip_unless_installed

from pynn_backprop.cli import main as cli

DIGITS = ("--data", "digits", "--hidden", "20", "--samples", "120", "--test-samples", "20")
STANDARD, *OTHERS = SIMULATORS


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> str:
    """The name, if it is installed."""
    skip_unless_installed(request.param)
    return str(request.param)


@pytest.mark.parametrize("simulator", SIMULATORS, indirect=True)
def test_a_simulator_equals_the_reference_to_the_last_spike(simulator, capsys):
    assert cli.main(["compare", "reference", simulator, *DIGITS]) == 0
    assert f"reference = {simulator}: " in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("simulator", OTHERS, indirect=True)
def test_two_simulators_are_equal_to_the_last_spike(simulator, capsys):
    skip_unless_installed(STANDARD)
    assert cli.main(["compare", STANDARD, simulator, *DIGITS]) == 0
    assert f"{STANDARD} = {simulator}: " in " ".join(capsys.readouterr().out.split())


def test_the_variants_of_a_simulator_are_equal(capsys):
    skip_unless_installed(STANDARD)
    assert cli.main(["compare", f"{STANDARD}:dopamine", STANDARD, *DIGITS]) == 0
    assert "variant dopamine" in capsys.readouterr().out
