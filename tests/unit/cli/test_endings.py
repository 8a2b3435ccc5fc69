"""How a command ends: a line and a status for whatever goes wrong, and no traceback where a reader has gone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading

import pytest

from pynn_backprop.cli.endings import ended, unbroken_output
from pynn_backprop.cli.interrupts import StopRequest
from pynn_backprop.cli.main import main
from pynn_backprop.errors import EqualityError, InputError, PlatformError

ENDS = {
    "bad input": (InputError("eta is 0"), 2, "error: eta is 0"),
    "not installed": (PlatformError("no NEST"), 2, "error: no NEST"),
    "differs": (EqualityError("W1 differs"), 1, "error: W1 differs"),
    "full": (
        OSError(errno.ENOSPC, "No space left on device", "d/w.npz"),
        3,
        "error: d/w.npz: No space left on device; files written so far are whole",
    ),
    "limit": (OSError(errno.EFBIG, "File too large"), 3, "error: File too large; files written so far are whole"),
    "memory": (MemoryError(), 3, "error: there is not enough memory; files written so far are whole"),
    "numpy's memory": (MemoryError("Unable to allocate 8 GiB"), 3, "memory: Unable to allocate 8 GiB; files"),
    "overflow": (OverflowError("int too large"), 2, "error: a number or a structure is too large: int too large"),
    "recursion": (RecursionError("depth"), 2, "error: a number or a structure is too large: depth"),
    "Ctrl-C": (KeyboardInterrupt(), 130, "interrupted, go on so"),
}


@pytest.mark.parametrize(("error", "status", "words"), ENDS.values(), ids=ENDS)
def test_every_end_is_one_line_and_a_status(capsys, error, status, words):
    def work() -> int:
        raise error

    assert ended(work, "program", resume=", go on so") == status
    said = capsys.readouterr().err
    assert said.startswith("program: ")
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="a process that ends by a signal has a negative status on POSIX")
def test_ctrl_c_inside_of_an_executed_string_gives_our_status_too(tmp_path):
    (tmp_path / "command.py").write_text(
        "import signal, sys\n"
        "from pynn_backprop.cli.endings import ended\n"
        "sys.exit(ended(lambda: exec('signal.raise_signal(signal.SIGINT)'), 'command'))\n"
    )
    # As a module: a script does not show it.
    done = subprocess.run([sys.executable, "-m", "command"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "command: interrupted\n")


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), OSError("no number")])
def test_what_nobody_thought_of_is_not_hidden(error):
    def work() -> int:
        raise error

    with pytest.raises(type(error)):
        ended(work, "program")


def test_with_debug_everything_is_raised():
    def work() -> int:
        raise MemoryError

    with pytest.raises(MemoryError):
        ended(work, "program", debug=True)
    assert ended(lambda: 1, "program") == 1


PRINT = """
import sys
from pynn_backprop.cli.endings import unbroken_output
with unbroken_output():
    for k in range(20000):
        print("line", k, "\\u2212")
    print("done", file=sys.stderr)
"""


def test_a_reader_that_goes_stops_nothing():
    program = subprocess.Popen([sys.executable, "-c", PRINT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stdout is not None
    program.stdout.readline()
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == "done\n"
    program.stderr.close()
    assert program.wait() == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_sign_that_the_terminal_does_not_have_is_replaced(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, env=environment, check=True)
    assert done.stdout.splitlines()[0] == b"line 0 ?"


def test_the_streams_are_given_back():
    before = sys.stdout, sys.stderr
    with unbroken_output():
        pass
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.parametrize("name", ["[/]", "a[red]b", "[bold", "x]"])
def test_a_folder_may_have_any_name(folder, capsys, name):
    train = ["train", "reference", "--data", "d.npz", "--hidden", "5", "--epochs", "1", "--out", name]
    assert main(train) == 0
    assert f"in {name}: checkpoint.npz" in capsys.readouterr().out.replace("\n", " ")


def test_a_training_in_another_thread_asks_for_no_signals(folder, capsys):
    statuses: list[int] = []
    train = ["train", "reference", "--data", "d.npz", "--hidden", "5", "--epochs", "1", "--out", "threaded"]
    thread = threading.Thread(target=lambda: statuses.append(main(train)))
    thread.start()
    thread.join()
    assert statuses == [0], capsys.readouterr()


def test_a_request_to_stop_is_taken_in_the_first_thread_only():
    def enter() -> None:
        with StopRequest() as stop:
            outcome.append(stop())

    outcome: list[bool] = []
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert outcome == [False]
