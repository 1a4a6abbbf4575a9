"""What routes may not do."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.project import ROOT

METHODS = {"get", "post", "put", "patch", "delete"}
FILES = sorted((ROOT / "app").rglob("*.py"))


def route_functions(path: Path) -> Iterator[str]:
    """The names of the functions that a file registers as routes."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
            if any(isinstance(call, ast.Attribute) and call.attr in METHODS for call in calls):
                yield node.name


def called_names(path: Path) -> Iterator[str]:
    """The names of the functions that a file calls, its own and those of the app's modules."""
    modules = {each.stem for each in FILES}
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                if module in modules:
                    yield name


def test_no_route_is_called_as_a_function() -> None:
    """What two routes share is a function of its own."""
    routes = {name for path in FILES for name in route_functions(path)}
    assert len(routes) > 20
    assert routes & {name for path in FILES for name in called_names(path)} == set()
