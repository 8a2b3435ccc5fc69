"""Which slips a mutation run makes, of all that Cosmic Ray finds: one for each operator, where the line is ever run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import cosmic_ray.plugins
import mutant_operators
from cosmic_ray.work_item import WorkItem

cosmic_ray.plugins.OPERATOR_PROVIDERS["house"] = mutant_operators.OPERATORS

REPLACED = {
    "Binary": "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Div Mod_Div Pow_Mul LShift_RShift RShift_LShift BitAnd_BitOr "
    "BitOr_BitAnd BitXor_BitAnd",
    "Comparison": "Lt_LtE LtE_Lt Gt_GtE GtE_Gt Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is",
    "Unary": "Delete_USub Delete_Invert Delete_Not",
}
"""One replacement for each operator; Cosmic Ray would put in all others, most of them caught at once."""

OPERATORS = {
    *(f"core/Replace{kind}Operator_{name}" for kind, names in REPLACED.items() for name in names.split()),
    *(f"core/Replace{a}With{b}" for a, b in (("True", "False"), ("False", "True"), ("And", "Or"), ("Or", "And"))),
    *("core/ReplaceBreakWithContinue", "core/ReplaceContinueWithBreak", "core/ZeroIterationForLoop"),
    *("core/AddNot", "core/NumberReplacer", "core/ExceptionReplacer", "core/RemoveDecorator"),
    *(f"house/{name}" for name in mutant_operators.OPERATORS),
}
SAME_MEANING = re.compile(r"@(compiled|inlined|functools\.lru_cache|abstractmethod|runtime_checkable)\b")
"""Decorators without which the code runs as before."""
GUARD = "strict="
"""Of ``zip``: it refuses what the code around it never hands over."""


def never_run(source: str) -> set[int]:
    """Lines of `source` that say types only, or decorate without a change of meaning."""
    lines = {number for number, line in enumerate(source.splitlines(), 1) if SAME_MEANING.search(line)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            lines.update(range(node.lineno, node.body[-1].end_lineno or 0))
    return lines


def annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations begin and end, as (line, column)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for what in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(what, ast.expr):
                found.append(((what.lineno, what.col_offset), (what.end_lineno or 0, what.end_col_offset or 0)))
    return found


def worth_a_test(items: Iterable[WorkItem]) -> Iterator[WorkItem]:
    """The slips that this run makes, of all that Cosmic Ray found."""
    known: dict[Path, tuple[list[str], set[int], list[tuple[tuple[int, int], tuple[int, int]]]]] = {}
    for item in items:
        slip = item.mutations[0]
        if slip.module_path not in known:
            source = slip.module_path.read_text(encoding="utf-8")
            known[slip.module_path] = source.splitlines(), never_run(source), annotations(source)
        text, lines, types = known[slip.module_path]
        line, column = slip.start_pos
        if (
            slip.operator_name in OPERATORS
            and line not in lines
            and not text[line - 1].startswith(GUARD, column)
            and not text[line - 1].endswith(GUARD, 0, column)
            and not any(first <= slip.start_pos < last for first, last in types)
        ):
            yield item


def in_order(item: WorkItem) -> tuple[str, str, int]:
    """The same order in every run; the database has none."""
    slip = item.mutations[0]
    return str(slip.module_path), slip.operator_name, slip.occurrence
