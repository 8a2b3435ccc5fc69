"""Finds what is registered by being a file of a folder, and what a user brings in a file of his own."""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Generic, NamedTuple, Protocol, TypeVar

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import InputError

SUFFIX = ".py"
"""What tells a file from a name."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+.-]*")


class Named(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str:
        """What the user calls it."""


Kind = TypeVar("Kind", bound=Named)


class File(NamedTuple):
    """A file outside the package, at the moment when it was first read.

    Parameters
    ----------
    path : str
        Absolute.
    sha256 : str
        Of its content: all jobs of a run are to be made of the same.
    """

    path: str
    sha256: str


class Registry(Generic[Kind]):
    """The things of one kind: each is a module of a folder that holds one, or a file that the user names.

    Parameters
    ----------
    package : str
        Dotted name of the folder.  All its modules are registrations, but for the one that says what a `kind` is;
        packages in it are none.
    attribute : str
        The name under which a module holds it.
    kind : type[Kind]
        Its type.
    """

    def __init__(self, package: str, attribute: str, kind: type[Kind]) -> None:
        self.package, self.attribute, self.kind = package, attribute, kind
        self.word = attribute.lower()

    @functools.cached_property
    def registered(self) -> Mapping[str, Kind]:
        """What the folder holds, by name, in the order of the files.

        Raises
        ------
        InputError
            If a module lacks it, it is of another type, or two have the same name.
        """
        found: dict[str, Kind] = {}
        for name in sorted(self._modules()):
            held = getattr(importlib.import_module(name), self.attribute, None)
            if not isinstance(held, self.kind):
                raise InputError(f"{name} has no {self.attribute} of the type {self.kind.__name__}")
            if held.name in found:
                raise InputError(f"{name} is a second {self.attribute} of the name {held.name!r}")
            found[held.name] = held
        return found

    def _modules(self) -> list[str]:
        folder = importlib.import_module(self.package).__path__
        names = [f"{self.package}.{found.name}" for found in pkgutil.iter_modules(folder) if not found.ispkg]
        return [name for name in names if name != self.kind.__module__]

    def named(self, name: str) -> Kind:
        """The registered one of this name.

        Raises
        ------
        InputError
            If there is none; lists all names, and that a file may be given instead.
        """
        try:
            return self.registered[check_choice(self.word, name, self.registered)]
        except InputError as error:
            raise InputError(f"{error}; or a file of your own, whose name ends in {SUFFIX}") from None

    def get(self, name: str, file: File | None = None) -> Kind:
        """The registered one of this name, or that of a file.

        Raises
        ------
        InputError
            If there is none, or the file has changed since it was first read.
        """
        if file is None:
            return self.named(name)
        held = self._held(file)
        if held.name != name:
            raise InputError(f"{file.path}: {self.attribute} has the name {held.name!r}, not {name!r}")
        return held

    def find(self, text: str) -> tuple[Kind, File | None]:
        """What the user means by a name, or by a file whose name ends in .py; see :meth:`named` and :meth:`read`."""
        return self.read(text) if text.endswith(SUFFIX) else (self.named(text), None)

    def find_all(self, text: str) -> list[tuple[Kind, File | None]]:
        """The same of a pattern, such as ``nest*``: every registered one whose name matches it.

        Raises
        ------
        InputError
            If none does.
        """
        if not is_pattern(text) or text.endswith(SUFFIX):
            return [self.find(text)]
        names = matching(text, self.registered)
        if not names:
            raise InputError(f"{self.word} is {text!r}, which matches none of {', '.join(self.registered)}")
        return [(self.registered[name], None) for name in names]

    def read(self, path: str | os.PathLike[str]) -> tuple[Kind, File]:
        """What a file outside the package holds.

        Returns
        -------
        held : Kind
            The thing.
        file : File
            What :meth:`get` finds it again by, in this process or another one.

        Raises
        ------
        InputError
            If the file can't be read or run, holds no such thing, or one of a name that is taken; names the file.
        """
        where = os.path.abspath(path)
        file = File(where, hashlib.sha256(_content(where)).hexdigest())
        return self._held(file), file

    def _held(self, file: File) -> Kind:
        module = _loaded(file)
        held = getattr(module, self.attribute, None)
        if held is None:
            raise InputError(f"{file.path} has no {self.attribute}, but must hold a {self._wanted} under this name")
        if not isinstance(held, self.kind):
            raise InputError(f"{file.path}: {self.attribute} is {held!r} but must be a {self._wanted}")
        if held.name in self.registered:
            raise InputError(
                f"{file.path}: {self.attribute} has the name {held.name!r}, which is taken: it must be none of "
                f"{', '.join(self.registered)}"
            )
        return held

    @property
    def _wanted(self) -> str:
        return f"{self.kind.__name__} ({self.kind.__module__})"


def is_pattern(text: str) -> bool:
    """Whether it holds a wildcard: ``*``, ``?`` or ``[``."""
    return any(sign in text for sign in "*?[")


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that a pattern matches, in their order."""
    return [name for name in names if fnmatchcase(name, pattern)]


def check_name(what: str, name: object) -> str:
    """A name that can stand in a command, in a row and in the name of a plot's file.

    Raises
    ------
    InputError
        Names `what`, the name, and what is allowed.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name.endswith(SUFFIX):
        raise InputError(
            f"{what} is {name!r} but must begin with a letter or digit, hold only letters, digits, '-', '_', '+' and "
            f"'.', and not end in {SUFFIX}"
        )
    return name


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}") from error


@functools.cache
def _loaded(file: File) -> ModuleType:
    """The file's module, run once in a process; compiled from what was read, so that it is what the digest is of."""
    content = _content(file.path)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise InputError(f"{file.path} has changed since the run began")
    module = ModuleType(f"{Path(file.path).stem}_{hashlib.sha256(repr(file).encode()).hexdigest()[:12]}")
    module.__file__ = file.path
    # Dataclasses look their module up.
    sys.modules[module.__name__] = module
    try:
        exec(compile(content, file.path, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        raise InputError(f"{file.path} can't be used: {_said(error, file.path)}") from error
    return module


def _said(error: BaseException, path: str) -> str:
    """What went wrong, and in which line of the file."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"line {error.lineno}: {type(error).__name__}: {error.msg}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    where = f"line {lines[-1]}: " if lines else ""
    return f"{where}{type(error).__name__}: {error}"
