"""Shows the defects of other packages that this one works around; docs/upstream.md lists them.

A test that fails here brings good news: upstream has fixed something, and the workaround can go.
"""

from __future__ import annotations

import cProfile
import gc
import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scenarios.traits import connect, neurons, potentials, run_apart, source, spikes
from simulators import skip_unless_installed, skip_without_lava

from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform

SETUP = {"timestep": 1.0, "min_delay": 1.0, "max_delay": 5.0}


pytestmark = pytest.mark.slow
"""They say when a workaround can go, not whether anything of ours is right."""


def gone(workaround: str) -> str:
    """What to say when a defect can't be seen any more."""
    return f"fixed upstream: {workaround} can go, and so can this test and its line in docs/upstream.md"


def started(simulator: str, variant: str) -> Iterator[PyNNPlatform]:
    """A platform whose simulation is ended after the test."""
    skip_unless_installed(simulator)
    platform = get_platform(simulator, Options(variant=variant))
    assert isinstance(platform, PyNNPlatform)
    yield platform
    platform.sim.end()


@pytest.fixture
def nest() -> Iterator[PyNNPlatform]:
    yield from started("nest", "dopamine")


@pytest.fixture
def brian2() -> Iterator[PyNNPlatform]:
    yield from started("brian2", "numpy")


def set_up(platform: PyNNPlatform, mended: bool = True) -> Any:
    """The simulator, opened by its backend."""
    platform.backend.open(platform.sim, platform.options, 5.0, mended=mended)
    return platform.sim


def answer(script: str, *arguments: str) -> Any:
    """What a script in an interpreter of its own prints last, as JSON."""
    done = run_apart(script, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# --- PyNN on NEST


def test_nest_if_curr_delta_has_no_names_for_what_can_be_recorded(nest):
    found = answer(
        "import json, warnings\nwarnings.simplefilter('ignore')\n"
        "from pyNN.nest.standardmodels.cells import IF_curr_delta, IF_curr_exp\n"
        "print(json.dumps([hasattr(cell, 'variable_map') for cell in (IF_curr_exp, IF_curr_delta)]))"
    )
    assert found == [True, False], gone("variable_map in backends/nest_session.py, mend()")


def test_nest_ignores_the_initial_potential_of_if_curr_delta(nest):
    found = answer(
        "import json, warnings\nwarnings.simplefilter('ignore')\nimport pyNN.nest as sim\n"
        f"sim.setup(**{SETUP}, spike_precision='on_grid')\n"
        "cells = [kind(tau_m=20.0, v_rest=0.0, v_thresh=5.0, v_reset=0.0)"
        " for kind in (sim.IF_curr_exp, sim.IF_curr_delta)]\n"
        "made = [sim.Population(1, cell, initial_values={'v': 4.9}) for cell in cells]\n"
        "import nest\n"
        "print(json.dumps([float(population.node_collection.get('V_m')) for population in made]))"
    )
    assert found[0] == 4.9
    assert found[1] != 4.9, gone("variable_map in backends/nest_session.py, mend()")


def test_nest_shifts_a_potential_that_is_read_with_clear_for_the_second_time(nest):
    sim = set_up(nest)
    origin, once, often = source(sim, 7.0, 17.0), neurons(sim, 1), neurons(sim, 1)
    for target in (once, often):
        connect(sim, origin, target)
        target.record("v")
    parts = []
    for _ in range(2):
        sim.run(15.0)
        signal_ = often.get_data("v", clear=True).segments[0].filter(name="v")[0]
        steps = np.rint(signal_.times.rescale("ms").magnitude).astype(int)
        parts.append([int(step) for step in steps[np.flatnonzero(signal_.magnitude[:, 0])] if step])
    assert list(potentials(once)) == [10, 20]
    assert parts[0] == [10]
    assert parts[1] != [20], gone("reading the multimeter in backends/nest_session.py, take_potential()")


def test_nest_runs_a_step_further_than_pynn_says(nest):
    import nest as kernel

    sim = set_up(nest)
    neurons(sim, 1)
    sim.run(20.0)
    assert sim.get_current_time() == 20.0
    assert kernel.biological_time == 21.0, gone("a part of earliest_source_step in backends/nest.py")


def test_nest_logs_its_spike_buffer_without_end_and_pynn_reads_it_in_every_run(nest, monkeypatch):
    import nest as kernel

    sim = set_up(nest, mended=False)
    assert kernel.GetKernelStatus("spike_buffer_shrink_limit") > 0, gone(
        "the limit in backends/nest_session.py, mend()"
    )
    steps = [float(step) for step in range(5, 400, 40)]
    sources = sim.Population(400, sim.SpikeSourceArray(spike_times=[steps] * 400))
    connect(sim, sources, neurons(sim, 400), one_to_one=True)
    lengths = []
    for _ in range(4):
        sim.run(100.0)
        lengths.append(len(kernel.GetKernelStatus("spike_buffer_resize_log")["times"]))
    growth = np.diff(lengths)
    assert (growth > 5).all(), gone("spike_buffer_shrink_limit in backends/nest_session.py, mend()")

    profile = cProfile.Profile()
    profile.runcall(sim.run, 1.0)
    reads = sum(entry.callcount for entry in profile.getstats() if "GetKernelStatus" in str(entry.code))
    assert reads > 5, gone("spike_buffer_shrink_limit in backends/nest_session.py, mend(), is of little use now and")


def test_nest_makes_a_folder_for_every_setup_and_leaves_it_without_end(nest, tmp_path):
    script = (
        "import sys, tempfile, warnings\nwarnings.simplefilter('ignore')\ntempfile.tempdir = sys.argv[1]\n"
        "import pyNN.nest as sim\nbefore = len(sim.simulator.state.tempdirs)\n"
        f"sim.setup(**{SETUP})\nprint(before, len(sim.simulator.state.tempdirs))"
    )
    done = run_apart(script, str(tmp_path))
    assert done.returncode == 0, done.stderr
    before, after = (int(word) for word in done.stdout.split()[-2:])
    assert after == before + 1, gone("the removal of folders in backends/nest_session.py, mend()")
    assert len(list(tmp_path.iterdir())) == after, gone("the removal of folders in backends/nest_session.py, mend()")


def test_the_default_neuron_of_nest_refuses_a_refractory_time_of_zero(nest):
    import nest as kernel

    sim = set_up(nest, mended=False)
    sim.setup(**SETUP, spike_precision="off_grid")
    neurons(sim, 1, tau_refrac=1.0)
    with pytest.raises(kernel.NESTErrors.BadProperty, match="Refractory time"):
        neurons(sim, 1)


def test_pynn_calls_functions_that_nest_declares_outdated(nest):
    found = answer(
        "import json, warnings\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    import pyNN.nest as sim\n"
        f"    sim.setup(**{SETUP})\n"
        "    sim.Population(1, sim.IF_curr_exp())\n"
        "print(json.dumps([str(warning.message) for warning in caught]))"
    )
    assert any("deprecated" in message for message in found), gone("the filter in backends/nest.py, import_simulator()")


# --- PyNN on Brian2


def test_brian2_sources_do_not_get_the_clock_of_the_network(brian2):
    import brian2 as simulator

    set_up(brian2, mended=False)
    usual = simulator.defaultclock.dt
    simulator.defaultclock.dt = 0.1 * simulator.ms
    try:
        sim = brian2.sim
        sim.setup(**SETUP)
        cells, sources = neurons(sim, 1), sim.Population(2, sim.SpikeSourceArray(spike_times=[[4.0], [4.4]]))
        sources.record("spikes")
        sim.run(10.0)
        times = [float(train[0]) for train in sources.get_data("spikes").segments[0].spiketrains]
        assert float(cells.brian2_group.clock.dt / simulator.ms) == pytest.approx(1.0)
        assert times == pytest.approx([4.0, 4.4]), gone("defaultclock.dt in backends/brian2_session.py, prepare()")
    finally:
        simulator.defaultclock.dt = usual


def test_brian2_fails_when_spikes_are_read_with_clear_for_the_second_time(brian2):
    sim = set_up(brian2)
    origin = source(sim, 5.0, 15.0)
    origin.record("spikes")
    sim.run(10.0)
    (first,) = origin.get_data("spikes", clear=True).segments[0].spiketrains
    assert len(first) == 1
    sim.run(10.0)
    try:
        times = origin.get_data("spikes", clear=True).segments[0].spiketrains[0].rescale("ms").magnitude.tolist()
    except ValueError as error:
        times = str(error)
    assert times != [15.0], gone("_clear() in backends/brian2_session.py")


def test_brian2_wants_a_flat_list_for_a_source_of_one(brian2):
    sim = set_up(brian2)
    assert source(sim, 5.0).size == 1
    two = sim.Population(2, sim.SpikeSourceArray(spike_times=[[5.0], [6.0]]))
    two.record("spikes")
    sim.run(10.0)
    assert spikes(two) == [[5], [6]]
    with pytest.raises(AttributeError, match="size"):
        sim.Population(1, sim.SpikeSourceArray(spike_times=[[5.0]]))


def test_brian2_accepts_a_delay_of_zero_but_no_smallest_delay_of_zero(brian2):
    sim = set_up(brian2)
    pre, post = source(sim, 5.0), neurons(sim, 1)
    synapse = sim.StaticSynapse(weight=1.0, delay=0.0)
    made = sim.Projection(pre, post, sim.AllToAllConnector(), synapse, receptor_type="excitatory")
    sim.run(1.0)
    assert made.get("delay", format="array").tolist() == [[0.0]]
    with pytest.raises(Exception, match="min_delay"):
        sim.setup(**{**SETUP, "min_delay": 0.0})


def test_importing_brian2_changes_the_interpreter_and_writes_files(brian2, tmp_path):
    hook, capture, files = answer(
        "import json, os, sys, tempfile, warnings\ntempfile.tempdir = sys.argv[1]\n"
        "hook, show = sys.excepthook, warnings.showwarning\n"
        "import brian2\n"
        "print(json.dumps([sys.excepthook is hook, warnings.showwarning is show, os.listdir(sys.argv[1])]))",
        str(tmp_path),
    )
    assert not hook, gone("what keeps sys.excepthook in backends/brian2.py, import_simulator(),")
    assert not capture, gone("what ends the capture of warnings in backends/brian2.py, import_simulator(),")
    assert any(name.startswith("brian_") for name in files), gone("_forget_log() in backends/brian2.py")


def test_brian2_gives_the_objects_of_a_second_network_other_names(brian2):
    """Names are in the code that is compiled, so the second network would be compiled anew."""
    set_up(brian2, mended=False)
    names = []
    for _ in range(2):
        brian2.sim.setup(**SETUP)
        cells = neurons(brian2.sim, 1)
        brian2.sim.run(1.0)
        names.append(cells.brian2_group.name)
        brian2.sim.end()
    assert names[0] != names[1], gone("forget_network() in backends/brian2_session.py")


# --- PyNN


@pytest.mark.parametrize("simulator", ["nest", "brian2"])
def test_a_population_is_never_freed(simulator, request):
    """It is in a circle with its cells through an array of objects, where Python's garbage collector does not look."""
    platform = request.getfixturevalue(simulator)
    sim = set_up(platform)
    population = neurons(sim, 1)
    sim.run(1.0)
    freed = weakref.ref(population)
    cells = list(population.all_cells)
    del population
    set_up(platform)
    gc.collect()
    assert freed() is not None, gone("what takes populations apart in simulation/network.py, close()")
    for cell in cells:
        cell.parent = None
    del cells, cell
    gc.collect()
    assert freed() is None, "something else keeps the Population"


# --- Lava


@pytest.fixture
def lava() -> None:
    skip_without_lava()


def test_lava_misreads_a_rule_with_a_number_before_a_trace_in_brackets(lava):
    terms = answer(
        "import json, warnings\nwarnings.simplefilter('ignore')\n"
        "from lava.magma.core.learning.learning_rule import Loihi3FLearningRule\n"
        "def terms(dw):\n"
        "    products = Loihi3FLearningRule(dw=dw, t_epoch=1).dw._products\n"
        "    return [[p._s_mantissa, [str(vars(f)) for f in p._factors]] for p in products]\n"
        "print(json.dumps([terms(dw) for dw in"
        " ('x0*y0*(4*y1-2)', 'x0*y0*(y1+4)', '4*x0*y0*y1 - 2*x0*y0', 'x0*y0*(y1-2)')]))"
    )
    written, read, meant, other = terms
    assert written != meant
    assert other != read
    assert written == read, gone("the remark in hardware/lava/engines/stock_rule.py")


def test_lava_changes_weights_that_are_out_of_range_without_a_word(lava):
    found = answer(
        "import json, warnings\nimport numpy as np\n"
        "from lava.magma.core.run_conditions import RunSteps\n"
        "from lava.magma.core.run_configs import Loihi2SimCfg\n"
        "from lava.proc.dense.process import Dense\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    made = [Dense(weights=np.array([[weight]])) for weight in (200, 4000)]\n"
        "    for dense in made:\n"
        "        dense.run(condition=RunSteps(num_steps=1), run_cfg=Loihi2SimCfg(select_tag='fixed_pt'))\n"
        "    found = [int(dense.weights.get()[0, 0]) for dense in made]\n"
        "    for dense in made:\n"
        "        dense.stop()\n"
        "print(json.dumps([found, [str(w.message) for w in caught if 'weight' in str(w.message).lower()]]))"
    )
    (inside, outside), warned = found
    assert inside == 200
    assert outside == 255, gone("some of hardware/lava/chip/validate.py")
    assert not warned, gone("some of hardware/lava/chip/validate.py")


PROCESS = """
from lava.magma.core.decorator import implements, requires
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

class Ours(AbstractProcess):
    def __init__(self):
        super().__init__()
        self.v = Var(shape=(1,))

@implements(proc=Ours, protocol=LoihiProtocol)
@requires(CPU)
class OursModel(PyLoihiProcessModel):
    v: int = LavaPyType(int, int)
"""


def test_lava_executes_every_file_beside_a_process(lava, tmp_path):
    (tmp_path / "ours.py").write_text(PROCESS)
    (tmp_path / "neighbour.py").write_text("print('executed', flush=True)")
    done = run_apart(
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom ours import Ours\n"
        "from lava.magma.core.run_configs import Loihi2SimCfg\n"
        "print('now')\nOurs().compile(Loihi2SimCfg())\nprint('compiled')",
        str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert {"now", "compiled"} <= set(done.stdout.split())
    assert "executed" in done.stdout, gone("the folder of its own, hardware/lava/engines/processes,")


def test_a_program_that_does_not_stop_lava_never_ends(lava):
    script = (
        "from lava.magma.core.run_conditions import RunSteps\n"
        "from lava.magma.core.run_configs import Loihi2SimCfg\n"
        "from lava.proc.lif.process import LIF\n"
        "lif = LIF(shape=(1,))\n"
        "lif.run(condition=RunSteps(num_steps=1), run_cfg=Loihi2SimCfg(select_tag='fixed_pt'))\n"
        "print('ran', flush=True)\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ran\n"
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                return
            pytest.fail(gone("much of hardware/lava/engines/runtime.py"))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
