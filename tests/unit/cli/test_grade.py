"""Which submissions a command line of `dojo grade` means."""

from pathlib import Path

import pytest

from dojo.cli.grade import Choice, submissions_of
from dojo.errors import BadSetting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("bert", "anna", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "cleo.patch").write_text("")
    return tmp_path


def names(choice: Choice) -> list[str]:
    return [each.name for each in submissions_of(choice)]


def test_each_of_a_folder(folder: Path) -> None:
    """In the order of names, behind those that are named; hidden files are none."""
    assert names(Choice("01", ("main",), folder)) == ["main", "anna", "bert", "cleo"]


def test_one_by_its_number(folder: Path) -> None:
    """From 0, as a job counts its parts."""
    assert names(Choice("01", (), folder, 2)) == ["cleo"]
    with pytest.raises(BadSetting, match="there are 3, from 0"):
        submissions_of(Choice("01", (), folder, 3))


def test_none() -> None:
    """Nothing named, or a folder that is not there."""
    with pytest.raises(BadSetting, match="No submission is named"):
        submissions_of(Choice("01", ()))
    with pytest.raises(BadSetting, match="can't be read"):
        submissions_of(Choice("01", (), Path("/nowhere/at/all")))
