"""The IDX format, in which MNIST and its relatives are published.

A file is a magic number (two zero bytes, one for the type of the values, one for the number of dimensions), one
big-endian 32-bit length per dimension, and the values in C order.  Files often come compressed by gzip.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import struct
import zlib
from pathlib import Path

import numpy as np

from ..errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08


def content(path: str | os.PathLike[str]) -> bytes:
    """Return the uncompressed content of a file that may be compressed by gzip.

    Parameters
    ----------
    path : str or os.PathLike
        The file.  Its first bytes decide whether it is compressed, not its name: some browsers uncompress what they
        download and keep the name.

    Returns
    -------
    bytes
        The content.

    Raises
    ------
    InputError
        If the file can't be read, or its gzip data are damaged or truncated.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}") from error
    if not raw.startswith(_GZIP_MAGIC):
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} is not a whole gzip file: {error}") from error


def parse(data: bytes, source: str) -> np.ndarray:
    """Return the array that the bytes of an uncompressed IDX file describe.

    Parameters
    ----------
    data : bytes
        The content of the file.
    source : str
        What to call it in errors.

    Returns
    -------
    numpy.ndarray of uint8
        Of the shape that the header gives, without a copy and hence read-only.

    Raises
    ------
    InputError
        If the magic number is not that of an IDX file of unsigned bytes, or the length is not what the header says.
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != _UNSIGNED_BYTE or data[3] == 0:
        raise InputError(
            f"{source} is not an IDX file of unsigned bytes: it starts with {data[:4].hex(' ') or 'nothing'} "
            f"instead of 00 00 08 and the number of dimensions"
        )
    n_dimensions = data[3]
    start = 4 + 4 * n_dimensions
    if len(data) < start:
        raise InputError(f"{source} is truncated: it ends within its header, after {len(data)} of {start} bytes")
    shape = struct.unpack_from(f">{n_dimensions}I", data, 4)
    expected = start + math.prod(shape)
    if len(data) != expected:
        fault = "is truncated" if len(data) < expected else "is too long"
        size = " x ".join(map(str, shape))
        raise InputError(f"{source} {fault}: {size} values need {expected} bytes but it has {len(data)}")
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)


def read(path: str | os.PathLike[str], sha256: str | None = None) -> np.ndarray:
    """Read an IDX file, compressed by gzip or not.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    sha256 : str or None
        The SHA-256 sum that the *uncompressed* content must have, in hexadecimal; not checked if None.

    Returns
    -------
    numpy.ndarray of uint8
        Of the shape that the file's header gives; read-only.

    Raises
    ------
    InputError
        If the file can't be read, is damaged, truncated or no IDX file, or has another sum.
    """
    data = content(path)
    # The form is checked before the sum: "truncated after 1234 bytes" tells more than "another sum".
    values = parse(data, str(path))
    found = hashlib.sha256(data).hexdigest()
    if sha256 is not None and found != sha256:
        raise InputError(
            f"{path} is not the file that was published: the SHA-256 of its uncompressed content is {found} "
            f"but must be {sha256}"
        )
    return values
