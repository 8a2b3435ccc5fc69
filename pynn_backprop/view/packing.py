"""Arrays in a page: compressed, as text; the browser takes them apart (``assets/arrays.js``)."""

from __future__ import annotations

import base64
import zlib

import numpy as np

_TYPES = ("uint8", "int16", "uint16", "int32")
"""What arrays are kept as, the smallest first that holds all values; JavaScript has an array of each."""

Packed = dict[str, object]
"""``type``, ``shape`` and ``data`` of an array."""


def packed(array: np.ndarray) -> Packed:
    """An array of integers, as JSON holds it.

    Parameters
    ----------
    array : numpy.ndarray of int or bool
        Any shape; values within 32 bits.

    Returns
    -------
    dict
        ``data`` is base64 of the zlib stream of its bytes, row by row, little-endian.
    """
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    kind = next(name for name in _TYPES if np.iinfo(name).min <= low and high <= np.iinfo(name).max)
    plain = np.ascontiguousarray(array, dtype=np.dtype(kind).newbyteorder("<"))
    data = base64.b64encode(zlib.compress(plain.tobytes(), 9)).decode("ascii")
    return {"type": kind, "shape": list(array.shape), "data": data}
