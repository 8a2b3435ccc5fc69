"""Disks that are full, and limits of the shell, at every place where something is written."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

from counted import Count, count, folder, forked, status_of
from small import assert_same, config, finish, go_on, undisturbed, weights

from pynn_backprop.cli.endings import NO_ROOM, ended
from pynn_backprop.runs.opening import start

RECORD = ("h", "o")


def disks(places: int = 40) -> Count:
    """A disk that is full from the k-th write on, and files that may not grow beyond some sizes."""
    with folder() as here:
        wanted = undisturbed(here, record=RECORD)
        full = [
            (f"full at write {k}", _fault(here, f"full{k}", wanted, _full_from(k))) for k in range(0, places * 2, 2)
        ]
        sizes = (0, 1, 100, 1000, 3000, 10_000, 30_000)
        limits = [(f"files of {n} bytes", _fault(here, f"limit{n}", wanted, _limit(n))) for n in sizes]
        return count("disks", [*full, *limits, *_streams(here)])


def _fault(here: Path, name: str, wanted: dict[str, object], break_it: Callable[[], None]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        run = here / name
        start(config(here / "d.npz", record=RECORD), run).close()

        def work() -> int:
            break_it()
            return ended(lambda: go_on(run) or 0, "test")

        status = status_of(forked(work))
        assert status in (0, NO_ROOM), status
        found.note("ended with status 3", status == NO_ROOM)
        go_on(run)
        assert_same(weights(run), wanted)  # type: ignore[arg-type]

    return fault


def _full_from(number: int) -> Callable[[], None]:
    def break_it() -> None:
        real, calls = os.fsync, iter(range(10**6))

        def fsync(handle: int) -> None:
            if next(calls) >= number:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(handle)

        os.fsync = fsync

    return break_it


def _limit(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _streams(here: Path) -> Iterator[tuple[str, Callable[[Count], None]]]:
    """What is started anew while an older run is good: the older one stays."""

    def overwritten(found: Count) -> None:
        run = here / "good"
        finish(start(config(here / "d.npz", record=RECORD), run))
        good = weights(run)

        def work() -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
            return ended(
                lambda: finish(start(config(here / "d.npz", record=RECORD, seed=1), run, overwrite=True)) or 0, "test"
            )

        assert status_of(forked(work)) == NO_ROOM
        assert_same(weights(run), good)

    def memory(found: Count) -> None:
        def work() -> int:
            used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
            resource.setrlimit(resource.RLIMIT_AS, (used + 3 * 10**7, used + 3 * 10**7))
            big = config(here / "d.npz", record=RECORD, hidden=200_000)
            return ended(lambda: finish(start(big, here / "big")) or 0, "test")

        status = status_of(forked(work))
        assert status in (2, NO_ROOM), status
        with contextlib.suppress(FileNotFoundError):
            assert not any((here / "big").iterdir())

    yield "overwriting without room", overwritten
    yield "too little memory", memory
