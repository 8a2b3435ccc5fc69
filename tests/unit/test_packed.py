"""What is packed: the sdist, the wheel built from it, and the command in a clean environment outside the checkout."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from sources import ROOT, source_files

EXTENSION = Path("pynn_backprop/simulation/backends/nest_extension")


def said(command: list[str | Path], folder: Path, **environment: str) -> str:
    """What a command prints that must end well; without the variables that lead Python elsewhere."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=bare | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


def builder(folder: Path) -> dict[str, str]:
    """The variables with which setuptools can build a wheel: none if the one that is here can, else a fetched one."""
    if importlib.util.find_spec("setuptools"):
        major = int(importlib.metadata.version("setuptools").split(".")[0])
        if major > 70 or importlib.util.find_spec("wheel"):
            return {}
    fetched = [sys.executable, "-m", "pip", "install", "-q", "--target", folder / "tools", "setuptools>=77"]
    if subprocess.run(fetched, stdin=subprocess.DEVNULL, capture_output=True).returncode:
        pytest.skip("there is no setuptools that can build a wheel, and none can be fetched")
    return {"PYTHONPATH": str(folder / "tools")}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, and the wheel that is built from this sdist."""
    folder = tmp_path_factory.mktemp("build")
    tree, out, variables = folder / "tree", folder / "out", builder(folder)
    for file in source_files():
        target = tree / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())

    def build(function: str, where: Path) -> Path:
        program = f"import sys, setuptools.build_meta as b; print('built', b.{function}(sys.argv[1]))"
        return out / said([sys.executable, "-c", program, out], where, **variables).rpartition("built ")[2].strip()

    sdist = build("build_sdist", tree)
    with tarfile.open(sdist) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder / "unpacked", **safely)
    return {"sdist": sdist, "wheel": build("build_wheel", next((folder / "unpacked").iterdir()))}


@pytest.fixture(scope="module")
def in_sdist(packed: dict[str, Path]) -> set[str]:
    with tarfile.open(packed["sdist"]) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="module")
def in_wheel(packed: dict[str, Path]) -> set[str]:
    with zipfile.ZipFile(packed["wheel"]) as archive:
        return set(archive.namelist())


def extension_files() -> set[str]:
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / EXTENSION).rglob("*") if file.is_file()}
    return {file for file in files if file.endswith((".h", ".cpp", ".hpp"))}


def test_the_sdist_holds_all_that_a_fresh_clone_needs(in_sdist):
    assert len(extension_files()) >= 5
    assert extension_files() <= in_sdist
    files = {file.relative_to(ROOT).as_posix() for file in source_files()}
    left_out = {file for file in files - in_sdist if not file.startswith("benchmarks/results/")}
    assert left_out == {".gitignore"}


def test_the_wheel_holds_every_file_of_the_two_packages_and_nothing_else(in_wheel):
    tops = {name.split("/")[0] for name in in_wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pynn_backprop", "hardware"}
    files = {file.relative_to(ROOT).as_posix() for file in source_files()}
    ours = {file for file in files if file.startswith(("pynn_backprop/", "hardware/"))}
    assert {name for name in in_wheel if ".dist-info/" not in name} == ours
    assert {"pynn_backprop/py.typed", "hardware/py.typed"} | extension_files() <= ours
    assert any(re.fullmatch(r"[^/]+\.dist-info/(licenses/)?LICENSE", name) for name in in_wheel)


# --- a clean environment


class Environment:
    """A virtual environment that sees the packages of this one, but neither the checkout nor what leads to it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.outside = folder / "outside"
        self.outside.mkdir()
        venv.create(folder / "venv", with_pip=False)
        self.folder = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        into = Path(self.python("import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        pip = [sys.executable, "-m", "pip", "--python", self.folder / "python"]
        said([*pip, "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check", wheel], self.outside)
        packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
        # Lines of a .pth file are only put on sys.path; an editable installation in these folders stays unseen.
        (into / "packages.pth").write_text("".join(f"{path}\n" for path in packages))
        self.packages = into

    def python(self, program: str) -> str:
        return said([self.folder / "python", "-c", program], self.outside)

    def run(self, *command: str) -> str:
        """As plain Python: nothing is compiled yet in the new folder, and the samples are few."""
        return said([self.folder / command[0], *command[1:]], self.outside, NUMBA_DISABLE_JIT="1")


@pytest.fixture(scope="module")
def clean(packed: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    # Not importlib.util.find_spec: setuptools takes it as a sign to drop distutils, which Brian2 in this process needs.
    if importlib.machinery.PathFinder.find_spec("pip") is None:
        pytest.skip("needs pip")
    return Environment(tmp_path_factory.mktemp("clean"), packed["wheel"])


def test_the_installed_packages_are_those_of_the_wheel_and_the_tools_of_the_repository_are_not_there(clean):
    names = ("pynn_backprop", "hardware", "benchmarks", "scenarios")
    program = f"from importlib.util import find_spec\nfor n in {names}: print(getattr(find_spec(n), 'origin', None))"
    found = clean.python(program).split()
    ours = [str(clean.packages / name / "__init__.py") for name in names[:2]]
    assert found == [*ours, "None", "None"]


def test_the_command_counts_and_learns(clean):
    assert clean.run("pynn-backprop", "circuit", "4", "3", "--count").startswith("35 neurons, 152 synapses")
    words = ("--hidden", "5", "--samples", "50", "--epochs", "1", "--out", "learnt")
    assert "192-5-10 on reference" in clean.run("pynn-backprop", "train", "reference", *words)
    assert {"config.json", "weights.npz"} <= {path.name for path in (clean.outside / "learnt").iterdir()}


def test_python_m_is_the_command(clean):
    version = importlib.metadata.version("pynn_backprop")
    assert clean.run("python", "-m", "pynn_backprop", "--version") == f"pynn_backprop {version}\n"
    assert clean.run("python", "-m", "pynn_backprop", "--help").startswith("usage: pynn-backprop ")


def test_the_description_names_the_papers(clean):
    program = "import importlib.metadata as m; print(*m.metadata('pynn_backprop').get_all('Project-URL'), sep='\\n')"
    assert clean.python(program).count("https://doi.org/") == 2
