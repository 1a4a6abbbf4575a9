"""Who may know whom, and what must stand nowhere."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = (
    *("slo", "sample", "sli", "verdict", "report", "traffic", "visibility", "errors", "charts"),
    *("exposition", "microdata", "captured", "figures", "steps"),
    *("tracebacks", "error_groups", "bad_events", "screen", "validity"),
    *("duration", "stream", "window"),
    *("rules", "panels", "kata_panels", "site_panels", "dashboard"),
    *("page/__init__", "page/distribution", "page/events", "page/over_time", "page/scale"),
    *("page/trend", "page/words"),
)
WORLD = (
    *("dojo.postgres", "dojo.distance", "dojo.app_process", "dojo.burst"),
    *("dojo.background", "dojo.app_files", "dojo.ports"),
)
FORBIDDEN_TO_PURE = {
    *("time", "os", "socket", "subprocess", "pathlib", "pytest", "httpx", "aiohttp", "psycopg"),
    *("dojo.postgres", "dojo.burst", "dojo.app_process", "dojo.distance", "dojo.plugin"),
    "dojo.background",
}


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


def within(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(f"{package}.")}


@pytest.mark.parametrize("name", PURE)
def test_the_core_is_pure(name: str) -> None:
    """Values in, values out: no clock, no input or output, no pytest."""
    known = imports(ROOT / "dojo" / f"{name}.py")
    assert not [found for package in FORBIDDEN_TO_PURE for found in within(known, package)]


def test_the_grader_never_imports_the_app() -> None:
    """The app is another process, so that it can neither break nor fool the grader."""
    for path in [*(ROOT / "dojo").rglob("*.py"), *(ROOT / "seed").rglob("*.py")]:
        assert not within(imports(path), "app"), path


def test_the_app_stands_alone() -> None:
    """The app imports neither the grader nor the dataset."""
    for path in (ROOT / "app").rglob("*.py"):
        known = imports(path)
        assert not within(known, "dojo"), path
        assert not within(known, "seed"), path


def test_the_dataset_stands_alone() -> None:
    """The dataset knows neither the grader nor the app."""
    for path in (ROOT / "seed").rglob("*.py"):
        assert not within(imports(path), "dojo"), path


@pytest.mark.parametrize("part", WORLD)
def test_parts_that_touch_the_world_do_not_know_each_other(part: str) -> None:
    """Postgres, the distance, the app's process and the burst are composed, not entangled."""
    place = ROOT / part.replace(".", "/")
    files = list(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    for path in files:
        for other in WORLD:
            if other != part:
                assert not within(imports(path), other), path


def test_only_the_plugin_knows_pytest() -> None:
    """One module composes everything for pytest."""
    knowing = [p.name for p in (ROOT / "dojo").rglob("*.py") if within(imports(p), "pytest")]
    assert knowing == ["plugin.py"]


def test_the_lock_has_hashes_and_no_addresses() -> None:
    """What is installed is pinned by its content, wherever it comes from."""
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")


def test_no_module_is_too_long() -> None:
    """One noun, one module."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    long = [name for name in tracked if len((ROOT / name).read_text().splitlines()) > 370]
    assert long == []
