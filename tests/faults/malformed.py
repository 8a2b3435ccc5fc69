"""Files that are damaged or made to do harm: refused by name, or read as they were."""

from __future__ import annotations

import json
import random
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from counted import Count, count, folder
from small import assert_same, config, finish, weights

from benchmarks import row_files
from pynn_backprop.errors import InputError
from pynn_backprop.recording import blocks
from pynn_backprop.runs.folder import CHECKPOINT, CONFIG, SPIKES, WEIGHTS
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.weights import load_weights

ROWS = Path(__file__).parents[2] / "benchmarks" / "results" / "results.jsonl"


def malformed(times: int = 60) -> Count:
    """`times` damages of each kind of file, and those that were made by hand."""
    with folder() as here:
        good = here / "good"
        finish(start(config(here / "d.npz", record=("h", "o")), good))
        shutil.copy(ROWS, good / row_files.ROWS)
        draw, faults = random.Random(0), []
        for name, read in READERS.items():
            whole = (good / name).read_bytes()
            for number in range(times):
                content = _damaged(whole, draw)
                faults.append((f"{name} {number}", _fault(here / f"{name}-{number}", good, name, content, read)))
        for title, content in BY_HAND.items():
            for name in (CONFIG, row_files.ROWS):
                faults.append(
                    (f"{name}: {title}", _fault(here / f"{name}-{title}", good, name, content, READERS[name]))
                )
        return count("malformed files", faults)


def _damaged(whole: bytes, draw: random.Random) -> bytes:
    kind, place = draw.randrange(5), draw.randrange(len(whole))
    if kind == 0:
        return whole[:place]
    if kind == 1:
        return whole[:place] + bytes([whole[place] ^ (1 << draw.randrange(8))]) + whole[place + 1 :]
    if kind == 2:
        return whole[:place] + draw.randbytes(16) + whole[place + 16 :]
    if kind == 3:
        return whole[:place] + whole[place + draw.randrange(1, 64) :]
    return draw.randbytes(min(len(whole), 4096))


def _resume(run: Path) -> None:
    with resume(run) as going_on:
        assert going_on.train()


READERS: dict[str, Callable[[Path], object]] = {
    CONFIG: _resume,
    CHECKPOINT: _resume,
    WEIGHTS: lambda run: load_weights(run / WEIGHTS),
    SPIKES: lambda run: [blocks.circuit_of(block := blocks.load(run / SPIKES)), *map(blocks.spikes_of, block.segments)],
    row_files.ROWS: lambda run: row_files.examine(run / row_files.ROWS),
}

BY_HAND = {
    "deep": b"[" * 10**6,
    "a long number": b'{"format": ' + b"9" * 10**5 + b"}",
    "large": b" " * 65_000_000 + b"{}",
    "null bytes": b"\0" * 1000,
    "huge sizes": json.dumps({"format": 2, "hidden": 10**20, "epochs": 10**18}).encode(),
}


def _refusal(run: Path, read: Callable[[Path], object]) -> str:
    """What reading is refused with; empty if it is not."""
    try:
        read(run)
    except InputError as error:
        return str(error) or "refused"
    return ""


def _fault(run: Path, good: Path, name: str, content: bytes, read: Callable[[Path], object]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        shutil.copytree(good, run)
        (run / name).write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = _refusal(run, read)
        # A choice may have become another one, which its own check names.
        named = (name, "data set", "needs about", "folder")
        assert not said or any(word in said for word in named), said
        found.note("refused" if said else "read")
        if not said and name in (CHECKPOINT, WEIGHTS):
            assert_same(weights(good), {n: np.asarray(a) for n, a in load_weights(run / WEIGHTS).items()})
        shutil.rmtree(run)

    return fault
