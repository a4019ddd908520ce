"""The modules of the package import each other in one direction."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "apideck_vault"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).replace(".__init__", ""): path
    for path in PACKAGE.rglob("*.py")
}


def statements(node: ast.AST, checking: bool) -> Iterator[Tuple[ast.ImportFrom, bool]]:
    """Yields the relative imports below a node, each with whether it is for type checkers only.

    Imports inside functions count too: they run when the function is called.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ImportFrom):
            assert child.level or not (child.module or "").startswith("apideck_vault"), "imports are relative"
            if child.level:
                yield child, checking
        elif isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            for part in child.body:
                yield from statements(ast.Module([part], []), True)
            for part in child.orelse:
                yield from statements(ast.Module([part], []), checking)
        else:
            yield from statements(child, checking)


def imports(name: str) -> Iterator[Tuple[str, bool]]:
    """Yields the modules of the package that a module imports, each with whether it is for type checkers only."""
    path = MODULES[name]
    for statement, checking in statements(ast.parse(path.read_text(encoding="utf-8")), False):
        base = name.split(".")
        base = base[: len(base) - statement.level + (path.name == "__init__.py")]
        origin = ".".join(base + (statement.module.split(".") if statement.module else []))
        for alias in statement.names:
            submodule = f"{origin}.{alias.name}"
            yield submodule if submodule in MODULES else origin, checking


def cycle(graph: Dict[str, Set[str]]) -> List[str]:
    """Returns the modules of one cycle, or nothing."""
    done: Set[str] = set()

    def search(name: str, path: List[str]) -> List[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in done:
            for imported in sorted(graph[name]):
                found = search(imported, [*path, name])
                if found:
                    return found
            done.add(name)
        return []

    for name in sorted(graph):
        found = search(name, [])
        if found:
            return found
    return []


def are_types_of_the_api(*names: str) -> bool:
    return all(name.startswith("apideck_vault.models.") for name in names)


@pytest.mark.parametrize("for_type_checkers", [False, True], ids=["at_run_time", "for_type_checkers"])
def test_no_module_imports_itself_through_others(for_type_checkers: bool) -> None:
    graph: Dict[str, Set[str]] = {name: set() for name in MODULES}
    for name in MODULES:
        for module, checking in imports(name):
            # The types of the API refer to each other in annotations.
            counts = for_type_checkers and not are_types_of_the_api(name, module) if checking else True
            if module != name and counts:
                graph[name].add(module)
    assert len(graph) > 30
    assert "apideck_vault._plain" in graph["apideck_vault._request"]
    assert " -> ".join(cycle(graph)) == ""


def test_a_cycle_would_be_found() -> None:
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    assert cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
