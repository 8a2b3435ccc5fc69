"""The cases, one file each: a module here with a :class:`~benchmarks.cases.case.Case` named ``CASE`` is one."""
