"""Runs a job in a process of its own, with a time limit; whatever happens, there is a row.

The process leads a session of its own, so that it can be ended with all that it has started.  It holds one end of a
pipe whose other end is here: when this process is killed, the pipe closes and the job ends itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from pynn_backprop.errors import InputError
from pynn_backprop.processes import without_launcher

from ..rows import FAILED, SKIPPED, TIMEOUT, Row, check_row
from . import room
from .job import Job
from .perform import perform

ROOT = Path(__file__).parents[2]
"""The checkout."""

START = """
import sys
sys.path.insert(0, sys.argv[1])
from benchmarks.jobs.process import main
main(sys.argv[2])
"""
"""What the process runs; the checkout comes before the folder that it starts in, which may hold other benchmarks."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""What numerical libraries read when they start; set to the job's threads, so that no platform uses more."""

WHOLE = b"\n"
"""Ends a result that was written to its end."""

LOG_READ = 10_000
LOG_TAIL = 400
"""Characters of a dead process's last words that its row keeps."""


def run(job: Job) -> Row:
    """Run a job; the row is there even if its process is killed, hangs or runs out of memory.

    Result and log are files without names, so that nothing is left of them whoever is killed.  What the platform or
    this machine can't hold is not tried.
    """
    why_not = room.why_not(job)
    if why_not:
        return job.row(SKIPPED, why_not)
    with tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as log:
        status, why, seconds = _supervise(job, result, log)
        result.seek(0)
        text = result.read()
        if text.endswith(WHOLE):
            try:
                return check_row(json.loads(text))
            except (InputError, ValueError) as error:
                return job.row(FAILED, f"what it measured is no result: {error}")
        return job.row(status, f"{why}, after {seconds:.1f} s")


def _supervise(job: Job, result: IO[bytes], log: IO[bytes]) -> tuple[str, str, float]:
    """Start the process and wait for it; status, reason and seconds in case it leaves no result."""
    start = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-c", START, str(ROOT), str(result.fileno())],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        env=_environment(job),
        start_new_session=True,
        pass_fds=[result.fileno()],
    )
    assert child.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(json.dumps(job.as_dict()).encode() + b"\n")
            child.stdin.flush()
        code = child.wait(timeout=job.time_limit)
        return FAILED, f"{_ended(code)}{_last_words(log)}", time.monotonic() - start
    except subprocess.TimeoutExpired:
        return TIMEOUT, f"it was ended at its time limit of {job.time_limit:g} s", time.monotonic() - start
    finally:
        # Also what the process started and left behind.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()


def _environment(job: Job) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**without_launcher(), **dict.fromkeys(THREAD_VARIABLES, str(job.threads)), "PYTHONPATH": path}


def _ended(code: int) -> str:
    if code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended with status {code} and without a result"


def _last_words(log: IO[bytes]) -> str:
    log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_READ))
    words = " ".join(log.read().decode("utf-8", errors="replace").split())[-LOG_TAIL:]
    return f"; its last words: {words}" if words else ""


# -- the process -------------------------------------------------------------------------------------------------------


def _end_with_parent() -> None:
    """Wait for the pipe to close, then end this process and all that it has started."""
    while os.read(0, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _read_line() -> bytes:
    """The first line of the pipe, byte by byte: what follows is left to the thread that waits for its end."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit("no job was given")
        line += byte
    return line


def main(result: str) -> None:
    """Do the job that the standard input names, and write its row to an open file."""
    job = Job.from_dict(json.loads(_read_line()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    row = json.dumps(perform(job), allow_nan=False).encode()
    with open(int(result), "wb") as stream:
        stream.write(row + WHOLE)
