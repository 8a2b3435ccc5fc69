"""The errors that the package raises on purpose: all of one family, and caught as what they are in Python."""

from __future__ import annotations

import pytest

from pynn_backprop import errors
from pynn_backprop.errors import (
    DataNotFoundError,
    EqualityError,
    InputError,
    InputTypeError,
    PlatformError,
    PynnBackpropError,
)


@pytest.mark.parametrize(
    ("error", "caught_as"),
    [
        (InputError, ValueError),
        (DataNotFoundError, InputError),
        (InputTypeError, TypeError),
        (PlatformError, RuntimeError),
        (EqualityError, AssertionError),
    ],
)
def test_an_error_is_caught_as_the_built_in_one_and_as_one_of_the_package(error, caught_as):
    for kind in (caught_as, PynnBackpropError):
        with pytest.raises(kind, match="what is wrong"):
            raise error("what is wrong")


def test_there_are_no_others():
    found = {value for value in vars(errors).values() if isinstance(value, type)}
    assert found == {PynnBackpropError, InputError, InputTypeError, DataNotFoundError, PlatformError, EqualityError}
