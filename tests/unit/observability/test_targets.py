"""Files that tell Prometheus where the site is."""

import json
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.observability.targets import Target, announced, targets_folder

SHOP = Target("shop", "127.0.0.1:3000", {"kata": "01-latency"})
DOJO = Target("dojo", "127.0.0.1:9999")


def told(state: Path) -> dict[str, object]:
    folder = targets_folder(state)
    return {path.name: json.loads(path.read_text()) for path in folder.iterdir()}


def test_targets_are_there_while_the_run_is(tmp_path: Path) -> None:
    """A file for each job in Prometheus' format, and nothing afterwards."""
    with announced(tmp_path, SHOP, DOJO):
        assert told(tmp_path) == {
            "shop.json": [
                {"targets": ["127.0.0.1:3000"], "labels": {"job": "shop", "kata": "01-latency"}}
            ],
            "dojo.json": [{"targets": ["127.0.0.1:9999"], "labels": {"job": "dojo"}}],
        }
    assert told(tmp_path) == {}


def test_they_are_gone_after_a_failure(tmp_path: Path) -> None:
    """However the run ends, its targets end with it."""
    with pytest.raises(ZeroDivisionError), announced(tmp_path, SHOP):
        raise ZeroDivisionError
    assert told(tmp_path) == {}


def test_another_runs_targets_stay(tmp_path: Path) -> None:
    """What somebody else has written since is left alone."""
    with announced(tmp_path, SHOP):
        with announced(tmp_path, Target("shop", "127.0.0.1:4444")):
            assert "4444" in json.dumps(told(tmp_path))
        with announced(tmp_path, SHOP):
            pass
        targets_folder(tmp_path).joinpath("shop.json").write_text("[]")
    assert told(tmp_path) == {"shop.json": []}


def test_everybody_can_read_them(tmp_path: Path) -> None:
    """Prometheus runs as a user of its own."""
    with announced(tmp_path, SHOP):
        mode = targets_folder(tmp_path).joinpath("shop.json").stat().st_mode
    assert mode & 0o444 == 0o444


def test_a_folder_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The message says where and what to do."""
    (tmp_path / "prometheus").write_text("a file")
    with (
        pytest.raises(BadSetting, match=r"prometheus/targets.*DOJO_STATE"),
        announced(tmp_path, SHOP),
    ):
        pass
