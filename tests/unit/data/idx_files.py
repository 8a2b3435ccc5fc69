"""Small data sets in IDX files, for tests."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

from pynn_backprop.data.dataset import Dataset
from pynn_backprop.data.published import FILES

N_TRAIN, N_TEST, SIDE = 6, 4, 4


class Offline:
    """Stands for pooch's downloader on a machine without a network."""

    def __init__(self, **_: object) -> None:
        pass

    def __call__(self, url: str, *_: object, **__: object) -> bool:
        raise ConnectionError(f"no route to {url}")


def idx_bytes(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def small_set(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (N_TRAIN, SIDE, SIDE), dtype=np.uint8),
        "y_train": np.array([0, 1, 2, 0, 1, 2], dtype=np.uint8),
        "x_test": rng.integers(0, 256, (N_TEST, SIDE, SIDE), dtype=np.uint8),
        "y_test": np.array([2, 1, 0, seed % 3], dtype=np.uint8),
    }


def put(folder: Path, arrays: dict[str, np.ndarray], suffix: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for role, values in arrays.items():
        data = idx_bytes(values)
        (folder / f"{FILES[role]}{suffix}").write_bytes(gzip.compress(data) if suffix else data)


def assert_holds(data: Dataset, arrays: dict[str, np.ndarray]) -> None:
    for part in ("train", "test"):
        expected = arrays[f"x_{part}"].reshape(len(arrays[f"x_{part}"]), -1) / np.float32(255)
        np.testing.assert_array_equal(getattr(data, f"x_{part}"), expected)
        np.testing.assert_array_equal(getattr(data, f"y_{part}"), arrays[f"y_{part}"])
