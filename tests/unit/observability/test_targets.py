"""Files that tell Prometheus where the site is."""

import json
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.observability.targets import Target, announce, targets_folder

SHOP = Target("shop", "127.0.0.1:3000", {"kata": "01-latency"})
DOJO = Target("dojo", "127.0.0.1:9999")


def announced_files(state: Path) -> dict[str, object]:
    folder = targets_folder(state)
    return {path.name: json.loads(path.read_text()) for path in folder.iterdir()}


def test_targets_exist_as_long_as_the_run(tmp_path: Path) -> None:
    """There is a file for each job in Prometheus' format, and none after the run."""
    with announce(tmp_path, SHOP, DOJO):
        assert announced_files(tmp_path) == {
            "shop.json": [
                {"targets": ["127.0.0.1:3000"], "labels": {"job": "shop", "kata": "01-latency"}}
            ],
            "dojo.json": [{"targets": ["127.0.0.1:9999"], "labels": {"job": "dojo"}}],
        }
    assert announced_files(tmp_path) == {}


def test_they_are_gone_after_a_failure(tmp_path: Path) -> None:
    """A run that fails deletes its targets as well."""
    with pytest.raises(ZeroDivisionError), announce(tmp_path, SHOP):
        raise ZeroDivisionError
    assert announced_files(tmp_path) == {}


def test_targets_of_another_run_stay(tmp_path: Path) -> None:
    """A file that another run has replaced is not deleted."""
    with announce(tmp_path, SHOP):
        with announce(tmp_path, Target("shop", "127.0.0.1:4444")):
            assert "4444" in json.dumps(announced_files(tmp_path))
        with announce(tmp_path, SHOP):
            pass
        targets_folder(tmp_path).joinpath("shop.json").write_text("[]")
    assert announced_files(tmp_path) == {"shop.json": []}


def test_everybody_can_read_them(tmp_path: Path) -> None:
    """Prometheus, as another user, can read the files."""
    with announce(tmp_path, SHOP):
        mode = targets_folder(tmp_path).joinpath("shop.json").stat().st_mode
    assert mode & 0o444 == 0o444


def test_a_folder_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The message has the folder and what to do."""
    (tmp_path / "prometheus").write_text("a file")
    with (
        pytest.raises(BadSetting, match=r"prometheus/targets.*DOJO_STATE"),
        announce(tmp_path, SHOP),
    ):
        pass
