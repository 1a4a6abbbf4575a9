"""dojo.slo.catalog: which folders are katas, and the service level of each."""

import shutil
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.slo.catalog import (
    is_kata,
    is_simulated,
    kata_folder,
    kata_folders,
    load_folders,
    measure_level,
    missing_kata,
    service_level,
    service_levels,
    thresholds_s,
)
from tests.support.made_up_simulated_kata import SIMULATED_SLO
from tests.support.project import ROOT


def project(root: Path, *names: str) -> Path:
    """A project with copies of kata 01's slo.yaml, and a folder that is no kata."""
    for name in names:
        (root / "katas" / name).mkdir(parents=True)
        shutil.copy(ROOT / "katas/01-latency/slo.yaml", root / "katas" / name)
    (root / "katas" / "shop").mkdir(parents=True)
    return root


def test_a_kata_is_a_folder_with_a_slo_yaml(tmp_path: Path) -> None:
    """Adding a kata is adding a folder; they come by number."""
    project(tmp_path, "02-b", "10-c", "01-a")
    folders = kata_folders(tmp_path)
    assert [folder.name for folder in folders] == ["01-a", "02-b", "10-c"]
    assert list(service_levels(tmp_path)) == ["01-a", "02-b", "10-c"]
    assert all(is_kata(folder) for folder in folders)
    assert not is_kata(tmp_path / "katas" / "shop")


def test_a_kata_on_simulated_data_has_measures_and_no_service_level(tmp_path: Path) -> None:
    """It is a kata, and whoever sends a load or draws panels does not meet it."""
    project(tmp_path, "01-a", "02-b", "03-c")
    simulated = tmp_path / "katas" / "02-b"
    (simulated / "slo.yaml").write_text(SIMULATED_SLO)
    assert [folder.name for folder in kata_folders(tmp_path)] == ["01-a", "02-b", "03-c"]
    assert [folder.name for folder in load_folders(tmp_path)] == ["01-a", "03-c"]
    assert list(service_levels(tmp_path)) == ["01-a", "03-c"]
    assert is_simulated(simulated)
    assert measure_level(simulated).names == ("fair-throws", "quiet-nights")
    (simulated / "slo.yaml").unlink()
    assert not is_simulated(simulated)


def test_the_projects_own_katas_are_found() -> None:
    """Each folder of a kata has a number, and each folder with a number is a kata."""
    numbered = sorted(path for path in (ROOT / "katas").iterdir() if path.name[0].isdigit())
    assert kata_folders(ROOT) == numbered
    assert service_level(numbered[0]) == service_levels(ROOT)[numbered[0].name]


def test_thresholds_are_of_all_katas() -> None:
    """Each threshold once, ascending."""
    edges = thresholds_s(service_levels(ROOT))
    assert {0.1, 0.3} <= set(edges)
    assert list(edges) == sorted(set(edges))


def test_no_kata_is_a_bad_setting(tmp_path: Path) -> None:
    """A project without katas is named."""
    with pytest.raises(BadSetting, match=str(tmp_path)):
        service_levels(project(tmp_path))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"kind: SLO"], ids=["no text", "no SLO"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    """The message says which kata's file can't be used."""
    (project(tmp_path, "07-odd") / "katas/07-odd/slo.yaml").write_bytes(content)
    with pytest.raises(BadSetting, match=r"katas/07-odd/slo\.yaml"):
        service_levels(tmp_path)


def test_a_folder_without_the_file_is_a_bad_setting(tmp_path: Path) -> None:
    """A kata whose slo.yaml was deleted says how to get it back."""
    with pytest.raises(BadSetting, match=r"slo\.yaml can't be read: .*git checkout katas/"):
        service_level(tmp_path)


@pytest.mark.parametrize(
    "name", ["02", "2", "login-errors", "login", "02-login-errors", "katas/02-login-errors/"]
)
def test_a_kata_has_short_names(tmp_path: Path, name: str) -> None:
    """Its number, its title, the beginning of that, its folder."""
    project(tmp_path, "01-latency", "02-login-errors", "12-latency-again")
    assert kata_folder(tmp_path, name).name == "02-login-errors"


@pytest.mark.parametrize(
    ("name", "meant"), [("3", ""), ("", ""), ("la", ""), ("02-login-erors", "02-login-errors")]
)
def test_a_kata_that_there_is_not(tmp_path: Path, name: str, meant: str) -> None:
    """The katas that there are, and the one that was probably meant; `la` could be two."""
    project(tmp_path, "01-latency", "02-login-errors", "12-latency-again")
    with pytest.raises(BadSetting) as refused:
        kata_folder(tmp_path, name)
    message = str(refused.value)
    assert "The katas are: 01-latency, 02-login-errors, 12-latency-again." in message
    assert ("Did you mean" in message) == bool(meant)
    assert meant in message


def test_a_path_of_a_kata_that_there_is_not(tmp_path: Path) -> None:
    """Only where the kata's own folder is missing: a missing file in it is pytest's to name."""
    project(tmp_path, "01-latency")
    root = tmp_path.resolve()
    for argument in ("katas/04-nothing", "katas/04-nothing/test_x.py::test_it"):
        assert "The katas are: 01-latency." in str(missing_kata(root, root, [argument]))
    assert "'04'" in str(missing_kata(root, root / "katas", ["01-latency", "04"]))
    there = ["katas", "katas/01-latency", "katas/01-latency/no.py", "nowhere"]
    assert missing_kata(root, root, there) is None
