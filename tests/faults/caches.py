"""Caches with junk in them, caches that can't be written, and compilers that are none: NEST learns all the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from counted import Count, count, folder

from pynn_backprop.simulation.backends import nest_build

LEARN = """
import numpy as np, warnings
warnings.simplefilter("ignore")
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.platforms import get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import initial_weights
units = (6, 5, 3)
weights = initial_weights(units, 0)
network = get_platform("nest").build(training_circuit(units), weights)
x, y = np.ones((6, 6), bool), np.array([0, 1, 2] * 2)
network.train(x, y)
rule = Rule(weights)
rule.train(x, y)
assert all((network.weights()[name] == matrix).all() for name, matrix in rule.weights().items())
network.close()
print(get_platform("nest").describe()["variant"])
"""

COPIER = """#!/bin/sh
[ "$1" = --version ] && { echo "compiler 1.0"; exit 0; }
while [ "$1" != -o ]; do shift; done
cp "MODULE" "$2"
"""


def _with_a_bit_flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


JUNK: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "half": lambda whole: whole[: len(whole) // 2],
    "all but a page": lambda whole: whole[:-4096],
    "the head alone": lambda whole: whole[:100],
    "junk": lambda whole: b"junk" * 10_000,
    "zeros": lambda whole: bytes(len(whole)),
    "a bit": lambda whole: _with_a_bit_flipped(whole, len(whole) // 2),
}

COMPILERS = {
    "hangs": "#!/bin/sh\nsleep 600\n",
    "writes nothing": "#!/bin/sh\nexit 0\n",
    "writes junk": COPIER.replace('cp "MODULE"', "echo junk >"),
    "no text": "#!/bin/sh\nprintf '\\377\\376'\nexit 1\n",
    "no program": "nothing that can be run",
}


def caches() -> Count:
    """Each kind of junk, and each compiler."""
    with folder() as here:
        module = Path(f"{nest_build.extension()}.so")
        copier = _script(here / "copier", COPIER.replace("MODULE", str(module)))
        faults = [(f"cache: {name}", _junk(here / name, copier, damage)) for name, damage in JUNK.items()]
        faults += [(f"compiler: {name}", _compiler(here, name, script)) for name, script in COMPILERS.items()]
        faults += [(f"numba's {kind}: {name}", _kept(here, kind, name)) for kind in ("nbi", "nbc") for name in JUNK]
        faults += [("a file in its place", _no_cache(here)), ("no place for what numba compiles", _uncached(here))]
        return count("caches", faults)


def _script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def _learn(cache: Path, compiler: Path, before: str = "") -> str:
    environment = {**os.environ, "PYNN_BACKPROP_CACHE": str(cache), "CXX": str(compiler)}
    done = subprocess.run(
        [sys.executable, "-c", before + LEARN], capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-300:])
    return done.stdout.split()[-1]


def _junk(cache: Path, compiler: Path, damage: Callable[[bytes], bytes]) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        assert _learn(cache, compiler) == "compiled"
        (module,) = cache.rglob("*.so")
        module.write_bytes(damage(module.read_bytes()))
        assert _learn(cache, compiler) == "compiled"
        shutil.rmtree(cache)

    return fault


RULE = """
import numpy as np
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import initial_weights
rule = Rule(initial_weights((6, 5, 3), 0))
rule.train(np.ones((6, 6), bool), np.array([0, 1, 2] * 2))
print([int(matrix.sum()) for matrix in rule.weights().values()])
"""


def _kept(here: Path, kind: str, name: str) -> Callable[[Count], None]:
    """What numba keeps is damaged in each of its files of one kind."""

    def learn() -> str:
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(here / "kept")}
        done = subprocess.run(
            [sys.executable, "-c", RULE], capture_output=True, text=True, timeout=120, env=environment
        )
        assert done.returncode == 0, (done.returncode, done.stderr[-300:])
        return done.stdout

    def fault(found: Count) -> None:
        before = learn()
        for path in (here / "kept").rglob(f"*.{kind}"):
            path.write_bytes(JUNK[name](path.read_bytes()))
        assert learn() == learn() == before

    return fault


def _compiler(here: Path, name: str, script: str) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        cache = here / f"cache of {name}"
        assert _learn(cache, _script(here / f"{name}.sh", script)) == "dopamine"
        assert not [path for path in cache.rglob("*") if path.is_file()]

    return fault


def _no_cache(here: Path) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        (here / "file").write_text("no folder")
        assert _learn(here / "file", here / "copier") == "dopamine"

    return fault


NOWHERE = """
import numba.core.caching as caching
class Nowhere(caching.UserWideCacheLocator):
    @classmethod
    def from_function(cls, function, file):
        return None
caching.CacheImpl._locator_classes = [Nowhere]
"""


def _uncached(here: Path) -> Callable[[Count], None]:
    def fault(found: Count) -> None:
        (here / "another file").write_text("no folder")
        assert _learn(here / "another file", here / "copier", NOWHERE) == "dopamine"

    return fault
