"""The platforms, one file each: in each a :class:`~benchmarks.platforms.base.BenchmarkPlatform` named ``PLATFORM``.

What several of them have in common is in ``kinds``.
"""

from ..registry import Registry
from .base import BenchmarkPlatform

PLATFORMS = Registry(__name__, "PLATFORM", BenchmarkPlatform)
