"""Every argument of the public names is given a dozen wrong values: each is refused with name, value, what is allowed.

The names, their methods and arguments are found, so that a new one is walked by itself; one whose annotation or name is
not in ``wrong_values.py`` fails, and says what to add there.
"""

from __future__ import annotations

import copy
import inspect
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from wrong_values import KINDS, OTHERWISE, PROTOCOL, RIGHT, SAID_AS, WRONG, made

import pynn_backprop
from pynn_backprop.checks import shown
from pynn_backprop.errors import InputError, PlatformError

SECONDS = 2.0


class Argument(NamedTuple):
    """One argument of something public."""

    of: str
    function: Callable[..., Any]
    parameter: inspect.Parameter

    @property
    def hint(self) -> str:
        return str(self.parameter.annotation)

    @property
    def optional(self) -> bool:
        return self.parameter.default is None or "None" in self.hint


def public() -> Iterator[tuple[str, Any]]:
    """Functions and classes by name."""
    for name in sorted(set(pynn_backprop.__all__) - {"__version__"}):
        found = getattr(pynn_backprop, name)
        if inspect.ismodule(found):
            yield from ((f"{name}.{inner}", getattr(found, inner)) for inner in found.__all__)
        else:
            yield name, found


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """What can be called: functions, constructors, and the public methods of an instance."""
    for name, found in public():
        if inspect.isclass(found):
            if found.__init__ is not object.__init__:
                yield name, found
            for method, function in inspect.getmembers(found, inspect.isfunction):
                ours = inspect.unwrap(function).__module__.startswith("pynn_backprop")
                asked = name not in PROTOCOL or method in PROTOCOL[name]
                if ours and asked and (not method.startswith("_") or method == "__getitem__"):
                    yield f"{name}.{method}", function
        elif callable(found):
            yield name, found


def arguments() -> Iterator[Argument]:
    for name, function in functions():
        for parameter in inspect.signature(function).parameters.values():
            if parameter.name != "self" and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                yield Argument(name, function, parameter)


ARGUMENTS = {f"{one.of}({one.parameter.name})": one for one in arguments()}


def kind_of(argument: Argument) -> str:
    plain = argument.hint.removesuffix(" | None")
    key = (argument.of, argument.parameter.name)
    assert key in OTHERWISE or plain in KINDS, f"{key}: say in wrong_values.py what is wrong for {plain!r}"
    return OTHERWISE.get(key) or KINDS[plain]


def call(argument: Argument, value: Any) -> None:
    """The call with this value, and right ones for all that must be given."""
    given = {argument.parameter.name: value}
    for name, parameter in inspect.signature(argument.function).parameters.items():
        if name not in given and name != "self" and parameter.default is parameter.empty:
            key = (argument.of, name)
            assert key in RIGHT or name in RIGHT, f"{key}: say in wrong_values.py what is right for {name!r}"
            given[name] = copy.copy(RIGHT.get(key, RIGHT.get(name)))
    owner, _, method = argument.of.rpartition(".")
    if owner in ("", "datasets"):
        outcome = argument.function(**given)
        if hasattr(outcome, "fit"):  # scikit-learn's constructors only store what they are given
            outcome.fit(RIGHT["values"], RIGHT["y"])
    else:
        getattr(made(owner), method)(**given)


def wrong_for(argument: Argument) -> list[Any]:
    return [value for value in WRONG[kind_of(argument)] if not (value is None and argument.optional)]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """What is compiled once, and then kept, takes no time from the calls below."""
    made("BackpropClassifier").predict(RIGHT["values"])


def refusal(argument: Argument, value: Any) -> str:
    """What it is refused with."""
    try:
        call(argument, value)
    except (InputError, PlatformError) as error:
        return str(error)
    pytest.fail(f"{argument.of} took {argument.parameter.name}={shown(value)}")


@pytest.mark.parametrize("argument", ARGUMENTS.values(), ids=ARGUMENTS)
def test_every_wrong_value_is_refused(argument):
    for value in wrong_for(argument):
        start = time.process_time()
        said = refusal(argument, value)
        assert time.process_time() - start < SECONDS, said
        name = argument.parameter.name
        assert any(word in said for word in (name, *SAID_AS.get(name, ()))), (shown(value), said)
        assert re.search(r" must | but | one of |there is no", said), (shown(value), said)
        if value is None or (type(value) in (int, str, float, bool) and len(shown(value)) < 20):
            assert shown(value) in said, said


def test_the_walk_finds_what_there_is_and_sees_what_is_taken():
    """The walk itself can fail."""
    assert {"training_circuit(units)", "Network(weights)", "Rule.train(labels)", "datasets.load(name)"} <= set(
        ARGUMENTS
    )
    assert len(ARGUMENTS) > 50
    assert all(len(wrong_for(argument)) >= 12 for argument in ARGUMENTS.values())

    def takes_all(units: int = 3) -> None: ...

    taken = Argument("takes_all", takes_all, inspect.signature(takes_all).parameters["units"])
    with pytest.raises(pytest.fail.Exception, match="takes_all took units="):
        test_every_wrong_value_is_refused(taken)


def test_what_is_right_is_taken():
    """Otherwise nothing above would say anything."""
    for argument in ARGUMENTS.values():
        name = argument.parameter.name
        if argument.parameter.default is argument.parameter.empty:
            call(argument, copy.copy(RIGHT.get((argument.of, name), RIGHT[name])))


@pytest.mark.parametrize("method", ["train", "infer", "show", "weights", "copies", "check_copies", "raw_weights"])
def test_nothing_goes_on_after_close(method):
    network = made("Network")
    network.close()
    network.close()
    parameters = inspect.signature(getattr(network, method)).parameters
    with pytest.raises(PlatformError, match="can't be used any more: it was closed"):
        getattr(network, method)(**{name: RIGHT[name] for name in parameters})
