"""All promises of all katas."""

import shutil
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.slo.catalog import service_levels, thresholds_s
from tests.support.project import ROOT


def test_every_kata_is_found() -> None:
    """Adding a kata is adding a folder."""
    folders = {path.parent.name for path in (ROOT / "katas").glob("*/slo.yaml")}
    assert set(service_levels(ROOT)) == folders
    assert "01-latency" in folders


def test_thresholds_are_of_all_katas() -> None:
    """Each threshold once, ascending."""
    found = thresholds_s(service_levels(ROOT))
    assert {0.1, 0.3} <= set(found)
    assert list(found) == sorted(set(found))


def test_no_kata_is_a_bad_setting(tmp_path: Path) -> None:
    """A folder without katas is named."""
    with pytest.raises(BadSetting, match=str(tmp_path)):
        service_levels(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """The message says which kata's file can't be used."""
    shutil.copytree(ROOT / "katas/01-latency", tmp_path / "katas/01-latency")
    (tmp_path / "katas/01-latency/slo.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="01-latency"):
        service_levels(tmp_path)
