"""Which markers a test gets: from its folder, and from the fixtures that it uses.

Nothing is marked by hand, so that a test can't be in the wrong half of a run. It knows no pytest.
"""

from collections.abc import Collection
from pathlib import PurePath

__all__ = ["ENGINES", "engines", "markers_of"]

# what a test starts through a fixture, by the fixture's name
ENGINES = {
    "server": "postgres",
    "docker_image": "docker",
    "browser": "chromium",
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "run_kata": "kata",
    "shipped": "kata",
    "solved": "kata",
}
# what every test of a folder starts
FOLDERS = {
    PurePath("integration/postgres"): {"postgres"},
    PurePath("e2e"): {"kata"},
}


def engines(fixtures: Collection[str]) -> set[str]:
    """The markers of the engines that these fixtures start."""
    return {ENGINES[name] for name in fixtures if name in ENGINES}


def markers_of(path: PurePath, fixtures: Collection[str]) -> set[str]:
    """The markers of a test in the file `path`, relative to tests/, that uses these fixtures.

    ValueError if it is a unit test and starts an engine.
    """
    started = engines(fixtures)
    if path.parts[0] == "unit" and started:
        raise ValueError(
            f"tests/{path} starts {', '.join(sorted(started))}; a unit test starts nothing."
            " Move it to tests/integration or tests/e2e."
        )
    by_folder = set().union(*(marks for folder, marks in FOLDERS.items() if folder in path.parents))
    return started | by_folder | ({"long"} if "long" in path.parts[:-1] else set())
