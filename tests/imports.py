"""Reads which module of some packages imports which, and holds this against a list of layers.

All imports count: those at the head of a file, those inside functions, and those for type checkers only.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """That one module imports another, and in which line."""

    importer: str
    imported: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.importer} imports {self.imported}"


class Tree:
    """The modules of packages that lie in one folder, and what they import of each other."""

    def __init__(self, root: Path, packages: Collection[str]) -> None:
        self.root = root
        self.files: dict[str, Path] = {}
        for package in packages:
            for path in sorted((root / package).rglob("*.py")):
                parts = path.relative_to(root).with_suffix("").parts
                self.files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        self.imports = [found for module in self.files for found in self._imports_of(module)]

    def _imports_of(self, module: str) -> Iterator[Import]:
        path = self.files[module]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for imported in sorted(set(self._imported_by(node, module))):
                yield Import(module, imported, path.relative_to(self.root).as_posix(), getattr(node, "lineno", 1))

    def _imported_by(self, node: ast.AST, module: str) -> Iterator[str]:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            source = self._absolute("." * node.level + (node.module or ""), module)
            # The version belongs to the package as a whole, and is there before anything else is.
            names = [f"{source}.{alias.name}" for alias in node.names if alias.name != "__version__"]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            (first, *_) = [*node.args, None]
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                return
            names = [self._absolute(first.value, module)]
        else:
            return
        for name in names:
            if (known := self._longest_known(name)) is not None and known != module:
                yield known

    def _absolute(self, name: str, module: str) -> str:
        level = len(name) - len(name.lstrip("."))
        if not level:
            return name
        package = module.split(".") if self.files[module].name == "__init__.py" else module.split(".")[:-1]
        return ".".join([*package[: len(package) - level + 1], *filter(None, [name[level:]])])

    def _longest_known(self, name: str) -> str | None:
        """The module itself, or the one that the last parts are names of."""
        parts = name.split(".")
        candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((candidate for candidate in candidates if candidate in self.files), None)


class Layers:
    """Which parts of a package lie above which.

    Parameters
    ----------
    package : str
        Its name.
    text : str
        ``a b < c | d``: a and b, which may know each other, below c and d, which may not.  A part is a module or a
        package, named from the package on; of two names that fit the longer one counts.
    """

    def __init__(self, package: str, text: str) -> None:
        self.package = package
        self.places = {
            name: (floor, room)
            for floor, rooms in enumerate(text.split("<"))
            for room, names in enumerate(rooms.split("|"))
            for name in names.split()
        }

    def part_of(self, module: str) -> str | None:
        """The part that a module belongs to, None if to none."""
        inner = module[len(self.package) + 1 :] or "__init__"
        fitting = [name for name in self.places if f"{inner}.".startswith(f"{name}.")]
        return max(fitting, key=len, default=None)


def faults(tree: Tree, order: Mapping[str, Layers], flat: Mapping[str, Collection[str]]) -> list[str]:
    """Everything that is wrong, with file and line.

    Parameters
    ----------
    tree : Tree
        What was read.
    order : mapping of str to Layers
        Layers by package; a package may import those before it.
    flat : mapping of str to collection of str
        By package, the modules that may lie in it without a package of their own.

    Returns
    -------
    list of str
        One line for each fault.
    """
    return [
        *_homeless(tree, order),
        *_flat(tree, flat),
        *(str(found) + why for found in tree.imports if (why := _wrong(found, order))),
        *(f"a circle: {'; '.join(map(str, circle))}" for circle in circles(tree.imports)),
    ]


def _homeless(tree: Tree, order: Mapping[str, Layers]) -> Iterator[str]:
    for module, path in tree.files.items():
        if order[module.split(".")[0]].part_of(module) is None:
            yield f"{path.relative_to(tree.root).as_posix()}:1: {module} belongs to no layer"


def _flat(tree: Tree, flat: Mapping[str, Collection[str]]) -> Iterator[str]:
    for package, allowed in flat.items():
        for path in sorted((tree.root / package).glob("*.py")):
            if path.stem not in allowed:
                file = path.relative_to(tree.root).as_posix()
                yield f"{file}:1: only {', '.join(sorted(allowed))} may lie flat in {package}"


def _wrong(found: Import, order: Mapping[str, Layers]) -> str:
    """What is wrong with one import; empty if nothing is."""
    one, other = (name.split(".")[0] for name in (found.importer, found.imported))
    packages = list(order)
    if one != other:
        return f", but {other} lies above {one}" if packages.index(other) > packages.index(one) else ""
    layers = order[one]
    importer, imported = layers.part_of(found.importer), layers.part_of(found.imported)
    if importer is None or imported is None or importer == imported:
        return ""
    (floor, room), (other_floor, other_room) = layers.places[importer], layers.places[imported]
    if other_floor > floor:
        return f", but {imported} lies above {importer}"
    if other_floor == floor and other_room != room:
        return f", but {importer} and {imported} may not know each other"
    return ""


def circles(imports: Collection[Import]) -> list[list[Import]]:
    """One shortest circle for each module that is in one and in none that was found before."""
    found: list[list[Import]] = []
    seen: set[str] = set()
    outgoing: dict[str, list[Import]] = {}
    for each in imports:
        outgoing.setdefault(each.importer, []).append(each)
    for start in sorted(outgoing):
        circle = None if start in seen else _way_back(start, outgoing)
        if circle:
            found.append(circle)
            seen.update(each.importer for each in circle)
    return found


def _way_back(start: str, outgoing: Mapping[str, list[Import]]) -> list[Import] | None:
    ways: dict[str, list[Import]] = {start: []}
    waiting = [start]
    for module in waiting:
        for each in outgoing.get(module, []):
            if each.imported == start:
                return [*ways[module], each]
            if each.imported not in ways:
                ways[each.imported] = [*ways[module], each]
                waiting.append(each.imported)
    return None
