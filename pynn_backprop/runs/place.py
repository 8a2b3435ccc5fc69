"""Where a run's files go: a folder that it holds alone.

A run that replaces another one keeps its files in a folder within, so that the older results are whole until the newer
ones are; ``--resume`` goes on with the newer one.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from ..errors import InputError
from ..files import FolderLock, check_writable, read_json, sweep, write_json
from ..processes import Processes, first_alone
from .folder import CHECKPOINT, CONFIG, FILES, PAGE, check_folder

NEWER = ".replacement"
"""The folder of a run that is to replace the one beside it."""

WHOLE = "whole.json"
"""Stands in it as soon as that run is done, and names its files: they take their places, now or at the next start."""


class Place:
    """A folder that is held, and where in it the files of the run are.  Make one with :func:`new` or :func:`existing`.

    Parameters
    ----------
    folder : pathlib.Path
        The folder, which exists.

    Attributes
    ----------
    files : pathlib.Path
        Where the files of the run are: `folder`, or one within.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = self.files = folder
        self._lock: FolderLock | None = None
        self.hold()

    def hold(self) -> None:
        """Hold the folder, if it is not held already.

        Raises
        ------
        InputError
            If another process, or another run of this one, holds it.
        """
        if self._lock is None:
            self._lock = FolderLock(self.folder, "the output folder")
            sweep(self.folder)
            self._take_places()

    def release(self) -> None:
        """Let it go; a second time is without effect."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def finish(self) -> None:
        """The run is done: its files replace those of an older one, and the folder is let go."""
        if self.files != self.folder:
            write_json(self.files / WHOLE, [name for name in FILES if (self.files / name).exists()])
            self._take_places()
            self.files = self.folder
        self.release()

    def _take_places(self) -> None:
        """Move the files of a newer run that is done; where this was interrupted, it goes on."""
        newer = self.folder / NEWER
        if not (newer / WHOLE).is_file():
            return
        names = read_json(newer / WHOLE)
        for name in (*FILES, PAGE):
            if name not in names:
                (self.folder / name).unlink(missing_ok=True)
            elif (newer / name).exists():
                (newer / name).replace(self.folder / name)
        shutil.rmtree(newer)

    def begin_within(self) -> None:
        """Keep the files in a new folder within, for a run that replaces another one."""
        shutil.rmtree(self.folder / NEWER, ignore_errors=True)
        self.files = self.folder / NEWER
        self.files.mkdir()


def new(folder: Path, overwrite: bool, fresh: bool = False) -> Place:
    """Make a folder for a new run, and hold it.

    Parameters
    ----------
    folder : pathlib.Path
        Where.
    overwrite : bool
        Whether another run that is there may be replaced, once the new one is done.
    fresh : bool
        Take another name if there is something of this one.

    Raises
    ------
    InputError
        If it can't be made, is held by another process, or holds a run that must stay.
    """
    try:
        place = Place(_made(folder) if fresh else _there(folder))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"the output folder {str(folder)!r} can't be made: {reason}") from error
    with releasing(place):
        check_folder(place.folder, overwrite)
        if any((place.folder / name).exists() for name in FILES if name != CONFIG):
            place.begin_within()
        else:
            shutil.rmtree(place.folder / NEWER, ignore_errors=True)
    return place


def _there(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _made(folder: Path) -> Path:
    """A folder that was not there before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        candidate = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        with contextlib.suppress(FileExistsError):
            candidate.mkdir()
            return candidate
    raise AssertionError("numbers do not end")


def existing(folder: Path) -> Place:
    """Hold the folder of a run that is to go on.

    Raises
    ------
    InputError
        If there is no run in it, it can't be written, or another process holds it.
    """
    if not any((where / CONFIG).is_file() for where in (folder, folder / NEWER)):
        raise InputError(f"{folder} holds no run to resume: there is no {CONFIG} in it")
    check_writable(folder / CHECKPOINT)
    place = Place(folder)
    if (folder / NEWER / CONFIG).is_file():
        place.files = folder / NEWER
    return place


class Guest(Place):
    """The folder of a run as all but the first of many processes know it: the first one holds it, and alone writes.

    Parameters
    ----------
    folder, files : pathlib.Path
        Those of the first one's :class:`Place`.
    """

    def __init__(self, folder: Path, files: Path) -> None:
        super().__init__(folder)
        self.files = files

    def hold(self) -> None:
        """The first process does."""

    def finish(self) -> None:
        """The first process does."""
        self.files = self.folder


def shared(processes: Processes, made: Callable[[], Place]) -> Place:
    """The place that the first of many processes has made; the others are its guests.

    Parameters
    ----------
    processes : Processes
        All of them call this.
    made : callable
        :func:`new` or :func:`existing`; what it raises is raised by all.
    """
    places: list[Place] = []

    def make() -> tuple[Path, Path]:
        places.append(made())
        return places[0].folder, places[0].files

    folder, files = first_alone(processes, make)
    return places[0] if places else Guest(folder, files)


@contextlib.contextmanager
def releasing(place: Place) -> Iterator[None]:
    """Let the folder go if what is done with it fails."""
    try:
        yield
    except BaseException:
        place.release()
        raise
