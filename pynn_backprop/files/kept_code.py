"""What numba compiled, kept with a digest: a damaged file is compiled anew instead of executed."""

from __future__ import annotations

import functools
import hashlib
import logging
import pickle
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

DIGEST_BYTES = hashlib.sha256().digest_size


class KeptCode(IndexDataCacheFile):
    """Numba's files of one function, each with the SHA-256 digest of what follows it.

    Numba (0.68) reads them with pickle and executes what it finds: of a truncated index it raises EOFError at every
    start, and of damaged code it may do anything.
    """

    def _dump(self, obj: Any) -> bytes:
        data = bytes(super()._dump(obj))
        return hashlib.sha256(data).digest() + data

    def _save_index(self, overloads: dict[Any, str]) -> None:
        with self._open_for_write(self._index_path) as file:
            file.write(self._dump((self._version, self._source_stamp, overloads)))

    def _load_index(self) -> dict[Any, str]:
        try:
            version, stamp, overloads = _verified(Path(self._index_path).read_bytes())
        except FileNotFoundError:
            return {}
        except Exception:  # whatever pickle makes of what another version of numba wrote
            tell_of_damage(str(self._cache_path))
            return {}
        return overloads if (version, stamp) == (self._version, self._source_stamp) else {}

    def _load_data(self, name: str) -> Any:
        try:
            return _verified(Path(self._data_path(name)).read_bytes())
        except OSError:
            raise
        except Exception as error:
            tell_of_damage(str(self._cache_path))
            raise FileNotFoundError(f"{name} is damaged") from error


def _verified(whole: bytes) -> Any:
    digest, data = whole[:DIGEST_BYTES], whole[DIGEST_BYTES:]
    if hashlib.sha256(data).digest() != digest:
        raise ValueError("the digest differs")
    return pickle.loads(data)


def verify(dispatcher: Any) -> Any:
    """Let what numba keeps of a function be read only if it is what was written.

    Parameters
    ----------
    dispatcher
        What ``numba.njit(cache=True)`` returned.
    """
    kept = getattr(dispatcher, "_cache", None)
    if kept is None:  # NUMBA_DISABLE_JIT: the function itself, in plain Python
        return dispatcher
    kept._cache_file = KeptCode(
        cache_path=kept._cache_path,
        # Files of its own: those that numba alone wrote have no digest.
        filename_base=f"{kept._impl.filename_base}.verified",
        source_stamp=kept._impl.locator.get_source_stamp(),
    )
    return dispatcher


@functools.cache
def tell_of_damage(folder: str) -> None:
    """Say once that the code of this folder is compiled anew."""
    logging.getLogger(__name__).warning("what was compiled and kept in %s is damaged: it is compiled anew", folder)
