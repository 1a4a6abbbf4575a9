"""The katas of a project, opened for use without pytest's help.

Which folder is a kata, dojo.slo.catalog says. Its test_*.py holds one class that satisfies
dojo.kata.contract.Kata and can be made with no arguments; then its checks are known. A kata that
needs more to run (answers that are stored in the cache, something to be closed) has a context
manager there that yields it:

    def open_kata(cache_dir: Path, say: Callable[[str], None]) -> Iterator[SlowSearch]: ...

The class of a kata on simulated data satisfies dojo.kata.simulated.SimulatedKata instead.

The module may import pytest and have fixtures and tests; nothing of those is called.
"""

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from dojo.errors import BadSetting
from dojo.kata.contract import Kata
from dojo.kata.simulated import SimulatedKata
from dojo.slo.catalog import is_simulated, load_folders, service_level
from dojo.slo.openslo import ServiceLevel

__all__ = [
    *("OpenKata", "check_names", "load_simulated", "open_kata", "open_katas"),
    *("opened", "simulated_kata"),
]

PARTS = ("prepare", "warm_up", "load", "wrong_answers")
SIMULATED_PARTS = ("read", "draw", "fill", "judge")
CONTRACTS: dict[tuple[str, ...], str] = {
    PARTS: "dojo.kata.contract.Kata",
    SIMULATED_PARTS: "dojo.kata.simulated.SimulatedKata",
}


@dataclass(frozen=True, slots=True)
class OpenKata:
    """A kata, ready for use, and its service level."""

    kata: Kata
    level: ServiceLevel


@contextmanager
def open_katas(
    root: Path, cache_dir: Path, say: Callable[[str], None]
) -> Iterator[tuple[OpenKata, ...]]:
    """All katas in `root`/katas that send a load, by number.

    BadSetting if there is no kata or one can't be used.
    """
    folders = load_folders(root)
    with ExitStack() as stack:
        yield tuple(
            OpenKata(_open(folder, cache_dir, say, stack), service_level(folder))
            for folder in folders
        )


@contextmanager
def opened(folder: Path, cache_dir: Path, say: Callable[[str], None]) -> Iterator[OpenKata]:
    """The kata in one folder that sends a load; BadSetting if it can't be used."""
    with ExitStack() as stack:
        yield OpenKata(_open(folder, cache_dir, say, stack), service_level(folder))


@contextmanager
def open_kata(
    modules: Sequence[ModuleType], folder: str, cache_dir: Path, say: Callable[[str], None]
) -> Iterator[Kata]:
    """The one kata of the modules of a folder: what their open_kata yields; else its class, made.

    BadSetting if there is none, or more than one.
    """
    for module in modules:
        if (opening := getattr(module, "open_kata", None)) is not None:
            with opening(cache_dir, say) as kata:
                yield kata
            return
    kata_class: type[Kata] = _only_class(modules, folder, PARTS)
    try:
        kata = kata_class()
    except TypeError as error:
        raise BadSetting(
            f"katas/{folder}: {error}. A kata whose class needs arguments needs an"
            " open_kata(cache_dir, say) beside it; see dojo/kata/finder.py."
        ) from error
    yield kata


def simulated_kata(modules: Sequence[ModuleType], folder: str) -> SimulatedKata:
    """The one simulated kata of the modules of a folder; BadSetting if there is none, or more."""
    return cast(SimulatedKata, _only_class(modules, folder, SIMULATED_PARTS)())


def load_simulated(folder: Path) -> SimulatedKata:
    """The simulated kata of a folder, without pytest; BadSetting as `simulated_kata`."""
    return simulated_kata(_modules(folder), folder.name)


def check_names(folder: Path) -> tuple[str, ...]:
    """The names of a kata's checks, in their order; the kata's class is made, and nothing is run.

    BadSetting if the kata's test file can't be used, whatever is wrong with it.
    """
    try:
        parts = SIMULATED_PARTS if is_simulated(folder) else PARTS
        kata = _only_class(_modules(folder), folder.name, parts)()
        return tuple(check.name for check in kata.checks)
    except BadSetting:
        raise
    except Exception as error:  # it is another's module: anything may be wrong with it
        raise BadSetting(f"{type(error).__name__}: {error}.") from error


def _open(folder: Path, cache_dir: Path, say: Callable[[str], None], stack: ExitStack) -> Kata:
    """The kata of a folder, until the stack is closed."""
    modules = _modules(folder)
    return stack.enter_context(open_kata(modules, folder.name, cache_dir, say))


def _modules(folder: Path) -> list[ModuleType]:
    """The test_*.py of a kata's folder, imported."""
    return [_imported(path, folder.name) for path in sorted(folder.glob("test_*.py"))]


def _only_class(modules: Sequence[ModuleType], folder: str, parts: tuple[str, ...]) -> type[Any]:
    """The class that has all these parts; BadSetting unless there is exactly one."""
    classes = [kata for module in modules for kata in _classes(module, parts)]
    if len(classes) != 1:
        names = ", ".join(kata.__name__ for kata in classes) or "none"
        raise BadSetting(
            f"katas/{folder}: its test_*.py must hold one class that satisfies"
            f" {CONTRACTS[parts]} ({', '.join(parts)}); found: {names}."
        )
    return classes[0]


def _classes(module: ModuleType, parts: tuple[str, ...]) -> list[type[Any]]:
    """The classes that the module itself defines and that have all parts of a kata."""
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and value.__module__ == module.__name__
        and all(callable(getattr(value, part, None)) for part in parts)
    ]


def _imported(path: Path, folder: str) -> ModuleType:
    """The module at a path; its folder's name need not be an identifier."""
    name = f"dojo.kata.finder.{folder}.{path.stem}"
    loaded = sys.modules.get(name)
    if loaded is not None and loaded.__file__ == str(path):
        return loaded
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
