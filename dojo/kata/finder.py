"""The katas of a project, found by their folders and used without pytest's help.

A kata is a folder katas/NN-name with a slo.yaml and a test_*.py, and in that module one class that
satisfies dojo.kata.contract.Kata and is made without arguments. A kata that needs more (answers
that are kept in the cache, something to be closed) has a context manager there that yields it:

    @contextmanager
    def open_kata(cache_dir: Path, say: Callable[[str], None]) -> Iterator[SlowSearch]: ...

The module may import pytest and have fixtures and tests; nothing of those is called.
"""

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from dojo.errors import BadSetting
from dojo.kata.contract import Kata
from dojo.slo.openslo import ServiceLevel, parse

__all__ = ["FoundKata", "opened"]

ASKED = ("prepare", "warm_up", "begin", "flows", "wrong_answers", "checks", "checks_after_restart")


@dataclass(frozen=True, slots=True)
class FoundKata:
    """A kata and what it promises."""

    kata: Kata
    level: ServiceLevel


@contextmanager
def opened(
    root: Path, cache_dir: Path, say: Callable[[str], None]
) -> Iterator[tuple[FoundKata, ...]]:
    """All katas in `root`/katas, by number; BadSetting if there is none or one can't be used."""
    folders = sorted(path.parent for path in (root / "katas").glob("[0-9]*/slo.yaml"))
    if not folders:
        raise BadSetting(f"There is no kata in {root / 'katas'} (no NN-name/slo.yaml).")
    with ExitStack() as stack:
        yield tuple(_opened(folder, cache_dir, say, stack) for folder in folders)


def _opened(
    folder: Path, cache_dir: Path, say: Callable[[str], None], stack: ExitStack
) -> FoundKata:
    modules = [_imported(path, folder.name) for path in sorted(folder.glob("test_*.py"))]
    level = parse((folder / "slo.yaml").read_text(encoding="utf-8"), f"{folder.name}/slo.yaml")
    for module in modules:
        if (open_kata := getattr(module, "open_kata", None)) is not None:
            return FoundKata(stack.enter_context(open_kata(cache_dir, say)), level)
    classes = [one for module in modules for one in _katas(module)]
    if len(classes) != 1:
        names = ", ".join(one.__name__ for one in classes) or "none"
        raise BadSetting(
            f"katas/{folder.name}: its test_*.py must hold one class that satisfies"
            f" dojo.kata.contract.Kata ({', '.join(ASKED)}); found: {names}."
        )
    try:
        return FoundKata(classes[0](), level)
    except TypeError as error:
        raise BadSetting(
            f"katas/{folder.name}: {error}. A kata that can't be made without arguments needs an"
            " open_kata(cache_dir, say) beside it; see dojo/kata/finder.py."
        ) from error


def _katas(module: ModuleType) -> list[type[Kata]]:
    """The classes that this very module defines and that do what a kata does."""
    return [
        cast(type[Kata], one)
        for one in vars(module).values()
        if inspect.isclass(one)
        and one.__module__ == module.__name__
        and all(callable(getattr(one, name, None)) for name in ASKED)
    ]


def _imported(path: Path, folder: str) -> ModuleType:
    """The module at a path; its folder's name need not be an identifier."""
    name = f"dojo.kata.finder.{folder}.{path.stem}"
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(path):
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as importing does: its dataclasses look themselves up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
