"""The cases, one file each: a module here with a :class:`~benchmarks.cases.base.Case` named ``CASE`` is one."""

from ..registry import Registry
from .base import Case

CASES = Registry(__name__, "CASE", Case)
