"""Trainings that are killed again and again: they end as if never killed, and leave nothing."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from counted import Count, count, folder, forked, status_of
from small import assert_same, config, go_on, undisturbed, weights

from pynn_backprop.files.lock import NAME as OWNER
from pynn_backprop.runs.opening import start


def kills(times: int = 25, chains: int = 4) -> Count:
    """`chains` trainings, each killed `times` times at random moments; every kill is a fault."""
    found = Count("kills")
    for chain in range(chains):
        with folder() as here:
            before = tempfile.tempdir
            (here / "temporary").mkdir()
            tempfile.tempdir = str(here / "temporary")
            try:
                part = count("kills", _chain(here, times, chain))
            finally:
                tempfile.tempdir = before
        found.tried += part.tried
        found.survived += part.survived
        found.failures += part.failures
        for what, number in part.notes.items():
            found.note(what, number)
    return found


def _chain(here: Path, times: int, seed: int) -> Iterator[tuple[str, object]]:
    wanted = undisturbed(here)
    run = here / "run"
    start(config(here / "d.npz"), run).close()
    draw = random.Random(seed)
    for number in range(times):
        yield f"kill {number}", lambda found: _kill(found, run, draw.uniform(0.0, 0.15))

    def end(found: Count) -> None:
        go_on(run)
        assert_same(weights(run), wanted)
        left = _left(here)
        found.note("temporary files in the end", len(left))
        assert not left, left

    yield "the end", end


def _kill(found: Count, run: Path, seconds: float) -> None:
    child = forked(lambda: go_on(run) or 0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    status = status_of(child)
    assert status in (0, -signal.SIGKILL), status
    found.note("killed while at work", status != 0)
    found.note("temporary files right after a kill", len([p for p in _left(run.parent) if p.name != OWNER]))


def _left(here: Path) -> list[Path]:
    """Temporary files, wherever they are."""
    hidden = [path for path in here.rglob(".*") if path.is_file()]
    return [*hidden, *(here / "temporary").iterdir()]
