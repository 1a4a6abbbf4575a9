"""dojo.postgres.docker: whose containers and volumes may be removed."""

import os
import socket
from pathlib import Path

import pytest

from dojo.postgres import docker
from dojo.postgres.docker_container import cpus_for

HERE = socket.gethostname()


@pytest.mark.parametrize(
    ("machine", "folder", "ours"),
    [
        (HERE, "gone", True),
        (HERE, "file/cache", True),
        (HERE, "there", False),
        ("elsewhere", "gone", False),
    ],
)
def test_what_is_of_a_folder_that_is_gone_is_ours(
    tmp_path: Path, machine: str, folder: str, ours: bool
) -> None:
    """On this machine; one whose folder is there, or that is of another machine, stays."""
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()
    labels = {docker.LABEL: "another", docker.PLACE: f"{machine}:{tmp_path / folder}"}
    assert docker._is_ours(labels, tmp_path / "cache") is ours


@pytest.mark.parametrize("error", [PermissionError, OSError])
def test_a_folder_that_another_user_hides_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    """Their container may be running."""

    def hidden(path: Path) -> os.stat_result:
        raise error(path)

    labels = {docker.LABEL: "another", docker.PLACE: f"{HERE}:/home/somebody/cache"}
    monkeypatch.setattr(Path, "stat", hidden)
    is_ours = docker._is_ours(labels, tmp_path / "cache")
    monkeypatch.undo()
    assert not is_ours


@pytest.mark.parametrize(
    ("info", "cpus"),
    [({"NCPU": 8}, 2), ({"NCPU": 2}, 2), ({"NCPU": 1}, 1), ({}, 2), ({"NCPU": 0}, 2)],
)
def test_an_engine_of_one_cpu_is_asked_for_one(info: dict[str, int], cpus: int) -> None:
    """It would refuse two; who does not say how many it has is asked for two."""
    assert cpus_for(info) == cpus
