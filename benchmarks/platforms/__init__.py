"""The platforms, one file each: in each a :class:`~benchmarks.platforms.base.BenchmarkPlatform` named ``PLATFORM``."""
