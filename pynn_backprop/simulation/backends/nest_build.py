"""Compiles the NEST extension module once, into the user's cache.

The wheel of nest-simulator ships NEST's headers and exports its symbols, so a C++ compiler is all that is needed; for
a NEST that was built with MPI, the one that knows MPI's headers.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import logging
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from ...files import cache_folder
from ...files.owner import Owner, has_ended
from ...processes import without_launcher

_log = logging.getLogger(__name__)

SOURCES = Path(__file__).with_name("nest_extension")
MODULE = "pynn_backpropmodule"
BUILDS = "build-"
SUM = ".sha256"
"""Ends the name of the file that holds the sum of the module: what has another one is never loaded."""

COMPILERS = {False: ("CXX", "g++"), True: ("MPICXX", "mpicxx")}
"""Variable that names the compiler, and the one that is taken without, for a NEST without and with MPI."""

OLD_STRINGS = b"_ZN4nest11BadPropertyC1ESs"
"""In a NEST that was built with the old ABI of ``std::string``, as its wheels are: a function that takes one."""

LAST_LINES = 12
SECONDS_TO_COMPILE = 300
SECONDS_TO_ANSWER = 10
"""For ``--version``, and for the module to be tried."""


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
    include = _headers()
    compiler = _compiler(_has_mpi(include))
    abi = _abi()
    target = cache_folder() / f"nest-extension-{_fingerprint(compiler, include, abi)}" / f"{MODULE}.so"
    if not _is_whole(target):
        if target.exists():
            _log.warning("%s is not what was compiled, and is compiled anew", target)
        _log.warning("compiling for NEST, once, about 10 s")
        _compile([*compiler, abi], include, target)
    return target.with_suffix("")


def _is_whole(module: Path) -> bool:
    """Whether a module is, to the last byte, what was compiled: a truncated one would end the process when loaded."""
    try:
        return module.with_suffix(SUM).read_text(encoding="utf-8").strip() == _sum(module)
    except (OSError, ValueError):
        return False


def _sum(module: Path) -> str:
    return hashlib.sha256(module.read_bytes()).hexdigest()


def lacks_mpi() -> bool:
    """Whether the NEST that is installed is known to be built without MPI; it is not imported."""
    try:
        return not _has_mpi(_headers())
    except (BuildError, OSError):
        return False


def _has_mpi(include: Path) -> bool:
    return re.search(r"^#define HAVE_MPI\b", _config(include), re.MULTILINE) is not None


def _config(include: Path) -> str:
    return (include / "config.h").read_text(errors="replace")


def _compiler(mpi: bool) -> list[str]:
    variable, usual = COMPILERS[mpi]
    try:
        words = shlex.split(os.environ.get(variable, "")) or [usual]
    except ValueError as error:
        raise BuildError(f"the environment variable {variable} can't be understood: {error}") from error
    found = shutil.which(words[0])
    if found is None:
        raise BuildError(f"there is no C++ compiler {words[0]!r} (set {variable} to name another one)")
    return [found, *words[1:]]


def _folder() -> Path:
    """That of the package ``nest``, which need not be imported for it."""
    file = getattr(sys.modules.get("nest"), "__file__", None)
    if file is None:
        found = importlib.util.find_spec("nest")
        file = found.origin if found else None
    if file is None:
        raise BuildError("NEST is not installed")
    return Path(file).parent


def _headers() -> Path:
    # Where wheels have them, and where conda's packages have.
    folders = _folder() / "include" / "nest", Path(sys.prefix) / "include" / "nest"
    for include in folders:
        if (include / "nest_extension_interface.h").is_file():
            return include
    raise BuildError(f"this installation of NEST has no header files in {folders[0]}")


def _abi() -> str:
    """The compiler's option for the ABI of ``std::string`` that NEST was built with."""
    old = any(OLD_STRINGS in path.read_bytes() for path in _folder().glob("nestkernel_api*.so"))
    return f"-D_GLIBCXX_USE_CXX11_ABI={0 if old else 1}"


def _fingerprint(compiler: list[str], include: Path, abi: str) -> str:
    """Changes whenever a module that was compiled before no longer fits."""
    version = _run([*compiler, "--version"], SECONDS_TO_ANSWER)
    parts = [version, platform.machine(), abi, _config(include)]
    parts += [path.read_text() for path in sorted(SOURCES.rglob("*")) if path.is_file()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _compile(compiler: list[str], include: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f"{BUILDS}*"):
            if has_ended(left.name[len(BUILDS) :].rpartition("-")[0]):
                shutil.rmtree(left, ignore_errors=True)
        folder = tempfile.mkdtemp(prefix=f"{BUILDS}{Owner.here().tag}-", dir=target.parent)
    except OSError as error:
        raise BuildError(f"the cache folder {target.parent} can't be written: {error.strerror}") from error
    try:
        objects, module = Path(folder) / f"{MODULE}.o", Path(folder) / f"{MODULE}.so"
        # A wheel's own OpenMP library must be the one in use, so the link is made without -fopenmp.
        stubs = SOURCES / "stubs"
        flags = ["-std=c++20", "-O3", "-DNDEBUG", "-fopenmp", "-fPIC"]
        headers = ["-include", str(stubs / "without_boost.h"), f"-I{stubs}", f"-I{include}"]
        _run([*compiler, *flags, *headers, "-c", str(SOURCES / f"{MODULE}.cpp"), "-o", str(objects)])
        _run([*compiler, "-shared", str(objects), "-o", str(module)])
        check_loads(compiler, module)
        module.with_suffix(SUM).write_text(_sum(module) + "\n", encoding="utf-8")
        os.replace(module, target)
        os.replace(module.with_suffix(SUM), target.with_suffix(SUM))
    except OSError as error:
        raise BuildError(f"the cache folder {target.parent} can't be written: {error.strerror}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_loads(compiler: list[str], module: Path) -> None:
    """Refuse what a compiler wrote although it said that all is well: a process that may die of it loads it first.

    Parameters
    ----------
    compiler : list of str
        Its command.
    module : pathlib.Path
        What it wrote.

    Raises
    ------
    BuildError
        If NEST can't load it.
    """
    if not module.is_file():
        raise BuildError(f"{compiler[0]} ended without an error but wrote no module")
    program = "import sys, nest; nest.Install(sys.argv[1])"
    try:
        _run([sys.executable, "-c", program, str(module.with_suffix(""))], SECONDS_TO_COMPILE)
    except BuildError as error:
        raise BuildError(f"what {compiler[0]} wrote is no module that can be loaded: {error}") from error


def _run(command: list[str], seconds: float = SECONDS_TO_COMPILE) -> str:
    """What a command prints; a BuildError if it fails, or does not end in time with all that it has started."""
    with tempfile.TemporaryFile() as output:
        try:
            started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=without_launcher(),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise BuildError(f"{command[0]} could not be run: {error}") from error
        try:
            status = started.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise BuildError(f"{command[0]} did not end within {seconds:g} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()
        output.seek(0)
        printed = output.read().decode("utf-8", errors="replace")
    if status:
        last = "\n".join(printed.splitlines()[-LAST_LINES:])
        raise BuildError(f"{command[0]} failed; its last lines were:\n{last}")
    return printed
