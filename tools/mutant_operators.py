"""Slips that Cosmic Ray does not make: a check that is dropped, an argument that is ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.operator import Operator
from parso.python.tree import Keyword


class DropCall(Operator):
    """A call whose result nobody uses is not made."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Where a statement is nothing but a call."""
        if node.type == "simple_stmt" and node.children[0].type == "atom_expr" and _is_call(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """``pass`` in its place."""
        call = node.children[0]
        node.children[0] = Keyword("pass", call.start_pos, prefix=call.get_first_leaf().prefix)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


class DropArgument(Operator):
    """A named argument is not passed on."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """The named arguments of a call."""
        for argument in self._named(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """The call without it, and without the comma behind it."""
        argument = self._named(node)[index]
        siblings = argument.parent.children
        place = siblings.index(argument)
        del siblings[place : place + 2 if siblings[place + 1 : place + 2] == [","] else place + 1]
        return node

    @staticmethod
    def _named(node: Any) -> list[Any]:
        if node.type != "trailer" or node.children[0] != "(":
            return []
        given = node.children[1]
        arguments = given.children if given.type == "arglist" else [given]
        return [argument for argument in arguments if argument.type == "argument" and argument.children[1] == "="]

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


def _is_call(node: Any) -> bool:
    return node.children[-1].type == "trailer" and node.children[-1].children[0] == "("


OPERATORS: dict[str, type[Operator]] = {"DropCall": DropCall, "DropArgument": DropArgument}
"""By their names."""
