"""Runs Lava processes so that nothing ever hangs, nothing is left behind and nothing is printed.

Lava's own runtime waits for ever when a process has failed or was killed, and its processes, a manager of shared memory
and files of it stay behind when the program ends without ``stop()``.  Here compiler, channels, ports, runtime services
and process models are Lava's; replaced is only what starts, watches and ends the operating system's processes
(:mod:`workers`) and where the channels' memory comes from (:mod:`shared`).
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import Empty
from typing import Any

from lava.magma.core.process.message_interface_enum import ActorType
from lava.magma.core.process.process import AbstractProcess, ProcessServer
from lava.magma.core.process.variable import VarServer
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.magma.runtime.message_infrastructure.multiprocessing import MultiProcessing
from lava.magma.runtime.mgmt_token_enums import MGMT_RESPONSE, enum_equal
from lava.magma.runtime.runtime import Runtime

from pynn_backprop.errors import PlatformError

from .forking import forking
from .shared import AnonymousMemory
from .workers import Worker, signals_held

POLL = 0.05
"""Seconds between two looks at the workers while the parent waits for an answer."""

LAST_WORDS = 0.5
"""Seconds that a worker which failed is given to say why, once another one complained."""

THREAD_END = 1.0
"""Seconds that a thread of a port may take to end; it only has to wake up."""

COMPILER_LOG = "lava.magma.compiler.compiler"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Undo what Lava does to the program's logging: each process adds a handler to the root logger."""
    logs = [logging.getLogger(name) for name in ("", COMPILER_LOG)]
    before = [(log, list(log.handlers), log.level) for log in logs]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, handlers, level in before:
            log.handlers[:] = handlers
            log.setLevel(level)


class _Infrastructure(MultiProcessing):
    def start(self) -> None:
        self._smm = AnonymousMemory()


class SupervisedRuntime(Runtime):
    """Lava's runtime of one connected network, with workers instead of multiprocessing's processes.

    Parameters
    ----------
    executable
        What Lava's compiler made.
    workers
        Where the workers are noted; those of other networks that run together with this one are watched as well.
    """

    def __init__(self, executable: Any, workers: list[Worker]) -> None:
        super().__init__(executable, ActorType.MultiProcessing)
        self.runtime_to_service: list[Any] = []
        self.service_to_runtime: list[Any] = []
        self.workers = workers
        self._owner = os.getpid()

    def initialize(self, node_cfg_idx: int = 0) -> None:
        """Make the channels, start the workers and wait until each has built its Lava process."""
        self._build_watchdog_manager()
        self._messaging_infrastructure = _Infrastructure()
        self._messaging_infrastructure.start()
        self._build_channels()
        self._build_sync_channels()
        with signals_held():
            for process, builder in self._executable.proc_builders.items():
                self.workers.append(Worker(process.name, builder))
            for builder in self._executable.runtime_service_builders.values():
                self.workers.append(Worker("runtime service", builder))
        self._start_ports()
        for port in self.service_to_runtime:
            port.recv = partial(self._receive, port, port.recv)
        for port in self.runtime_to_service:
            port.send = partial(self._send, port, port.send)
        while not all(worker.ready for worker in self.workers):
            self.check()
            time.sleep(0.001)
        self._is_initialized = self._is_started = True

    def advance(self, steps: int) -> None:
        """Run this many steps."""
        self.check()
        self.start(RunSteps(num_steps=steps, blocking=False))
        answers = [port.recv() for port in self.service_to_runtime]
        self._is_running = False
        if not all(enum_equal(answer, MGMT_RESPONSE.DONE) for answer in answers):
            self._complain()

    def check(self) -> None:
        """Raise a PlatformError if a worker has failed."""
        if any(worker.failure() for worker in self.workers):
            self._complain()

    def stop(self) -> None:
        """End all workers at once; harmless when called again, and in a process that did not start them."""
        self._is_started = self._is_running = False
        if os.getpid() != self._owner:
            return
        end_workers(self.workers, self._owner)
        ports = [*self.runtime_to_service, *self.service_to_runtime]
        self.runtime_to_service, self.service_to_runtime = [], []
        for port in ports:
            port.join()
            if port.thread is not None:
                port.thread.join(THREAD_END)

    def __del__(self) -> None:
        """Nothing: :class:`LavaRun` sees to the end.  Lava's would try it while the interpreter is taken apart."""

    def _receive(self, port: Any, receive: Any) -> Any:
        """Lava's ``recv``, called only when it can't block."""
        while True:
            try:
                port._queue.get(timeout=POLL, peek=True)
            except Empty:
                self.check()
            else:
                return receive()

    def _send(self, port: Any, send: Any, data: Any) -> None:
        """Lava's ``send``, called only when it can't block."""
        while not port._semaphore.acquire(timeout=POLL):
            self.check()
        port._semaphore.release()
        send(data)

    def _complain(self) -> None:
        deadline = time.monotonic() + LAST_WORDS
        failures = [failure for worker in self.workers if (failure := worker.failure())]
        while not any("\n" in failure for failure in failures) and time.monotonic() < deadline:
            time.sleep(0.01)
            failures = [failure for worker in self.workers if (failure := worker.failure())]
        # A traceback says more than that a process is gone.
        failures.sort(key=lambda failure: "\n" not in failure)
        raise PlatformError(failures[0] if failures else "Lava's runtime service reports an error without a reason")


def end_workers(workers: list[Worker], owner: int) -> None:
    """Kill and remove all workers, unless this is a copy of the process that owns them."""
    if os.getpid() == owner:
        with signals_held():
            while workers:
                workers[-1].kill()
                workers.pop()


class LavaRun:
    """Lava processes that run together until they are closed, an error comes up, or the program ends.

    Parameters
    ----------
    make
        Makes all of the processes; those that are not connected to each other are networks of their own.
    channel_size
        How many messages a channel between two processes holds.
    """

    def __init__(self, make: Callable[[], Sequence[AbstractProcess]], channel_size: int = 64) -> None:
        self._settings = {"pypy_channel_size": channel_size}
        self._workers: list[Worker] = []
        self._runtimes: list[SupervisedRuntime] = []
        self._owner = os.getpid()
        weakref.finalize(self, _end_all, self._runtimes, self._workers, self._owner)
        with self.ended_by_errors(), quiet(), forking(), _forgotten():
            self._start(make())

    def _start(self, processes: Sequence[AbstractProcess]) -> None:
        remaining = {process.id: process for process in processes}
        while remaining:
            head = next(iter(remaining.values()))
            executable = head.compile(Loihi2SimCfg(select_tag="fixed_pt"), dict(self._settings))
            runtime = SupervisedRuntime(executable, self._workers)
            self._runtimes.append(runtime)
            executable.assign_runtime_to_all_processes(runtime)
            runtime.initialize()
            for process in executable.process_list:
                remaining.pop(process.id, None)

    @property
    def workers(self) -> dict[str, int]:
        """Names and numbers of the operating system's processes, until they have ended."""
        return {worker.name: worker.pid for worker in self._workers}

    def run(self, steps: int) -> None:
        """Run all networks for this many steps; any error, Ctrl-C too, ends all processes first."""
        with self.ended_by_errors():
            for runtime in self._runtimes:
                runtime.advance(steps)

    @contextlib.contextmanager
    def ended_by_errors(self) -> Iterator[None]:
        """A context in which any exception ends all processes and then goes on."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End all processes; harmless when called again."""
        _end_all(self._runtimes, self._workers, self._owner)


def _end_all(runtimes: list[SupervisedRuntime], workers: list[Worker], owner: int) -> None:
    end_workers(workers, owner)
    while runtimes:
        runtimes[-1].stop()
        runtimes.pop()


@contextlib.contextmanager
def _forgotten() -> Iterator[None]:
    """Remove what is made here from Lava's global lists, which would keep it until the program ends."""
    processes, variables = ProcessServer(), VarServer()
    n_processes, n_variables = len(processes.processes), len(variables.vars)
    try:
        yield
    finally:
        del processes.processes[n_processes:]
        del variables.vars[n_variables:]
