"""Who may know whom, and what must stand nowhere."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.project import ROOT

# The wings of `dojo`, and what each may import besides itself and what is common to all.
WINGS: dict[str, set[str]] = {
    "load": set(),
    "postgres": set(),
    "output": set(),
    "slo": {"load"},
    "kata": {"load", "slo"},
    "observability": {"load", "slo", "postgres"},
    "site": {"load", "slo", "kata", "postgres"},
    "grading": {"output", "slo", "kata", "site"},
    "cli": {
        *("load", "postgres", "output", "slo", "kata", "observability", "site", "attempt"),
        "grading",
    },
    "attempt": {"load", "postgres", "output", "slo", "kata", "observability", "site"},
    "kata_run": {"load", "postgres", "output", "slo", "kata", "observability", "site", "attempt"},
    "plugin": {"load", "output", "slo", "kata", "observability", "site", "kata_run"},
    "watched": {"output", "plugin"},  # a second plugin, for runs that `dojo watch` holds ready
    "__main__": {"cli"},
}
COMMON = {
    *("errors", "settings", "child", "worker", "environment"),
    *("broken_run", "broken_run_files"),
    *("report", "burst_figures", "costs", "earlier_attempt", "sections", "simulated_report"),
}

# What touches the world, whole wings among it. Whatever else there is in `dojo` is pure.
TOUCHES_THE_WORLD = (
    *("dojo.postgres", "dojo.site", "dojo.cli", "dojo.attempt", "dojo.kata_run"),
    *("dojo.plugin", "dojo.watched", "dojo.__main__", "dojo.grading"),
    *("dojo.child", "dojo.worker", "dojo.settings", "dojo.broken_run_files"),
    *("dojo.load.alarms", "dojo.load.burst", "dojo.load.clock", "dojo.load.generator"),
    *("dojo.load.http_client", "dojo.load.http_connection"),
    *("dojo.load.journey_sender", "dojo.load.schedule", "dojo.load.steady"),
    *("dojo.load.steady_generator", "dojo.load.stalling_server", "dojo.load.open_and_closed"),
    *("dojo.slo.catalog", "dojo.kata.checks", "dojo.kata.finder", "dojo.kata.hints"),
    "dojo.kata.after_green",
    *("dojo.kata.folder_reader", "dojo.kata.learner_files", "dojo.kata.graded_files"),
    *("dojo.output.store", "dojo.output.progress", "dojo.output.attempts"),
    "dojo.output.stored_report",
    "dojo.output.met_words",
    *("dojo.observability.exporter", "dojo.observability.telemetry"),
    *("dojo.observability.postgres_collector", "dojo.observability.targets"),
)
PURE_ALL_THE_SAME = (
    "dojo.site.tracebacks",
    "dojo.cli.duration",
    "dojo.cli.watcher",
    "dojo.cli.finding",
    *("dojo.grading.bounds", "dojo.grading.submission", "dojo.grading.verdicts"),
)
WORLD = {
    *("asyncio", "fcntl", "multiprocessing", "os", "pathlib", "platform", "queue", "resource"),
    *("select", "selectors", "shutil", "signal", "socket", "subprocess", "sys", "tempfile"),
    *("threading", "time", "docker", "httpx", "psycopg", "pytest", "testcontainers"),
    *("uvloop", "uvicorn", "secrets", "ctypes"),
}


def modules(package: str) -> dict[str, Path]:
    """Every module of a package of the project, by its dotted name, packages included."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


DOJO = modules("dojo")


def imports(path: Path, *, typing: bool = True) -> set[str]:
    """What a file imports anywhere in it; `typing=False` leaves out what only a checker sees."""

    def below(node: ast.AST) -> Iterator[ast.AST]:
        yield node
        if not typing and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        for child in ast.iter_child_nodes(node):
            yield from below(child)

    names = set()
    for node in below(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import from the project's root"
            module = node.module or ""
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def module_of(name: str) -> str | None:
    """The module of `dojo` that an imported name is, or stands in."""
    while name and name not in DOJO:
        name = name.rpartition(".")[0]
    return name or None


@cache
def known(name: str) -> frozenset[str]:
    """The modules of `dojo` that one imports itself, lazily and for types included."""
    found = {module_of(each) for each in imports(DOJO[name])}
    return frozenset(each for each in found if each is not None and each not in (name, "dojo"))


@cache
def reached(name: str) -> frozenset[str]:
    """The modules of `dojo` that one imports, by others too; itself among them."""
    found, open_ends = {name}, [name]
    while open_ends:
        new = known(open_ends.pop()) - found
        found |= new
        open_ends += new
    return frozenset(found)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def wing(name: str) -> str:
    """`load` of `dojo.load.plan`."""
    return name.split(".")[1]


def is_pure(name: str) -> bool:
    return within(name, *PURE_ALL_THE_SAME) or not within(name, *TOUCHES_THE_WORLD)


INSIDE = sorted(set(DOJO) - {"dojo"})


@pytest.mark.parametrize("name", INSIDE)
def test_a_wing_knows_only_those_below_it(name: str) -> None:
    """A module imports from its own wing, from those that it may know, and what is common."""
    place = wing(name)
    assert place in WINGS or place in COMMON, f"{name} is in no wing"
    allowed = COMMON if place in COMMON else COMMON | {place} | WINGS[place]
    assert not [each for each in known(name) if wing(each) not in allowed]


def test_what_a_wing_reaches_by_others_is_below_it_too() -> None:
    """The rule holds for the whole way: `slo` never reaches `kata`, by whatever detour."""
    for name in INSIDE:
        below = {wing(name)}
        for _ in WINGS:
            below |= {each for place in below for each in WINGS.get(place, set())}
        assert not [each for each in reached(name) if wing(each) not in below | COMMON], name


@pytest.mark.parametrize("name", [each for each in INSIDE if is_pure(each)])
def test_the_core_is_pure(name: str) -> None:
    """Values in, values out: no clock, no input or output, no pytest, and nobody who has them."""
    worldly = {each.partition(".")[0] for each in imports(DOJO[name], typing=False)} & WORLD
    assert not worldly, f"{name} imports {sorted(worldly)}"
    assert not [each for each in reached(name) if each != name and not is_pure(each)]


def test_every_exception_is_there() -> None:
    """A name in the lists above that no module has is an old one."""
    for name in (*TOUCHES_THE_WORLD, *PURE_ALL_THE_SAME):
        assert name in DOJO, name
    assert {f"dojo.{each}" for each in WINGS} <= set(DOJO)


def test_wings_stand_in_no_circle() -> None:
    """No wing is reached from a wing that it reaches; likewise for modules."""
    for name in INSIDE:
        assert not [each for each in known(name) if name in reached(each)], name


def test_the_grader_never_imports_the_app() -> None:
    """The app is another process, so that it can neither break nor fool the grader."""
    for path in [*DOJO.values(), *modules("seed").values(), *modules("katas").values()]:
        assert not [each for each in imports(path) if within(each, "app")], path


def test_the_app_stands_alone() -> None:
    """The app imports neither the grader nor the dataset."""
    for path in modules("app").values():
        assert not [each for each in imports(path) if within(each, "dojo", "seed", "katas")], path


def test_the_dataset_stands_alone() -> None:
    """The dataset knows neither the grader nor the app."""
    for path in modules("seed").values():
        assert not [each for each in imports(path) if within(each, "dojo", "app", "katas")], path


def test_only_the_plugins_know_pytest() -> None:
    """One package composes everything for pytest; a module holds a session until a save."""
    knowing = [
        name
        for name, path in DOJO.items()
        if any(within(each, "pytest", "_pytest") for each in imports(path))
    ]
    assert knowing
    assert all(within(name, "dojo.plugin", "dojo.watched") for name in knowing)


@pytest.mark.parametrize("name", ["dojo.load.generator", "dojo.load.steady_generator"])
def test_a_generator_loads_little(name: str) -> None:
    """A process that sends the load has neither pytest nor psycopg in it, nor what judges."""
    told = subprocess.run(
        [sys.executable, "-c", f"import {name}, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "httptools" in told
    assert not [each for each in told if within(each, "pytest", "_pytest", "psycopg")]
    assert not [each for each in told if within(each, "httpx")]
    assert not [each for each in told if within(each, "dojo.slo", "dojo.site", "dojo.postgres")]


def locked(name: str) -> dict[str, str]:
    """A lock's entries by package: version, where it is for, and hashes."""
    entries = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.M)[1:]
    return {entry.partition("==")[0]: entry for entry in entries}


KATAS, WHOLE = locked("requirements-katas.lock"), locked("requirements.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FOR_KATAS = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
FOR_DEVELOPMENT = [Requirement(each) for each in PROJECT["dependency-groups"]["dev"]]


@pytest.mark.parametrize("name", ["requirements-katas.lock", "requirements.lock"])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    """What is installed is pinned by its content, wherever it comes from."""
    assert "://" not in (ROOT / name).read_text()
    assert [
        package for package, entry in locked(name).items() if "--hash=sha256:" not in entry
    ] == []


def test_katas_run_with_the_versions_that_are_tested() -> None:
    """The katas' lock is a part of the whole one, to the hash."""
    assert KATAS.items() < WHOLE.items()


@pytest.mark.parametrize(
    ("lock", "required"),
    [(KATAS, FOR_KATAS), (WHOLE, [*FOR_KATAS, *FOR_DEVELOPMENT])],
    ids=["katas", "whole"],
)
def test_a_lock_is_current(lock: dict[str, str], required: list[Requirement]) -> None:
    """Each requirement of pyproject.toml is locked, at a version that it allows."""
    for each in required:
        assert each.name in lock, f"{each.name} is not locked: CONTRIBUTING.md says how"
        version = lock[each.name].partition("==")[2].split()[0]
        assert each.specifier.contains(version), f"{each} is locked at {version}"


def test_a_learner_gets_no_development_tools() -> None:
    """The katas' lock has no linter and the like, and what katas run imports nothing of `dev`."""
    assert not {"hypothesis", "jsonschema", "mypy", "playwright", "ruff"} & set(KATAS)
    run_by_katas = [ROOT / "conftest.py"]
    for package in ("dojo", "seed", "app", "katas"):
        run_by_katas += modules(package).values()
    tools = {each.name for each in FOR_DEVELOPMENT}
    for path in run_by_katas:
        assert not [each for each in imports(path) if within(each, *tools)], path


def test_no_module_is_too_long() -> None:
    """One noun, one module."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    long = [
        name
        for name in tracked
        if (ROOT / name).is_file() and len((ROOT / name).read_text().splitlines()) > 370
    ]
    assert long == []
