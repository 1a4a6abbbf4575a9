"""The markers of the tests themselves."""

import re
from pathlib import PurePath

import pytest

from tests.support.markers import ENGINES, markers_of
from tests.support.project import ROOT


@pytest.mark.parametrize(
    ("path", "fixtures", "markers"),
    [
        ("unit/slo/test_sli.py", ["tmp_path"], set()),
        ("integration/seed/test_dataset.py", ["seeded_dsn", "server"], {"postgres"}),
        ("integration/postgres/test_providers.py", [], {"postgres"}),
        ("integration/app/long/test_browser.py", ["browser"], {"chromium", "long"}),
        ("e2e/test_up.py", [], {"kata"}),
        ("e2e/long/test_with_docker.py", ["docker_image"], {"docker", "kata", "long"}),
        ("integration/long.py", [], set()),
    ],
)
def test_folder_and_fixtures_decide(path: str, fixtures: list[str], markers: set[str]) -> None:
    """A folder called long makes a test long; an engine's fixture gives the engine's marker."""
    assert markers_of(PurePath(path), fixtures) == markers


def test_a_unit_test_starts_nothing() -> None:
    """A unit test with an engine's fixture is refused by its path."""
    with pytest.raises(ValueError, match=r"tests/unit/test_it\.py starts postgres"):
        markers_of(PurePath("unit/test_it.py"), ["server", "tmp_path"])


def test_no_marker_is_set_by_hand() -> None:
    """What folder and fixtures decide is written at no test."""
    names = "|".join({*ENGINES.values(), "long"})
    by_hand = re.compile(rf"mark\.({names})\b")
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert files
    assert [file.name for file in files if by_hand.search(file.read_text())] == []
