"""How a command ends: one line for whatever goes wrong, a status that says what kind it was, and no broken pipe.

======  =======================================================================================
status  what happened
======  =======================================================================================
0       done
1       what was checked is not so: copies or platforms differ, a row failed
2       bad input, or something that is asked for is not installed
3       the machine has no more of something: room on a disk, memory, a limit of the shell
130     interrupted
======  =======================================================================================
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from ..errors import EqualityError, InputError, PlatformError
from ..processes import end_all, launched, wait_for_turn

DONE, DIFFERS, BAD_INPUT, NO_ROOM, INTERRUPTED = 0, 1, 2, 3, 130


def ended(work: Callable[[], int], program: str, resume: str = "", debug: bool = False) -> int:
    """Do the work of a command; whatever it raises becomes a line and a status, and ends all of many processes.

    Parameters
    ----------
    work : callable
        Returns the status if it comes to its end.
    program : str
        How its messages begin.
    resume : str
        What to say besides when it was interrupted.
    debug : bool
        Let errors through, with all that Python says of them.

    Returns
    -------
    int
        The exit status.
    """
    try:
        return work()
    except KeyboardInterrupt:
        _let_python_forget_it()
        wait_for_turn()
        _say(program, f"interrupted{resume}")
        status = INTERRUPTED
    except Exception as error:
        if debug:
            raise
        status, text = _explained(error)
        wait_for_turn()
        _say(program, f"error: {text}")
    # The others may be waiting for this process; it must not wait for them.
    end_all(status)
    return status


def _explained(error: Exception) -> tuple[int, str]:
    """Status and message; what nobody thought of is raised again, for its traceback is needed to mend it."""
    if isinstance(error, EqualityError):
        return DIFFERS, str(error)
    if isinstance(error, (InputError, PlatformError)):
        return BAD_INPUT, str(error)
    if isinstance(error, MemoryError):
        return NO_ROOM, f"there is not enough memory{': ' if str(error) else ''}{error}; files written so far are whole"
    if isinstance(error, OSError) and error.errno is not None:
        what = f"{error.filename}: " if error.filename is not None else ""
        return NO_ROOM, f"{what}{error.strerror}; files written so far are whole"
    if isinstance(error, (OverflowError, RecursionError)):
        return BAD_INPUT, f"a number or a structure is too large: {error}"
    raise error


def _let_python_forget_it() -> None:
    """Leave our status in force where Ctrl-C came inside of a string that was executed, such as a dataclass's methods.

    ``python -m`` ends by the signal, whatever we return, if such a string ended by KeyboardInterrupt, caught or not;
    it asks how the last one ended (``run_eval_code_obj`` in CPython's pythonrun.c, seen from 3.10 to 3.13).
    """
    exec("")


def _say(program: str, text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(f"{program}: {text}", file=sys.stderr)


class _Outlet(io.RawIOBase):
    """A descriptor that swallows what nobody reads any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def fileno(self) -> int:
        return self.descriptor

    def isatty(self) -> bool:
        return os.isatty(self.descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        try:
            return os.write(self.descriptor, data)
        except BrokenPipeError:
            # Also for what writes past us, such as a simulator written in C++.
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), self.descriptor)
            return len(data)


def be_a_command() -> None:
    """Settle what a command decides for its whole process, whatever the shell says.

    It opens no window, so that matplotlib's backend is that for files; and it shows warnings but takes none for an
    error, since most are other packages'.
    """
    os.environ["MPLBACKEND"] = "agg"
    if any(option.startswith("error") for option in sys.warnoptions):
        warnings.simplefilter("default")


@contextlib.contextmanager
def printing_once() -> Iterator[None]:
    """Of many processes let the first one alone print; the others have errors to tell that it does not have."""
    if launched().is_first:
        yield
        return
    warnings.simplefilter("ignore")
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


@contextlib.contextmanager
def unbroken_output() -> Iterator[None]:
    """Let a program go on whose reader has gone, as in ``... | head -1``, and print what the terminal has no sign for.

    Nothing is done where the standard output is not a file: in a test, in a notebook.
    """
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    for name, stream in before.items():
        replaced = _replaced(stream)
        if replaced is not None:
            setattr(sys, name, replaced)
    try:
        yield
    finally:
        for name, stream in before.items():
            with contextlib.suppress(OSError, ValueError):
                getattr(sys, name).flush()
            setattr(sys, name, stream)


def _replaced(stream: Any) -> IO[str] | None:
    if stream is None:  # it was closed by the shell
        return open(os.devnull, "w", encoding="utf-8")
    if stream not in (sys.__stdout__, sys.__stderr__):
        return None
    try:
        stream.flush()
        outlet = _Outlet(stream.fileno())
    except (OSError, ValueError):
        return None
    buffered = io.BufferedWriter(cast(io.RawIOBase, outlet))
    return io.TextIOWrapper(buffered, encoding=stream.encoding, errors="replace", line_buffering=True)
