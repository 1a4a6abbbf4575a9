"""What can be set from outside."""

from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.settings import Settings, cache_folder, state_folder
from tests.support.project import ROOT


def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    """The message says how to get the shipped app back."""
    with pytest.raises(BadSetting, match=r"\./run dojo reset"):
        Settings.read(ROOT, {}, str(tmp_path))


def test_a_users_clones_share_a_cache(tmp_path: Path) -> None:
    """Two clones have one folder, in the home or where XDG_CACHE_HOME says; DOJO_CACHE wins."""
    clones = tmp_path / "one", tmp_path / "other"
    home, xdg = {"HOME": str(tmp_path)}, {"XDG_CACHE_HOME": str(tmp_path / "xdg")}
    chosen = {"DOJO_CACHE": str(tmp_path / "chosen")}
    for environ, place in (
        (home, tmp_path / ".cache" / "slo-dojo"),
        (home | xdg, tmp_path / "xdg" / "slo-dojo"),
        (home | {"XDG_CACHE_HOME": "relative"}, tmp_path / ".cache" / "slo-dojo"),
        (home | xdg | chosen, tmp_path / "chosen"),
    ):
        assert {cache_folder(clone, environ) for clone in clones} == {place}


@pytest.mark.parametrize("home", ["", "/nonexistent", "relative"])
def test_a_home_that_is_not_ours_is_left_alone(tmp_path: Path, home: str) -> None:
    """A home that is missing: the cache is the clone's own."""
    assert cache_folder(tmp_path, {"HOME": home}) == tmp_path / ".dojo" / "cache"


def test_another_users_home_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with sudo, which keeps HOME: what root made there its user could not remove."""
    monkeypatch.setattr("dojo.settings.os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert cache_folder(tmp_path, {"HOME": str(tmp_path)}) == tmp_path / ".dojo" / "cache"


@pytest.mark.parametrize("variable", ["DOJO_STATE", "DOJO_CACHE"])
def test_a_folder_that_links_to_itself_is_refused(tmp_path: Path, variable: str) -> None:
    """With the variable that names another."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    read = {"DOJO_STATE": state_folder, "DOJO_CACHE": cache_folder}[variable]
    with pytest.raises(BadSetting, match=f"leads to itself. Remove it, or set {variable}"):
        read(tmp_path, {variable: str(circle)})
