"""`dojo prepare` and its proof: what is copied, weighed, cut off, and said where it fails."""

import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from dojo.cli import prepare, prepare_check
from dojo.cli.prepare_check import NOT_PROVEN, copy_clone
from dojo.cli.weight import weight_mb
from dojo.cli.without_network import NOT_ALLOWED, command_without_network
from dojo.errors import PostgresUnavailable
from dojo.settings import Settings
from tests.support.clone import SHIPPED, Project, make_project
from tests.support.project import ROOT

REACH = """
import socket, sys
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
except ConnectionRefusedError:
    print("alone")
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, in which nothing was prepared; no Docker engine."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("DOJO_CACHE", str(cache))
    monkeypatch.setenv("DOJO_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("DOJO_POSTGRES", "embedded")
    monkeypatch.delenv(prepare.KEPT_PACKAGES, raising=False)
    return cache


def run_without_network(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command_without_network(*command), capture_output=True, text=True, timeout=60
    )


def test_a_command_has_loopback_and_nothing_else() -> None:
    """Its own servers can be reached; those of the machine can't, and no network."""
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = str(outside.getsockname()[1])
        ended = run_without_network(sys.executable, "-I", "-c", REACH, port)
    if ended.returncode == NOT_ALLOWED:
        pytest.skip(f"no network namespace here: {ended.stdout.strip()}")
    assert (ended.returncode, ended.stdout) == (0, "alone\n"), ended.stderr


def test_where_no_namespace_is_allowed_nothing_is_proven(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A status of its own, and the system's reason."""
    refusal = "import sys; print('Operation not permitted'); sys.exit(119)"
    monkeypatch.setattr(
        prepare_check,
        "command_without_network",
        lambda *_: [sys.executable, "-I", "-S", "-c", refusal],
    )
    monkeypatch.setattr(prepare_check, "MACHINE", f"slo-dojo-{tmp_path.name}")
    monkeypatch.setenv(prepare.KEPT_PACKAGES, str(tmp_path))
    project = make_project(tmp_path / "project")
    stream = StringIO()
    assert prepare_check.run(project.root, stream) == NOT_PROVEN
    assert stream.getvalue().startswith(
        "Not proven: this system allows no network namespace (Operation not permitted)."
    )


def test_nothing_is_proven_before_it_is_prepared(cache: Path) -> None:
    """Status 1 at once, and what to do first."""
    stream = StringIO()
    assert prepare_check.run(ROOT, stream) == 1
    assert stream.getvalue() == "Not ready: the packages are not kept. First: ./run dojo prepare\n"
    assert not cache.exists()


def test_what_can_not_be_had_is_named_and_the_rest_is_done(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1: the packages, and a server that does not start; the answers are made."""

    def refuse(settings: Settings, *_: object) -> prepare.Part:
        raise PostgresUnavailable("The disk under Postgres is full. Make room, then run again.")

    opened: list[Path] = []

    def answers(_: Settings, root: Path, __: object) -> list[prepare.Part]:
        opened.append(root)
        return []

    monkeypatch.setattr(prepare, "_data", refuse)
    monkeypatch.setattr(prepare, "_answers", answers)
    stream = StringIO()
    assert prepare.run(ROOT, stream) == 1
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("Not done: GraderFault: The packages are not kept")
    assert lines[1].startswith("Not done: PostgresUnavailable: The disk under Postgres is full.")
    assert lines[-1].startswith("Not everything is there. See above, then run again")
    assert opened == [ROOT]


def test_a_copy_is_the_project_with_the_shipped_app(tmp_path: Path) -> None:
    """Not the learner's own app, and nothing that runs have made."""
    source = make_project(tmp_path / "clone")
    source.git("init", "-q")
    source.commit("as it is shipped")
    (source.app / "home.py").write_text("# mine\n")
    for name in (".venv/bin/python", ".dojo/reports/x.json", "katas/__pycache__/x.pyc"):
        (source.root / name).parent.mkdir(parents=True, exist_ok=True)
        (source.root / name).touch()
    copy_clone(source.root, tmp_path / "copy")
    copy = Project(tmp_path / "copy")
    assert copy.files() == SHIPPED
    assert (copy.root / "katas" / "01-latency" / ".meta" / "solution.patch").is_file()
    for name in (".git", ".venv", ".dojo", "katas/__pycache__"):
        assert not (copy.root / name).exists()
    assert (source.app / "home.py").read_text() == "# mine\n"


def test_an_archive_is_copied_as_it_is(tmp_path: Path) -> None:
    """Without git and before its first run the app is still the shipped one."""
    source = make_project(tmp_path / "archive")
    copy_clone(source.root, tmp_path / "copy")
    assert Project(tmp_path / "copy").files() == SHIPPED


def test_a_file_with_two_names_weighs_once(tmp_path: Path) -> None:
    """As an environment that shares its files with an installer's cache."""
    (tmp_path / "one").write_bytes(b"x" * 1_000_000)
    alone = weight_mb([tmp_path / "one"])
    (tmp_path / "again").hardlink_to(tmp_path / "one")
    assert 0.9 < alone < 1.2
    assert weight_mb([tmp_path / "one", tmp_path / "again"]) == alone
    assert weight_mb([tmp_path / "missing"]) == 0
