"""The set-up: what a fresh clone installs, how it finds its Python, and what is packed."""

from __future__ import annotations

import configparser
import importlib
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import pynn_backprop

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = Path("pynn_backprop/simulation/backends/nest_extension")

if not (ROOT / "setup.cfg").is_file():
    pytest.skip("these tests are about the source tree, and this is an installed package", allow_module_level=True)


@pytest.fixture
def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


# --- setup.cfg


def test_the_extras_are_those_the_documentation_names(setup_cfg):
    extras = setup_cfg["options.extras_require"]
    assert {"nest", "brian2", "lava", "test", "docs", "all"} <= set(extras)
    (everything,) = extras["all"].split()
    # peers brings PyTorch, some gigabytes that nobody needs but to compare; mutants is for those who judge the tests.
    assert set(re.findall(r"\w+", everything)) - {"pynn_backprop"} == set(extras) - {"all", "peers", "mutants"}


def test_make_installs_extras_that_exist(setup_cfg):
    line = re.search(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line
    assert {"nest", "test"} <= set(line[1].split(",")) <= set(setup_cfg["options.extras_require"])


def test_the_console_script_exists(setup_cfg):
    name, target = setup_cfg["options.entry_points"]["console_scripts"].strip().split(" = ")
    module, function = target.split(":")
    assert name == "pynn-backprop"
    assert callable(getattr(importlib.import_module(module), function))


def test_the_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {pynn_backprop.__version__}\n" in citation


# --- tools/find_python.sh


class FindPython:
    """Runs tools/find_python.sh on a machine that has nothing but what the test lays in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.empty = root / "empty"
        self.empty.mkdir()

    def __call__(self, **environment: str | Path) -> subprocess.CompletedProcess[str]:
        bare = {"PATH": self.empty, "HOME": self.empty, "PYENV_ROOT": self.empty, "FIND_PYTHON_ROOT": self.empty}
        return subprocess.run(
            ["/bin/sh", ROOT / "tools" / "find_python.sh"],
            env={name: str(value) for name, value in (bare | environment).items()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def program(self, path: str, lines: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{lines}\n")
        file.chmod(0o755)
        return file

    def working(self, path: str) -> Path:
        """A stand-in for a Python that answers as a working one does."""
        return self.program(path, 'echo "ok $0"')


@pytest.fixture
def find_python(tmp_path: Path) -> FindPython:
    if not Path("/bin/sh").exists():
        pytest.skip("needs a POSIX shell")
    return FindPython(tmp_path)


def test_without_any_python_it_says_what_to_do(find_python):
    done = find_python()
    assert done.returncode == 1
    assert done.stdout == ""
    for word in ("No working Python 3.10", "pyenv install 3.10", "uv python install 3.10", "conda", "apt-get"):
        assert word in done.stderr
    assert "make test PYTHON=" in done.stderr
    assert "not taken" not in done.stderr


def test_without_python_310_it_names_the_newer_one_and_what_is_lost(find_python):
    newer = find_python.working("bin/python3.12")
    done = find_python(PATH=newer.parent)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"make test PYTHON={newer}\n" in done.stderr
    assert "Lava" in done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "bin/python3.10",
        "home/.pyenv/versions/3.10.13/bin/python3.10",
        "pyenv/versions/3.10.2/bin/python3.10",
        "home/.local/share/uv/python/cpython-3.10.16-linux/bin/python3.10",
        "home/miniforge3/envs/an environment/bin/python3.10",
        "place/usr/local/bin/python3.10",
        "place/opt/python/cp310-cp310/bin/python3.10",
    ],
)
def test_it_finds_python_wherever_it_is(find_python, path):
    root = find_python.root
    expected = find_python.working(path)
    done = find_python(
        PATH=root / "bin", HOME=root / "home", PYENV_ROOT=root / "pyenv", FIND_PYTHON_ROOT=root / "place"
    )
    assert done.stdout == f"{expected}\n", done.stderr


def test_it_asks_uv(find_python):
    expected = find_python.working("somewhere/python3.10")
    find_python.program("bin/uv", f'[ "$1 $2" = "python find" ] && echo "{expected}"')
    assert find_python(PATH=find_python.root / "bin").stdout == f"{expected}\n"


def test_a_shim_that_fails_is_not_taken(find_python):
    shim = find_python.program("shims/python3.10", "exit 127")
    done = find_python(PATH=shim.parent)
    assert done.returncode == 1
    assert f"{shim} does not run (exit status 127)" in done.stderr
    behind = find_python.working("bin/python3.10")
    assert find_python(PATH=f"{shim.parent}:{behind.parent}").stdout == f"{behind}\n"


def test_a_python_without_venv_is_not_taken(find_python):
    debian = find_python.program("bin/python3.10", 'echo "no cannot make virtual environments"')
    done = find_python(PATH=debian.parent)
    assert done.returncode == 1
    assert f"{debian} cannot make virtual environments" in done.stderr


def test_the_python_that_is_asked_for_is_taken_or_refused(find_python):
    asked, other = find_python.working("there/python3.12"), find_python.working("bin/python3.10")
    assert find_python(PATH=other.parent, PYTHON=asked).stdout == f"{asked}\n"
    find_python.working("home/.pyenv/versions/3.12.1/bin/python3.12")
    by_name = find_python(PATH=other.parent, HOME=find_python.root / "home", PYTHON="python3.12")
    assert by_name.stdout.endswith("/3.12.1/bin/python3.12\n")
    refused = find_python(PATH=other.parent, PYTHON=find_python.root / "nowhere")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "There is no such program" in refused.stderr


def test_a_virtual_environment_leads_to_its_python(find_python, tmp_path):
    """Else a rebuilt .venv would stand on the one that it replaces, when that is active."""
    if sys.version_info >= (3, 14):
        pytest.skip("not a Python that the package supports")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    done = find_python(PYTHON=tmp_path / "venv" / "bin" / "python")
    if "cannot make virtual environments" in done.stderr or "was built without" in done.stderr:
        pytest.skip(done.stderr)
    assert done.stdout.strip()
    assert not done.stdout.startswith(str(tmp_path))


# --- files


def source_files() -> list[Path]:
    """The files that are, or could be, under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listing.returncode:
        pytest.skip("this is not a git work tree")
    files = [ROOT / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    return [file for file in files if file.is_file()]


def test_no_file_holds_a_path_of_a_machine():
    folder = re.compile(rb"(?<![\w.$~}])/(?:ro{2}t|wor[k]|home/[\w.-]+|Users/[\w.-]+)/")
    assert folder.search(b'cd "/ro' + b'ot/x"')
    assert not folder.search(b"$HOME/work/x net/work/x")
    found = []
    for file in source_files():
        content = file.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.splitlines(), start=1):
            if match := folder.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {match[0].decode()}")
    assert found == []


def extension_files() -> set[str]:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / EXTENSION).rglob("*") if file.is_file()}
    return {file for file in files if file.endswith((".h", ".cpp", ".hpp"))}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The names in the sdist, and in the wheel that is built from this sdist."""
    folder = tmp_path_factory.mktemp("build")
    tools, tree, out = folder / "tools", folder / "tree", folder / "out"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", tools, "setuptools>=77"]
    if subprocess.run(pip, stdin=subprocess.DEVNULL, capture_output=True).returncode:
        pytest.skip("setuptools cannot be fetched")
    for file in source_files():
        target = tree / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())

    def run(function: str, where: Path) -> Path:
        program = f"import sys, setuptools.build_meta as b; print('built', b.{function}(sys.argv[1]))"
        done = subprocess.run(
            [sys.executable, "-c", program, out],
            cwd=where,
            env=os.environ | {"PYTHONPATH": str(tools)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return out / done.stdout.rpartition("built ")[2].strip()

    sdist = run("build_sdist", tree)
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder / "unpacked", **safely)
    wheel = run("build_wheel", next((folder / "unpacked").iterdir()))
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    return {"sdist": in_sdist, "wheel": in_wheel}


@pytest.mark.slow
def test_the_sdist_holds_all_that_a_fresh_clone_needs(built):
    assert len(extension_files()) >= 5
    assert extension_files() <= built["sdist"]
    assert {"Makefile", "LICENSE", "CITATION.cff", "tools/find_python.sh", ".ci/run"} <= built["sdist"]
    assert "tests/unit/test_set_up.py" in built["sdist"]


@pytest.mark.slow
def test_the_wheel_holds_the_extension_and_no_tests(built):
    assert extension_files() <= built["wheel"]
    assert "pynn_backprop/__init__.py" in built["wheel"]
    tops = {name.split("/")[0] for name in built["wheel"]}
    assert {top for top in tops if not top.endswith(".dist-info")} <= {"pynn_backprop", "hardware", "benchmarks"}
    assert any(re.fullmatch(r"[^/]+\.dist-info/(licenses/)?LICENSE", name) for name in built["wheel"])
