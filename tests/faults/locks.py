"""Several writers at once: one has the folder, the others are refused with its number."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from counted import Count, count, folder, forked, status_of
from small import assert_same, config, finish, undisturbed, weights

from pynn_backprop.errors import InputError
from pynn_backprop.runs.opening import resume, start

REFUSED = 7


def locks(times: int = 20) -> Count:
    """Two trainings in one folder, two that go on with one, three without a name of their own."""
    with folder() as here:
        expected = {seed: undisturbed(here / str(seed), seed=seed) for seed in (1, 2) if not (here / str(seed)).mkdir()}
        faults = []
        for number in range(times):
            faults += [(f"two starts {number}", _starts(here / f"a{number}", expected))]
            faults += [(f"two resumes {number}", _resumes(here / f"b{number}", expected))]
            faults += [(f"three at once {number}", _fresh(here / f"c{number}", expected))]
        return count("locks", faults)


def _try(work: Callable[[], None]) -> int:
    try:
        work()
    except InputError as error:
        return REFUSED if "in use by" in str(error) or "holds another run" in str(error) else 1
    return 0


def _at_once(works: list[Callable[[], None]]) -> list[int]:
    ready, go = os.pipe()
    children = []
    for work in works:

        def child(work: Callable[[], None] = work) -> int:
            os.close(go)
            os.read(ready, 1)  # until all are there
            return _try(work)

        children.append(forked(child))
    os.close(ready)
    os.close(go)
    return [status_of(pid) for pid in children]


def _starts(here: Path, expected: dict[int, dict]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        here.mkdir()
        configs = {seed: config(here / f"{seed}.npz", seed=seed) for seed in expected}
        statuses = _at_once([lambda c=c: finish(start(c, here / "run")) for c in configs.values()])
        assert sorted(statuses) == [0, REFUSED], statuses
        winner = list(expected)[statuses.index(0)]
        assert_same(weights(here / "run"), expected[winner])
        found.note("refused", statuses.count(REFUSED))

    return fault


def _resumes(here: Path, expected: dict[int, dict]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        here.mkdir()
        start(config(here / "d.npz", seed=1), here / "run").close()
        statuses = _at_once([lambda: finish(resume(here / "run"))] * 2)
        # The second one may come after the first has done all.
        assert set(statuses) <= {0, REFUSED}, statuses
        assert 0 in statuses, statuses
        assert_same(weights(here / "run"), expected[1])
        found.note("refused", statuses.count(REFUSED))

    return fault


def _fresh(here: Path, expected: dict[int, dict]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        here.mkdir()
        chosen = config(here / "d.npz", seed=2)
        assert _at_once([lambda: finish(start(chosen, here / "same-second", fresh=True))] * 3) == [0, 0, 0]
        folders = sorted(path for path in here.iterdir() if path.is_dir())
        assert len(folders) == 3, folders
        for one in folders:
            assert_same(weights(one), expected[2])

    return fault
