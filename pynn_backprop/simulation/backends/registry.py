"""Finds backends: by the names that their entry points have, and from PyNN modules."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

from ...checks import check_choice, shown
from ...errors import InputError, PlatformError
from ...interfaces import Backend, Distributes, Machine
from ...processes import refuse_many
from .installed import installed

MACHINES = "pynn_backprop.machines"
"""Entry-point group of hardware that takes whole circuits."""

GROUP = "pynn_backprop.simulators"
"""Entry-point group of the backends."""

ATTRIBUTE = "pynn_backprop_backend"
"""By which a PyNN module names its own backend."""

REQUIRED = tuple(name for name in vars(Backend) if not name.startswith("_"))
"""What a backend must have."""


def simulators() -> tuple[str, ...]:
    """The short names of simulators, sorted, whether what they need is installed or not."""
    return tuple(sorted({entry.name for entry in installed(GROUP)}))


def machines() -> tuple[str, ...]:
    """The short names of machines, sorted, whether what they need is installed or not."""
    return tuple(sorted({entry.name for entry in installed(MACHINES)}))


def find_machine(name: object) -> Machine | None:
    """The machine of this short name, or None if it is not the name of one.

    Raises
    ------
    PlatformError
        If it can't be imported, or is none.
    """
    found = [entry for entry in installed(MACHINES) if entry.name == name]
    if not found:
        return None
    machine = _loaded(f"the machine {name!r}", found[0])
    if not isinstance(machine, Machine):
        raise PlatformError(f"the machine {name!r} ({found[0].value}) is none: {machine!r} is no Machine")
    return machine


def find_backend(name: str) -> Backend:
    """The backend of this short name, whether its simulator is installed or not.

    Raises
    ------
    InputError
        If there is no such simulator.
    PlatformError
        If the backend can't be imported, is none, or there are several.
    """
    check_choice("the simulator", name, simulators())
    return _from_entry_point(name)


def written(name: str) -> str:
    """A platform's name for readers: simulators as their makers write them, NEST and not nest.

    Parameters
    ----------
    name : str
        What a user called it: NAME, NAME:VARIANT or the path of a PyNN module.

    Returns
    -------
    str
        The same where no backend knows better.
    """
    short, mark, rest = name.partition(":")
    backend = None
    with contextlib.suppress(PlatformError):
        if short in simulators():
            backend = _from_entry_point(short)
        elif "." in short:
            backend, _ = _for_module(short)
    return f"{backend.traits.simulator if backend else short}{mark}{rest}"


def load_simulator(name: str) -> ModuleType:
    """Import a PyNN simulator by its short name or its dotted module path.

    Raises
    ------
    InputError
        If the name is neither.
    PlatformError
        If the simulator is not installed, or its backend is not; says how to get it.  If a launcher started several
        processes, and it runs in one only.
    """
    backend, broken = _named(name)
    path, package, remedy = name, name, f"install the package that provides {name}"
    if backend is not None:
        path, package, remedy = backend.module, backend.package, backend.remedy
        if not isinstance(backend, Distributes):
            refuse_many(f"the simulator {name!r}")
    remedy += broken
    if not _exists(package):
        raise PlatformError(f"the simulator {name!r} needs the module {package}, which is not installed: {remedy}")
    try:
        return importlib.import_module(path) if backend is None else backend.import_simulator()
    except PlatformError:
        raise
    except Exception as error:
        # A user's own nest.py, say, may be found first and do anything.
        reason = str(error) if isinstance(error, ImportError) else repr(error)
        remedy += f"; its module {package!r} is {_file_of(package)}"
        raise PlatformError(f"the simulator {name!r} can't be imported: {reason}; {remedy}") from error


def _named(name: str) -> tuple[Backend | None, str]:
    """The backend that a user means, None if only the module can say; and what to end a message with."""
    names = simulators()
    if name in names:
        return _from_entry_point(name), ""
    if "." in name and all(part.isidentifier() for part in name.split(".")):
        return _for_module(name)
    if not names:
        raise PlatformError(
            f"the simulator {name!r} can't be found: no simulator is registered, since the installed metadata of "
            "pynn_backprop is older than its code; install it again (python -m pip install ...)"
        )
    check_choice("the simulator", name, [*names, "reference", *machines()])
    return None, ""


def for_simulator(sim: Any) -> Backend:
    """The backend of an imported PyNN simulator.

    Raises
    ------
    InputError
        If there is none for this module.
    PlatformError
        If it names one that can't be imported or is none, or can't do with all processes that were started.
    """
    name = getattr(sim, "__name__", None) or shown(sim)
    own = getattr(sim, ATTRIBUTE, None)
    if isinstance(own, str):
        own = _loaded(f"{name}.{ATTRIBUTE}", EntryPoint(name, own, GROUP))
    if own is not None:
        return _for_processes(_checked(f"{name}.{ATTRIBUTE}", own), sim)
    found, broken = _for_module(name)
    if found is None:
        raise InputError(
            f"sim is {name!r} but must be a PyNN simulator for which there is a backend; there is one for "
            f"{', '.join(_modules())}, and a module may name its own in an attribute {ATTRIBUTE}{broken}"
        )
    return _for_processes(found, sim)


def _for_processes(backend: Backend, sim: Any) -> Backend:
    """The backend, if its simulator can do with all processes that were started."""
    if isinstance(backend, Distributes):
        backend.check_processes(sim)
    else:
        refuse_many(f"the simulator {backend.name!r}")
    return backend


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


# -- entry points ------------------------------------------------------------------------------------------------------


def _from_entry_point(name: str) -> Backend:
    """The backend of this name."""
    entries = [entry for entry in installed(GROUP) if entry.name == name]
    values = sorted({entry.value for entry in entries})
    if len(values) > 1:
        raise PlatformError(
            f"the simulator {name!r} is offered by more than one package: {', '.join(values)}; uninstall all but one"
        )
    title = f"the simulator {name!r}"
    return _checked(f"{title} ({entries[0].value})", _loaded(title, entries[0]))


def _for_module(path: str) -> tuple[Backend | None, str]:
    """The registered backend for the PyNN module of this path; and what is wrong with others, to end a message with."""
    broken = ""
    # The one that has its last part as name is most likely: the others need not be imported then.
    for name in sorted(simulators(), key=lambda name: name != path.rpartition(".")[2]):
        try:
            backend = _from_entry_point(name)
        except PlatformError as error:
            broken += f"; {error}"
        else:
            if backend.module == path:
                return backend, ""
    return None, broken


def _modules() -> list[str]:
    """The PyNN modules of all backends that can be had."""
    found = []
    for name in simulators():
        with contextlib.suppress(PlatformError):
            found.append(_from_entry_point(name).module)
    return found


def _loaded(title: str, entry: EntryPoint) -> Any:
    """What an entry point leads to; one that can't be imported may do anything, and must not break the others."""
    try:
        return entry.load()
    except Exception as error:
        raise PlatformError(f"{title} can't be had: {_why_not(entry, error)}") from error


def _why_not(entry: EntryPoint, error: Exception) -> str:
    """Names the file from which the backend's package was imported: it may be another one of the same name."""
    path = entry.value.partition(":")[0].strip()
    top = path.partition(".")[0]
    file = _file_of(top)
    if file is None:
        return f"its backend {entry.value} can't be imported ({error!r})"
    if isinstance(error, ModuleNotFoundError) and f"{path}.".startswith(f"{error.name}."):
        return (
            f"its backend is {entry.value}, but the module {top!r} that Python finds first is another one, {file}: "
            "rename that file or folder, or start Python where it does not come first"
        )
    return f"its backend {entry.value} can't be imported ({error!r}); the module {top!r} is {file}"


def _file_of(module: str) -> str | None:
    if module in sys.modules:
        return getattr(sys.modules[module], "__file__", None)
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


def _checked(title: str, found: Any) -> Backend:
    """`found` if it is a backend."""
    if isinstance(found, type):
        raise PlatformError(f"{title} is no backend: {found!r} is a class, but must be an instance of one")
    if isinstance(found, Backend):
        return found
    missing = [name for name in REQUIRED if not hasattr(found, name)]
    raise PlatformError(f"{title} is no backend: {found!r} lacks {', '.join(missing)}")
