"""What the tests share: --long, a Docker engine, a server with the dataset in it, a kata run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dojo.databases import Databases
from dojo.postgres.choice import serve
from dojo.postgres.docker import DEFAULT_IMAGE, engine_problem
from dojo.postgres.embedded import data_home
from dojo.postgres.server import Server
from dojo.settings import Settings
from dojo.workshop import Workshop

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="long: give --long"))


@dataclass(frozen=True)
class KataRun:
    """A kata that was run in a process of its own, as a learner would."""

    returncode: int
    output: str
    report: dict[str, Any] | None


RunKata = Callable[..., KataRun]


@pytest.fixture
def run_kata(tmp_path: Path) -> RunKata:
    """run_kata(folder, patch=None, edit=None, **environment): run it on a copy of the app."""

    def run(
        folder: Path,
        patch: Path | None = None,
        edit: Callable[[Path], None] | None = None,
        options: tuple[str, ...] = (),
        **environment: str,
    ) -> KataRun:
        shutil.copytree(
            ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__")
        )
        if patch is not None:
            applied = subprocess.run(
                ["git", "apply", "-p1", str(patch)], cwd=tmp_path, capture_output=True, text=True
            )
            assert applied.returncode == 0, f"{patch.name} does not apply: {applied.stderr}"
        if edit is not None:
            edit(tmp_path / "app")
        state = tmp_path / "state"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", str(folder), "--app", str(tmp_path / "app"), *options],
            cwd=ROOT,
            env={
                **os.environ,
                "DOJO_POSTGRES": "embedded",
                "DOJO_STATE": str(state),
                "COLUMNS": "100",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        latest = state / "reports" / folder.name / "latest.json"
        report = json.loads(latest.read_text()) if latest.is_file() else None
        return KataRun(done.returncode, done.stdout + done.stderr, report)

    return run


@pytest.fixture(scope="session")
def docker_image() -> str:
    """An image of Postgres that can be run here."""
    image = os.environ.get("DOJO_POSTGRES_IMAGE") or DEFAULT_IMAGE
    if problem := engine_problem(image):
        if os.environ.get("DOJO_REQUIRE_DOCKER") == "1":
            pytest.fail(f"DOJO_REQUIRE_DOCKER=1, but {problem}")
        pytest.skip(problem)
    return image


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """An embedded server with the shop's dataset, from the project's own cache."""
    settings = Settings.read(ROOT, {**os.environ, "DOJO_POSTGRES": "embedded"})
    with Workshop.open(settings, lambda _: None) as workshop:
        workshop.ready_template()
        yield workshop


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """An embedded server with the app's role and no data, in a cache of this session's own."""
    with tempfile.TemporaryDirectory(prefix="dojo-test-") as name:
        cache = Path(name)
        with serve("embedded", cache, None, lambda _: None) as server:
            Databases(server).ensure_role()
            yield server
        shutil.rmtree(data_home(cache), ignore_errors=True)
