"""Files are written whole or not at all, whatever stands in their place.

Writing goes to a temporary file beside the target, which is then renamed.  Its name says whose it is, so that what a
killed process has left is removed by the next one that writes there.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .owner import Owner, has_ended

_TEMPORARY = re.compile(r"\..*-(?P<tag>[0-9a-f]{8}-[0-9]+)-[0-9a-f]{8}(?:\..*)?")
_ELSEWHERE = "pynn_backprop-"

_STREAMS = ("/dev/", "/proc/")
"""What is there stands for something that is open already, such as the standard output: renaming would part the two."""


def is_replaced(path: str | os.PathLike[str]) -> bool:
    """Whether a new file takes the place of `path`; a device, a pipe or an open stream is written to instead.

    Parameters
    ----------
    path : str or os.PathLike
        The file, which need not exist.
    """
    if os.path.abspath(path).startswith(_STREAMS):
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return True


def check_writable(path: str | os.PathLike[str]) -> None:
    """Refuse a file that can't be written, before the work whose result it is to hold.

    Parameters
    ----------
    path : str or os.PathLike
        The file.

    Raises
    ------
    InputError
        If the folder of `path` does not exist or may not be written to, or `path` is itself a folder, a block device or
        a socket.
    """
    try:
        _check_writable(path)
    except (ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{os.fspath(path)!r} can't be written: {reason}") from error


def _check_writable(path: str | os.PathLike[str]) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(path)  # says what no file can be called
    if os.path.isdir(path):
        raise InputError(f"{path} can't be written: it is a folder")
    if not is_replaced(path):
        mode = os.stat(path).st_mode
        if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
            raise InputError(f"{path} can't be written: it is a {'block device' if stat.S_ISBLK(mode) else 'socket'}")
        if not os.access(path, os.W_OK):
            raise InputError(f"{path} can't be written: you may not write to it")
        return
    folder = Path(os.path.realpath(path)).parent if os.path.islink(path) else Path(path).parent
    if not folder.is_dir():
        raise InputError(f"{path} can't be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"{path} can't be written: you may not write to the folder {folder}")


@contextlib.contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path with the suffix of `path`; on success it takes the place of `path`.

    A link stays, and the file that it leads to is replaced.  A device or a pipe stays too, and gets the content.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write.  Its folder must exist.

    Yields
    ------
    pathlib.Path
        Where to write.  It is removed if the body of the ``with`` statement raises.

    Raises
    ------
    InputError
        If `path` can't be written.
    OSError
        If there is no room for it; the file that was there before is as it was.
    """
    check_writable(path)
    if not is_replaced(path):
        with _through(Path(path)) as temporary:
            yield temporary
        return
    target = Path(os.path.realpath(path)) if os.path.islink(path) else Path(path)
    sweep(target.parent, target)
    temporary = target.with_name(f"{_begin(target)}{Owner.here().tag}-{secrets.token_hex(4)}{target.suffix}")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        _to_disk(temporary)
        os.replace(temporary, target)
        _to_disk(target.parent)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary)):
            raise
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _through(stream: Path) -> Iterator[Path]:
    """A file elsewhere, whose content goes to the stream in the end."""
    for left in Path(tempfile.gettempdir()).glob(f"{_ELSEWHERE}*"):
        if has_ended(left.name[len(_ELSEWHERE) :].rpartition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_ELSEWHERE}{Owner.here().tag}-") as folder:
        temporary = Path(folder) / stream.name
        temporary.touch()
        yield temporary
        with open(temporary, "rb") as written, open(stream, "ab", buffering=0) as into:
            shutil.copyfileobj(written, into)


def _begin(target: Path) -> str:
    """How the names of its temporary files begin: much shorter than the longest name that a file can have."""
    return f".{target.stem[:40]}-"


def check_room(path: Path, n_bytes: int) -> None:
    """Make sure that there is room for a file, for writers that can't be told that there is none.

    Parameters
    ----------
    path : pathlib.Path
        The file, which exists; it is empty afterwards.
    n_bytes : int
        What it may need at most.

    Raises
    ------
    OSError
        If the disk, or a limit of the shell, has not so much room.
    """
    handle = os.open(path, os.O_WRONLY)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, n_bytes)
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _to_disk(path: Path) -> None:
    """What is in a file or folder is there after a power cut too, where the file system can do that."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def sweep(folder: Path, target: Path | None = None) -> list[Path]:
    """Remove temporary files whose processes have ended without removing them.

    Parameters
    ----------
    folder : pathlib.Path
        Where to look.
    target : pathlib.Path, optional
        Remove only those that were to become this file.

    Returns
    -------
    list of pathlib.Path
        What was removed.
    """
    begins = "." if target is None else _begin(target)
    removed = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            found = _TEMPORARY.fullmatch(path.name) if path.name.startswith(begins) else None
            if found is not None and has_ended(found["tag"]):
                path.unlink(missing_ok=True)
                removed.append(path)
    return removed
