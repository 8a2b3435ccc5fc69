"""Compiles the NEST extension module once, into the user's cache.

The wheel of nest-simulator ships NEST's headers and exports its symbols, so a C++ compiler is all that is needed.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from ...files import cache_folder

SOURCES = Path(__file__).with_name("nest_extension")
MODULE = "pynn_backpropmodule"
LAST_LINES = 12
SECONDS_TO_COMPILE = 300


class BuildError(Exception):
    """The extension can't be built; the message says why."""


def extension() -> Path:
    """The path of the extension module without its suffix, as ``nest.Install`` takes it; compiled if need be.

    Raises
    ------
    BuildError
        If there is no compiler, or it fails; then with the last lines that it printed.  A failed build is not tried
        again by the same process.
    """
    outcome = built_once()
    if isinstance(outcome, BuildError):
        raise outcome
    return outcome


@functools.lru_cache(maxsize=1)
def built_once() -> Path | BuildError:
    """What the first attempt of this process came to."""
    try:
        return _built()
    except BuildError as error:
        return error


def _built() -> Path:
    compiler = _compiler()
    include = _nest_headers()
    target = cache_folder() / f"nest-extension-{_fingerprint(compiler, include)}" / f"{MODULE}.so"
    if not target.is_file():
        _compile(compiler, include, target)
    return target.with_suffix("")


def _compiler() -> list[str]:
    words = shlex.split(os.environ.get("CXX", "")) or ["g++"]
    found = shutil.which(words[0])
    if found is None:
        raise BuildError(f"there is no C++ compiler {words[0]!r} (set CXX to name another one)")
    return [found, *words[1:]]


def _nest_headers() -> Path:
    import nest

    include = Path(nest.__file__).parent / "include" / "nest"
    if not (include / "nest_extension_interface.h").is_file():
        raise BuildError(f"this installation of NEST has no header files in {include}")
    return include


def _fingerprint(compiler: list[str], include: Path) -> str:
    """Changes whenever a module that was compiled before no longer fits."""
    version = subprocess.run([*compiler, "--version"], capture_output=True, text=True, check=False).stdout
    parts = [version, platform.machine(), (include / "config.h").read_text(errors="replace")]
    parts += [path.read_text() for path in sorted(SOURCES.rglob("*")) if path.is_file()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _compile(compiler: list[str], include: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix="build-", dir=target.parent)
    except OSError as error:
        raise BuildError(f"the cache folder {target.parent} can't be written: {error.strerror}") from error
    try:
        objects, module = Path(folder) / f"{MODULE}.o", Path(folder) / f"{MODULE}.so"
        # The wheel is built with the old ABI of std::string, and its own OpenMP library must be the one in use, so
        # the link is made without -fopenmp.
        stubs = SOURCES / "stubs"
        flags = ["-std=c++20", "-O3", "-DNDEBUG", "-fopenmp", "-fPIC", "-D_GLIBCXX_USE_CXX11_ABI=0"]
        headers = ["-include", str(stubs / "without_boost.h"), f"-I{stubs}", f"-I{include}"]
        _run([*compiler, *flags, *headers, "-c", str(SOURCES / f"{MODULE}.cpp"), "-o", str(objects)])
        _run([*compiler, "-shared", str(objects), "-o", str(module)])
        os.replace(module, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS_TO_COMPILE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"{command[0]} could not be run: {error}") from error
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-LAST_LINES:])
        raise BuildError(f"{command[0]} failed; its last lines were:\n{last}")
