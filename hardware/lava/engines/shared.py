"""Memory that a process shares with the processes it forks: anonymous, so that nothing can be left behind on disk."""

from __future__ import annotations

import math
import mmap
from dataclasses import dataclass
from typing import Any

import numpy as np


def shared_array(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """An array of zeros that this process and those it forks later see alike; freed with the last reference."""
    memory = mmap.mmap(-1, max(1, math.prod(shape) * np.dtype(dtype).itemsize))
    return np.frombuffer(memory, dtype, math.prod(shape)).reshape(shape)


@dataclass(frozen=True)
class Handle:
    """What Lava's channels expect of a piece of shared memory."""

    buf: memoryview


class AnonymousMemory:
    """Stands in for Lava's SharedMemoryManager, which runs a process of its own and leaves files when it is killed."""

    def create_shared_memory(self, size: int) -> Handle:
        """Memory of `size` bytes."""
        return Handle(memoryview(mmap.mmap(-1, max(1, size))))

    def shutdown(self) -> None:
        """Nothing to do: memory goes with its last reference."""
