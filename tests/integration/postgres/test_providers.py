"""dojo.postgres: one interface over every provider."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from dojo.errors import BadSetting, PostgresUnavailable
from dojo.postgres import embedded, embedded_binaries
from dojo.postgres.choice import serve
from dojo.postgres.docker import LABEL, engine_problem
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.engine import Engine
from dojo.postgres.server import Server
from dojo.postgres.server_log import end_of_log
from dojo.postgres.settings import SETTINGS
from tests.support.project import ROOT


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """A cache of the test's own, with nothing left behind."""
    yield tmp_path
    shutil.rmtree(data_home(tmp_path), ignore_errors=True)


def silent(_: str) -> None:
    """Says nothing."""


def first_value(server: Server, query: str) -> object:
    """The first value of the first row."""
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        row = db.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def given_settings(server: Server) -> dict[str, str]:
    """The settings of SETTINGS as the server has them, read back by its own spelling."""
    with psycopg.connect(server.dsn()) as db:
        return {
            name: str(db.execute("SELECT current_setting(%s)", (name,)).fetchone()[0])  # type: ignore[index]
            for name in SETTINGS
        }


def test_the_embedded_server_has_our_settings(server: Server) -> None:
    """Every setting is in force in the embedded server."""
    expected = {**SETTINGS, "timezone": "UTC"}
    assert given_settings(server) == expected


def test_the_embedded_server_listens_on_loopback_alone(server: Server) -> None:
    """There is no Unix socket, and no address but 127.0.0.1."""
    assert first_value(server, "SHOW listen_addresses") == "127.0.0.1"
    assert first_value(server, "SHOW unix_socket_directories") == ""


def test_a_wrong_password_is_refused(server: Server) -> None:
    """The superuser's password is asked for."""
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn(password="guess"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_roots_server_runs_as_nobody(server: Server) -> None:
    """Root's server is nobody's process, on binaries that are root's and data that is private."""
    pid = first_value(server, "SELECT pg_backend_pid()")
    assert isinstance(pid, int)
    with psycopg.connect(server.dsn()) as db:
        assert psutil.Process(db.info.backend_pid).username() == "nobody"
    home = Path(str(first_value(server, "SHOW data_directory"))).parent
    assert home.stat().st_mode & 0o077 == 0
    assert home.owner() == "nobody"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server needs a copy")
def test_binaries_that_nobody_can_reach_are_copied(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a clone under /root the server runs on a copy that root owns, made once."""
    monkeypatch.setattr(embedded_binaries, "everybody_can_run", lambda _: False)
    with serve("embedded", cache, None, silent) as server, psycopg.connect(server.dsn()) as db:
        program = Path(psutil.Process(db.info.backend_pid).exe())
        assert program.is_relative_to(embedded_binaries.ROOTS_FOLDER)
        assert program.owner() == "root"
        assert program.stat().st_mode & 0o022 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server has a folder of root's")
def test_a_private_folder_of_roots_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was killed before its mode was set, the server's user can pass through it."""
    folder = tmp_path / "root"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(embedded_binaries, "ROOTS_FOLDER", folder)
    monkeypatch.setattr(embedded_binaries, "everybody_can_run", lambda _: True)
    embedded_binaries.installed(folder / "home")
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server has a folder of root's")
def test_a_folder_that_others_can_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And stays as it is."""
    folder = tmp_path / "root"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setattr(embedded_binaries, "ROOTS_FOLDER", folder)
    with pytest.raises(PostgresUnavailable, match="can be written by others than root"):
        embedded_binaries.installed(folder / "home")
    assert folder.stat().st_mode & 0o777 == 0o777


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_server_on_this_machine_is_known_by_its_process(cache: Path) -> None:
    """Also one that DOJO_POSTGRES names: what it computes for the app is nobody else's."""
    with serve("embedded", cache, None, silent) as server:
        url = f"postgresql://{server.user}:{server.password}@{server.host}:{server.port}/postgres"
        with serve(url, cache, None, silent) as named:
            assert named.provider == "external"
            assert named.pid == server.pid is not None


def test_what_is_written_outlives_the_server(cache: Path) -> None:
    """The second start finds the first one's data."""
    lines: list[str] = []
    with serve("embedded", cache, None, lines.append) as server:
        first_value(server, "SELECT 1")
        with psycopg.connect(server.dsn(), autocommit=True) as db:
            db.execute("CREATE TABLE stored AS SELECT 42 AS answer")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.dsn())
    with serve("embedded", cache, None, lines.append) as server:
        assert first_value(server, "SELECT answer FROM stored") == 42
    assert lines == [f"Postgres {server.version}, embedded: as DOJO_POSTGRES asks."] * 2


@pytest.mark.parametrize("file", ["pgdata/global/pg_control", "password"])
def test_spoiled_data_is_made_anew(cache: Path, file: str) -> None:
    """Data that no server can start on, or whose password is lost, are replaced."""
    with serve("embedded", cache, None, silent):
        pass
    (data_home(cache) / file).write_bytes(b"spoiled by a power cut")
    with serve("embedded", cache, None, silent) as server:
        assert first_value(server, "SELECT 1") == 1


def test_a_killed_run_leaves_no_server_and_the_next_one_starts(cache: Path) -> None:
    """After kill -9 of the run its server is gone within a second, and the data can be used."""
    text = f"""
import time
from pathlib import Path
from dojo.postgres.choice import serve
with serve("embedded", Path({str(cache)!r}), None, lambda _: None) as server:
    print(server.port, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, cwd=ROOT) as run:
        assert run.stdout is not None
        port = int(run.stdout.readline())
        postmaster = int((data_home(cache) / "pgdata" / "postmaster.pid").read_text().split()[0])
        run.kill()
    until = time.monotonic() + 1
    while psutil.pid_exists(postmaster) and time.monotonic() < until:
        time.sleep(0.01)
    assert not psutil.pid_exists(postmaster)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    with serve("embedded", cache, None, silent) as server:
        assert first_value(server, "SELECT 1") == 1


def test_a_leftover_server_is_stopped_first(cache: Path) -> None:
    """A server that still runs on the data directory is stopped before another one starts."""
    with serve("embedded", cache, None, silent) as first:
        with psycopg.connect(first.dsn()) as db:
            old = psutil.Process(db.info.backend_pid).ppid()
        with serve("embedded", cache, None, silent) as second:
            assert first_value(second, "SELECT 1") == 1
            assert not psutil.pid_exists(old)


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(cache: Path) -> None:
    """A stale postmaster.pid whose number went to another process kills nobody."""
    data = data_home(cache) / "pgdata"
    with serve("embedded", cache, None, silent):
        pass
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with serve("embedded", cache, None, silent) as server:
        assert first_value(server, "SELECT 1") == 1


def test_a_full_disk_is_reported_as_such(tmp_path: Path) -> None:
    """What a log says of a full disk is put in plain words."""
    log = tmp_path / "log"
    log.write_text("initdb: error: could not write: No space left on device\n")
    assert end_of_log(log).startswith("the disk is full (")


def test_a_place_that_cannot_be_written_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data directory that can't be made is PostgresUnavailable, and names the way out."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(embedded, "data_home", lambda cache: cache / "postgres")
    with (
        pytest.raises(PostgresUnavailable, match=r"file/postgres.*DOJO_CACHE"),
        serve("embedded", tmp_path / "file", None, silent),
    ):
        pytest.fail("served")


def test_an_unknown_choice_lists_what_is_possible(tmp_path: Path) -> None:
    """A misspelt DOJO_POSTGRES is BadSetting and lists the choices."""
    with (
        pytest.raises(BadSetting, match=r"'dokcer'.*auto, docker, embedded or postgresql://"),
        serve("dokcer", tmp_path, None, silent),
    ):
        pytest.fail("served")


@pytest.fixture
def hung_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Docker engine that accepts connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{mute.getsockname()[1]}")
        monkeypatch.setattr("dojo.postgres.docker.ENGINE_ANSWERS_S", 0.3)
        yield


@pytest.mark.usefixtures("hung_engine")
def test_an_engine_that_hangs_is_given_up_soon(cache: Path) -> None:
    """With an engine that answers nothing, auto takes the embedded server and says why."""
    lines: list[str] = []
    with serve("auto", cache, None, lines.append) as server:
        assert server.provider == "embedded"
    assert len(lines) == 1
    assert "embedded: no Docker engine answers at tcp://127.0.0.1:" in lines[0]


def test_docker_without_an_engine_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for Docker where there is none, the message names both ways out."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    with (
        pytest.raises(PostgresUnavailable, match=r"Start the engine.*DOJO_POSTGRES=embedded"),
        serve("docker", tmp_path, None, silent),
    ):
        pytest.fail("served")


def test_an_external_server_is_taken_as_it_is(server: Server, tmp_path: Path) -> None:
    """A URL gives the server behind it."""
    url = f"postgresql://{server.user}:{server.password}@{server.host}:{server.port}/postgres"
    with serve(url, tmp_path, None, silent) as external:
        assert (external.provider, external.port) == ("external", server.port)
        assert first_value(external, "SELECT 1") == 1


def test_a_role_without_rights_is_refused(server: Server, tmp_path: Path) -> None:
    """An external role that can't create databases is BadSetting, and says how to allow it."""
    url = f"postgresql://shop:shop@{server.host}:{server.port}/postgres"
    with pytest.raises(BadSetting, match="ALTER ROLE"), serve(url, tmp_path, None, silent):
        pytest.fail("served")


def test_an_external_server_that_is_not_there(tmp_path: Path) -> None:
    """An address where nothing listens is PostgresUnavailable and keeps the password secret."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgresql://me:hidden@127.0.0.1:{port}/postgres"
    with (
        pytest.raises(PostgresUnavailable, match="does not answer") as caught,
        serve(url, tmp_path, None, silent),
    ):
        pytest.fail("served")
    assert "hidden" not in str(caught.value)


def test_docker_gives_the_same_settings_and_keeps_its_data(docker_image: str, cache: Path) -> None:
    """A container has our settings, listens on loopback alone, and its data outlives it."""
    import docker

    client = docker.from_env()
    try:
        lines: list[str] = []
        with serve("docker", cache, docker_image, lines.append) as server:
            assert given_settings(server) == SETTINGS
            with psycopg.connect(server.dsn(), autocommit=True) as db:
                db.execute("CREATE TABLE stored AS SELECT 42 AS answer")
            (ours,) = [
                c
                for c in client.containers.list(filters={"label": LABEL})
                if any(p["HostPort"] == str(server.port) for p in c.ports["5432/tcp"])
            ]
            bound = ours.ports["5432/tcp"]
            assert {binding["HostIp"] for binding in bound} == {"127.0.0.1"}
            owner = ours.labels[LABEL]
        assert client.containers.list(all=True, filters={"label": f"{LABEL}={owner}"}) == []
        with serve("docker", cache, docker_image, lines.append) as server:
            assert first_value(server, "SELECT answer FROM stored") == 42
            (killed,) = client.containers.list(filters={"label": f"{LABEL}={owner}"})
            killed.kill(signal="SIGKILL")
            with serve("docker", cache, docker_image, lines.append) as second:
                assert first_value(second, "SELECT answer FROM stored") == 42
                now = client.containers.list(all=True, filters={"label": f"{LABEL}={owner}"})
                assert killed.id not in [c.id for c in now]
        for volume in client.volumes.list(filters={"label": f"{LABEL}={owner}"}):
            volume.remove(force=True)
        assert lines[0] == f"Postgres {second.version}, docker: as DOJO_POSTGRES asks."
    finally:
        client.close()


@pytest.mark.usefixtures("docker_image")
def test_an_image_that_cannot_be_pulled_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason names the image."""
    image = "localhost:1/slo-dojo/no-such-image:1"
    problem = engine_problem(Engine.chosen(os.environ), image, silent)
    assert problem is not None
    assert image in problem
