"""The exceptions that the package raises on purpose.

Everything derives from :class:`PynnBackpropError`, so that a program can tell "the package says no" from a defect.
"""


class PynnBackpropError(Exception):
    """Base of every error that the package raises on purpose."""


class InputError(PynnBackpropError, ValueError):
    """What the user gave can't be used.  The message names the argument, its value and what is allowed."""


class InputTypeError(InputError, TypeError):
    """What the user gave is of a type that can't be used."""


class DataNotFoundError(InputError):
    """A data set is neither on this machine nor to be had from its mirrors."""


class PlatformError(PynnBackpropError, RuntimeError):
    """A simulator is not installed, or can't do what is asked of it."""


class EqualityError(PynnBackpropError, AssertionError):
    """Something that must be equal is not: copies of a matrix, spikes of two platforms, a silent phase."""
