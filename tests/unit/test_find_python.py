"""How the set-up finds its Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


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
