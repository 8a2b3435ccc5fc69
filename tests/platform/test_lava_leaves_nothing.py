"""Lava's engines never hang and leave nothing behind: no process, no zombie, no file of shared memory, no noise."""

from __future__ import annotations

from pathlib import Path

import pytest
from lava_scripts import FOREVER, Script, seldom
from simulators import skip_without_lava

skip_without_lava()

if not Path("/proc/self/stat").exists():
    pytest.skip("needs /proc to see what is left", allow_module_level=True)

ENGINES = ("fast", seldom("stock"))

pytestmark = pytest.mark.usefixtures("no_script_goes_on")

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
    [
        ("fast", "at the end"),
        ("stock", "by an error"),
        *(seldom("fast", leaving) for leaving in LEAVINGS if leaving != "at the end"),
        seldom("stock", "at the end"),
    ],
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
        show(made[0])
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


@pytest.mark.slow
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
        show_workers({**{f"1 {k}": v for k, v in first.workers.items()}, **second.workers})
        first.close()
        second.run(1)
        say(first=len(first.take_spikes()[0]), second=len(second.take_spikes()[0]))
        """
    )
    script.started()
    assert script.line() == {"first": 6, "second": 7}
    assert script.end() == (0, "", "")
