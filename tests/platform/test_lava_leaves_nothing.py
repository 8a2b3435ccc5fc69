"""Lava's engines never hang and leave nothing behind: no process, no zombie, no file of shared memory, no noise."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lava_scripts import LIMIT, Script

from hardware.lava.engines import require_lava
from pynn_backprop.errors import PlatformError

try:
    require_lava()
except PlatformError as error:
    pytest.skip(str(error), allow_module_level=True)

if not Path("/proc/self/stat").exists():
    pytest.skip("needs /proc to see what is left", allow_module_level=True)

ENGINES = ("fast", "stock")


@pytest.fixture(autouse=True)
def no_script_goes_on() -> Iterator[None]:
    """A test that fails ends its script too."""
    yield
    while Script.made:
        process = Script.made.pop().process
        if process.poll() is None:
            process.kill()
            process.communicate()


FOREVER = """
    e = engine(sys.argv[1])
    e.run(2)
    show(workers(e))
    """


# --- errors


@pytest.mark.parametrize(
    ("name", "guilty", "model"),
    [
        ("fast", "neurons", "lava.proc.lif.models.PyLifModelBitAcc"),
        ("fast", "synapses", "hardware.lava.engines.processes.synapses.AllSynapsesModel"),
        ("stock", "LIF of ring", "lava.proc.lif.models.PyLifModelBitAcc"),
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
        show(workers(e))
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
        ("fast", "neurons", "in a run"),
        ("fast", "synapses", "in a run"),
        ("fast", "runtime service", "in a run"),
        ("fast", "neurons", "between runs"),
        ("fast", "runtime service", "between runs"),
        ("stock", "LIF of ring", "in a run"),
        ("stock", "runtime service", "between runs"),
        ("stock", "LIF of ring", "while all is read"),
    ],
)
def test_a_killed_process_ends_the_run_with_its_name(name, victim, when):
    script = Script(
        """
        e = engine(sys.argv[1])
        e.run(2)
        show(workers(e))
        victim = workers(e)[sys.argv[2]]
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
    ("name", "delay"), [("fast", 0.02), ("fast", 0.05), ("fast", 0.1), ("fast", 0.3), ("stock", 0.5)]
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
    [("fast", signal.SIGTERM), ("fast", signal.SIGKILL), ("fast", signal.SIGHUP), ("stock", signal.SIGTERM)],
)
def test_a_signal_that_ends_the_program_ends_its_processes(name, number):
    script = Script(FOREVER + "e.run(10**9)", name)
    script.started()
    time.sleep(0.5)
    script.process.send_signal(number)
    assert script.end() == (-number, "", "")


@pytest.mark.parametrize(
    ("name", "number"), [("fast", signal.SIGTERM), ("fast", signal.SIGINT), ("stock", signal.SIGTERM)]
)
def test_a_program_that_takes_signals_as_a_request_finishes_its_run(name, number):
    script = Script(
        """
        from pynn_backprop.interrupts import StopRequest
        with StopRequest() as asked:
            e = engine(sys.argv[1])
            e.run(2)
            show(workers(e))
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


# --- leaving without close()

LEAVINGS = {
    "at the end": "",
    "by sys.exit": "sys.exit(0)",
    "by an error": "raise SystemExit(0) from ValueError('the milk is sour')",
    "from a thread's program": "thread = threading.Thread(target=time.sleep, args=(0.3,)); thread.start()",
    "with lava gone first": "for name in [*sys.modules]: name.startswith('lava') and sys.modules.pop(name)",
    "after multiprocessing's own exit": "import multiprocessing.util; multiprocessing.util._exit_function()",
}


@pytest.mark.parametrize(
    ("name", "leaving"),
    [*(("fast", leaving) for leaving in LEAVINGS), ("stock", "at the end"), ("stock", "by an error")],
)
def test_a_program_may_end_without_closing(name, leaving):
    script = Script(FOREVER + LEAVINGS[leaving], name)
    script.started()
    assert script.end() == (0, "", "")


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_is_forgotten_ends_its_processes_at_once(name):
    script = Script(
        FOREVER
        + """
    import gc
    del e
    gc.collect()
    say(left=children())
        """,
        name,
    )
    script.started()
    assert script.line() == {"left": []}
    assert script.end() == (0, "", "")


def test_a_forked_copy_of_the_program_leaves_the_processes_alone():
    script = Script(
        FOREVER
        + """
    if os.fork() == 0:
        e.close()
        sys.exit(0)
    os.wait()
    e.run(3)
    e.run(1)
    say(now=e.now)
    e.close()
    say(left=children())
        """,
        "fast",
    )
    script.started()
    assert script.line() == {"now": 6}
    assert script.line() == {"left": []}
    assert script.end() == (0, "", "")


def test_an_engine_can_be_made_in_a_thread_that_ends():
    script = Script(
        """
        made = []
        def make():
            made.append(engine(sys.argv[1]))
            made[0].run(2)
        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        time.sleep(0.6)
        show(workers(made[0]))
        made[0].run(3)
        say(spikes=len(made[0].take_spikes()[0]))
        made[0].close()
        """,
        "fast",
    )
    script.started()
    assert script.line() == {"spikes": 4}
    assert script.end() == (0, "", "")


# --- nothing piles up, nothing is said, nothing is changed


def test_engines_one_after_the_other_leave_no_files_threads_objects_or_processes():
    script = Script(
        """
        import gc, resource
        from lava.magma.core.process.process import ProcessServer
        from lava.magma.core.process.variable import VarServer
        def resident():
            return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
        def count():
            gc.collect()
            return (
                len(os.listdir("/proc/self/fd")), threading.active_count(), len(children()),
                len(ProcessServer().processes), len(VarServer().vars),
            )
        def one():
            made = make_engine("fast", network(2000), np.arange(2000), np.arange(500))
            made.run(3)
            made.close()
        for _ in range(3): one()
        before, held = count(), resident()
        for _ in range(25): one()
        say(before=before, after=count(), grown=resident() - held)
        """
    )
    found = script.line()
    assert found["after"] == found["before"]
    assert found["grown"] < 20  # MiB; the tables of one engine alone have 9
    assert script.end() == (0, "", "")


@pytest.mark.parametrize("name", ENGINES)
def test_nothing_is_printed_and_the_program_s_own_settings_stay(name):
    script = Script(
        """
        import logging, multiprocessing, warnings
        multiprocessing.set_start_method("spawn")
        before = list(logging.getLogger().handlers), logging.getLogger().level, list(warnings.filters)
        print("half a line", end=" ")  # waits in the buffer while the processes fork
        e = engine(sys.argv[1])
        e.run(70)
        assert len(e.take_spikes()[0]) == 69
        assert e.take_potentials()[1].shape == (70, 3)
        e.close()
        after = list(logging.getLogger().handlers), logging.getLogger().level, list(warnings.filters)
        assert before == after
        assert multiprocessing.get_start_method() == "spawn"
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
        logging.getLogger().error("said once")
        """,
        name,
    )
    assert script.end(within=60) == (0, "half a line ", "said once\n")


def test_two_engines_run_side_by_side():
    script = Script(
        """
        first, second = engine("fast"), engine("fast")
        first.run(5); second.run(7); first.run(2)
        show({**{f"1 {k}": v for k, v in workers(first).items()}, **workers(second)})
        first.close()
        second.run(1)
        say(first=len(first.take_spikes()[0]), second=len(second.take_spikes()[0]))
        """
    )
    script.started()
    assert script.line() == {"first": 6, "second": 7}
    assert script.end() == (0, "", "")
