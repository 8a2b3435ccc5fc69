"""Whatever fails, is killed or interrupted: Lava's engines say so, never hang, and leave no process behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from lava_scripts import FOREVER, LIMIT, Script, seldom
from simulators import skip_without_lava

skip_without_lava()

if not Path("/proc/self/stat").exists():
    pytest.skip("needs /proc to see what is left", allow_module_level=True)

ENGINES = ("fast", seldom("stock"))

pytestmark = pytest.mark.usefixtures("no_script_goes_on")

# --- errors


@pytest.mark.parametrize(
    ("name", "guilty", "model"),
    [
        ("fast", "network", "hardware.lava.engines.processes.network.NetworkModel"),
        seldom("stock", "LIF of ring", "lava.proc.lif.models.PyLifModelBitAcc"),
        ("stock", "Sparse of ring -> ring", "lava.proc.sparse.models.PySparseModelBitAcc"),
    ],
)
def test_an_exception_in_a_process_ends_the_run_with_its_name_and_traceback(name, guilty, model):
    script = Script(
        """
        import importlib
        import hardware.lava.engines.fast
        module, _, name = sys.argv[2].rpartition(".")
        model = getattr(importlib.import_module(module), name)
        class Spoiled(Exception):
            def __init__(self, a, b): super().__init__(f"{a} {b}")  # can't be pickled
        def spoiled(self, *arguments):
            if self.proc_params["name"] == sys.argv[3] and (SPOIL.value > 0):
                SPOIL.value += 1
                if SPOIL.value > 20: raise Spoiled("the milk", "is sour")
            return right(self, *arguments)
        import multiprocessing
        SPOIL = multiprocessing.Value("i", 0)
        part = "run_async" if "run_async" in model.__dict__ else "run_spk"
        right = getattr(model, part)
        setattr(model, part, spoiled)
        e = engine(sys.argv[1])
        e.run(2)
        show(e)
        SPOIL.value = 20 if part == "run_async" else 1
        start = time.time()
        try:
            e.run(200)
        except PlatformError as error:
            text = str(error)
        else:
            text = "no error"
        say(took=time.time() - start, text=text, left=children())
        for again in (lambda: e.run(1), lambda: e.weights(0), lambda: e.set_spikes([9], [0])):
            try: again()
            except PlatformError as error: say(again=str(error))
        say(spikes=len(e.take_spikes()[0]))
        e.close()
        """,
        name,
        model,
        guilty,
    )
    script.started()
    found = script.line()
    assert found["text"].startswith(f"the Lava process {guilty!r} failed: ")
    assert "the milk is sour" in found["text"].splitlines()[0]
    assert "Traceback (most recent call last)" in found["text"]
    assert found["took"] < LIMIT
    assert found["left"] == []
    assert all("has ended" in script.line()["again"] for _ in range(3))
    assert script.line()["spikes"] == 1
    assert script.end() == (0, "", "")


@pytest.mark.parametrize("name", ENGINES)
def test_an_exception_while_a_process_is_built_says_so_too(name):
    script = Script(
        """
        import hardware.lava.engines.fast
        from lava.proc.lif.models import PyLifModelBitAcc
        def spoiled(self, *arguments, **named): raise ValueError("the milk is sour")
        PyLifModelBitAcc.__init__ = spoiled
        try:
            engine(sys.argv[1]).run(2)
        except PlatformError as error:
            say(text=str(error), left=children())
        """,
        name,
    )
    found = script.line()
    assert "failed: ValueError: the milk is sour" in found["text"].splitlines()[0]
    assert "Traceback" in found["text"]
    assert found["left"] == []
    assert script.end() == (0, "", "")


@pytest.mark.parametrize("name", ENGINES)
def test_a_process_that_can_t_be_started_is_named_and_the_others_end(name):
    script = Script(
        """
        right, forks = os.fork, []
        def fork():
            forks.append(1)
            if len(forks) == 2: raise BlockingIOError(11, "Resource temporarily unavailable")
            return right()
        os.fork = fork
        files = len(os.listdir("/proc/self/fd"))
        try:
            engine(sys.argv[1]).run(2)
        except PlatformError as error:
            say(text=str(error), left=children(), files=len(os.listdir("/proc/self/fd")) - files)
        """,
        name,
    )
    found = script.line()
    assert found["text"].startswith("the Lava process ")
    assert found["text"].endswith("can't be started: [Errno 11] Resource temporarily unavailable")
    assert (found["left"], found["files"]) == ([], 0)
    assert script.end() == (0, "", "")


@pytest.mark.parametrize(
    ("name", "victim", "when"),
    [
        seldom("fast", "network", "in a run"),
        ("fast", "runtime service", "between runs"),
        seldom("fast", "runtime service", "in a run"),
        seldom("fast", "network", "between runs"),
        seldom("stock", "LIF of ring", "in a run"),
        seldom("stock", "runtime service", "between runs"),
        ("stock", "LIF of ring", "while all is read"),
    ],
)
def test_a_killed_process_ends_the_run_with_its_name(name, victim, when):
    script = Script(
        """
        e = engine(sys.argv[1])
        e.run(2)
        show(e)
        victim = e.workers[sys.argv[2]]
        def kill(after):
            time.sleep(after)
            os.kill(victim, signal.SIGKILL)
        if sys.argv[3] == "in a run":
            threading.Thread(target=kill, args=(0.5,)).start()
        else:
            kill(0)
        start = time.time()
        try:
            if sys.argv[3] == "while all is read":
                e.set_compartments(0, "v", np.zeros(3, int))
            e.run(10**9)
        except PlatformError as error:
            say(took=time.time() - start, text=str(error), left=children())
        """,
        name,
        victim,
        when,
    )
    script.started()
    found = script.line()
    assert found["text"] == f"the Lava process {victim!r} was ended by signal 9 (SIGKILL)"
    assert found["took"] < LIMIT
    assert found["left"] == []
    assert script.end() == (0, "", "")


# --- signals


@pytest.mark.parametrize("name", ENGINES)
def test_ctrl_c_in_a_run_is_a_keyboard_interrupt_after_everything_has_ended(name):
    script = Script(
        FOREVER
        + """
    try:
        e.run(10**9)
    except KeyboardInterrupt:
        say(left=children())
        raise
        """,
        name,
    )
    script.started()
    time.sleep(0.5)
    os.killpg(script.process.pid, signal.SIGINT)  # as a terminal does
    status, output, errors = script.end()
    assert eval(output) == {"left": []}
    assert status == -signal.SIGINT
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")


@pytest.mark.parametrize(
    ("name", "delay"), [("fast", 0.05), *(seldom("fast", delay) for delay in (0.02, 0.1, 0.3)), seldom("stock", 0.5)]
)
def test_ctrl_c_while_the_processes_start_leaves_nothing(name, delay):
    script = Script(
        """
        e = engine(sys.argv[1])
        say(ready=True)
        try:
            e.run(10**9)
        except KeyboardInterrupt:
            say(left=children())
        """,
        name,
    )
    script.line()
    time.sleep(delay)
    os.killpg(script.process.pid, signal.SIGINT)
    status, output, _ = script.end()
    assert (status, eval(output)) == (0, {"left": []})


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("fast", signal.SIGKILL),
        ("stock", signal.SIGTERM),
        seldom("fast", signal.SIGTERM),
        seldom("fast", signal.SIGHUP),
    ],
)
def test_a_signal_that_ends_the_program_ends_its_processes(name, number):
    script = Script(FOREVER + "e.run(10**9)", name)
    script.started()
    time.sleep(0.5)
    script.process.send_signal(number)
    assert script.end() == (-number, "", "")


@pytest.mark.parametrize(
    ("name", "number"), [("fast", signal.SIGTERM), seldom("fast", signal.SIGINT), seldom("stock", signal.SIGTERM)]
)
def test_a_program_that_takes_signals_as_a_request_finishes_its_run(name, number):
    script = Script(
        """
        from pynn_backprop.cli.interrupts import StopRequest
        with StopRequest() as asked:
            e = engine(sys.argv[1])
            e.run(2)
            show(e)
            while not asked():
                e.run(30)
            e.run(3)
            steps, compartments = e.take_spikes()
            say(last=int(steps[-1]), now=e.now)
            e.close()
        """,
        name,
    )
    script.started()
    time.sleep(0.5)
    os.killpg(script.process.pid, number)
    found = script.line()
    assert found["last"] == found["now"]  # the ring goes on in every step
    status, _, errors = script.end()
    assert status == 0
    assert errors.strip().startswith("Stopping after the present run")
    assert len(errors.strip().splitlines()) == 1
