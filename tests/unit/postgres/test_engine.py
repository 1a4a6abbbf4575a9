"""dojo.postgres.engine: which Docker engine a run uses."""

import hashlib
from pathlib import Path

import pytest

from dojo.postgres.engine import SOCKET, Engine
from tests.support.docker_contexts import write_context


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder whose Docker knows two contexts, and uses `colima`."""
    config = tmp_path / ".docker"
    write_context(config, "colima", "unix:///colima.sock", current=True)
    write_context(config, "rootless", "unix:///run/user/1000/docker.sock")
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "address", "named_by"),
    [
        ({}, "unix:///colima.sock", "Docker's context 'colima'"),
        (
            {"DOCKER_CONTEXT": "rootless"},
            "unix:///run/user/1000/docker.sock",
            "Docker's context 'rootless'",
        ),
        ({"DOCKER_CONTEXT": "default"}, SOCKET, ""),
        ({"DOCKER_CONTEXT": "gone"}, "", "Docker's context 'gone'"),
        (
            {"DOCKER_HOST": "unix:///x.sock", "DOCKER_CONTEXT": "rootless"},
            "unix:///x.sock",
            "DOCKER_HOST",
        ),
    ],
)
def test_it_is_the_one_of_the_docker_command(
    home: Path, variables: dict[str, str], address: str, named_by: str
) -> None:
    """DOCKER_HOST wins over DOCKER_CONTEXT, which wins over the context in use."""
    engine = Engine.chosen({"HOME": str(home), **variables})
    assert (engine.address, engine.named_by) == (address, named_by)
    assert engine.environment["DOCKER_HOST"] == address


def test_without_any_configuration(tmp_path: Path) -> None:
    """It is the usual socket; a configuration that can't be read is none."""
    assert Engine.chosen({}).address == SOCKET
    (tmp_path / "config.json").write_text("[]")
    engine = Engine.chosen({"DOCKER_CONFIG": str(tmp_path)})
    assert (engine.address, engine.words) == (SOCKET, SOCKET)


def test_a_context_with_certificates(home: Path) -> None:
    """Docker's client is told where they are."""
    write_context(home / ".docker", "tls", "tcp://127.0.0.1:2376")
    folder = hashlib.sha256(b"tls").hexdigest()
    certificates = home / ".docker" / "contexts" / "tls" / folder / "docker"
    certificates.mkdir(parents=True)
    engine = Engine.chosen({"HOME": str(home), "DOCKER_CONTEXT": "tls"})
    assert engine.environment == {
        "DOCKER_HOST": "tcp://127.0.0.1:2376",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(certificates),
    }


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("unix:///var/run/docker.sock", None),
        ("tcp://127.0.0.1:2375", None),
        ("tcp://localhost:2375", None),
        ("tcp://[::1]:2375", None),
        ("tcp://build.example:2375", "on another machine"),
        ("ssh://me@build.example", "on another machine"),
    ],
)
def test_an_engine_of_another_machine(address: str, words: str | None) -> None:
    """It publishes ports there, so a run can't use it, and says so before it tries."""
    problem = Engine.chosen({"DOCKER_HOST": address}).problem
    assert problem is None if words is None else words in str(problem)


def test_a_context_that_is_gone() -> None:
    """It leads to no engine, which is said."""
    engine = Engine.chosen({"HOME": "/nonexistent", "DOCKER_CONTEXT": "gone"})
    assert engine.problem == "Docker's context 'gone' leads to no engine"
