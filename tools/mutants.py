"""Mutation run: small slips are put into the code, one at a time, and the unit tests must notice each of them.

The slips are those of Cosmic Ray, and two more: a call that is dropped, and a named argument that is not passed.  They
are put into a copy of the code in ``.mutants``, where also the results are kept, a database for each area: a run that
was stopped goes on where it was, and after a change of the tests only the slips that were not caught are tried again.
Compiled kernels run as plain Python where a slip may be in one.

    make mutants                                 # everything
    make mutants ARGS="codes --share 0.4"        # a random sample of one area
    make mutants ARGS="chip --only memory.py"    # one module, with all tests of its area
    make mutants ARGS="--report"                 # what was found so far
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import fcntl
import hashlib
import importlib
import json
import os
import random
import resource
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.commands
import cosmic_ray.plugins
import numba
import pytest
from cosmic_ray.mutating import use_mutation
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult
from mutant_slips import OPERATORS, in_order, worth_a_test

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".mutants"
COPY = STATE / "copy"
PACKAGES = ("pynn_backprop", "hardware", "benchmarks")
"""None of them imports a later one."""
COPIED = (*PACKAGES, "tests", "setup.cfg", "pyproject.toml")
PYTEST = ("-x", "-q", "--hypothesis-profile=ci", "-p", "no:cacheprovider", "-p", "no:xdist")
FEWEST = 150
"""Slips of an area that are tried in any case."""
MEMORY = 6 * 2**30
"""Bytes that a test may use: a slip can ask for any array."""
LONGEST = 0.25
"""Seconds of computing: tests that take longer are left out, so what is caught is a lower bound.

They are properties with many examples and large networks; a slip that no test sees would run through all of them.
"""


@dataclass(frozen=True)
class Area:
    """Modules, and the tests that must notice slips in them; both are paths or patterns.

    Kernels are compiled only where no slip can be in one, so that a slip is run as it stands.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    compiled: bool = False

    @property
    def below(self) -> tuple[str, ...]:
        """Packages in which no slip is, and which import nothing with one."""
        return PACKAGES[: PACKAGES.index(Path(self.modules[0]).parts[0])]


AREAS = {
    "codes": Area(("pynn_backprop/codes",), ("tests/unit/codes",)),
    # What the circuits of the mechanisms do is seen by their tasks, and what a read-out answers by the rule.
    "circuit": Area(
        ("pynn_backprop/circuit",),
        ("tests/unit/circuit", "tests/unit/tasks", "tests/unit/reference/test_rule_options.py"),
        compiled=True,
    ),
    "reference": Area(("pynn_backprop/reference",), ("tests/unit/reference",)),
    "weights": Area(
        tuple(f"pynn_backprop/{name}" for name in ("weights.py", "spikes.py", "checks.py", "files")),
        tuple(f"tests/unit/test_{name}*.py" for name in ("weight", "starting_weight", "spike", "check", "file")),
    ),
    "translation": Area(("hardware/lava/translation",), ("tests/unit/hardware/lava/translation",)),
    "chip": Area(("hardware/lava/chip",), ("tests/unit/hardware/lava/chip",)),
    "report": Area(
        ("benchmarks/report/*.py", "benchmarks/report/tables"),
        # Not the one in a browser, which wants more memory than a slip may have.
        tuple(f"tests/unit/benchmarks/test_report_{name}.py" for name in ("[!ip]*", "page", "published")),
    ),
    "plots": Area(("benchmarks/report/plots",), ("tests/unit/benchmarks/test_report_plot*.py",)),
    "counts": Area(("benchmarks/measure/*counts.py",), ("tests/unit/benchmarks/test_*counts.py",)),
}


# -- which slips -------------------------------------------------------------------------------------------------------


def prepare(database: WorkDB, modules: Sequence[Path], share: float, seed: int) -> None:
    """Fill a database with the slips of `modules`, or a random share of them, of at least `FEWEST`."""
    cosmic_ray.commands.init(modules, database, {})
    items = sorted(worth_a_test(database.work_items), key=in_order)
    count = max(round(share * len(items)), min(FEWEST, len(items)))
    database.clear()
    database.add_work_items(random.Random(seed).sample(items, count))


# -- running -----------------------------------------------------------------------------------------------------------


def matching(patterns: Iterable[str]) -> list[Path]:
    """Files of the copy that these paths or patterns name, relative to it."""
    paths = [path for pattern in patterns for path in sorted(COPY.glob(pattern))]
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return [file.relative_to(COPY) for file in files]


def digest(paths: Iterable[Path], *more: object) -> str:
    """A short name of what these files hold."""
    held = hashlib.sha256(repr(more).encode())
    for path in paths:
        held.update(str(path).encode() + (COPY / path).read_bytes())
    return held.hexdigest()[:16]


def copy_the_code() -> None:
    """A fresh copy, in case a slip was left behind in the last one."""
    shutil.rmtree(COPY, ignore_errors=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, COPY / name)


def open_session(name: str, share: float, seed: int, only: str) -> WorkDB:
    """The database of an area: new, or that of the last run if the code is still the same."""
    area, noted = AREAS[name], STATE / f"{name}.txt"
    modules = [path for path in matching(area.modules) if path.name != "__init__.py" and path.match(only)]
    if not modules:
        raise SystemExit(f"mutants: no module of {name} is called {only}")
    code, tests = digest(modules, share, seed, sorted(OPERATORS)), digest(matching(area.tests))
    before = noted.read_text(encoding="utf-8").split() if noted.exists() else []
    database = WorkDB(STATE / f"{name}.sqlite", WorkDB.Mode.create)
    if before[:1] != [code]:
        prepare(database, modules, share, seed)
    elif before[1:] != [tests]:
        try_again(database)
    noted.write_text(f"{code} {tests}\n", encoding="utf-8")
    return database


def try_again(database: WorkDB) -> None:
    """Forget the results of slips that were not caught."""
    items, caught = database.work_items, [done for done in database.completed_work_items if done[1].is_killed]
    database.clear()
    database.add_work_items(items)
    for item, result in caught:
        database.set_result(item.job_id, result)


class QuickestFirst:
    """A pytest plug-in: the tests that took least without a slip come first, and those that took long not at all.

    Parameters
    ----------
    noted
        Where the seconds of each test and fixture and the libraries that they import are kept.
    below
        Packages of the copy that are as libraries.
    """

    def __init__(self, noted: Path, below: tuple[str, ...]) -> None:
        self.noted, self.below = noted, below
        known = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {"seconds": {}, "libraries": []}
        self.libraries: list[str] = known["libraries"]
        self._known: dict[str, float] = known["seconds"]
        self._seconds: dict[str, float] = {}

    @property
    def saved(self) -> float:
        """Seconds that the tests would take that are left out."""
        return sum(seconds for name, seconds in self._known.items() if "::" in name and seconds > LONGEST)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the tests in order: those that share a slow fixture come after what needs none."""
        items[:] = sorted(
            (item for item in items if self._known.get(item.nodeid, 0.0) <= LONGEST),
            key=lambda item: sum(self._known.get(name, 0.0) for name in (item.nodeid, *item.fixturenames)),
        )

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Measure a test."""
        begun = time.process_time()
        yield
        self._seconds[item.nodeid] = time.process_time() - begun

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """Measure a fixture, without those that it needs."""
        begun = time.process_time()
        yield
        name = fixturedef.argname
        self._seconds[name] = max(time.process_time() - begun, self._seconds.get(name, 0.0))

    def note(self) -> None:
        """Keep which modules without a slip there are now, and what was measured if they were there before."""
        seconds = self._seconds if self.libraries else {}
        modules = [(name, str(getattr(module, "__file__", None) or COPY)) for name, module in sys.modules.items()]
        self.libraries = [
            name
            for name, file in modules
            if name.partition(".")[0] in self.below or not file.startswith((str(COPY), "<"))
        ]
        known = {"seconds": seconds, "libraries": self.libraries}
        self.noted.write_text(json.dumps(known), encoding="utf-8")


def run_tests(tests: Sequence[str], seconds: int, order: QuickestFirst, note: bool = False) -> tuple[bool, float]:
    """Run tests in a child process, which has what takes long to import, for at most so many seconds of computing.

    Says whether all passed, and how long they computed.  Seconds that others take from the machine don't count.
    """
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        with open(STATE / "tests.log", "w", encoding="utf-8") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            sys.dont_write_bytecode = not note
            code = pytest.main([*PYTEST, *tests], plugins=[order])
            log.flush()
        if note and code == pytest.ExitCode.OK:
            order.note()
        # All tests of a file may be left out.
        os._exit(int(code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)))
    _, status, used = os.wait4(child, 0)
    return status == 0, used.ru_utime + used.ru_stime


def load(libraries: Iterable[str]) -> None:
    """Import what the tests of an area import from outside, so that the child of each slip has it already."""
    for name in libraries:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def try_slip(slip: MutationSpec, tests: Sequence[str], seconds: int, order: QuickestFirst) -> WorkResult:
    """Put a slip in, run the tests, take it out; tests in files called after the module come first, as most see it."""
    operator = cosmic_ray.plugins.get_operator(slip.operator_name)(**slip.operator_args)
    with use_mutation(slip.module_path, operator, slip.occurrence) as (before, after):
        if after is None:
            return WorkResult(WorkerOutcome.NO_TEST)
        near = [test for test in tests if slip.module_path.stem in Path(test).stem]
        passed = all(run_tests(some, seconds, order)[0] for some in (near, tests) if some)
    diff = "\n".join(
        line
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    )
    return WorkResult(WorkerOutcome.NORMAL, "", TestOutcome.SURVIVED if passed else TestOutcome.KILLED, diff)


def run(name: str, share: float, seed: int, only: str) -> None:
    """Try all slips of an area that have no result yet."""
    tests = [str(path) for path in matching(AREAS[name].tests) if path.name.startswith("test_")]
    if not tests:
        raise SystemExit(f"mutants: {name} has no tests at {', '.join(AREAS[name].tests)}")
    database = open_session(name, share, seed, only)
    pending = database.pending_work_items
    if not pending:
        return
    os.environ["NUMBA_DISABLE_JIT"] = str(int(not AREAS[name].compiled))
    numba.core.config.reload_config()
    used, noted = 0.0, STATE / f"{name}.json"
    noted.unlink(missing_ok=True)
    # First for what they import, then for how long they take when that is there.
    for _ in range(2):
        order = QuickestFirst(noted, AREAS[name].below)
        load(order.libraries)
        passed, used = run_tests(tests, 1800, order, note=True)
        if not passed:
            raise SystemExit(f"mutants: the tests of {name} fail without a slip; see {STATE / 'tests.log'}")
    order = QuickestFirst(noted, AREAS[name].below)
    limit = round(10 + 4 * (used - order.saved))
    print(f"{name}: {len(pending)} of {database.num_work_items} slips to try, at most {limit} s each", flush=True)
    missed, begun = 0, time.monotonic()
    for number, item in enumerate(pending, 1):
        result = try_slip(item.mutations[0], tests, limit, order)
        database.set_result(item.job_id, result)
        missed += not result.is_killed
        if number % 25 == 0 or number == len(pending):
            minutes = (time.monotonic() - begun) / 60
            print(f"{name}: {number} of {len(pending)}, {missed} not caught, {minutes:.0f} min", flush=True)
    database.close()


# -- what was found ----------------------------------------------------------------------------------------------------


def report(names: Sequence[str]) -> str:
    """A line for each area, then every slip that was not caught."""
    rows, survivors = [f"{'area':<14}{'slips':>7}{'caught':>8}{'share':>8}"], []
    for name in names:
        if not (STATE / f"{name}.sqlite").exists():
            continue
        with use_db(STATE / f"{name}.sqlite", WorkDB.Mode.open) as database:
            tried = [
                (item.mutations[0], result)
                for item, result in database.completed_work_items
                if result.worker_outcome != WorkerOutcome.NO_TEST
            ]
            left = len(database.pending_work_items)
        missed = [(slip, result) for slip, result in tried if result.test_outcome == TestOutcome.SURVIVED]
        caught = len(tried) - len(missed)
        share = f"{100 * caught / len(tried):.1f} %" if tried else ""
        rows.append(f"{name:<14}{len(tried):>7}{caught:>8}{share:>8}" + (f"   {left} not tried yet" if left else ""))
        for slip, result in sorted(missed, key=lambda found: (str(found[0].module_path), found[0].start_pos)):
            where = f"{slip.module_path}:{slip.start_pos[0]}"
            survivors.append(
                f"{where} {slip.operator_name.split('/')[1]}\n{textwrap.indent(result.diff or '', '    ')}"
            )
    return "\n".join([*rows, "", *(survivors or ["every slip was caught"])])


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"some of {', '.join(AREAS)}; all if none is named")
    parser.add_argument("--share", type=float, default=1.0, help=f"the share of slips to try, of at least {FEWEST}")
    parser.add_argument("--only", metavar="PATTERN", default="*.py", help="only modules called so, such as memory.py")
    parser.add_argument("--seed", type=int, default=0, help="decides which ones")
    parser.add_argument("--report", action="store_true", help="only say what was found so far")
    options = parser.parse_args()
    names = options.areas or list(AREAS)
    if unknown := set(names) - set(AREAS):
        parser.error(f"there is no area {', '.join(sorted(unknown))}; there are {', '.join(AREAS)}")
    STATE.mkdir(exist_ok=True)
    if not options.report:
        lock = os.open(STATE / "lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            parser.error(f"another run is going on in {STATE}")
        copy_the_code()
        os.chdir(COPY)
        sys.path[0], sys.dont_write_bytecode = str(COPY), True
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for name in names:
            run(name, options.share, options.seed, options.only)
    print(report(names))


if __name__ == "__main__":
    main()
