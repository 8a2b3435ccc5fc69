"""Scripts in PyNN's style print what they print and nothing else, on any simulator; README's snippet runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from simulators import SIMULATORS, skip_unless_installed

from pynn_backprop.errors import PlatformError
from pynn_backprop.simulation.backends.registry import load_simulator

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
from pynn_backprop import BackpropClassifier, datasets, get_simulator
sim, options = get_simulator(("--samples", "how many", {"type": int, "default": 40}))
digits = datasets.load("digits")
variants = {"brian2": "numpy"}
network = BackpropClassifier(sim, hidden=10, epochs=1, variant=variants.get(options.simulator, "auto"))
network.fit(digits.x_train[: options.samples], digits.y_train[: options.samples])
print(network.score(digits.x_test[:20], digits.y_test[:20]))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Importing NEST here made it quiet in the environment of this process.
    environment = {name: value for name, value in os.environ.items() if name != "PYNEST_QUIET"}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )


def skip_without(simulator: str) -> None:
    try:
        load_simulator(simulator)
    except PlatformError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("simulator", ["nest", pytest.param("brian2", marks=pytest.mark.slow), "lava"])
def test_a_script_prints_its_result_only(simulator, tmp_path):
    skip_without(simulator)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = run(str(script), simulator)
    assert re.fullmatch(r"[01]\.\d+\n", done.stdout), done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_other_libraries_are_heard_when_that_is_asked_for(tmp_path):
    skip_without("nest")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = run(str(script), "nest", "-v", "--samples", "20")
    assert "N E S T" in done.stdout
    assert done.returncode == 0


def test_a_simulator_that_is_not_there_is_a_wrong_argument(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = run(str(script), "nst")
    assert done.returncode == 2
    assert "did you mean 'nest'?" in done.stderr


def test_the_network_of_the_readme_runs_as_it_is_pasted(tmp_path):
    skip_unless_installed("nest")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (snippet,) = [block for block in blocks if "Network(" in block]
    script = tmp_path / "snippet.py"
    script.write_text(snippet, encoding="utf-8")
    done = run(str(script))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("training, 192-100-10 on NEST {'h': ")


@pytest.mark.slow
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_learn_digits_prints_its_result_only(simulator):
    skip_without(simulator)
    done = run(str(ROOT / "docs/examples/learn_digits.py"), simulator)
    assert re.fullmatch(r"Score\(.*\)\n", done.stdout), done.stdout
    assert (done.returncode, done.stderr) == (0, "")
