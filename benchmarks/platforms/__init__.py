"""The platforms, one file each: in each a :class:`~benchmarks.contract.BenchmarkPlatform` named ``PLATFORM``."""
