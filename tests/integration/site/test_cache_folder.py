"""The cache's folder belongs to one user."""

import os
from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.site.cache_folder import claim
from dojo.site.lock import alone


def test_it_is_made_for_its_user_alone(tmp_path: Path) -> None:
    """Whatever the umask; one that is there keeps its mode."""
    before = os.umask(0)
    try:
        claim(tmp_path / "new" / "cache")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "cache").stat().st_mode & 0o777 == 0o700
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    claim(shared)
    assert shared.stat().st_mode & 0o777 == 0o750


def test_one_that_everybody_can_write_is_refused(tmp_path: Path) -> None:
    """Nothing is made in it, and nothing about it is changed."""
    tmp_path.chmod(0o777)
    with (
        pytest.raises(BadSetting, match=r"Everybody may write into .*DOJO_CACHE"),
        alone(tmp_path, pytest.fail, machine=None),
    ):
        pytest.fail("held")
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mode & 0o777 == 0o777


def test_another_users_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says whose it is and what to set."""
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr("dojo.site.cache_folder.os.geteuid", lambda: owner + 1)
    with pytest.raises(BadSetting, match=rf"another user \(id {owner}\).*DOJO_CACHE"):
        claim(tmp_path)
