"""Building NEST's extension: once, anew when anything it depends on changes, and what happens where it fails."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from scenarios import equality
from scenarios.cases import random_case
from simulators import has_compiler, skip_unless_installed

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.files.owner import Owner
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform
from pynn_backprop.simulation.backends import nest_build
from pynn_backprop.simulation.backends.common import warn_once

skip_unless_installed("nest")

needs_compiler = pytest.mark.skipif(not has_compiler(), reason="there is no C++ compiler")

CASES = {"two matrices": random_case((30, 20, 4), 200), "one matrix": random_case((30, 4), 200)}

FAILING = """#!/bin/sh
[ "$1" = --version ] && { echo "compiler 1.0"; exit 0; }
echo called >> "$0.calls"
for line in $(seq 1 30); do echo "error on line <$line>"; done
exit 1
"""

WORKING = """#!/bin/sh
[ "$1" = --version ] && { echo "compiler $(cat "$0.version")"; exit 0; }
echo called >> "$0.calls"
while [ "$1" != -o ]; do shift; done
echo module > "$2"
"""


OWN_TAG = "from pynn_backprop.files.owner import Owner; print(Owner.here().tag)"


class Compiler:
    """A stand-in for a C++ compiler."""

    def __init__(self, path: Path, script: str) -> None:
        self.path = path
        path.write_text(script)
        path.chmod(0o755)
        self.version = "1.0"

    @property
    def version(self) -> str:
        return Path(f"{self.path}.version").read_text()

    @version.setter
    def version(self, version: str) -> None:
        Path(f"{self.path}.version").write_text(version)

    @property
    def calls(self) -> int:
        calls = Path(f"{self.path}.calls")
        return len(calls.read_text().splitlines()) if calls.exists() else 0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, and no memory of what was built before."""
    if not Path("/bin/sh").exists():
        pytest.skip("needs a POSIX shell")
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(tmp_path / "cache"))
    warn_once.cache_clear()
    nest_build.built_once.cache_clear()
    yield tmp_path / "cache"
    nest_build.built_once.cache_clear()


@pytest.fixture
def failing(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    monkeypatch.setenv("CXX", str(tmp_path / "c++"))
    return Compiler(tmp_path / "c++", FAILING)


@pytest.fixture
def working(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """What it writes is taken for a module."""
    monkeypatch.setenv("CXX", str(tmp_path / "c++"))
    monkeypatch.setattr(nest_build, "check_loads", lambda compiler, module: None)
    return Compiler(tmp_path / "c++", WORKING)


WHOLE = [f"{nest_build.MODULE}.sha256", f"{nest_build.MODULE}.so"]


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@needs_compiler
def test_the_compiled_synapse_is_the_default():
    case, platform = CASES["one matrix"], get_platform("nest")
    platform.build(training_circuit(case.layer_sizes), case.weights).close()
    assert platform.describe()["variant"] == "compiled"


def of_ours(caught: Iterable[warnings.WarningMessage]) -> list[warnings.WarningMessage]:
    """Without those in which NEST calls functions outdated that PyNN uses: it gives each once a process."""
    return [warning for warning in caught if "deprecated" not in str(warning.message)]


def test_a_failed_build_falls_back_with_a_warning_and_gives_equal_weights(failing):
    platform = get_platform("nest")
    with pytest.warns(UserWarning, match="dopamine synapse") as caught:
        equality.weights_equal_the_oracle(platform, CASES["two matrices"])
    assert platform.describe()["variant"] == "dopamine"
    (warning,) = of_ours(caught)
    message = str(warning.message)
    assert str(failing.path) in message
    assert "error on line <30>" in message
    assert "error on line <19>" in message
    assert "error on line <18>" not in message


def test_a_failed_build_is_not_tried_and_warned_of_again_for_the_next_network(failing):
    """Training builds one network and evaluation another."""
    case = CASES["one matrix"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(2):
            get_platform("nest").build(training_circuit(case.layer_sizes), case.weights).close()
    assert len(of_ours(caught)) == 1
    assert failing.calls == 1


def test_a_failed_build_leaves_no_file(cache, failing):
    with pytest.raises(nest_build.BuildError):
        nest_build.extension()
    assert files_in(cache) == []


def test_whoever_asks_for_the_compiled_synapse_gets_no_other(failing):
    case = CASES["one matrix"]
    platform = get_platform("nest", Options(variant="compiled"))
    with pytest.raises(PlatformError, match=r"(?s)can't be had: .*error on line <30>"):
        platform.build(training_circuit(case.layer_sizes), case.weights)


def test_a_missing_compiler_is_named(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", str(tmp_path / "nowhere" / "c++"))
    with pytest.raises(nest_build.BuildError, match=r"no C\+\+ compiler '.*nowhere"):
        nest_build.extension()


def test_a_cache_that_can_not_be_written_is_named(cache, working):
    cache.write_text("a file, where the folder should be")
    with pytest.raises(nest_build.BuildError, match=r"cache.* can't be written"):
        nest_build.extension()


def test_the_extension_is_compiled_once(cache, working):
    path = nest_build.extension()
    assert path.with_suffix(".so").read_text() == "module\n"
    assert files_in(cache) == WHOLE
    calls = working.calls
    assert calls > 0
    nest_build.built_once.cache_clear()
    assert nest_build.extension() == path
    assert working.calls == calls


@pytest.mark.parametrize("junk", [b"", b"modu", b"module\n.", b"\x7fELF" + b"\0" * 500], ids=range(4))
def test_a_module_that_is_not_what_was_compiled_is_compiled_anew(working, caplog, junk):
    path = nest_build.extension().with_suffix(".so")
    path.write_bytes(junk)
    nest_build.built_once.cache_clear()
    calls = working.calls
    assert nest_build.extension() == path.with_suffix("")
    assert path.read_bytes() == b"module\n"
    assert working.calls > calls
    assert [record.message for record in caplog.records if "is not what was compiled" in record.message] == [
        f"{path} is not what was compiled, and is compiled anew"
    ]


def test_what_a_killed_build_left_is_swept(cache, working):
    folder = nest_build.extension().parent
    done = subprocess.run([sys.executable, "-c", OWN_TAG], capture_output=True, text=True, check=True)
    (folder / f"build-{done.stdout.strip()}-x").mkdir()
    (folder / f"build-{Owner.here().tag}-x").mkdir()  # of a process that is still there
    (folder / f"{nest_build.MODULE}.so").unlink()
    nest_build.built_once.cache_clear()
    nest_build.extension()
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [f"build-{Owner.here().tag}-x"]


HANGING = "#!/bin/sh\nsleep 600 & sleep 600\n"
SILENT = '#!/bin/sh\n[ "$1" = --version ] && exit 0\nexit 0\n'
JUNK = '#!/bin/sh\n[ "$1" = --version ] && exit 0\nwhile [ "$1" != -o ]; do shift; done\necho junk > "$2"\n'
NO_TEXT = "#!/bin/sh\nprintf '\\377\\376'\n[ \"$1\" = --version ] && exit 0\nexit 1\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (HANGING, "did not end within 0.5 s"),
        (SILENT, "ended without an error but wrote no module"),
        (JUNK, "wrote is no module that can be loaded"),
        (NO_TEXT, "failed; its last lines were"),
        ("no script at all", "could not be run: "),
    ],
    ids=["hangs", "writes nothing", "writes junk", "prints no text", "is none"],
)
def test_a_compiler_that_is_none_is_named_and_leaves_nothing(cache, tmp_path, monkeypatch, script, words):
    monkeypatch.setenv("CXX", str(tmp_path / "c++"))
    monkeypatch.setattr(nest_build, "SECONDS_TO_ANSWER", 0.5)
    Compiler(tmp_path / "c++", script)
    with pytest.raises(nest_build.BuildError, match=words):
        nest_build.extension()
    assert files_in(cache) == []


def test_a_name_of_a_compiler_that_can_not_be_understood_is_named(cache, monkeypatch):
    monkeypatch.setenv("CXX", "g++ '")
    with pytest.raises(nest_build.BuildError, match="CXX can't be understood: No closing quotation"):
        nest_build.extension()


def test_another_compiler_compiles_anew(working):
    path = nest_build.extension()
    nest_build.built_once.cache_clear()
    working.version = "2.0"
    assert nest_build.extension() != path


@needs_compiler
@pytest.mark.slow
def test_the_real_compiler_builds_the_extension_into_an_empty_cache(cache):
    module = nest_build.extension().with_suffix(".so")
    assert cache in module.parents
    assert module.stat().st_size > 10_000
    assert files_in(cache) == WHOLE


@pytest.mark.parametrize("name", ["reinforced_hebbian_synapse.h", "pynn_backpropmodule.cpp", "stubs/ltdl.h"])
def test_an_edited_source_compiles_anew(working, tmp_path, monkeypatch, name):
    sources = tmp_path / "sources"
    shutil.copytree(nest_build.SOURCES, sources)
    monkeypatch.setattr(nest_build, "SOURCES", sources)
    path = nest_build.extension()
    calls = working.calls
    with (sources / name).open("a") as file:
        file.write("// another line\n")
    nest_build.built_once.cache_clear()
    assert nest_build.extension() != path
    assert working.calls > calls


def test_an_unchanged_source_is_not_compiled_anew(working, tmp_path, monkeypatch):
    """Where the sources are does not matter: an update of the package keeps the library."""
    path = nest_build.extension()
    calls = working.calls
    sources = tmp_path / "sources"
    shutil.copytree(nest_build.SOURCES, sources)
    monkeypatch.setattr(nest_build, "SOURCES", sources)
    nest_build.built_once.cache_clear()
    assert nest_build.extension() == path
    assert working.calls == calls
