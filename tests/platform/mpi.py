"""Starts programs on many processes, with the NEST of ``make nest-mpi``; how long each may take is said."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-mpi/bin/python"
SECONDS_TO_BUILD = 5400

ENVIRONMENT = {
    # More processes than cores, and root in a container: Open MPI wants to be told; others do not ask.
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    # Who waits leaves the core to those that work.
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
}


def skip_without_mpirun() -> None:
    """Skip a module of tests where there is no launcher."""
    if shutil.which("mpirun") is None:
        pytest.skip("there is no mpirun: apt-get install openmpi-bin libopenmpi-dev", allow_module_level=True)


def built_python() -> Path:
    """The Python of the environment with NEST and MPI, which is built if need be."""
    done = subprocess.run(
        ["sh", str(ROOT / "tools/build_nest_mpi.sh")],
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_BUILD,
        check=False,
    )
    if done.returncode and "can not be built" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    return PYTHON


@dataclass
class Done:
    """How a program ended."""

    status: int
    stdout: str
    stderr: str
    ended: float


class Started:
    """A program that runs on many processes; at the end of the context nothing of it is left."""

    def __init__(self, folder: Path, n: int, *command: str, environment: Mapping[str, str] | None = None) -> None:
        self._out, self._err = folder / "stdout.txt", folder / "stderr.txt"
        with open(self._out, "w") as out, open(self._err, "w") as err:
            self.process = subprocess.Popen(
                ["mpirun", "-n", str(n), *command],
                cwd=folder,
                env={**os.environ, **ENVIRONMENT, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def said(self) -> str:
        return self._out.read_text()

    def ended(self, seconds: float) -> Done:
        """Wait for its end."""
        try:
            status = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"not done in {seconds} s: {self.said} {self._err.read_text()}") from None
        return Done(status, self.said, self._err.read_text(), time.time())


def mpirun(folder: Path, n: int, *command: str, seconds: float = 300.0, **environment: str) -> Done:
    """Run a program on so many processes to its end."""
    with Started(folder, n, *command, environment=environment) as started:
        return started.ended(seconds)
